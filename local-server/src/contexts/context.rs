//! Execution contexts.
//!
//! Request handlers and the worker share a [`Context`]. It contains no process: the worker drives
//! the engine.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::error::ServiceError;
use super::state::{NoSuchCommand, Phase, QueueFull, Queued, State, Task};
use super::status::{CommandStatus, ContextStatus};
use crate::ids;
use crate::language::Language;
use crate::quirks::{Quirk, Quirks};
use crate::results::Results;

/// An execution context.
#[derive(Debug)]
pub(crate) struct Context {
    id: String,
    cluster: String,
    language: Language,
    quirks: Quirks,
    state: Mutex<State>,
    changed: Notify,
}

/// Operations of request handlers.
impl Context {
    pub(super) fn new(id: String, cluster: String, language: Language, quirks: Quirks) -> Self {
        Self {
            id,
            cluster,
            language,
            quirks,
            state: Mutex::new(State::new(quirks)),
            changed: Notify::new(),
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn cluster(&self) -> &str {
        &self.cluster
    }

    pub(crate) fn status(&self) -> ContextStatus {
        self.lock().status()
    }

    /// Returns the time since when the context has had no command, or `None` if it is starting, or has
    /// a command that runs or is queued.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        self.lock().idle_since()
    }

    /// Returns whether a command is running or queued.
    pub(super) fn is_busy(&self) -> bool {
        self.lock().is_busy()
    }

    /// Appends a command to the queue and returns its id. Commands can be queued while the
    /// interpreter is still starting.
    pub(crate) fn submit(
        &self,
        source: String,
        language: Language,
    ) -> Result<String, ServiceError> {
        if !self.language.runs(language) {
            return Err(ServiceError::OtherLanguage {
                context: self.language,
                command: language,
            });
        }
        let id = ids::command().map_err(ServiceError::NoRandomBytes)?;
        let mut state = self.lock();
        self.check_phase(state.phase())?;
        let command = Queued {
            id: id.clone(),
            language,
            source,
        };
        let queued = state.enqueue(command);
        queued.map_err(|QueueFull| ServiceError::QueueFull(self.id.clone()))?;
        self.changed.notify_one();
        Ok(id)
    }

    /// Checks that commands can be queued.
    fn check_phase(&self, phase: &Phase) -> Result<(), ServiceError> {
        match phase {
            Phase::Pending if self.quirks.is_on(Quirk::RejectWhilePending) => {
                Err(ServiceError::NotReady)
            }
            Phase::Pending | Phase::Running => Ok(()),
            Phase::Destroyed => Err(ServiceError::NoSuchContext(self.id.clone())),
            Phase::Failed(reason) => Err(ServiceError::ContextFailed {
                context: self.id.clone(),
                reason: reason.clone(),
            }),
        }
    }

    /// Returns the status of a command, with its results if it has finished, or its output so far
    /// if it is running.
    pub(crate) fn command(
        &self,
        id: &str,
    ) -> Result<(CommandStatus, Option<Arc<Results>>), ServiceError> {
        let found = self.lock().command(id);
        found.map_err(|NoSuchCommand| self.no_such_command(id))
    }

    /// Cancels a command. A queued command finishes without running; a finished command is not
    /// changed.
    pub(crate) fn cancel(&self, id: &str) -> Result<(), ServiceError> {
        let canceled = self.lock().cancel(id);
        if canceled.map_err(|NoSuchCommand| self.no_such_command(id))? {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Marks the context as destroyed. The worker then kills the interpreter.
    pub(super) fn destroy(&self) {
        self.lock().destroy();
        self.changed.notify_one();
    }

    fn no_such_command(&self, id: &str) -> ServiceError {
        ServiceError::NoSuchCommand {
            context: self.id.clone(),
            command: id.to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Operations of the worker.
impl Context {
    /// Waits until [`Context::next_task`] may return another task.
    pub(super) async fn changed(&self) {
        // `Notify` stores a notification sent before this call, so that none is lost.
        self.changed.notified().await;
    }

    /// Returns the next task, and marks its command as running or interrupted.
    pub(super) fn next_task(&self) -> Task {
        self.lock().next_task()
    }

    /// Records that the interpreter accepts commands.
    pub(super) fn mark_ready(&self) {
        self.lock().mark_ready();
    }

    /// Records the results of the running command.
    pub(super) fn finish(&self, id: &str, results: Results) {
        let results = results.with_markup(self.quirks);
        self.lock().finish(id, results);
    }

    /// Records that the interpreter has exited. All running and queued commands finish with an
    /// error.
    pub(super) fn fail(&self, reason: String) {
        self.lock().fail(self.language, reason);
    }
}
