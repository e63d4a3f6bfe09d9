//! State of an execution context: its phase, its queue of commands, and their results.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::first_status::FirstStatus;
use super::history::History;
use super::status::{CommandStatus, ContextStatus};
use crate::capture::Capture;
use crate::language::Language;
use crate::limits;
use crate::quirks::Quirks;
use crate::results::Results;

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

/// State of a context.
#[derive(Debug)]
pub(super) struct State {
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
pub(super) enum Phase {
    Pending,
    Running,
    Failed(String),
    Destroyed,
}

/// A command that waits.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) id: String,
    pub(super) language: Language,
    pub(super) source: String,
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

/// The queue of commands has reached a limit.
#[derive(Debug)]
pub(super) struct QueueFull;

/// No command of this context has the id, or its results have been removed.
#[derive(Debug)]
pub(super) struct NoSuchCommand;

impl State {
    pub(super) fn new(quirks: Quirks) -> Self {
        Self {
            phase: Phase::Pending,
            queue: VecDeque::new(),
            queued_bytes: 0,
            running: None,
            history: History::default(),
            first_status: FirstStatus::new(quirks),
            last_used: Instant::now(),
        }
    }

    pub(super) fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(super) fn status(&mut self) -> ContextStatus {
        let is_new = self.first_status.take_context();
        match self.phase {
            Phase::Pending => ContextStatus::Pending,
            Phase::Running if is_new => ContextStatus::Pending,
            Phase::Running => ContextStatus::Running,
            Phase::Failed(_) | Phase::Destroyed => ContextStatus::Error,
        }
    }

    /// Returns whether a command is running or queued.
    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some() || !self.queue.is_empty()
    }

    /// Returns the time since when there has been no command, or `None` if the context is starting or
    /// busy.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let is_starting = matches!(self.phase, Phase::Pending);
        (!self.is_busy() && !is_starting).then_some(self.last_used)
    }

    /// Appends a command to the queue.
    pub(super) fn enqueue(&mut self, command: Queued) -> Result<(), QueueFull> {
        let bytes = self.queued_bytes + command.source.len();
        if self.queue.len() >= limits::QUEUED_COMMANDS || bytes > limits::QUEUED_BYTES {
            return Err(QueueFull);
        }
        self.queued_bytes = bytes;
        self.first_status.add_command(&command.id);
        self.last_used = Instant::now();
        self.queue.push_back(command);
        Ok(())
    }

    /// Returns the status of a command, with its results if it has finished, or its output so far
    /// if it is running.
    pub(super) fn command(
        &mut self,
        id: &str,
    ) -> Result<(CommandStatus, Option<Arc<Results>>), NoSuchCommand> {
        if self.first_status.take_command(id) {
            return Ok((CommandStatus::Queued, None));
        }
        if let Some(results) = self.history.get(id) {
            return Ok((CommandStatus::Finished, Some(Arc::clone(results))));
        }
        match &self.running {
            Some(running) if running.id == id && running.cancel == CancelState::None => {
                let output = running.capture.snapshot().map(Results::text).map(Arc::new);
                return Ok((CommandStatus::Running, output));
            }
            Some(running) if running.id == id => return Ok((CommandStatus::Cancelling, None)),
            _ => {}
        }
        if self.queue.iter().any(|queued| queued.id == id) {
            return Ok((CommandStatus::Queued, None));
        }
        Err(NoSuchCommand)
    }

    /// Cancels a command. A queued command finishes without running; a finished command is not
    /// changed. Returns whether the worker has a task.
    pub(super) fn cancel(&mut self, id: &str) -> Result<bool, NoSuchCommand> {
        if self.history.contains(id) {
            return Ok(false);
        }
        if let Some(running) = self.running.as_mut().filter(|running| running.id == id) {
            let is_first = running.cancel == CancelState::None;
            if is_first {
                running.cancel = CancelState::Requested;
            }
            return Ok(is_first);
        }
        let index = self.queue.iter().position(|queued| queued.id == id);
        if let Some(queued) = self.dequeue(index.ok_or(NoSuchCommand)?) {
            let results = Results::canceled("the command was canceled before it ran");
            self.history.insert(queued.id, results);
        }
        Ok(false)
    }

    /// Returns the next task, and marks its command as running or interrupted.
    pub(super) fn next_task(&mut self) -> Task {
        match (&self.phase, &mut self.running) {
            (Phase::Destroyed, _) => Task::Shutdown,
            (_, Some(running)) if running.cancel == CancelState::Requested => {
                running.cancel = CancelState::Interrupting;
                Task::Interrupt(running.id.clone())
            }
            (Phase::Running, None) => self.run_next(),
            _ => Task::Wait,
        }
    }

    fn run_next(&mut self) -> Task {
        let Some(Queued {
            id,
            language,
            source,
        }) = self.dequeue(0)
        else {
            return Task::Wait;
        };
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

    /// Records that commands can run.
    pub(super) fn mark_ready(&mut self) {
        // The context may have been destroyed in the meantime.
        if matches!(self.phase, Phase::Pending) {
            self.phase = Phase::Running;
        }
    }

    /// Records the results of the running command. Those of another command are ignored.
    pub(super) fn finish(&mut self, id: &str, results: Results) {
        if let Some(running) = self.running.take_if(|running| running.id == id) {
            self.history.insert(running.id, results);
            self.last_used = Instant::now();
        }
    }

    /// Records that the interpreter of a language has exited. All running and queued commands finish
    /// with an error.
    pub(super) fn fail(&mut self, language: Language, reason: String) {
        if let Some(running) = self.running.take() {
            let results = match running.cancel {
                CancelState::None => Results::fatal(language, &reason),
                CancelState::Requested | CancelState::Interrupting => {
                    Results::canceled(&format!("the command was canceled. {reason}"))
                }
            };
            self.history.insert(running.id, results);
        }
        while let Some(queued) = self.dequeue(0) {
            let reason = format!("The command did not run. {reason}");
            self.history
                .insert(queued.id, Results::fatal(language, &reason));
        }
        if !matches!(self.phase, Phase::Destroyed) {
            self.phase = Phase::Failed(reason);
        }
    }

    pub(super) fn destroy(&mut self) {
        self.phase = Phase::Destroyed;
    }

    fn dequeue(&mut self, index: usize) -> Option<Queued> {
        let queued = self.queue.remove(index)?;
        self.queued_bytes -= queued.source.len();
        Some(queued)
    }
}
