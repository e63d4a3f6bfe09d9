//! Preparation of Spark in advance, so that its first use is fast.

use std::fmt;

use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::clusters::{JvmOptions, Program, archive_writer};
use crate::limits;
use crate::options::Options;
use crate::spark::{Placement, PrepareError, Spark};
use crate::temporary_folder::TemporaryFolder;

/// Step of a preparation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreparationStep {
    /// Another process prepares Spark at the moment, which takes up to some minutes.
    Wait,
    /// The programs of the server are compiled, which takes about ten seconds.
    Compile,
    /// An archive of class data is written, which takes a minute of processor time.
    WriteArchive {
        /// Number of the archive, from 1.
        number: usize,
        /// Number of all archives.
        count: usize,
    },
}

/// Spark cannot be prepared.
#[derive(Debug)]
pub struct PreparationError(String);

/// Compiles the programs of the server for the Spark that `options` select, and writes the archives of
/// class data with which its JVMs start faster. Both are kept in the cache folder. `on_step` is called for
/// steps that are necessary.
///
/// # Errors
///
/// If Spark or Java is missing, if there is no cache folder that can be written, or if a step fails.
///
/// # Panics
///
/// If it is called from an async runtime.
pub fn prepare(
    options: &Options,
    on_step: &mut dyn FnMut(PreparationStep),
) -> Result<(), PreparationError> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| PreparationError(format!("cannot start a runtime: {error}")))?;
    runtime.block_on(run(options, on_step))
}

async fn run(
    options: &Options,
    on_step: &mut dyn FnMut(PreparationStep),
) -> Result<(), PreparationError> {
    let folder = TemporaryFolder::create();
    let folder =
        folder.map_err(|error| PreparationError(format!("cannot create a folder: {error}")))?;
    let spark = Spark::new(options);
    spark.find().await?;
    let _lock = spark
        .lock_preparation(|| on_step(PreparationStep::Wait))
        .await?;
    match spark.needs_kernels().await? {
        None => {
            return Err(PreparationError(
                "there is no cache folder that can be written".into(),
            ));
        }
        Some(true) => on_step(PreparationStep::Compile),
        Some(false) => {}
    }
    let prepared = spark.prepare(folder.path()).await?;
    let jvms = JvmOptions {
        python: options.python.clone(),
        removed_variables: options.removed_variables.clone(),
        cancel_grace: options.cancel_grace,
        // Classes do not depend on the master and the settings.
        placement: Placement::default(),
        memory: options.memory,
        folder: folder.path().to_owned(),
        dbfs_root: folder.path().to_owned(),
    };
    let programs = Program::ALL;
    let missing = programs.map(|program| archive_writer::is_missing(&prepared, program));
    let count = missing.iter().filter(|&&is_missing| is_missing).count();
    let missing = programs.into_iter().zip(missing);
    let missing = missing.filter_map(|(program, is_missing)| is_missing.then_some(program));
    for (index, program) in missing.enumerate() {
        let number = index + 1;
        on_step(PreparationStep::WriteArchive { number, count });
        let write = archive_writer::write(&prepared, &jvms, program);
        let written = timeout(limits::ARCHIVE_TIMEOUT, write).await;
        let written = written.unwrap_or_else(|_| Err("the JVM does not exit".to_owned()));
        written.map_err(|error| {
            PreparationError(format!("cannot write the class archive: {error}"))
        })?;
    }
    Ok(())
}

impl From<PrepareError> for PreparationError {
    fn from(error: PrepareError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for PreparationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PreparationError {}
