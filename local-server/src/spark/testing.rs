//! Spark for tests with real JVMs.

use std::fs;
use std::thread;
use std::time::Duration;

use api_runtime::NetworkVariables;

use super::{Environment, Installation, Installer, Search, cache, file_lock};
use crate::options::SparkChoice;

/// Number of JVMs that start at the same time on this machine.
const CONCURRENT_STARTS: usize = 2;

const LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// Returns the pinned Spark in the cache folder of this user, and installs it first if necessary.
/// `SPARK_HOME` and the package `pyspark` of Python are ignored.
///
/// # Panics
///
/// If Spark cannot be installed, or if Java is missing.
pub fn installation() -> Installation {
    let environment = Environment::from_process();
    let installer = Installer::new(&environment).unwrap_or_else(|error| panic!("{error}"));
    let installer = installer.network_variables(NetworkVariables::from_process());
    let home = installer
        .install(&mut |_| ())
        .unwrap_or_else(|error| panic!("cannot install Spark for tests: {error}"));
    let search = Search::new("python3", environment).choice(SparkChoice::Home(home));
    search
        .find()
        .unwrap_or_else(|error| panic!("{error}; {}", error.help()))
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
