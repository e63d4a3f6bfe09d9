//! Archives of class data, with which JVMs start in about half of the time.
//!
//! An archive is written once by a JVM with the same jars and the same version of Java. A JVM ignores
//! an archive that does not match.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::prepare::PreparedSpark;

/// First version of Java that writes archives of the classes of a program.
const MIN_JAVA: u32 = 13;

/// Returns the path of the archive for a main class, whether or not it exists. Returns `None` if the
/// version of Java has none.
pub(crate) fn path(prepared: &PreparedSpark, main: &str) -> Option<PathBuf> {
    if prepared.installation.java.version < MIN_JAVA {
        return None;
    }
    // The name of the jar identifies the sources and the versions of Spark and Java.
    let jar = &prepared.kernels.jar;
    let kernels = jar.file_stem()?.to_str()?;
    let class = main.rsplit('.').next()?;
    let java = build_of_java(&prepared.installation.java.program)?;
    let name = format!("{kernels}-{class}-{java}.jsa");
    Some(jar.with_file_name(name))
}

/// Identifies the build of Java by its class library: an archive of another build does not match.
fn build_of_java(program: &Path) -> Option<String> {
    let program = program.canonicalize().ok()?;
    let home = program.parent()?.parent()?;
    let modules = fs::metadata(home.join("lib/modules")).ok()?;
    let modified = modules.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{:x}-{:x}", modules.len(), modified.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::build_of_java;

    #[test]
    fn build_of_java_changes_with_its_class_library() {
        let home = tempfile::tempdir().unwrap();
        let program = home.path().join("bin/java");
        let modules = home.path().join("lib/modules");
        for file in [&program, &modules] {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "1").unwrap();
        }
        let first = build_of_java(&program);
        assert!(first.is_some());
        assert_eq!(build_of_java(&program), first);
        std::fs::write(&modules, "22").unwrap();
        assert_ne!(build_of_java(&program), first);
        // Java 8 has no such file, and no archives.
        std::fs::remove_file(&modules).unwrap();
        assert_eq!(build_of_java(&program), None);
    }
}
