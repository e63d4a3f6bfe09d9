//! State of the service while a request changes it, for messages after a signal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use generated_client::Error;

use crate::error::CliError;
use crate::{console, interrupt};

/// Text of what remains if the process ends now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status(Arc<Mutex<Option<String>>>);

impl Status {
    pub(crate) fn set(&self, text: String) {
        *self.lock() = Some(text);
    }

    pub(crate) fn clear(&self) {
        *self.lock() = None;
    }

    /// Adds the text to the error of a request that may have been processed.
    pub(super) fn add_to(&self, error: &Error, cli_error: CliError) -> CliError {
        match &*self.lock() {
            Some(text) if error.may_have_been_processed() => cli_error.note(text),
            _ => cli_error,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl interrupt::Messages for Status {
    fn print_first(&self, raise: &dyn Fn()) {
        raise();
        console::eprintln("cleaning up; Ctrl-C again leaves at once");
    }

    fn print_last(&self) {
        if let Some(text) = &*self.lock() {
            console::warn(text);
        }
    }
}
