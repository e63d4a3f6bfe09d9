//! One execution context: its commands and their order. The process behind it is the worker's.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::Notify;

use super::Refusal;
use crate::capture::Capture;
use crate::results::Results;
use crate::{ids, limits};

/// What a client is told of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum ContextStatus {
    Pending,
    Running,
    Error,
}

/// What a client is told of a command. The service has `Cancelled` and `Error` too, but was never
/// seen to use them for what happens here: both end as `Finished` with a result that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum CommandStatus {
    Queued,
    Running,
    Cancelling,
    Finished,
}

/// What the worker is to do next.
#[derive(Debug)]
pub(super) enum Task {
    Run {
        id: String,
        source: String,
        printed: Capture,
    },
    Interrupt(String),
    Wait,
    Leave,
}

#[derive(Debug)]
pub(crate) struct Context {
    id: String,
    cluster: String,
    state: Mutex<State>,
    news: Notify,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    queue: VecDeque<Queued>,
    queued_bytes: usize,
    running: Option<Running>,
    finished: Finished,
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
    source: String,
}

#[derive(Debug)]
struct Running {
    id: String,
    cancel: Cancel,
    printed: Capture,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cancel {
    No,
    Asked,
    PassedOn,
}

/// The results that are kept: the newest ones.
#[derive(Debug, Default)]
struct Finished {
    results: HashMap<String, Arc<Results>>,
    order: VecDeque<String>,
    bytes: usize,
}

/// What clients ask for.
impl Context {
    pub(super) fn new(id: String, cluster: String) -> Self {
        let state = State {
            phase: Phase::Pending,
            queue: VecDeque::new(),
            queued_bytes: 0,
            running: None,
            finished: Finished::default(),
        };
        Self {
            id,
            cluster,
            state: Mutex::new(state),
            news: Notify::new(),
        }
    }

    pub(crate) fn cluster(&self) -> &str {
        &self.cluster
    }

    pub(crate) fn status(&self) -> ContextStatus {
        match self.lock().phase {
            Phase::Pending => ContextStatus::Pending,
            Phase::Running => ContextStatus::Running,
            Phase::Failed(_) | Phase::Destroyed => ContextStatus::Error,
        }
    }

    /// Appends a command to the queue, also while the interpreter is still starting.
    pub(crate) fn submit(&self, source: String) -> Result<String, Refusal> {
        let mut state = self.lock();
        match &state.phase {
            Phase::Pending | Phase::Running => {}
            Phase::Destroyed => return Err(Refusal::NoSuchContext(self.id.clone())),
            Phase::Failed(why) => {
                let (context, why) = (self.id.clone(), why.clone());
                return Err(Refusal::ContextFailed { context, why });
            }
        }
        let bytes = state.queued_bytes + source.len();
        if state.queue.len() >= limits::QUEUED || bytes > limits::QUEUED_BYTES {
            return Err(Refusal::QueueIsFull(self.id.clone()));
        }
        let id = ids::command();
        state.queued_bytes = bytes;
        state.queue.push_back(Queued {
            id: id.clone(),
            source,
        });
        self.news.notify_one();
        Ok(id)
    }

    /// The status of a command, with its results once it has finished. While it runs, these are
    /// what it has printed so far.
    pub(crate) fn command(
        &self,
        id: &str,
    ) -> Result<(CommandStatus, Option<Arc<Results>>), Refusal> {
        let state = self.lock();
        if let Some(results) = state.finished.results.get(id) {
            return Ok((CommandStatus::Finished, Some(Arc::clone(results))));
        }
        match &state.running {
            Some(running) if running.id == id && running.cancel == Cancel::No => {
                let so_far = running.printed.so_far().map(Results::text).map(Arc::new);
                return Ok((CommandStatus::Running, so_far));
            }
            Some(running) if running.id == id => return Ok((CommandStatus::Cancelling, None)),
            _ => {}
        }
        if state.queue.iter().any(|queued| queued.id == id) {
            return Ok((CommandStatus::Queued, None));
        }
        Err(self.no_such_command(id))
    }

    /// Asks for the end of a command. One that waits never runs; one that has finished stays so.
    pub(crate) fn cancel(&self, id: &str) -> Result<(), Refusal> {
        let mut state = self.lock();
        if state.finished.results.contains_key(id) {
            return Ok(());
        }
        if let Some(running) = state.running.as_mut().filter(|running| running.id == id) {
            if running.cancel == Cancel::No {
                running.cancel = Cancel::Asked;
                self.news.notify_one();
            }
            return Ok(());
        }
        let Some(place) = state.queue.iter().position(|queued| queued.id == id) else {
            return Err(self.no_such_command(id));
        };
        if let Some(queued) = state.unqueue(place) {
            let results = Results::cancelled("the command was cancelled before it ran");
            state.finished.keep(queued.id, results);
        }
        Ok(())
    }

    /// Has the worker end the interpreter.
    pub(super) fn destroy(&self) {
        self.lock().phase = Phase::Destroyed;
        self.news.notify_one();
    }

    fn no_such_command(&self, id: &str) -> Refusal {
        Refusal::NoSuchCommand {
            context: self.id.clone(),
            command: id.to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the worker tells and asks.
impl Context {
    /// Waits until [`Context::task`] may have another answer.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    pub(super) fn task(&self) -> Task {
        let mut guard = self.lock();
        let state = &mut *guard;
        match (&state.phase, &mut state.running) {
            (Phase::Destroyed, _) => Task::Leave,
            (_, Some(running)) if running.cancel == Cancel::Asked => {
                running.cancel = Cancel::PassedOn;
                Task::Interrupt(running.id.clone())
            }
            (Phase::Running, None) => state.run_next(),
            _ => Task::Wait,
        }
    }

    pub(super) fn ready(&self) {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Pending) {
            state.phase = Phase::Running;
        }
    }

    /// The running command has ended.
    pub(super) fn finish(&self, id: &str, results: Results) {
        let mut state = self.lock();
        if let Some(running) = state.running.take_if(|running| running.id == id) {
            state.finished.keep(running.id, results);
        }
    }

    /// The interpreter has ended, and with it every command that has not.
    pub(super) fn fail(&self, why: String) {
        let mut state = self.lock();
        if let Some(running) = state.running.take() {
            let results = match running.cancel {
                Cancel::No => Results::fatal(&why),
                Cancel::Asked | Cancel::PassedOn => {
                    Results::cancelled(&format!("the command was cancelled. {why}"))
                }
            };
            state.finished.keep(running.id, results);
        }
        while let Some(queued) = state.unqueue(0) {
            let results = Results::fatal(&format!("The command did not run. {why}"));
            state.finished.keep(queued.id, results);
        }
        if !matches!(state.phase, Phase::Destroyed) {
            state.phase = Phase::Failed(why);
        }
    }
}

impl State {
    fn run_next(&mut self) -> Task {
        let Some(Queued { id, source }) = self.unqueue(0) else {
            return Task::Wait;
        };
        let printed = Capture::new(limits::TEXT);
        self.running = Some(Running {
            id: id.clone(),
            cancel: Cancel::No,
            printed: printed.clone(),
        });
        Task::Run {
            id,
            source,
            printed,
        }
    }

    fn unqueue(&mut self, place: usize) -> Option<Queued> {
        let queued = self.queue.remove(place)?;
        self.queued_bytes -= queued.source.len();
        Some(queued)
    }
}

impl Finished {
    fn keep(&mut self, id: String, results: Results) {
        self.bytes += results.size();
        self.order.push_back(id.clone());
        self.results.insert(id, Arc::new(results));
        while self.order.len() > 1
            && (self.order.len() > limits::KEPT || self.bytes > limits::KEPT_BYTES)
        {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let oldest = self.order.pop_front();
        if let Some(results) = oldest.and_then(|id| self.results.remove(&id)) {
            self.bytes -= results.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CommandStatus, Context, ContextStatus, Finished, Refusal, Results, Task};
    use crate::capture::Printed;
    use crate::limits;

    fn context() -> Context {
        let context = Context::new("1".to_owned(), "batVenom".to_owned());
        context.ready();
        context
    }

    fn text(text: String) -> Results {
        let truncated = false;
        Results::text(Printed { text, truncated })
    }

    fn run_next(context: &Context) -> String {
        match context.task() {
            Task::Run { id, .. } => id,
            other => panic!("not to be run: {other:?}"),
        }
    }

    #[test]
    fn commands_wait_for_the_interpreter() {
        let context = Context::new("1".to_owned(), "batVenom".to_owned());
        let id = context.submit("1".to_owned()).unwrap();
        assert!(matches!(context.task(), Task::Wait));
        context.ready();
        assert_eq!(run_next(&context), id);
    }

    #[test]
    fn one_command_runs_at_a_time() {
        let context = context();
        let first = context.submit("1".to_owned()).unwrap();
        let second = context.submit("2".to_owned()).unwrap();
        assert_eq!(run_next(&context), first);
        assert!(matches!(context.task(), Task::Wait));
        context.finish(&first, text("1".to_owned()));
        assert_eq!(run_next(&context), second);
    }

    #[test]
    fn what_was_printed_is_told_while_the_command_runs() {
        let context = context();
        let id = context.submit("1".to_owned()).unwrap();
        let Task::Run { printed, .. } = context.task() else {
            panic!("not to be run");
        };
        assert!(matches!(
            context.command(&id),
            Ok((CommandStatus::Running, None))
        ));
        printed.add(b"a\n");
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
    fn a_cancel_is_passed_on_once() {
        let context = context();
        let id = context.submit("1".to_owned()).unwrap();
        run_next(&context);
        context.cancel(&id).unwrap();
        assert!(matches!(context.task(), Task::Interrupt(of) if of == id));
        context.cancel(&id).unwrap();
        assert!(matches!(context.task(), Task::Wait));
        assert_eq!(context.command(&id).unwrap().0, CommandStatus::Cancelling);
    }

    #[test]
    fn a_late_answer_for_another_command_changes_nothing() {
        let context = context();
        let id = context.submit("1".to_owned()).unwrap();
        run_next(&context);
        context.finish("another", text(String::new()));
        assert_eq!(context.command(&id).unwrap().0, CommandStatus::Running);
    }

    #[test]
    fn the_end_of_the_interpreter_ends_every_command() {
        let context = context();
        let ids = ["1", "2"].map(|source| context.submit(source.to_owned()).unwrap());
        run_next(&context);
        context.fail("It fell over.".to_owned());
        for id in ids {
            assert_eq!(context.command(&id).unwrap().0, CommandStatus::Finished);
        }
        assert_eq!(context.status(), ContextStatus::Error);
        let refusal = context.submit("3".to_owned()).unwrap_err();
        assert!(matches!(refusal, Refusal::ContextFailed { .. }));
    }

    #[test]
    fn the_queue_is_bounded_by_number_and_by_length() {
        let context = context();
        for _ in 0..limits::QUEUED {
            context.submit(String::new()).unwrap();
        }
        let refusal = context.submit(String::new()).unwrap_err();
        assert!(matches!(refusal, Refusal::QueueIsFull(_)));

        let context = self::context();
        let long = "#".repeat(limits::QUEUED_BYTES / 2);
        context.submit(long.clone()).unwrap();
        let first = context.submit(long).unwrap();
        assert!(context.submit("1".to_owned()).is_err());
        context.cancel(&first).unwrap();
        context.submit("1".to_owned()).unwrap();
    }

    #[test]
    fn the_oldest_results_are_forgotten() {
        let mut finished = Finished::default();
        for id in 0..40 {
            finished.keep(id.to_string(), text("x".repeat(1 << 20)));
        }
        assert!(finished.bytes <= limits::KEPT_BYTES);
        assert!(!finished.results.contains_key("0"));
        assert!(finished.results.contains_key("39"));
        assert_eq!(finished.results.len(), finished.order.len());
    }
}
