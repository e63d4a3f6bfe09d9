//! Compilation of JARs with the compiler of Spark.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use local_server::spark::Installation;

/// Compiles Scala source to `NAME.jar` in a folder.
///
/// # Panics
///
/// If the source cannot be compiled.
#[must_use]
pub fn compile(installation: &Installation, folder: &Path, name: &str, source: &str) -> PathBuf {
    let file = folder.join(format!("{name}.scala"));
    fs::write(&file, source).expect("write the source");
    let jar = folder.join(format!("{name}.jar"));
    let output = Command::new(&installation.java.program)
        .arg("-cp")
        .arg(installation.spark.home.join("jars/*"))
        .args(["scala.tools.nsc.Main", "-usejavacp", "-nowarn", "-d"])
        .args([&jar, &file])
        .env_clear()
        .output()
        .expect("start the compiler");
    assert!(output.status.success(), "{output:?}");
    jar
}
