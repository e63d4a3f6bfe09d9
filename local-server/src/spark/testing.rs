//! Spark for tests with real JVMs.

use api_runtime::NetworkVariables;

use super::{Environment, Installation, Installer, Search};
use crate::options::SparkChoice;

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
