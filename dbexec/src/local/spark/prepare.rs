//! `dbexec spark prepare`.

use local_server::Options;
use local_server::preparation::{self, PreparationError, PreparationStep};

use crate::cli::SparkPrepareArgs;
use crate::console;
use crate::error::CliError;
use crate::local::interpreters;

/// Prepares the Spark that the arguments select.
pub(super) fn prepare(args: &SparkPrepareArgs) -> Result<(), CliError> {
    let spark = interpreters::search(&args.interpreters).find();
    let spark = spark.map_err(|error| CliError::usage(&error).help(error.help()))?;
    let options = interpreters::add_to(Options::new(), &args.interpreters);
    run(&options).map_err(CliError::service)?;
    let (version, home) = (spark.spark.version, spark.spark.home);
    console::eprintln(format_args!(
        "Spark {version} in `{}` is prepared",
        home.display()
    ));
    Ok(())
}

/// Prepares Spark, and prints the steps.
pub(super) fn run(options: &Options) -> Result<(), PreparationError> {
    preparation::prepare(options, &mut |step| match step {
        PreparationStep::Wait => console::eprintln("waiting for another preparation of Spark"),
        PreparationStep::Compile => console::eprintln("compiling the programs of the local server"),
        PreparationStep::WriteArchive { number, count } => console::eprintln(format_args!(
            "writing class archive {number} of {count}, which takes about a minute"
        )),
        _ => {}
    })
}
