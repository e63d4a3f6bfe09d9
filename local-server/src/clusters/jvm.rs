//! Commands of the JVMs of clusters and of Scala contexts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use tokio::sync::OwnedSemaphorePermit;

use super::program::Program;
use super::resources::Resources;
use crate::blocking;
use crate::limits;
use crate::memory_size::MemorySize;
use crate::process::{self, CancelSignal};
use crate::spark::{self, Archive, Placement, PreparedSpark, Spark};

/// Minimum time for the tasks of a canceled command to end. Spark waits two seconds for Python
/// workers.
const MIN_TASK_GRACE: Duration = Duration::from_secs(5);

/// Configuration of JVMs.
#[derive(Clone, Debug)]
pub(crate) struct JvmOptions {
    pub(crate) python: PathBuf,
    /// Environment variables that processes do not inherit.
    pub(crate) removed_variables: Vec<OsString>,
    pub(crate) cancel_grace: Duration,
    /// Master and settings of the Spark applications.
    pub(crate) placement: Placement,
    /// Maximum size of the heap, unless a cluster has another one.
    pub(crate) memory: MemorySize,
    /// Folder for the temporary files and tables of all JVMs.
    pub(crate) folder: PathBuf,
    /// Folder of the files of the workspace.
    pub(crate) dbfs_root: PathBuf,
}

/// Spark application of a JVM.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application<'a> {
    pub(super) program: Program,
    /// Name of the Spark application.
    pub(super) name: &'a str,
    pub(super) resources: &'a Resources,
    /// Archive of class data to write when the JVM exits.
    pub(super) written_archive: Option<&'a Path>,
}

/// JVM to be started.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) launch: process::Launch,
    /// Held until the JVM is ready.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
    /// Folders and archives with the packages `pyspark` and `py4j`.
    pub(crate) python_path: Arc<[PathBuf]>,
}

/// Finds Spark, compiles its programs, and waits until another JVM may start.
pub(super) async fn prepare(
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    program: Program,
    name: String,
    resources: Arc<Resources>,
    folder: PathBuf,
) -> Result<Start, String> {
    let prepared = spark.prepare(&options.folder).await;
    let prepared = prepared.map_err(|error| error.to_string())?;
    let permit = spark.start_permit().await;
    let application = Application {
        program,
        name: &name,
        resources: &resources,
        written_archive: None,
    };
    Ok(Start {
        launch: launch(&prepared, &options, &application, &folder)?,
        permit,
        python_path: prepared.installation.spark.python_path.as_slice().into(),
    })
}

/// Creates the folder of a JVM, and returns the command that starts it.
pub(super) fn launch(
    prepared: &PreparedSpark,
    options: &JvmOptions,
    application: &Application<'_>,
    folder: &Path,
) -> Result<process::Launch, String> {
    let command = command(prepared, options, application, folder);
    let command =
        command.map_err(|error| format!("cannot write `{}`: {error}", folder.display()))?;
    let launch = process::Launch::program(&options.python, CancelSignal::None, None, &command);
    Ok(launch.without_variables(&options.removed_variables))
}

fn command(
    prepared: &PreparedSpark,
    options: &JvmOptions,
    application: &Application<'_>,
    folder: &Path,
) -> io::Result<std::process::Command> {
    fs::create_dir_all(folder)?;
    let task_grace = options.cancel_grace.max(MIN_TASK_GRACE);
    let (placement, resources) = (&options.placement, application.resources);
    let mut class_path = vec![prepared.kernels.jar.clone()];
    class_path.extend(placement.configuration_folders());
    let main = application.program.main_class();
    let archive = spark::archive_path(prepared, main).filter(|path| path.is_file());
    let archive = match (application.written_archive, &archive) {
        (Some(path), _) => Archive::Write(path),
        (None, Some(path)) => Archive::Use(path),
        (None, None) => Archive::None,
    };
    prepared.kernels.in_use.record();
    if let Archive::Use(path) = archive {
        spark::record_archive_use(path);
    }
    let mut settings = placement.settings(task_grace, resources.cores);
    settings.extend_from_slice(&resources.settings);
    let mut command = spark::Launch {
        installation: &prepared.installation,
        main,
        class_path: &class_path,
        name: application.name,
        master: &placement.master(resources.cores),
        memory: resources.memory.unwrap_or(options.memory),
        python: &options.python,
        folder,
        dbfs_root: &options.dbfs_root,
        archive,
        settings: &settings,
    }
    .prepare()?;
    command.args([
        limits::TABLE_ROWS.to_string(),
        limits::TABLE_BYTES.to_string(),
        task_grace.as_millis().to_string(),
    ]);
    Ok(command)
}

/// Removes the folder of a JVM that has exited.
pub(super) async fn remove_folder(folder: PathBuf) {
    // It may contain many files, whose removal takes a while.
    let _ = blocking::run(move || fs::remove_dir_all(folder)).await;
}
