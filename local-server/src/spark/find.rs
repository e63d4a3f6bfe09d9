//! Search for Spark.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::distribution::{self, Distribution};
use super::environment::Environment;
use super::error::{FindError, Reason};
use super::java::{self, Java};
use super::requirement::Requirement;
use super::source::Source;
use super::{cache, version};
use crate::options::SparkChoice;
use crate::probe;

/// Prints the folder of the package `pyspark` without importing it.
const FIND_PYSPARK: &str = "\
import importlib.util
spec = importlib.util.find_spec('pyspark')
for folder in (spec and spec.submodule_search_locations or []):
    print('pyspark=' + folder)
";

/// Oldest supported version of Spark.
const MIN_VERSION: (u32, u32) = (3, 5);

/// Spark and a Java that runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installation {
    /// Spark.
    pub spark: Distribution,
    /// Java.
    pub java: Java,
}

/// Search for Spark and Java. Nothing is started except, if needed, Python to find its package `pyspark`
/// and `java -version`.
#[derive(Clone, Debug)]
pub struct Search {
    choice: SparkChoice,
    java: Option<PathBuf>,
    python: PathBuf,
    environment: Environment,
}

impl Search {
    /// Creates an automatic search in this environment, with a Python interpreter whose package
    /// `pyspark` is used.
    pub fn new(python: impl Into<PathBuf>, environment: Environment) -> Self {
        Self {
            choice: SparkChoice::Automatic,
            java: None,
            python: python.into(),
            environment,
        }
    }

    /// Sets the Spark to use.
    #[must_use]
    pub fn choice(mut self, choice: SparkChoice) -> Self {
        self.choice = choice;
        self
    }

    /// Sets the program `java`, instead of that of `JAVA_HOME` or `PATH`.
    #[must_use]
    pub fn java(mut self, program: Option<PathBuf>) -> Self {
        self.java = program;
        self
    }

    /// Finds Spark and Java.
    ///
    /// # Errors
    ///
    /// If one of them is missing, or its version is not supported.
    pub fn find(&self) -> Result<Installation, FindError> {
        let spark = self.find_spark()?;
        let java = self.find_java(&spark.version)?;
        Ok(Installation { spark, java })
    }

    /// Finds Java for a version of Spark.
    ///
    /// # Errors
    ///
    /// If it is missing, or its version is not supported.
    pub fn find_java(&self, spark_version: &str) -> Result<Java, FindError> {
        let requirement = Requirement::of(spark_version);
        java::find(self.java.as_deref(), &self.environment, &requirement)
    }

    /// Finds Spark: the configured folder, `SPARK_HOME`, the package `pyspark` of Python, then the cache.
    ///
    /// # Errors
    ///
    /// If it is missing, or its version is not supported.
    pub fn find_spark(&self) -> Result<Distribution, FindError> {
        let spark = match &self.choice {
            SparkChoice::None => return Err(FindError::new(Reason::Disabled)),
            SparkChoice::Home(home) => explicit(home, Source::Option)?,
            SparkChoice::Automatic => match self.environment.path("SPARK_HOME") {
                Some(home) => explicit(&home, Source::Variable("SPARK_HOME"))?,
                None => self
                    .find_in_python()
                    .or_else(|| self.find_in_cache())
                    .ok_or_else(|| FindError::new(Reason::NoSpark))?,
            },
        };
        if version::major_minor(&spark.version).is_some_and(|version| version < MIN_VERSION) {
            let Distribution { version, home, .. } = spark;
            return Err(FindError::new(Reason::OldSpark { version, home }));
        }
        Ok(spark)
    }

    /// Finds the package `pyspark` of Python. A package without Spark, for example a client for Spark
    /// Connect, is ignored.
    fn find_in_python(&self) -> Option<Distribution> {
        let mut command = Command::new(&self.python);
        command.args(["-c", FIND_PYSPARK]);
        let text = probe::output(command).ok()?;
        let folder = text
            .lines()
            .find_map(|line| line.strip_prefix("pyspark="))?;
        let source = Source::Python(self.python.clone());
        let package = Path::new(folder);
        distribution::read(package, &source)
            .or_else(|| distribution::read(&package.parent()?.join("deps"), &source))
    }

    fn find_in_cache(&self) -> Option<Distribution> {
        distribution::read(&cache::installed(&self.environment)?, &Source::Cache)
    }
}

fn explicit(home: &Path, source: Source) -> Result<Distribution, FindError> {
    distribution::read(home, &source).ok_or_else(|| {
        let home = home.to_owned();
        FindError::new(Reason::NotSpark { source, home })
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::fixtures::{create, folder, program};
    use super::*;

    fn search(python: &Path, variables: &[(&str, &Path)]) -> Search {
        let variables = variables.iter().copied();
        Search::new(python, Environment::from_pairs(variables))
    }

    const NO_PYTHON: &str = "/nonexistent/python";

    #[test]
    fn first_source_with_spark_is_used() {
        let (_guard, folder) = folder();
        let jar = |version| format!("jars/spark-core_2.12-{version}.jar");
        create(&folder.join("option"), &[&jar("3.5.1")]);
        create(&folder.join("variable"), &[&jar("3.5.2")]);
        create(&folder.join("package/pyspark"), &[&jar("3.5.3")]);
        create(
            &folder.join("cache/dbexec/spark/pyspark-4.3.0/deps"),
            &["jars/spark-core_2.13-4.3.0.jar"],
        );
        let python = folder.join("python");
        program(
            &python,
            &format!("echo pyspark={}", folder.join("package/pyspark").display()),
        );
        let home = folder.join("variable");
        let cache = folder.join("cache");
        let found = |search: Search| search.find_spark().unwrap().version;

        let variables = [("SPARK_HOME", home.as_path()), ("XDG_CACHE_HOME", &cache)];
        let all = search(&python, &variables);
        let option = SparkChoice::Home(folder.join("option"));
        assert_eq!(found(all.clone().choice(option)), "3.5.1");
        assert_eq!(found(all.clone()), "3.5.2");
        assert_eq!(found(search(&python, &variables[1..])), "3.5.3");
        assert_eq!(
            found(search(Path::new(NO_PYTHON), &variables[1..])),
            "4.3.0"
        );
        let error = all.choice(SparkChoice::None).find_spark().unwrap_err();
        assert_eq!(error.to_string(), "this server runs without Spark");
    }

    #[test]
    fn package_without_jars_is_ignored() {
        let (_guard, folder) = folder();
        create(&folder.join("pyspark"), &["__init__.py"]);
        let python = folder.join("python");
        program(
            &python,
            &format!("echo pyspark={}", folder.join("pyspark").display()),
        );
        let error = search(&python, &[]).find_spark().unwrap_err();
        assert_eq!(error.to_string(), "Spark is not installed");
        assert_eq!(error.help(), "install it with `dbexec spark install`");
    }

    #[test]
    fn variable_without_spark_is_an_error_instead_of_being_ignored() {
        let (_guard, folder) = folder();
        let variables = [("SPARK_HOME", folder.as_path())];
        let error = search(Path::new(NO_PYTHON), &variables)
            .find_spark()
            .unwrap_err();
        let expected = format!(
            "`{}` (from `SPARK_HOME`) contains no Spark: there is no file `jars/spark-core_*.jar`",
            folder.display()
        );
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn old_spark_is_an_error() {
        let (_guard, folder) = folder();
        create(&folder, &["jars/spark-core_2.12-3.4.1.jar"]);
        let variables = [("SPARK_HOME", folder.as_path())];
        let error = search(Path::new(NO_PYTHON), &variables)
            .find_spark()
            .unwrap_err();
        assert!(error.to_string().contains("Spark 3.4.1 in"), "{error}");
    }

    #[test]
    fn java_is_found_and_its_version_checked() {
        let (_guard, folder) = folder();
        program(&folder.join("17/bin/java"), "exit 1");
        fs::write(folder.join("17/release"), "JAVA_VERSION=\"17.0.15\"\n").unwrap();
        program(
            &folder.join("11/bin/java"),
            "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2",
        );
        program(&folder.join("broken/bin/java"), "echo 'no runtime'; exit 1");
        let find = |variables: &[(&str, &Path)]| {
            search(Path::new(NO_PYTHON), variables).find_java("4.3.0")
        };

        let java = find(&[("JAVA_HOME", &folder.join("17"))]).unwrap();
        assert_eq!(
            (java.version, java.source),
            (17, Source::Variable("JAVA_HOME"))
        );
        let java = find(&[("PATH", &folder.join("17/bin"))]).unwrap();
        assert_eq!((java.version, java.source), (17, Source::Variable("PATH")));
        let option = search(Path::new(NO_PYTHON), &[]).java(Some(folder.join("17/bin/java")));
        assert_eq!(option.find_java("4.3.0").unwrap().source, Source::Option);

        let error = find(&[("PATH", &folder.join("11/bin"))]).unwrap_err();
        let expected = format!(
            "Java 11 (`{}/11/bin/java`) cannot be used; Spark 4.3.0 requires Java 17 or newer",
            folder.display()
        );
        assert_eq!(error.to_string(), expected);
        let error = find(&[("JAVA_HOME", &folder.join("broken"))]).unwrap_err();
        let expected = format!(
            "`{}/broken/bin/java` (from `JAVA_HOME`) failed with exit status: 1: no runtime",
            folder.display()
        );
        assert_eq!(error.to_string(), expected);
        let error = find(&[("PATH", &folder)]).unwrap_err();
        let expected = "Java is not installed; Spark 4.3.0 requires Java 17 or newer";
        assert_eq!(error.to_string(), expected);
        assert!(error.help().contains("install Java 17"), "{}", error.help());
    }
}
