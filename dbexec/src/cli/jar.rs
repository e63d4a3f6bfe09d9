//! Arguments of `dbexec jar`.

use std::path::PathBuf;

use clap::Args;

use super::RunArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec jar app.jar --cluster etl -c 'com.example.Main.run(spark)'
  dbexec jar app.jar --cluster etl main.scala -- 2026-11 --full
  dbexec jar app.jar --local -c 'com.example.Main.run(spark)'
  dbexec jar app.jar -l python -c 'print(sc._jvm.com.example.Main.version())'";

#[derive(Debug, Args)]
pub(crate) struct JarArgs {
    /// JAR to install on the cluster
    #[arg(value_name = "JAR")]
    pub(crate) jar: PathBuf,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}
