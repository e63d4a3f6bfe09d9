//! The caller: the program that uses the client.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use api_runtime::auth::{CachedToken, ClientCredentials};
use api_runtime::{Client, Credentials, Delivery, Error, ErrorKind, RetryPolicy, Wait};
use generated_client::{
    ContextBuilder, ExecutionContext, Language, Leftover, Leftovers, Output, RunError, Upload,
    commands, contexts,
};

use crate::checks::Span;
use crate::clock::SimulatedClock;
use crate::coverage::Event;
use crate::network::SimulatedNetwork;
use crate::plan::{ClientPlan, CommandPlan, ContextPlan, DirectPlan, End, Program};
use crate::request::Endpoint;
use crate::workspace::{CODE, SECRET};
use crate::world::SharedWorld;

const CLUSTER: &str = "0123-456789-simulated";

/// The first poll of a wait has this time even if the timeout is shorter.
const MIN_FIRST_POLL: Duration = Duration::from_millis(500);

/// A request for clean-up has this time even if none is left.
const MIN_REQUEST: Duration = Duration::from_millis(500);

/// Maximum number of times that the caller sends a command whose error says that it did not run.
const MAX_RUNS: u32 = 3;

/// Runs the program of the plan.
pub(crate) fn run(world: &SharedWorld) {
    let (settings, program, leftovers) = {
        let world = world.lock();
        let plan = &world.plan;
        (plan.client, plan.program.clone(), world.leftovers.clone())
    };
    let caller = Caller {
        world,
        leftovers,
        settings,
        client: client(world, settings),
    };
    match &program {
        Program::Context(plan) => caller.use_context(plan),
        Program::Direct(plan) => caller.call_endpoints(*plan),
    }
}

fn client(world: &SharedWorld, settings: ClientPlan) -> Client {
    let observer = world.clone();
    let mut locked = world.lock();
    let builder = Client::builder("https://workspace.example")
        .transport(SimulatedNetwork(world.clone()))
        .clock(SimulatedClock(world.clone()))
        .interrupt(locked.interrupt.clone())
        .observe(move |event| observer.lock().observe(event));
    let credentials = if settings.uses_oauth {
        let secret = format!("{SECRET}-of-the-client");
        let source = ClientCredentials::new("https://workspace.example/token", "id", secret);
        Ok(Credentials::custom(CachedToken::new(
            source.expect("valid"),
        )))
    } else {
        let token = format!("dapi{SECRET}");
        locked
            .workspace
            .accept(format!("Bearer {token}"), Duration::MAX);
        Credentials::bearer(token)
    };
    let origin = locked.instant_at(Duration::ZERO);
    drop(locked);
    let client = builder.credentials(credentials.expect("the token is valid"));
    let mut client = client.build().expect("the settings are valid");
    if let Some(attempts) = settings.attempts {
        client = client.retries(RetryPolicy::new().attempts(attempts));
    }
    let deadline = settings.deadline.map(|deadline| origin + deadline);
    client.timeout(settings.timeout).deadline(deadline)
}

struct Caller<'a> {
    world: &'a SharedWorld,
    settings: ClientPlan,
    client: Client,
    leftovers: Leftovers,
}

/// `ContextBuilder` and `ExecutionContext`.
impl Caller<'_> {
    fn use_context(&self, plan: &ContextPlan) {
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
                let client = self.client.with_interrupt(api_runtime::Interrupt::new());
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
            let is_repeatable = matches!(error, RunError::Request(_));
            if error.may_have_been_processed() || !is_repeatable {
                return matches!(error, RunError::Failed(_) | RunError::Timeout(_));
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
        let result = command.run();
        span.end(&result);
        let cleanup = context_plan.cleanup_timeout + MIN_REQUEST;
        span.check_limits(cleanup);
        let timeout = plan.timeout.unwrap_or(context_plan.wait);
        span.check_end("timeout of the command", span.began() + timeout + cleanup);
        match &result {
            Ok(output) => {
                self.count(Event::RunSucceeded);
                let heard = plan.listens.then_some(&*printed);
                self.check_output(&span, number, output, heard);
            }
            Err(error) => self.check_run(&span, error),
        }
        result.map(drop)
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

/// Functions for single endpoints.
impl Caller<'_> {
    fn call_endpoints(&self, plan: DirectPlan) {
        let create = contexts::Create::new(CLUSTER, Language::Python);
        let created = self.call("contexts::create", Endpoint::Create, || {
            contexts::create(&self.client, &create)
        });
        let Ok(context) = created else { return };
        let ready = self.wait("contexts::wait_for_create", plan.wait, |wait| {
            contexts::wait_for_create(&self.client, &create, &context, wait).map(drop)
        });
        if ready.is_ok() {
            self.execute(plan, &context.id);
        }
        // The caller cleans up without a limit.
        let client = self.client.with_interrupt(api_runtime::Interrupt::new());
        let client = client.deadline(None);
        let destroy = contexts::Destroy::new(CLUSTER, &context.id);
        let span = self.begin("contexts::destroy");
        let result = contexts::destroy(&client, &destroy);
        span.end(&result);
        if let Err(error) = result {
            span.check_call(Endpoint::Destroy, &error);
        }
    }

    fn execute(&self, plan: DirectPlan, context: &generated_client::ContextId) {
        let (client, code) = (&self.client, code(0));
        if plan.is_file {
            let file = Upload::bytes("job.py", code);
            let request = commands::ExecuteFile::new(CLUSTER, context, Language::Python, file);
            let command = self.call("commands::execute_file", Endpoint::Execute, || {
                commands::execute_file(client, &request)
            });
            let Ok(command) = command else { return };
            drop(
                self.wait("commands::wait_for_execute_file", plan.wait, |wait| {
                    commands::wait_for_execute_file(client, &request, &command, wait).map(drop)
                }),
            );
            return;
        }
        let request = commands::Execute::new(CLUSTER, context, Language::Python, code);
        let command = self.call("commands::execute", Endpoint::Execute, || {
            commands::execute(client, &request)
        });
        let Ok(command) = command else { return };
        if plan.cancels {
            let cancel = commands::Cancel::new(CLUSTER, context, &command.id);
            let canceled = self.call("commands::cancel", Endpoint::Cancel, || {
                commands::cancel(client, &cancel)
            });
            if canceled.is_ok() {
                drop(self.wait("commands::wait_for_cancel", plan.wait, |wait| {
                    commands::wait_for_cancel(client, &cancel, wait).map(drop)
                }));
            }
            return;
        }
        drop(self.wait("commands::wait_for_execute", plan.wait, |wait| {
            commands::wait_for_execute(client, &request, &command, wait).map(drop)
        }));
    }

    /// Calls one endpoint and checks the result.
    fn call<T>(
        &self,
        name: &'static str,
        endpoint: Endpoint,
        call: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let span = self.begin(name);
        let result = call();
        span.end(&result);
        span.check_limits(Duration::ZERO);
        if let Some(timeout) = self.settings.timeout {
            span.check_end("timeout of the call", span.began() + timeout);
        }
        if let Err(error) = &result {
            span.check_call(endpoint, error);
        }
        result
    }

    /// Waits and checks the result.
    fn wait(
        &self,
        name: &'static str,
        timeout: Duration,
        wait: impl FnOnce(Wait) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let span = self.begin(name);
        let result = wait(Wait::new().timeout(timeout));
        span.end(&result);
        span.check_limits(Duration::ZERO);
        let deadline = self.settings.deadline.unwrap_or(Duration::MAX);
        let end = span.began() + timeout;
        span.check_end(
            "timeout of the wait",
            end.max(span.began() + MIN_FIRST_POLL),
        );
        if let Err(error) = &result {
            let is_early = self.world.lock().now() < end.min(deadline);
            if error.kind() == ErrorKind::WaitTimeout && is_early {
                self.world
                    .lock()
                    .find(format!("{name}: timed out too early: {error}"));
            }
        }
        result
    }

    fn begin(&self, name: &'static str) -> Span<'_> {
        Span::begin(self.world, name)
    }

    fn count(&self, event: Event) {
        self.world.lock().events.insert(event);
    }
}

fn code(number: usize) -> String {
    format!("{CODE} #{number}")
}

/// Returns files with the codes of the commands. All lives share them.
fn code_files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sim");
        std::fs::create_dir_all(&folder).expect("the folder can be created");
        let write = |number| {
            let path = folder.join(format!("{number}.py"));
            std::fs::write(&path, code(number)).expect("the file can be written");
            path
        };
        (0..4).map(write).collect()
    })
}
