//! Execution contexts of a session.
//!
//! The first language that is used has a context, and all other languages run in it as well if the server
//! supports that, so that they share data. Otherwise each of them has a separate context.

use std::fmt::Display;

use generated_client::{Error, ErrorKind, ExecutionContext, RunError};

use super::signals::Signals;
use crate::context::{ContextSettings, close, keep};
use crate::error::CliError;
use crate::handle::Handle;
use crate::language::Language;
use crate::out::Out;
use crate::progress::Progress;

/// Contexts of a session.
pub(super) struct Contexts<'a> {
    settings: ContextSettings<'a>,
    signals: Signals,
    /// Existing context, which is the first one and is kept.
    attach: Option<&'a Handle>,
    /// Keeps the contexts at the end.
    is_kept: bool,
    open: Vec<Open>,
}

/// Context that is used.
pub(super) struct Open {
    language: Language,
    pub(super) context: ExecutionContext,
    /// Languages that the server has refused in this context.
    refused: Vec<Language>,
    is_attached: bool,
    /// Input of each Python command, or `None` for a command of the session itself.
    pub(super) python_inputs: Vec<Option<usize>>,
}

impl<'a> Contexts<'a> {
    pub(super) fn new(
        settings: ContextSettings<'a>,
        signals: Signals,
        attach: Option<&'a Handle>,
        is_kept: bool,
    ) -> Self {
        Self {
            settings,
            signals,
            attach,
            is_kept,
            open: Vec::new(),
        }
    }

    /// Returns the index of a context for a language, or `None` if it has to be created.
    pub(super) fn find(&self, language: Language) -> Option<usize> {
        let own = home(language);
        let of_language = self.open.iter().position(|open| open.language == own);
        let first = self.open.first()?;
        match of_language {
            // SQL shares the data of the first context, if that runs it.
            Some(index) if language != Language::Sql => Some(index),
            _ if !first.refused.contains(&language) => Some(0),
            of_language => of_language,
        }
    }

    /// Returns the index of a context for a language, which is created if there is none.
    pub(super) fn open(
        &mut self,
        language: Language,
        progress: &Progress,
    ) -> Result<usize, CliError> {
        if let Some(index) = self.find(language) {
            return Ok(index);
        }
        let attach = self.attach.take();
        // Ctrl-C ends the creation only: the interrupt of the session remains.
        let interrupt = self.settings.target.client.interrupt().child();
        let client = self
            .settings
            .target
            .client
            .with_interrupt(interrupt.clone());
        let creating = self.signals.creating(&interrupt);
        let language = match attach {
            Some(_) => language,
            None => home(language),
        };
        let context = match attach {
            Some(handle) => self.settings.attach(&client, handle, language),
            None => self.settings.create(&client, language, progress),
        };
        drop(creating);
        self.open.push(Open {
            language,
            context: context?,
            refused: Vec::new(),
            is_attached: attach.is_some(),
            python_inputs: Vec::new(),
        });
        Ok(self.open.len() - 1)
    }

    /// Returns a function that describes states for the progress.
    pub(super) fn states(&self) -> impl Fn(&dyn Display) -> String + Send + Sync + use<> {
        self.settings.target.states()
    }

    pub(super) fn get(&self, index: usize) -> &Open {
        &self.open[index]
    }

    pub(super) fn get_mut(&mut self, index: usize) -> &mut Open {
        &mut self.open[index]
    }

    /// Records that the server does not run a language in a context, if an error states it. Another context
    /// is then used.
    pub(super) fn is_refused(
        &mut self,
        index: usize,
        language: Language,
        error: &RunError,
    ) -> bool {
        let open = &mut self.open[index];
        let is_refused = open.language != language
            && matches!(error, RunError::Request(error) if is_refusal(error));
        if is_refused {
            open.refused.push(language);
        }
        is_refused
    }

    /// Removes a context that is lost.
    pub(super) fn remove(&mut self, index: usize) {
        let open = self.open.remove(index);
        if open.is_attached {
            self.attach = None;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Destroys or keeps all contexts. Returns text that states what has happened.
    pub(super) fn close(&mut self) -> &'static str {
        let contexts = std::mem::take(&mut self.open);
        let count = contexts.len();
        let (mut are_kept, mut are_destroyed) = (false, true);
        for open in contexts {
            if open.is_attached {
                open.context.detach();
                are_kept = true;
            } else if self.is_kept {
                keep(open.context, &Out::Streams);
                are_kept = true;
            } else {
                are_destroyed &= close(open.context, self.settings.target, &Out::Streams);
            }
        }
        match (are_kept, are_destroyed, count) {
            (true, true, 1) => "context kept",
            (true, true, _) => "contexts kept",
            (_, false, 1) => "context not destroyed",
            (_, false, _) => "contexts not destroyed",
            (false, true, 1) => "context destroyed",
            (false, true, _) => "contexts destroyed",
        }
    }
}

/// Returns the language of the context for code in a language. Python contexts also run SQL, which then shares
/// the Spark session with later Python code.
fn home(language: Language) -> Language {
    match language {
        Language::Sql => Language::Python,
        language => language,
    }
}

/// Returns whether the server has rejected a request for its contents.
fn is_refusal(error: &Error) -> bool {
    let is_client_error = error
        .status()
        .is_some_and(|status| (400..500).contains(&status));
    error.kind() == ErrorKind::Status
        && is_client_error
        && !matches!(error.status(), Some(401 | 403 | 429))
        && !error.may_have_been_processed()
}
