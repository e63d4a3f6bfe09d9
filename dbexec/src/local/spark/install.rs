//! `dbexec spark install`.

use std::path::PathBuf;

use generated_client::NetworkVariables;
use local_server::SparkChoice;
use local_server::spark::{Environment, InstallError, Installer, Search};

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
        console::eprintln(format_args!(
            "Spark {version} is already installed in `{}`",
            target.display()
        ));
    } else {
        let mut display = Display::new();
        let result = installer.install(&mut |progress| display.update(progress));
        display.finish();
        result.map_err(|error| failed(&error))?;
        console::eprintln(format_args!(
            "Spark {version} is installed in `{}`",
            target.display()
        ));
    }
    report_java(version, &environment);
    console::print(&format!("{}\n", target.join("deps").display()))
}

/// Prints a note if no Java can run this Spark.
fn report_java(version: &str, environment: &Environment) {
    let search =
        Search::new(PathBuf::from("python3"), environment.clone()).choice(SparkChoice::None);
    if let Err(error) = search.find_java(version) {
        console::warn(&error);
        console::eprintln(format_args!("help: {}", error.help()));
    }
}

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
