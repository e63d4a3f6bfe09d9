//! Distributions of Spark in folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::source::Source;
use super::version;

/// Spark, without Java.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Distribution {
    /// Folder that contains `jars`, for `SPARK_HOME`.
    pub home: PathBuf,
    /// Version, for example `4.3.0`.
    pub version: String,
    /// Version of Scala: `2.12` or `2.13`.
    pub scala: String,
    /// Entries of `PYTHONPATH` with the packages `pyspark` and `py4j`. Empty if there are none.
    pub python_path: Vec<PathBuf>,
    /// Origin of the path.
    pub source: Source,
}

impl Distribution {
    /// Returns the oldest version of Python that this Spark supports, as major and minor version.
    pub fn min_python(&self) -> (u32, u32) {
        match version::major_minor(&self.version) {
            Some((0..=3, _)) => (3, 8),
            Some((4, 0)) => (3, 9),
            Some((4, 1 | 2)) => (3, 10),
            _ => (3, 11),
        }
    }

    /// Returns whether this Spark supports a version of Python, for example `3.11.7`.
    pub fn supports_python(&self, version: &str) -> bool {
        version::major_minor(version).is_some_and(|version| version >= self.min_python())
    }
}

/// Reads the versions from the names of the jars. Returns `None` if the folder contains no Spark.
///
/// The folder is one with `jars`, or a source package of pyspark, which contains `deps/jars`.
pub(super) fn read(folder: &Path, source: &Source) -> Option<Distribution> {
    let home = [folder.to_owned(), folder.join("deps")]
        .into_iter()
        .find(|home| home.join("jars").is_dir())?;
    // Relative paths would depend on the working folder of each process.
    let home = home.canonicalize().ok()?;
    let (scala, version) = names_in(&home.join("jars")).find_map(|name| {
        let versions = name.strip_prefix("spark-core_")?.strip_suffix(".jar")?;
        let (scala, version) = versions.split_once('-')?;
        matches!(scala, "2.12" | "2.13").then(|| (scala.to_owned(), version.to_owned()))
    })?;
    let python_path = python_path(&home);
    Some(Distribution {
        home,
        version,
        scala,
        python_path,
        source: source.clone(),
    })
}

/// Returns the entries of `PYTHONPATH`, in one of three layouts: an installed package (the home is the
/// package), a source package (`deps` beside the package), or a binary distribution (`python`).
fn python_path(home: &Path) -> Vec<PathBuf> {
    let is_package = |folder: &Path| folder.join("__init__.py").is_file();
    let parent = home.parent().unwrap_or(home);
    let (packages, libraries) = if is_package(home) {
        (parent.to_owned(), home.join("python/lib"))
    } else if home.ends_with("deps") && is_package(&parent.join("pyspark")) {
        (parent.to_owned(), parent.join("lib"))
    } else if is_package(&home.join("python/pyspark")) {
        (home.join("python"), home.join("python/lib"))
    } else {
        return Vec::new();
    };
    let py4j = names_in(&libraries)
        .find(|name| name.starts_with("py4j-") && name.ends_with("-src.zip"))
        .map(|name| libraries.join(name));
    [packages].into_iter().chain(py4j).collect()
}

fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{create, folder};
    use super::*;

    #[test]
    fn layouts_of_spark_are_recognized() {
        let (_guard, folder) = folder();
        let core = "jars/spark-core_2.13-4.3.0.jar";
        create(
            &folder.join("binary"),
            &[
                core,
                "python/pyspark/__init__.py",
                "python/lib/py4j-0.10.9.9-src.zip",
                "python/lib/pyspark.zip",
            ],
        );
        create(
            &folder.join("site-packages/pyspark"),
            &[core, "__init__.py", "python/lib/py4j-0.10.9.9-src.zip"],
        );
        create(
            &folder.join("source"),
            &[
                &format!("deps/{core}"),
                "pyspark/__init__.py",
                "lib/py4j-0.10.9.9-src.zip",
            ],
        );
        create(&folder.join("jvm-only"), &[core]);
        let cases: &[(&str, &str, &[&str])] = &[
            (
                "binary",
                "binary",
                &["binary/python", "binary/python/lib/py4j-0.10.9.9-src.zip"],
            ),
            (
                "site-packages/pyspark",
                "site-packages/pyspark",
                &[
                    "site-packages",
                    "site-packages/pyspark/python/lib/py4j-0.10.9.9-src.zip",
                ],
            ),
            (
                "source",
                "source/deps",
                &["source", "source/lib/py4j-0.10.9.9-src.zip"],
            ),
            (
                "source/deps",
                "source/deps",
                &["source", "source/lib/py4j-0.10.9.9-src.zip"],
            ),
            ("jvm-only", "jvm-only", &[]),
        ];
        for (name, home, python_path) in cases {
            let spark = read(&folder.join(name), &Source::Option).expect(name);
            assert_eq!(spark.home, folder.join(home), "{name}");
            assert_eq!(
                (spark.version.as_str(), spark.scala.as_str()),
                ("4.3.0", "2.13"),
                "{name}"
            );
            let expected: Vec<_> = python_path.iter().map(|path| folder.join(path)).collect();
            assert_eq!(spark.python_path, expected, "{name}");
        }
    }
}
