//! Writes an archive of class data: runs typical commands in a JVM that writes it when it exits.

use std::path::Path;

use serde_json::json;

use super::jvm::{self, JvmOptions};
use super::program::Program;
use super::resources::Resources;
use crate::process::{Launch, Process};
use crate::spark::{self, PreparedSpark};

/// Returns whether the archive of a program is missing, and this Java can write it.
pub(crate) fn is_missing(prepared: &PreparedSpark, program: Program) -> bool {
    spark::archive_path(prepared, program.main_class()).is_some_and(|path| !path.exists())
}

/// Writes the archive of a program if it is missing. Takes a minute of processor time.
pub(crate) async fn write(
    prepared: &PreparedSpark,
    options: &JvmOptions,
    program: Program,
) -> Result<(), String> {
    let Some(path) = spark::archive_path(prepared, program.main_class()) else {
        return Ok(());
    };
    if path.exists() {
        return Ok(());
    }
    let cannot_write = |error| format!("cannot write `{}`: {error}", path.display());
    let temporary = tempfile::Builder::new()
        .prefix(spark::ARCHIVE_PREFIX)
        .tempfile_in(path.parent().unwrap_or(Path::new(".")))
        .map_err(cannot_write)?
        .into_temp_path();
    let folder = options.folder.join(format!("archive-{program:?}"));
    let resources = Resources::default();
    let launch = jvm::launch(
        prepared,
        options,
        &jvm::Application {
            program,
            name: "archive",
            resources: &resources,
            written_archive: Some(&temporary),
        },
        &folder,
    );
    let outcome = match launch {
        Ok(launch) => run(launch, program).await,
        Err(error) => Err(error),
    };
    jvm::remove_folder(folder).await;
    outcome?;
    if !is_archive(&temporary) {
        return Err("the JVM has written no archive".to_owned());
    }
    // Atomic: an archive of this name is complete.
    let persisted = temporary.persist(&path);
    persisted.map_err(|error| cannot_write(error.error))
}

/// Runs the typical commands of a program, and waits until the JVM has exited successfully.
async fn run(launch: Launch, program: Program) -> Result<(), String> {
    let start = Process::start(launch);
    let mut process = start.map_err(|error| format!("cannot start Python: {error}"))?;
    let outcome = run_requests(&mut process, program).await;
    let exit_status = process.exit_status().await;
    // Ends its child processes, and the process if it has not exited.
    let _ = process.kill().await;
    match (outcome, exit_status) {
        (Some(()), Ok(status)) if status.success() => Ok(()),
        (_, Ok(status)) => Err(format!("the JVM has not run all commands ({status})")),
        (_, Err(error)) => Err(format!("cannot wait for the JVM: {error}")),
    }
}

async fn run_requests(process: &mut Process, program: Program) -> Option<()> {
    process.next_event(|_| {}).await?; // ready
    for request in program.typical_requests() {
        let body = json!({
            "context": "archive", "id": "1", "language": request.language, "source": request.source,
        });
        process.send(request.word, &body);
        process.next_event(|_| {}).await?;
    }
    process.send("exit", &json!({}));
    // The last events report the end of the application. The JVM writes the archive before it closes the
    // pipe.
    while process.next_event(|_| {}).await.is_some() {}
    Some(())
}

fn is_archive(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.len() > 0)
}
