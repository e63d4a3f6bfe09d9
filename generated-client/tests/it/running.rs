//! Running commands: cancel handles, output piece by piece, and commands of other processes.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_client::api_runtime::ManualClock;
use generated_client::{
    CancelHandle, CommandStatus, ContextBuilder, Delivery, ExecutionContext, Interrupt, Language,
    Leftovers, RunError,
};

use crate::scripted::{Scripted, ok};

const CANCELED: &str = r#"{"status": "Finished", "results": {"resultType": "error",
    "summary": "com.databricks.backend.common.rpc.CommandCancelledException"}}"#;

/// Server with one command after the other. A command runs until it is canceled, or for a number of
/// polls.
#[derive(Clone, Default)]
struct Server(Arc<Mutex<Behavior>>);

type OnRequest = Box<dyn FnMut(&str) + Send>;

#[derive(Default)]
struct Behavior {
    /// Called with the name of the endpoint before a response is returned.
    on_request: Option<OnRequest>,
    /// Number of polls after which a command ends.
    polls: Option<usize>,
    polled: usize,
    is_canceled: bool,
    /// Number of polls after the cancellation until the command ends.
    polls_until_canceled: usize,
    rejects_cancel: bool,
    /// Results of a canceled command. `None` is [`CANCELED`].
    canceled: Option<&'static str>,
}

impl Server {
    fn with(change: impl FnOnce(&mut Behavior)) -> Self {
        let server = Self::default();
        server.change(change);
        server
    }

    fn change(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut self.0.lock().unwrap());
    }

    fn on_request(&self, on_request: impl FnMut(&str) + Send + 'static) {
        self.change(|behavior| behavior.on_request = Some(Box::new(on_request)));
    }

    fn scripted(&self) -> Scripted {
        let server = self.clone();
        Scripted::new(move |endpoint, _| server.0.lock().unwrap().respond(endpoint))
    }
}

impl Behavior {
    fn respond(&mut self, endpoint: &str) -> crate::scripted::ScriptedResult {
        if let Some(on_request) = &mut self.on_request {
            on_request(endpoint);
        }
        match endpoint {
            "contexts/create" => ok(r#"{"id": "1"}"#),
            "contexts/status" => ok(r#"{"status": "Running"}"#),
            "commands/execute" => {
                (self.polled, self.is_canceled) = (0, false);
                ok(r#"{"id": "2"}"#)
            }
            "commands/cancel" if self.rejects_cancel => Ok((400, "{}".to_owned())),
            "commands/cancel" => {
                (self.polled, self.is_canceled) = (0, true);
                ok("{}")
            }
            "commands/status" => {
                self.polled += 1;
                ok(self.status())
            }
            _ => ok("{}"),
        }
    }

    fn status(&self) -> String {
        let lines: String = (1..self.polled)
            .flat_map(|n| [n.to_string(), "\\n".to_owned()])
            .collect();
        let text = |status| {
            format!(
                r#"{{"status": "{status}", "results": {{"resultType": "text", "data": "{lines}"}}}}"#
            )
        };
        match self.polls {
            _ if self.is_canceled && self.polled > self.polls_until_canceled => {
                self.canceled.unwrap_or(CANCELED).to_owned()
            }
            _ if self.is_canceled => text("Cancelling"),
            Some(polls) if self.polled > polls => text("Finished"),
            _ => text("Running"),
        }
    }
}

/// Cancels the command at the request with this number to this endpoint.
fn cancel_at(server: &Server, cancel: &CancelHandle, endpoint: &'static str, number: usize) {
    let (cancel, mut count) = (cancel.clone(), 0);
    server.on_request(move |requested| {
        count += usize::from(requested == endpoint);
        if requested == endpoint && count == number {
            cancel.cancel();
        }
    });
}

fn create(scripted: &Scripted, clock: &ManualClock, leftovers: &Leftovers) -> ExecutionContext {
    let client = scripted.client(clock, &Interrupt::new());
    let builder = ContextBuilder::new("cluster", Language::Python).leftovers(leftovers);
    builder.create(&client).unwrap()
}

/// Runs a command to its end.
fn assert_usable(context: &ExecutionContext, server: &Server) {
    server.change(|behavior| {
        behavior.on_request = None;
        behavior.polls = Some(1);
    });
    assert_eq!(context.run("code").unwrap().text(), Some("1\n"));
}

#[test]
fn handle_cancels_the_command_and_keeps_the_context() {
    for (endpoint, number) in [
        ("commands/execute", 1),
        ("commands/status", 1),
        ("commands/status", 3),
    ] {
        let server = Server::default();
        let (scripted, leftovers) = (server.scripted(), Leftovers::new());
        let context = create(&scripted, &ManualClock::new(), &leftovers);
        let command = context.command("code");
        cancel_at(&server, &command.cancel_handle(), endpoint, number);
        let error = command.run().unwrap_err();
        assert!(matches!(error, RunError::Cancelled), "{error}");
        assert_eq!(leftovers.list().len(), 1, "only the context");
        for endpoint in ["commands/execute", "commands/cancel"] {
            assert_eq!(scripted.count(endpoint), 1, "{endpoint}");
        }
        assert_usable(&context, &server);
        assert_eq!(scripted.count("commands/execute"), 2);
        context.close().unwrap();
        assert!(leftovers.is_empty());
    }
}

#[test]
fn handle_wakes_a_thread_that_waits_for_the_next_poll() {
    let server = Server::default();
    let scripted = server.scripted();
    // The clock of the operating system: the pauses are real.
    let client = generated_client::Client::builder("http://127.0.0.1:1")
        .transport(scripted.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, "cluster", Language::Python).unwrap();
    let command = context.command("code");
    let cancel = command.cancel_handle();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while scripted.count("commands/status") < 3 {
                std::thread::yield_now();
            }
            cancel.cancel();
        });
        assert!(matches!(command.run(), Err(RunError::Cancelled)));
    });
    assert_usable(&context, &server);
}

#[test]
fn command_that_is_canceled_before_it_is_sent_is_not_sent() {
    let server = Server::default();
    let (scripted, leftovers) = (server.scripted(), Leftovers::new());
    let context = create(&scripted, &ManualClock::new(), &leftovers);
    let command = context.command("code");
    command.cancel_handle().cancel();
    let error = command.run().unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert_eq!(error.delivery(), Delivery::NotProcessed);
    assert_eq!(
        (scripted.count("commands/execute"), leftovers.list().len()),
        (0, 1)
    );
    assert_usable(&context, &server);
}

#[test]
fn command_that_ended_before_the_cancellation_has_its_result() {
    let server = Server::with(|behavior| {
        behavior.canceled =
            Some(r#"{"status": "Finished", "results": {"resultType": "text", "data": "done"}}"#);
    });
    let context = create(&server.scripted(), &ManualClock::new(), &Leftovers::new());
    let running = context.command("code").start().unwrap();
    running.cancel_handle().cancel();
    assert_eq!(running.wait().unwrap().text(), Some("done"));
    // Older servers report a canceled command without results.
    server
        .change(|behavior| behavior.canceled = Some(r#"{"status": "Finished", "results": null}"#));
    let running = context.command("code").start().unwrap();
    running.cancel_handle().cancel();
    assert!(matches!(running.wait(), Err(RunError::Cancelled)));
}

#[test]
fn abandoned_command_is_left_and_its_context_is_usable() {
    let server = Server::with(|behavior| behavior.polls_until_canceled = usize::MAX);
    let (scripted, clock, leftovers) = (server.scripted(), ManualClock::new(), Leftovers::new());
    let context = create(&scripted, &clock, &leftovers);
    let running = context.command("code").start().unwrap();
    let handle = running.cancel_handle();
    // Without effect: the command is not canceled yet.
    handle.abandon();
    handle.cancel();
    let abandoning = handle.clone();
    let running = running.on_progress(move |progress| {
        if *progress.status == CommandStatus::Cancelling {
            abandoning.abandon();
        }
    });
    let before = clock.elapsed();
    let error = running.wait().unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert!(error.leftover().unwrap().is_command());
    assert_eq!(scripted.count("commands/cancel"), 1);
    let elapsed = clock.elapsed().saturating_sub(before);
    assert!(elapsed < Duration::from_secs(4), "{elapsed:?}");
    assert_usable(&context, &server);
    context.close().unwrap();
    assert!(leftovers.is_empty());
}

#[test]
fn end_of_a_canceled_command_is_awaited_for_the_whole_clean_up_time() {
    let timeout = Duration::from_secs(5);
    for (polls, ends) in [(10, true), (usize::MAX, false)] {
        let server = Server::with(|behavior| behavior.polls_until_canceled = polls);
        let (clock, leftovers) = (ManualClock::new(), Leftovers::new());
        let context = create(&server.scripted(), &clock, &leftovers);
        let seen = RefCell::new(Vec::new());
        let running = context.command("code").start().unwrap();
        let running =
            running.on_progress(|progress| seen.borrow_mut().push(progress.status.clone()));
        let before = clock.elapsed();
        let result = running.cancel();
        let elapsed = clock.elapsed().saturating_sub(before);
        assert_eq!(
            seen.into_inner().contains(&CommandStatus::Cancelling),
            polls > 0
        );
        if ends {
            result.unwrap();
            assert!(elapsed < timeout, "{elapsed:?}");
        } else {
            let error = result.unwrap_err();
            let id = error.leftover().unwrap().command_id().unwrap().clone();
            assert!(elapsed > timeout / 2 && elapsed <= timeout, "{elapsed:?}");
            assert!(
                error
                    .to_string()
                    .starts_with("the cancellation was not confirmed: "),
                "{error}"
            );
            assert_eq!(leftovers.list().len(), 2, "the context and the command");
            server.change(|behavior| behavior.polls_until_canceled = 0);
            let result = context.attach_command(id).wait();
            assert!(matches!(result, Err(RunError::Cancelled)));
        }
        // The time for clean-up of the context is not used up.
        let before = clock.elapsed();
        assert_usable(&context, &server);
        context.close().unwrap();
        assert!(clock.elapsed() < before + timeout);
    }
}

#[test]
fn rejected_cancellation_is_an_error_with_the_leftover() {
    let server = Server::with(|behavior| behavior.rejects_cancel = true);
    let context = create(&server.scripted(), &ManualClock::new(), &Leftovers::new());
    let error = context
        .command("code")
        .start()
        .unwrap()
        .cancel()
        .unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert_eq!(
        error.leftover().unwrap().command_id().unwrap().as_str(),
        "2"
    );
    assert_usable(&context, &server);
}

#[test]
fn interrupt_of_the_client_takes_precedence() {
    let server = Server::default();
    let scripted = server.scripted();
    let interrupt = Interrupt::new();
    let context = scripted.context(&ManualClock::new(), &interrupt);
    let running = context.command("code").start().unwrap();
    running.cancel_handle().cancel();
    interrupt.raise();
    let error = running.wait().unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert!(error.leftover().is_none(), "{error}");
    assert_eq!(scripted.count("commands/cancel"), 1);
}

#[test]
fn running_command_is_canceled_when_it_is_dropped() {
    let server = Server::default();
    let (scripted, leftovers) = (server.scripted(), Leftovers::new());
    let context = create(&scripted, &ManualClock::new(), &leftovers);
    drop(context.command("code").start().unwrap());
    assert_eq!(
        (scripted.count("commands/cancel"), leftovers.list().len()),
        (1, 1)
    );

    // Its end is known.
    server.change(|behavior| behavior.polls = Some(0));
    let mut running = context.command("code").start().unwrap();
    assert_eq!(running.output().count(), 0);
    drop(running);
    assert_eq!(scripted.count("commands/cancel"), 1);
}

#[test]
fn detached_command_runs_on_and_can_be_attached_to() {
    let server = Server::default();
    let (scripted, leftovers) = (server.scripted(), Leftovers::new());
    let (clock, client) = (ManualClock::new(), Interrupt::new());
    let context = create(&scripted, &clock, &leftovers);
    let command = context.command("code").start().unwrap().detach();
    let context = context.detach();
    assert!(leftovers.is_empty());

    let client = scripted.client(&clock, &client);
    let builder = ContextBuilder::new("cluster", Language::Python).leftovers(&leftovers);
    let context = builder.attach(&client, context).unwrap();
    let attached = || context.attach_command(&command);
    assert_eq!(attached().status().unwrap(), CommandStatus::Running);
    drop(attached());

    let before = clock.elapsed();
    let timeout = Duration::from_secs(60);
    let error = attached().timeout(timeout).wait().unwrap_err();
    assert!(matches!(error, RunError::Timeout(_)), "{error}");
    assert_eq!(clock.elapsed(), before + timeout);
    let expected = "the command was not canceled: commands.execute: the deadline passed; the last \
                    status was `Running`; the command `2` may be running in the execution context `1` \
                    on the cluster `cluster`";
    assert_eq!(error.to_string(), expected);
    assert_eq!(scripted.count("commands/cancel"), 0);
    assert_eq!(leftovers.list().len(), 1, "the context");

    attached().cancel().unwrap();
    drop(attached().cancel_on_drop(true));
    assert_eq!(scripted.count("commands/cancel"), 2);
    let result = attached().wait();
    assert!(matches!(result, Err(RunError::Cancelled)));
    context.close().unwrap();
    assert!(leftovers.is_empty());
}

#[test]
fn output_ends_with_the_command_and_its_result_follows() {
    let server = Server::with(|behavior| behavior.polls = Some(3));
    let context = create(&server.scripted(), &ManualClock::new(), &Leftovers::new());
    let heard = RefCell::new(String::new());
    let command = context.command(String::from("code"));
    let mut running = command
        .on_output(|text| heard.borrow_mut().push_str(text))
        .start()
        .unwrap();
    let mut pieces = running.output();
    assert_eq!(pieces.next().as_deref(), Some("1\n"));
    assert_eq!(pieces.collect::<Vec<_>>(), ["2\n", "3\n"]);
    assert_eq!(running.output().next(), None);
    assert_eq!(running.wait().unwrap().text(), Some("1\n2\n3\n"));
    assert_eq!(heard.into_inner(), "1\n2\n3\n");

    server.change(|behavior| behavior.polls = None);
    let mut running = context.command("code").start().unwrap();
    let cancel = running.cancel_handle();
    let pieces: Vec<_> = running
        .output()
        .take(2)
        .inspect(|_| cancel.cancel())
        .collect();
    assert_eq!(pieces, ["1\n"]);
    assert!(matches!(running.wait(), Err(RunError::Cancelled)));
}

#[test]
fn progress_has_the_status_and_the_time_since_the_start() {
    let server = Server::with(|behavior| behavior.polls = Some(50));
    let clock = ManualClock::new();
    let context = create(&server.scripted(), &clock, &Leftovers::new());
    let before = clock.elapsed();
    let mut seen = Vec::new();
    let command = context.command("code").on_progress(|progress| {
        assert_eq!(progress.id.as_str(), "2");
        assert_eq!(before + progress.elapsed, clock.elapsed());
        seen.push(progress.status.clone());
    });
    command.run().unwrap();
    let (last, others) = seen.split_last().unwrap();
    assert_eq!((last, others.len()), (&CommandStatus::Finished, 50));
    assert!(
        others
            .iter()
            .all(|status| *status == CommandStatus::Running)
    );
}

#[test]
fn command_and_its_handle_can_be_used_in_other_threads() {
    fn is_sendable<T: Clone + Send + Sync + 'static>() {}
    is_sendable::<CancelHandle>();
}
