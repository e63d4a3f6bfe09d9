//! Calls of `ContextBuilder` and `ExecutionContext`.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use api_runtime::{Delivery, Error, Interrupt, Wait};
use generated_client::{
    ContextBuilder, ExecutionContext, Language, Leftover, Output, RunError, contexts,
};

use super::{CLUSTER, Caller, code};
use crate::checks::Span;
use crate::coverage::Event;
use crate::plan::{CommandPlan, ContextPlan, End};
use crate::request::Endpoint;

/// A request for clean-up has this time even if none is left.
const MIN_REQUEST: Duration = Duration::from_millis(500);

/// Maximum number of times that the caller sends a command whose error says that it did not run.
const MAX_RUNS: u32 = 3;

impl Caller<'_> {
    pub(super) fn use_context(&self, plan: &ContextPlan) {
        let Some(mut context) = self.create(plan) else {
            return;
        };
        for (number, command) in plan.commands.iter().enumerate() {
            if !self.run_until_sent(&context, number, *command, plan) {
                break;
            }
        }
        if plan.end == End::Reattach {
            let id = context.detach();
            let span = self.begin("attach");
            let attached = ExecutionContext::attach(&self.client, CLUSTER, &id, Language::Python);
            span.end(&attached);
            span.check_limits(Duration::ZERO);
            let Ok(attached) = attached else {
                // The caller has the id.
                let request = contexts::Destroy::new(CLUSTER, id);
                let client = self.client.with_interrupt(Interrupt::new());
                drop(contexts::destroy(&client.deadline(None), &request));
                return;
            };
            context = attached;
        }
        let span = self.begin("end of the context");
        let id = context.id().to_string();
        let closed = match plan.end {
            End::Drop => {
                drop(context);
                Ok(())
            }
            End::Close | End::Reattach => context.close(),
        };
        span.end(&closed);
        let cleanup = match plan.end {
            End::Reattach => ContextBuilder::DEFAULT_CLEANUP_TIMEOUT,
            End::Close | End::Drop => plan.cleanup_timeout,
        };
        span.check_end("time for clean-up", span.began() + cleanup.max(MIN_REQUEST));
        if let Err(error) = closed {
            span.check_call(Endpoint::Destroy, &error);
            let is_named = Leftover::of(&error).is_some();
            span.check_named(&mut self.world.lock(), &id, is_named);
        }
    }

    fn create(&self, plan: &ContextPlan) -> Option<ExecutionContext> {
        let builder = ContextBuilder::new(CLUSTER, Language::Python)
            .cluster_timeout(plan.cluster_timeout)
            .attempts(plan.attempts)
            .wait(Wait::new().timeout(plan.wait))
            .cleanup_timeout(plan.cleanup_timeout)
            .leftovers(&self.leftovers);
        let span = self.begin("create");
        self.world.lock().patience = plan.cleanup_timeout;
        let result = builder.create(&self.client);
        span.end(&result);
        span.check_limits(plan.cleanup_timeout + MIN_REQUEST);
        match result {
            Ok(context) => {
                self.count(Event::Created);
                Some(context)
            }
            Err(error) => {
                self.check_create(&span, &error);
                None
            }
        }
    }

    fn check_create(&self, span: &Span<'_>, error: &Error) {
        let mut world = self.world.lock();
        // Of several contexts, the error is that of the last one.
        let last = span.last_call(&world, Endpoint::Create);
        let answered = last
            .iter()
            .find_map(|index| world.sends[*index].answered.clone());
        let is_misled = last.iter().any(|index| world.sends[*index].is_misled());
        let leftover = Leftover::of(error);
        if let Some(id) = &answered {
            let is_named = leftover.and_then(Leftover::context_id).is_some();
            span.check_named(&mut world, id, is_named);
        }
        // The error of a context that exists is that of the wait, which has no delivery.
        let is_of_create = error.operation() == Some(contexts::Create::OPERATION.name);
        if answered.is_some() || is_misled || !is_of_create {
            world.events.insert(Event::CreateFailed);
            return;
        }
        if leftover.is_some() != error.may_have_been_processed() {
            world.find(format!("create: {leftover:?} is attached to: {error}"));
        }
        world.events.insert(match error.delivery() {
            Delivery::NotProcessed => Event::CreateFailed,
            Delivery::Unknown => Event::CreateUnknown,
        });
        drop(world);
        span.check_sends(last, error.delivery(), error);
    }

    /// Runs a command, again if it was not sent. Returns whether the context can be used further.
    fn run_until_sent(
        &self,
        context: &ExecutionContext,
        number: usize,
        command: CommandPlan,
        plan: &ContextPlan,
    ) -> bool {
        for run in 1..=MAX_RUNS {
            let Err(error) = self.run(context, number, command, plan) else {
                return true;
            };
            let is_interrupted = self.world.lock().raised_at.is_some();
            if matches!(error, RunError::Interrupted(_)) && !is_interrupted {
                // Canceled by its handle.
                return true;
            }
            let is_repeatable = matches!(error, RunError::Request(_));
            if error.may_have_been_processed() || !is_repeatable {
                return matches!(
                    error,
                    RunError::Failed(_) | RunError::Timeout(_) | RunError::Cancelled
                );
            }
            if run < MAX_RUNS {
                self.count(Event::RunAgain);
            }
        }
        true
    }

    fn run(
        &self,
        context: &ExecutionContext,
        number: usize,
        plan: CommandPlan,
        context_plan: &ContextPlan,
    ) -> Result<(), RunError> {
        let code = code(number);
        let mut printed = String::new();
        let mut command = if plan.is_file {
            context.command_file(&code_files()[number])
        } else {
            context.command(&code)
        };
        if let Some(timeout) = plan.timeout {
            command = command.timeout(timeout);
        }
        if plan.listens {
            command = command.on_output(|text| printed.push_str(text));
        }
        let span = self.begin("run");
        // The rest is for canceling the command.
        self.world.lock().patience = context_plan.cleanup_timeout / 2;
        self.world
            .lock()
            .plan_cancel(plan.cancel, command.cancel_handle());
        let result = command.run();
        span.end(&result);
        let cancel = self.world.lock().cancel.take();
        let canceled_at = cancel.and_then(|cancel| cancel.canceled_at);
        // After a cancellation by the handle, the status of the context is requested as well.
        let requests = if canceled_at.is_some() { 2 } else { 1 };
        let cleanup = context_plan.cleanup_timeout + requests * MIN_REQUEST;
        if let Some(canceled_at) = canceled_at {
            span.check_end("cancellation", canceled_at.max(span.began()) + cleanup);
        }
        span.check_limits(cleanup);
        let timeout = plan.timeout.unwrap_or(context_plan.wait);
        span.check_end("timeout of the command", span.began() + timeout + cleanup);
        match &result {
            Ok(output) => {
                self.count(Event::RunSucceeded);
                if canceled_at.is_some() {
                    self.count(Event::RunCanceledLate);
                } else if self.has_canceled.get() {
                    self.count(Event::RunAfterCancel);
                }
                let heard = plan.listens.then_some(&*printed);
                self.check_output(&span, number, output, heard);
            }
            Err(error) => {
                self.check_run(&span, error);
                if canceled_at.is_some() {
                    self.check_canceled(&span, error);
                }
            }
        }
        result.map(drop)
    }

    /// Checks the error of a command that was canceled by its handle.
    fn check_canceled(&self, span: &Span<'_>, error: &RunError) {
        match error {
            RunError::Cancelled => {
                self.count(Event::RunCanceled);
                self.has_canceled.set(true);
                if !span.is_misled() {
                    span.check_canceled(error, None);
                }
            }
            RunError::Interrupted(_) if error.leftover().is_some() => {
                self.count(Event::RunCancelUnconfirmed);
            }
            _ => {}
        }
    }

    fn check_output(&self, span: &Span<'_>, number: usize, output: &Output, heard: Option<&str>) {
        if span.is_misled() {
            return;
        }
        let text = output.to_string();
        let expected = format!("line 1\nend #{number}");
        let mut world = self.world.lock();
        if text.trim_end() != expected {
            world.find(format!("output of another command: {text:?}"));
        }
        if heard.is_some_and(|heard| heard.trim_end() != expected) {
            world.find(format!("the listener received {heard:?}"));
        }
        let sends = span.sends(&world, Endpoint::Execute);
        if !sends.iter().any(|index| world.sends[*index].has_effect) {
            world.find("success of a command that was not executed");
        }
    }

    fn check_run(&self, span: &Span<'_>, error: &RunError) {
        self.count(match error {
            RunError::Timeout(_) => Event::RunTimedOut,
            RunError::Interrupted(_) => Event::RunInterrupted,
            RunError::ContextLost(_) => Event::ContextLost,
            error if error.may_have_been_processed() => Event::RunUnknown,
            _ => Event::RunNotProcessed,
        });
        span.check_delivery(Endpoint::Execute, error.delivery(), error);
        let is_unfinished = matches!(
            error,
            RunError::Timeout(_) | RunError::Interrupted(_) | RunError::Request(_)
        );
        if is_unfinished {
            span.check_canceled(error, error.leftover());
        }
    }
}

/// Returns files with the codes of the commands. All lives share them.
fn code_files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sim");
        fs::create_dir_all(&folder).expect("the folder can be created");
        let write = |number| {
            let path = folder.join(format!("{number}.py"));
            // Another process may read the file.
            if fs::read(&path).ok().as_deref() != Some(code(number).as_bytes()) {
                fs::write(&path, code(number)).expect("the file can be written");
            }
            path
        };
        (0..4).map(write).collect()
    })
}
