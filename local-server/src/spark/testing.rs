//! Spark for tests with real JVMs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use api_runtime::NetworkVariables;

use super::{Environment, InstallError, Installation, Installer, Search, cache, file_lock};
use crate::options::SparkChoice;

/// Number of JVMs that start at the same time on this machine.
const CONCURRENT_STARTS: usize = 2;

const INSTALL_JAVA: &str = "apt-get update && \
                            apt-get install --yes --no-install-recommends openjdk-17-jre-headless";

const LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// Returns the pinned Spark in the cache folder of this user, and installs it first if necessary.
/// `SPARK_HOME` and the package `pyspark` of Python are ignored. Java is installed as well if it is
/// missing and the user is root on Debian or Ubuntu.
///
/// # Panics
///
/// If Spark cannot be installed, or if Java is missing.
pub fn installation() -> Installation {
    install(Installer::new(&Environment::from_process()))
}

/// Returns the oldest supported Spark, in the same way as [`installation`].
///
/// # Panics
///
/// If Spark cannot be installed, or if Java is missing.
pub fn oldest_installation() -> Installation {
    install(Installer::oldest(&Environment::from_process()))
}

/// Compiles Scala source to `NAME.jar` in a folder.
///
/// # Panics
///
/// If the source cannot be compiled.
pub fn compile_jar(
    installation: &Installation,
    folder: &Path,
    name: &str,
    source: &str,
) -> PathBuf {
    let file = folder.join(format!("{name}.scala"));
    fs::write(&file, source).unwrap_or_else(|error| panic!("cannot write the source: {error}"));
    let jar = folder.join(format!("{name}.jar"));
    let output = Command::new(&installation.java.program)
        .arg("-cp")
        .arg(installation.spark.home.join("jars/*"))
        .args(["scala.tools.nsc.Main", "-usejavacp", "-nowarn", "-d"])
        .args([&jar, &file])
        .env_clear()
        .output()
        .unwrap_or_else(|error| panic!("cannot start the compiler: {error}"));
    assert!(output.status.success(), "{output:?}");
    jar
}

fn install(installer: Result<Installer, InstallError>) -> Installation {
    let environment = Environment::from_process();
    let installer = installer.unwrap_or_else(|error| panic!("{error}"));
    let installer = installer.network_variables(NetworkVariables::from_process());
    let home = installer
        .install(&mut |_| ())
        .unwrap_or_else(|error| panic!("cannot install Spark for tests: {error}"));
    let search = Search::new("python3", environment).choice(SparkChoice::Home(home));
    let found = search.find().or_else(|_| {
        install_java();
        search.find()
    });
    found.unwrap_or_else(|error| panic!("{error}; {}", error.help()))
}

/// Installs Java if this user can. A failure is reported by the next search.
fn install_java() {
    if rustix::process::getuid().is_root() {
        let _ = Command::new("sh")
            .args(["-c", INSTALL_JAVA])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status();
    }
}

/// Waits until fewer than two JVMs of tests are starting on this machine. Hold the result until the JVM
/// is ready.
///
/// # Panics
///
/// If the lock files cannot be created.
pub fn jvm_start_permit() -> JvmStartPermit {
    let folder = cache::folder(&Environment::from_process());
    let folder = folder.unwrap_or_else(|| std::env::temp_dir().join("dbexec-spark"));
    fs::create_dir_all(&folder).expect("create the cache folder");
    loop {
        for index in 0..CONCURRENT_STARTS {
            let path = folder.join(format!("test-start-{index}.lock"));
            if let Some(lock) = file_lock::try_lock(&path).expect("lock a file") {
                return JvmStartPermit { _lock: lock };
            }
        }
        thread::sleep(LOCK_INTERVAL);
    }
}

/// Permission to start a JVM. Returned on drop.
#[derive(Debug)]
pub struct JvmStartPermit {
    _lock: fs::File,
}
