//! The option `--report`: a file with the result of a run and of its commands.
//!
//! ```text
//! report ──▶ json       one object, for programs
//!    ├─────▶ markdown   a table, for summaries of CI systems
//!    └─────▶ junit      `JUnit` XML, for the test reports of CI systems
//! ```

mod facts;
mod json;
mod junit;
mod markdown;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use generated_client::{CommandId, CommandStatus, ContextId, LeftoverEvent};

pub(crate) use self::facts::End;
use self::facts::{Command, Context, Run, Summary};
use crate::console;
use crate::error::CliError;
use crate::language::Language;
use crate::replace::replace;

/// Report of a run, to which the run adds facts.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    file: Option<(PathBuf, Form)>,
    run: Arc<Mutex<Run>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Markdown,
    Junit,
}

impl Report {
    /// Creates a report for a file, or one that is not written.
    ///
    /// # Errors
    ///
    /// Returns an error with exit code 2 if the extension of the file is unknown, or the file cannot be
    /// written.
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, CliError> {
        let report = Self {
            file: path
                .map(|path| Ok::<_, CliError>((path.to_owned(), form_of(path)?)))
                .transpose()?,
            run: Arc::new(Mutex::new(Run {
                start: Instant::now(),
                cluster: None,
                cluster_id: None,
                contexts: Vec::new(),
                commands: Vec::new(),
            })),
        };
        // A process that is killed leaves a report without an exit code, and not that of an earlier run.
        report.try_write(None, None).map_err(|(path, error)| {
            CliError::usage(format!(
                "cannot write the report {}: {error}",
                path.display()
            ))
        })?;
        Ok(report)
    }

    fn lock(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the cluster as the user has specified it, and its id.
    pub(crate) fn set_cluster(&self, name: &str, id: &str) {
        let mut run = self.lock();
        run.cluster = Some(name.to_owned());
        run.cluster_id = Some(id.to_owned());
    }

    /// Records a change of a context, as the journal does.
    pub(crate) fn record(&self, event: &LeftoverEvent<'_>) {
        if !event.leftover.is_command() {
            self.lock().record(event);
        }
    }

    /// Adds a context on this machine, whose changes are not recorded.
    pub(crate) fn add_context(&self, id: &str) {
        self.lock().contexts.push(Context {
            key: None,
            id: Some(id.to_owned()),
            is_destroyed: false,
        });
    }

    /// Records that a context of [`add_context`](Self::add_context) was destroyed.
    pub(crate) fn set_destroyed(&self, id: &str) {
        let mut run = self.lock();
        let context = run
            .contexts
            .iter_mut()
            .find(|context| context.id.as_deref() == Some(id));
        if let Some(context) = context {
            context.is_destroyed = true;
        }
    }

    /// Adds code that has not run. `statements` is the number of its commands.
    pub(crate) fn add_command(
        &self,
        file: String,
        cell: Option<usize>,
        language: Language,
        statements: usize,
    ) {
        let command = Command::new(file, cell, language, statements);
        self.lock().commands.push(command);
    }

    /// Records that the command with this index, or its next statement, starts in a context.
    pub(crate) fn begin(&self, index: usize, context: &ContextId) {
        if let Some(command) = self.lock().commands.get_mut(index) {
            command.begin(context);
        }
    }

    /// Records the id and the status of the command with this index.
    pub(crate) fn observe(&self, index: usize, id: &CommandId, status: &CommandStatus) {
        if let Some(command) = self.lock().commands.get_mut(index) {
            command.id.get_or_insert_with(|| id.as_str().to_owned());
            if command.state.as_deref() != Some(status.as_str()) {
                command.state = Some(status.to_string());
            }
        }
    }

    /// Returns whether all contexts are destroyed.
    pub(crate) fn are_contexts_destroyed(&self) -> bool {
        self.lock()
            .contexts
            .iter()
            .all(|context| context.is_destroyed)
    }

    /// Records the end of the command with this index.
    pub(crate) fn end(&self, index: usize, end: &End<'_>) {
        if let Some(command) = self.lock().commands.get_mut(index) {
            command.seconds = command.start.map(|start| seconds(start.elapsed()));
            command.set_end(end);
        }
    }

    /// Writes the report. `message` is the error of the run.
    pub(crate) fn write(&self, exit: i32, message: Option<&str>) {
        if let Err((path, error)) = self.try_write(Some(exit), message) {
            console::warn(format_args!(
                "cannot write the report {}: {error}",
                path.display()
            ));
        }
    }

    fn try_write(
        &self,
        exit: Option<i32>,
        message: Option<&str>,
    ) -> Result<(), (&Path, io::Error)> {
        let Some((path, form)) = &self.file else {
            return Ok(());
        };
        let message = message.map(console::redact);
        let run = self.lock();
        let summary = Summary {
            run: &run,
            exit,
            seconds: seconds(run.start.elapsed()),
            message: message.as_deref(),
        };
        let text = match form {
            Form::Json => json::write(&summary),
            Form::Markdown => markdown::write(&summary),
            Form::Junit => junit::write(&summary),
        };
        replace(path, |out| out.write_all(text.as_bytes())).map_err(|error| (path.as_path(), error))
    }
}

fn seconds(duration: Duration) -> f64 {
    // Milliseconds are precise enough.
    let millis = u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
    f64::from(millis) / 1000.0
}

/// Returns the form for the extension of a file.
fn form_of(path: &Path) -> Result<Form, CliError> {
    let extension = path.extension().map(OsStr::to_ascii_lowercase);
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(Form::Json),
        Some("md") => Ok(Form::Markdown),
        Some("xml") => Ok(Form::Junit),
        _ => {
            let message = format!("unknown format of the report {}", path.display());
            Err(CliError::usage(message)
                .help("use a name that ends with .json, .md or .xml (JUnit)"))
        }
    }
}

#[cfg(test)]
mod tests;
