//! The cache folder, in which Spark is installed and kernels are compiled.

use std::path::PathBuf;

use super::environment::Environment;

/// Version of Spark that is installed.
pub(super) const PINNED_VERSION: &str = "4.3.0";

/// Returns the folder for everything that belongs to Spark: `$XDG_CACHE_HOME/dbexec/spark` or
/// `~/.cache/dbexec/spark`. Returns `None` if neither variable is set.
pub(super) fn folder(environment: &Environment) -> Option<PathBuf> {
    // The XDG specification requires that relative paths are ignored.
    let xdg = environment
        .path("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute());
    let cache = xdg.or_else(|| environment.path("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join("dbexec/spark"))
}

/// Returns the folder of the installed Spark, whether or not it exists.
pub(super) fn installed(environment: &Environment) -> Option<PathBuf> {
    Some(folder(environment)?.join(format!("pyspark-{PINNED_VERSION}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_follows_the_xdg_specification() {
        let cases = [
            (Some("/h"), None, Some("/h/.cache/dbexec/spark")),
            (Some("/h"), Some("/c"), Some("/c/dbexec/spark")),
            (Some("/h"), Some("relative"), Some("/h/.cache/dbexec/spark")),
            (Some("/h"), Some(""), Some("/h/.cache/dbexec/spark")),
            (None, None, None),
        ];
        for (home, xdg, expected) in cases {
            let variables = [("HOME", home), ("XDG_CACHE_HOME", xdg)];
            let variables = variables
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            let folder = folder(&Environment::from_pairs(variables));
            assert_eq!(folder, expected.map(PathBuf::from), "{home:?} {xdg:?}");
        }
    }
}
