//! Commands of the JVMs of clusters and of Scala contexts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use crate::limits;
use crate::process::{self, CancelSignal};
use crate::spark::{self, Archive, Placement, PreparedSpark};

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
    /// Folder for the temporary files and tables of all JVMs.
    pub(crate) folder: PathBuf,
    /// Folder of the files of the workspace.
    pub(crate) dbfs_root: PathBuf,
}

/// Program of a JVM.
#[derive(Clone, Copy, Debug)]
pub(super) struct Program<'a> {
    /// Name of the main class.
    pub(super) main: &'static str,
    /// Name of the Spark application.
    pub(super) name: &'a str,
    /// Archive of class data to write when the JVM exits.
    pub(super) written_archive: Option<&'a Path>,
}

/// Creates the folder of a JVM, and returns the command that starts it.
pub(super) fn launch(
    prepared: &PreparedSpark,
    options: &JvmOptions,
    program: Program<'_>,
    folder: &Path,
) -> Result<process::Launch, String> {
    let command = command(prepared, options, program, folder);
    let command =
        command.map_err(|error| format!("cannot write `{}`: {error}", folder.display()))?;
    let launch = process::Launch::program(&options.python, CancelSignal::None, &command);
    Ok(launch.without_variables(&options.removed_variables))
}

fn command(
    prepared: &PreparedSpark,
    options: &JvmOptions,
    program: Program<'_>,
    folder: &Path,
) -> io::Result<std::process::Command> {
    fs::create_dir_all(folder)?;
    let task_grace = options.cancel_grace.max(MIN_TASK_GRACE);
    let placement = &options.placement;
    let mut class_path = vec![prepared.kernels.clone()];
    class_path.extend(placement.configuration_folders());
    let archive = spark::archive_path(prepared, program.main).filter(|path| path.is_file());
    let archive = match (program.written_archive, &archive) {
        (Some(path), _) => Archive::Write(path),
        (None, Some(path)) => Archive::Use(path),
        (None, None) => Archive::None,
    };
    let mut command = spark::Launch {
        installation: &prepared.installation,
        main: program.main,
        class_path: &class_path,
        name: program.name,
        master: &placement.master(),
        memory_mib: limits::JVM_MEMORY_MIB,
        python: &options.python,
        folder,
        dbfs_root: &options.dbfs_root,
        archive,
        settings: &placement.settings(task_grace),
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
    let _ = tokio::task::spawn_blocking(move || fs::remove_dir_all(folder)).await;
}
