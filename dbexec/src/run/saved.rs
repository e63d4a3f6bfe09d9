//! The option `--save-notebook`: a notebook with the outputs of the run.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use generated_client::{Failure, Output};

use super::part::Part;
use crate::cli::RunArgs;
use crate::console;
use crate::error::CliError;
use crate::notebook::{self, Document};
use crate::replace::replace;
use crate::source::{self, Source};

/// Returns the text of a Jupyter notebook whose copy gets the outputs, if it is saved.
///
/// # Errors
///
/// Returns an error with exit code 2 if there are several files.
pub(crate) fn original(args: &RunArgs, sources: &[Source]) -> Result<Option<String>, CliError> {
    if args.save_notebook.is_none() {
        return Ok(None);
    }
    match sources {
        [Source { origin, .. }] => match origin.path() {
            Some(path) if notebook::is_jupyter(Some(path)) => source::read_text(path).map(Some),
            _ => Ok(None),
        },
        _ => Err(CliError::usage(
            "`--save-notebook` saves the outputs of a single file",
        )),
    }
}

fn of_jupyter(text: &str, args: &RunArgs) -> Result<Document, CliError> {
    let path = args.files.first().map(PathBuf::as_path);
    let cells = notebook::read("the notebook", path, text, args.language)?;
    // The text was read as a notebook.
    let document = Document::of_jupyter(text, &cells);
    document.ok_or_else(|| CliError::usage("the file is not a notebook"))
}

fn of_parts(parts: &[Part]) -> Result<Document, CliError> {
    let code = parts.iter().map(|part| Ok((part.language(), part.text()?)));
    Ok(Document::of_code(
        &code.collect::<Result<Vec<_>, CliError>>()?,
    ))
}

/// Notebook to which a run adds outputs, or none.
#[derive(Clone, Debug, Default)]
pub(crate) struct SavedNotebook(Option<Arc<(PathBuf, Mutex<Document>)>>);

impl SavedNotebook {
    /// Creates a notebook for a file, and checks that the file can be written.
    fn new(path: &Path, document: Document) -> Result<Self, CliError> {
        let opened = OpenOptions::new().append(true).create(true).open(path);
        opened.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
        Ok(Self(Some(Arc::new((
            path.to_owned(),
            Mutex::new(document),
        )))))
    }

    /// Creates the notebook of `--save-notebook`. `original` is the text of a Jupyter notebook.
    pub(crate) fn of_run(
        args: &RunArgs,
        original: Option<&str>,
        parts: &[Part],
    ) -> Result<Self, CliError> {
        let Some(path) = &args.save_notebook else {
            return Ok(Self::default());
        };
        let document = match original {
            Some(text) => of_jupyter(text, args)?,
            None => of_parts(parts)?,
        };
        Self::new(path, document)
    }

    fn lock(&self) -> Option<MutexGuard<'_, Document>> {
        let (_, document) = &**self.0.as_ref()?;
        Some(document.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn add_output(&self, index: usize, output: &Output) {
        if let Some(mut document) = self.lock() {
            document.add_output(index, output);
        }
    }

    pub(crate) fn add_failure(&self, index: usize, failure: &Failure) {
        if let Some(mut document) = self.lock() {
            document.add_failure(index, failure);
        }
    }

    /// Writes the file after a run with this result.
    ///
    /// # Errors
    ///
    /// Returns the error of the run, or else that of the file.
    pub(crate) fn write(&self, result: Result<(), CliError>) -> Result<(), CliError> {
        let (Some(path), Some(document)) = (self.0.as_ref().map(|saved| &saved.0), self.lock())
        else {
            return result;
        };
        let text = document.text();
        match replace(path, |out| out.write_all(text.as_bytes())) {
            Ok(()) => {
                console::eprintln(format_args!("wrote {}", path.display()));
                result
            }
            Err(error) => {
                let message = format!("cannot write {}: {error}", path.display());
                if result.is_ok() {
                    return Err(CliError::service(message));
                }
                console::warn(message);
                result
            }
        }
    }
}
