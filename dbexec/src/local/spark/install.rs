//! `dbexec spark install`.

use generated_client::NetworkVariables;
use local_server::spark::{Environment, InstallError, Installer, Search, Source};
use local_server::{Options, SparkChoice};

use super::prepare;
use super::progress::Display;
use crate::cli::SparkInstallArgs;
use crate::console;
use crate::error::CliError;

/// Installs Spark, and prints the folder for `SPARK_HOME`.
pub(super) fn install(args: &SparkInstallArgs) -> Result<(), CliError> {
    let environment = Environment::from_process();
    let mut installer = Installer::new(&environment)
        .map_err(|error| failed(&error))?
        .network_variables(NetworkVariables::from_process());
    if let Some(source) = &args.from {
        installer = installer.from(source).map_err(|error| failed(&error))?;
    }
    let (version, target) = (installer.version(), installer.target());
    if installer.is_installed() {
        console::eprintln(format_args!("pyspark {version} is already installed"));
    } else {
        let mut display = Display::new(version);
        let result = installer.install(&mut |progress| display.update(progress));
        drop(display);
        result.map_err(|error| failed(&error))?;
        console::eprintln(format_args!(
            "pyspark {version} installed, checksum verified"
        ));
    }
    let home = target.join("deps");
    if has_java(version, &environment) && !args.no_prepare {
        prepare_default(&environment);
    }
    console::print(&format!("{}\n", home.display()))
}

/// Returns whether a Java can run this Spark. Otherwise, prints a note.
fn has_java(version: &str, environment: &Environment) -> bool {
    let search = Search::new(PYTHON, environment.clone()).choice(SparkChoice::None);
    match search.find_java(version) {
        Ok(_) => true,
        Err(error) => {
            console::warn(&error);
            console::eprintln(format_args!("help: {}", error.help()));
            false
        }
    }
}

/// Prepares the Spark that is used by default, which may be another one than the installed one. Spark
/// works without preparation, so errors are warnings.
fn prepare_default(environment: &Environment) {
    let used = Search::new(PYTHON, environment.clone()).find_spark();
    if let Ok(used) = used
        && used.source != Source::Cache
    {
        console::note(format_args!(
            "Spark {} ({}) takes precedence: `{}`",
            used.version,
            used.source,
            used.home.display()
        ));
    }
    if let Err(error) = prepare::run(&Options::new().python(PYTHON)) {
        console::warn(format_args!("Spark starts slowly: {error}"));
    }
}

/// Default of `--python`.
const PYTHON: &str = "python3";

fn failed(error: &InstallError) -> CliError {
    let cli_error = match error {
        InstallError::Url(_) | InstallError::NoCacheFolder => CliError::usage(error),
        _ => CliError::service(error),
    };
    match error.help() {
        Some(help) => cli_error.help(help),
        None => cli_error,
    }
}
