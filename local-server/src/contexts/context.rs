//! State of an execution context: its phase and its queue of commands.
//!
//! Request handlers and the worker share a [`Context`]. It contains no process: the worker drives
//! the engine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;
use tokio::sync::Notify;

use super::error::ServiceError;
use super::first_status::FirstStatus;
use super::history::History;
use crate::capture::Capture;
use crate::language::Language;
use crate::quirks::{Quirk, Quirks};
use crate::results::Results;
use crate::{ids, limits};

/// Status of a context in responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum ContextStatus {
    Pending,
    Running,
    Error,
}

/// Status of a command in responses.
///
/// Databricks documents `Error` too. In observed responses, failed code is `Finished`, with results of
/// the type `error`; this server does the same. `Cancelled` is reported without
/// `Quirk::CancelIsFinished` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum CommandStatus {
    Queued,
    Running,
    Cancelling,
    Finished,
    Cancelled,
}

/// Next task of the worker.
#[derive(Debug)]
pub(super) enum Task {
    Run {
        id: String,
        language: Language,
        source: String,
        capture: Capture,
    },
    Interrupt(String),
    Wait,
    Shutdown,
}

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

#[derive(Debug)]
struct State {
    phase: Phase,
    queue: VecDeque<Queued>,
    queued_bytes: usize,
    running: Option<Running>,
    history: History,
    first_status: FirstStatus,
    /// Time of the creation, or of the last start or end of a command.
    last_used: Instant,
}

#[derive(Debug)]
enum Phase {
    Pending,
    Running,
    Failed(String),
    Destroyed,
}

#[derive(Debug)]
struct Queued {
    id: String,
    language: Language,
    source: String,
}

#[derive(Debug)]
struct Running {
    id: String,
    cancel: CancelState,
    capture: Capture,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CancelState {
    None,
    /// A client has canceled the command.
    Requested,
    /// The worker interrupts the command.
    Interrupting,
}

/// Operations of request handlers.
impl Context {
    pub(super) fn new(id: String, cluster: String, language: Language, quirks: Quirks) -> Self {
        let state = State {
            phase: Phase::Pending,
            queue: VecDeque::new(),
            queued_bytes: 0,
            running: None,
            history: History::default(),
            first_status: FirstStatus::new(quirks),
            last_used: Instant::now(),
        };
        Self {
            id,
            cluster,
            language,
            quirks,
            state: Mutex::new(state),
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
        let mut state = self.lock();
        let is_new = state.first_status.take_context();
        match state.phase {
            Phase::Pending => ContextStatus::Pending,
            Phase::Running if is_new => ContextStatus::Pending,
            Phase::Running => ContextStatus::Running,
            Phase::Failed(_) | Phase::Destroyed => ContextStatus::Error,
        }
    }

    /// Returns the time since when the context has had no command, or `None` if it is starting, or has
    /// a command that runs or is queued.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.lock();
        let is_busy = state.running.is_some() || !state.queue.is_empty();
        let is_starting = matches!(state.phase, Phase::Pending);
        (!is_busy && !is_starting).then_some(state.last_used)
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
        match &state.phase {
            Phase::Pending if self.quirks.is_on(Quirk::RejectWhilePending) => {
                return Err(ServiceError::NotReady);
            }
            Phase::Pending | Phase::Running => {}
            Phase::Destroyed => return Err(ServiceError::NoSuchContext(self.id.clone())),
            Phase::Failed(reason) => {
                let (context, reason) = (self.id.clone(), reason.clone());
                return Err(ServiceError::ContextFailed { context, reason });
            }
        }
        let bytes = state.queued_bytes + source.len();
        if state.queue.len() >= limits::QUEUED_COMMANDS || bytes > limits::QUEUED_BYTES {
            return Err(ServiceError::QueueFull(self.id.clone()));
        }
        state.queued_bytes = bytes;
        state.first_status.add_command(&id);
        state.last_used = Instant::now();
        state.queue.push_back(Queued {
            id: id.clone(),
            language,
            source,
        });
        self.changed.notify_one();
        Ok(id)
    }

    /// Returns the status of a command, with its results if it has finished, or its output so far
    /// if it is running.
    pub(crate) fn command(
        &self,
        id: &str,
    ) -> Result<(CommandStatus, Option<Arc<Results>>), ServiceError> {
        let mut state = self.lock();
        if state.first_status.take_command(id) {
            return Ok((CommandStatus::Queued, None));
        }
        if let Some(results) = state.history.get(id) {
            return Ok((CommandStatus::Finished, Some(Arc::clone(results))));
        }
        match &state.running {
            Some(running) if running.id == id && running.cancel == CancelState::None => {
                let output = running.capture.snapshot().map(Results::text).map(Arc::new);
                return Ok((CommandStatus::Running, output));
            }
            Some(running) if running.id == id => return Ok((CommandStatus::Cancelling, None)),
            _ => {}
        }
        if state.queue.iter().any(|queued| queued.id == id) {
            return Ok((CommandStatus::Queued, None));
        }
        Err(self.no_such_command(id))
    }

    /// Cancels a command. A queued command finishes without running; a finished command is not
    /// changed.
    pub(crate) fn cancel(&self, id: &str) -> Result<(), ServiceError> {
        let mut state = self.lock();
        if state.history.contains(id) {
            return Ok(());
        }
        if let Some(running) = state.running.as_mut().filter(|running| running.id == id) {
            if running.cancel == CancelState::None {
                running.cancel = CancelState::Requested;
                self.changed.notify_one();
            }
            return Ok(());
        }
        let Some(index) = state.queue.iter().position(|queued| queued.id == id) else {
            return Err(self.no_such_command(id));
        };
        if let Some(queued) = state.dequeue(index) {
            let results = Results::canceled("the command was canceled before it ran");
            state.history.insert(queued.id, results);
        }
        Ok(())
    }

    /// Returns whether a command is running or queued.
    pub(super) fn is_busy(&self) -> bool {
        let state = self.lock();
        state.running.is_some() || !state.queue.is_empty()
    }

    /// Marks the context as destroyed. The worker then kills the interpreter.
    pub(super) fn destroy(&self) {
        self.lock().phase = Phase::Destroyed;
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
        let mut guard = self.lock();
        let state = &mut *guard;
        match (&state.phase, &mut state.running) {
            (Phase::Destroyed, _) => Task::Shutdown,
            (_, Some(running)) if running.cancel == CancelState::Requested => {
                running.cancel = CancelState::Interrupting;
                Task::Interrupt(running.id.clone())
            }
            (Phase::Running, None) => state.run_next(),
            _ => Task::Wait,
        }
    }

    /// Records that the interpreter accepts commands.
    pub(super) fn mark_ready(&self) {
        let mut state = self.lock();
        // The context may have been destroyed in the meantime.
        if matches!(state.phase, Phase::Pending) {
            state.phase = Phase::Running;
        }
    }

    /// Records the results of the running command.
    pub(super) fn finish(&self, id: &str, results: Results) {
        let mut state = self.lock();
        if let Some(running) = state.running.take_if(|running| running.id == id) {
            let results = results.with_markup(self.quirks);
            state.history.insert(running.id, results);
            state.last_used = Instant::now();
        }
    }

    /// Records that the interpreter has exited. All running and queued commands finish with an
    /// error.
    pub(super) fn fail(&self, reason: String) {
        let mut state = self.lock();
        if let Some(running) = state.running.take() {
            let results = match running.cancel {
                CancelState::None => Results::fatal(self.language, &reason),
                CancelState::Requested | CancelState::Interrupting => {
                    Results::canceled(&format!("the command was canceled. {reason}"))
                }
            };
            state.history.insert(running.id, results);
        }
        while let Some(queued) = state.dequeue(0) {
            let reason = format!("The command did not run. {reason}");
            let results = Results::fatal(self.language, &reason);
            state.history.insert(queued.id, results);
        }
        if !matches!(state.phase, Phase::Destroyed) {
            state.phase = Phase::Failed(reason);
        }
    }
}

impl State {
    fn run_next(&mut self) -> Task {
        let Some(queued) = self.dequeue(0) else {
            return Task::Wait;
        };
        let Queued {
            id,
            language,
            source,
        } = queued;
        let capture = Capture::new(limits::OUTPUT_BYTES);
        self.running = Some(Running {
            id: id.clone(),
            cancel: CancelState::None,
            capture: capture.clone(),
        });
        Task::Run {
            id,
            language,
            source,
            capture,
        }
    }

    fn dequeue(&mut self, index: usize) -> Option<Queued> {
        let queued = self.queue.remove(index)?;
        self.queued_bytes -= queued.source.len();
        Some(queued)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        CommandStatus, Context, ContextStatus, Language, Quirks, Results, ServiceError, Task,
    };
    use crate::capture::Captured;
    use crate::limits;

    fn pending() -> Context {
        Context::new(
            "1".to_owned(),
            "batVenom".to_owned(),
            Language::Python,
            Quirks::default(),
        )
    }

    fn context() -> Context {
        let context = pending();
        context.mark_ready();
        context
    }

    fn submit(context: &Context, source: &str) -> Result<String, ServiceError> {
        context.submit(source.to_owned(), Language::Python)
    }

    fn text(text: &str) -> Results {
        Results::text(Captured::whole(text.to_owned()))
    }

    fn run_next(context: &Context) -> String {
        match context.next_task() {
            Task::Run { id, .. } => id,
            other => panic!("expected a command to run: {other:?}"),
        }
    }

    #[test]
    fn commands_are_queued_until_the_interpreter_is_ready() {
        let context = pending();
        let id = submit(&context, "1").unwrap();
        assert!(matches!(context.next_task(), Task::Wait));
        context.mark_ready();
        assert_eq!(run_next(&context), id);
    }

    #[test]
    fn one_command_runs_at_a_time() {
        let context = context();
        let first = submit(&context, "1").unwrap();
        let second = submit(&context, "2").unwrap();
        assert_eq!(run_next(&context), first);
        assert!(matches!(context.next_task(), Task::Wait));
        context.finish(&first, text("1"));
        assert_eq!(run_next(&context), second);
    }

    #[test]
    fn output_is_available_while_the_command_runs() {
        let context = context();
        let id = submit(&context, "1").unwrap();
        let Task::Run { capture, .. } = context.next_task() else {
            panic!("expected a command to run");
        };
        assert!(matches!(
            context.command(&id),
            Ok((CommandStatus::Running, None))
        ));
        capture.append(b"a\n");
        let (_, results) = context.command(&id).unwrap();
        let json = serde_json::to_string(&results.as_deref()).unwrap();
        assert_eq!(json, r#"{"data":"a\n","resultType":"text"}"#);
        context.cancel(&id).unwrap();
        assert!(matches!(
            context.command(&id),
            Ok((CommandStatus::Cancelling, None))
        ));
    }

    #[test]
    fn cancel_is_forwarded_once() {
        let context = context();
        let id = submit(&context, "1").unwrap();
        run_next(&context);
        context.cancel(&id).unwrap();
        assert!(matches!(context.next_task(), Task::Interrupt(of) if of == id));
        context.cancel(&id).unwrap();
        assert!(matches!(context.next_task(), Task::Wait));
        assert_eq!(context.command(&id).unwrap().0, CommandStatus::Cancelling);
    }

    #[test]
    fn results_of_another_command_are_ignored() {
        let context = context();
        let id = submit(&context, "1").unwrap();
        run_next(&context);
        context.finish("another", text(""));
        assert_eq!(context.command(&id).unwrap().0, CommandStatus::Running);
    }

    #[test]
    fn exit_of_the_interpreter_finishes_all_commands() {
        let context = context();
        let ids = ["1", "2"].map(|source| submit(&context, source).unwrap());
        run_next(&context);
        context.fail("It crashed.".to_owned());
        for id in ids {
            assert_eq!(context.command(&id).unwrap().0, CommandStatus::Finished);
        }
        assert_eq!(context.status(), ContextStatus::Error);
        let error = submit(&context, "3").unwrap_err();
        assert!(matches!(error, ServiceError::ContextFailed { .. }));
    }

    #[test]
    fn command_in_another_language_is_rejected() {
        let context = context();
        let error = context.submit("1".to_owned(), Language::R).unwrap_err();
        assert!(matches!(
            error,
            ServiceError::OtherLanguage {
                context: Language::Python,
                command: Language::R
            }
        ));
        let id = context.submit("1".to_owned(), Language::Sql).unwrap();
        assert!(matches!(
            context.next_task(),
            Task::Run { id: run, language: Language::Sql, .. } if run == id
        ));
    }

    #[test]
    fn queue_is_bounded_by_number_and_by_size() {
        let context = context();
        for _ in 0..limits::QUEUED_COMMANDS {
            submit(&context, "").unwrap();
        }
        let error = submit(&context, "").unwrap_err();
        assert!(matches!(error, ServiceError::QueueFull(_)));

        let context = self::context();
        let long = "#".repeat(limits::QUEUED_BYTES / 2);
        submit(&context, &long).unwrap();
        let first = submit(&context, &long).unwrap();
        assert!(submit(&context, "1").is_err());
        context.cancel(&first).unwrap();
        submit(&context, "1").unwrap();
    }
}
