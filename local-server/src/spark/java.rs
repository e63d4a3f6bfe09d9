//! Search for Java.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::environment::Environment;
use super::error::{FindError, Reason};
use super::requirement::Requirement;
use super::source::Source;
use super::version;
use crate::probe;

/// An installed Java.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Java {
    /// The program `java`.
    pub program: PathBuf,
    /// Number of the feature release, for example 17.
    pub version: u32,
    /// Origin of the path.
    pub source: Source,
}

/// Finds Java: the option, `JAVA_HOME`, then `PATH`.
pub(super) fn find(
    option: Option<&Path>,
    environment: &Environment,
    requirement: &Requirement,
) -> Result<Java, FindError> {
    let (program, source) = if let Some(program) = option {
        let program = environment.program(program.as_os_str());
        (program.or(option.map(Path::to_owned)), Source::Option)
    } else if let Some(home) = environment.path("JAVA_HOME") {
        let program = home.join("bin/java");
        (Some(program), Source::Variable("JAVA_HOME"))
    } else {
        let program = environment.program(OsStr::new("java"));
        (program, Source::Variable("PATH"))
    };
    let Some(program) = program else {
        let requirement = requirement.clone();
        return Err(FindError::new(Reason::NoJava { requirement }));
    };
    let version = match feature_release(&program) {
        Ok(version) => version,
        Err(reason) => {
            return Err(FindError::new(Reason::NotJava {
                source,
                program,
                reason,
            }));
        }
    };
    if !requirement.accepts(version) {
        return Err(FindError::new(Reason::OtherJava {
            version,
            program,
            requirement: requirement.clone(),
        }));
    }
    Ok(Java {
        program,
        version,
        source,
    })
}

/// Reads the version from the file `release` of the Java home, or from `java -version`, which takes
/// 0.1 seconds.
fn feature_release(program: &Path) -> Result<u32, String> {
    let home = program.canonicalize().ok();
    let home = home
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent);
    let release = home.and_then(|home| fs::read_to_string(home.join("release")).ok());
    if let Some(version) = release.as_deref().and_then(release_version) {
        return Ok(version);
    }
    let mut command = Command::new(program);
    command.arg("-version");
    let text = probe::output(command)?;
    printed_version(&text).ok_or_else(|| "does not print the version of Java".to_owned())
}

fn release_version(release: &str) -> Option<u32> {
    let mut lines = release.lines();
    let value = lines.find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    version::java_feature(value.trim().trim_matches('"'))
}

/// Parses a line such as `openjdk version "17.0.15" 2025-04-15`. Other lines may precede it, for example
/// `Picked up JAVA_TOOL_OPTIONS`.
fn printed_version(text: &str) -> Option<u32> {
    text.lines().find_map(|line| {
        let (_, version) = line.split_once(" version \"")?;
        version::java_feature(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spark_has_its_versions_of_java() {
        let accepted = |spark| -> Vec<u32> {
            let requirement = Requirement::of(spark);
            let versions = [8, 11, 17, 21, 25].into_iter();
            versions.filter(|java| requirement.accepts(*java)).collect()
        };
        assert_eq!(accepted("3.5.9"), [8, 11, 17]);
        assert_eq!(accepted("4.3.0"), [17, 21, 25]);
    }

    #[test]
    fn version_is_found_in_the_output_of_java() {
        let text = "Picked up JAVA_TOOL_OPTIONS: -Dx=1\nopenjdk version \"17.0.15\" 2025-04-15\n";
        assert_eq!(printed_version(text), Some(17));
        assert_eq!(printed_version("java version \"1.8.0_392\""), Some(8));
        assert_eq!(printed_version("command not found"), None);
    }

    #[test]
    fn version_is_found_in_the_release_file() {
        let text = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"21.0.1\"\n";
        assert_eq!(release_version(text), Some(21));
        assert_eq!(release_version("MODULES=\"java.base\""), None);
    }
}
