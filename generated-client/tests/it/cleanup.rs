//! Clean-up after interrupts and deadlines, in simulated time.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_client::api_runtime::transport::Scripted;
use generated_client::{
    Client, ContextBuilder, ContextId, ContextStatus, Delivery, Error, ErrorKind, ExecutionContext,
    Language, Leftover, Leftovers, RetryPolicy, RunError,
};

use crate::line::{By, Line, SILENT, create};

const BUDGET: Duration = ContextBuilder::DEFAULT_CLEANUP_TIMEOUT;
/// Time by which the last request may exceed the budget, so that it is sent in any case.
const MAX_EXCESS: Duration = Duration::from_millis(500);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Asserts that this much time has passed since the client was canceled.
#[track_caller]
fn assert_elapsed(line: &Line, expected: Duration) {
    let elapsed = line.since_canceled();
    let expected = expected..=expected + millis(100);
    assert!(
        expected.contains(&elapsed),
        "{elapsed:?} instead of {expected:?}"
    );
}

fn is_timeout_or_interrupt(error: &Error, by: By) -> bool {
    match by {
        By::Interrupt => error.kind() == ErrorKind::Interrupted,
        By::Deadline => error.is_timeout(),
    }
}

#[test]
fn context_is_destroyed_if_its_creation_is_answered_within_the_budget() {
    for by in By::ALL {
        for latency in [1, 3, 4, 5] {
            let line = Line::new().latency("contexts/create", seconds(latency));
            let client = line.canceled_after(Line::LATENCY, by);
            let leftovers = Leftovers::new();
            let error = create(&client, &leftovers).unwrap_err();
            assert!(is_timeout_or_interrupt(&error, by), "{error}");
            assert_eq!(line.created(), (1, 0), "created and left");
            assert_eq!((Leftover::of(&error), leftovers.list()), (None, vec![]));
            assert_elapsed(&line, millis(1000 * latency - 10));
        }
    }
}

#[test]
fn unanswered_creation_is_reported_after_the_budget() {
    for by in By::ALL {
        let line = Line::new().latency("contexts/create", seconds(8));
        let client = line.canceled_after(seconds(1), by);
        let leftovers = Leftovers::new();
        let error = create(&client, &leftovers).unwrap_err();
        assert!(is_timeout_or_interrupt(&error, by), "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        let leftover = Leftover::of(&error).unwrap();
        assert_eq!(leftover.cluster_id().as_str(), "cluster");
        assert_eq!(leftover.context_id(), None);
        assert_eq!(leftover.since(), error.sent_at());
        assert!(leftover.since().is_some() && !leftover.is_command());
        assert!(
            error.to_string().ends_with(&format!("; {leftover}")),
            "{error}"
        );
        assert_eq!(leftovers.list(), std::slice::from_ref(leftover));
        assert_eq!(line.requests(), ["contexts/create"]);
        assert_elapsed(&line, BUDGET);
    }
}

#[test]
fn context_that_does_not_become_ready_is_destroyed() {
    for by in By::ALL {
        let line = Line::new().latency("contexts/status", SILENT);
        let client = line.canceled_after(seconds(1), by);
        let error = create(&client, &Leftovers::new()).unwrap_err();
        assert!(is_timeout_or_interrupt(&error, by), "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(line.created(), (1, 0));
        assert_eq!(Leftover::of(&error), None);
        assert_elapsed(&line, Duration::ZERO);
    }
}

#[test]
fn context_that_cannot_be_destroyed_is_reported() {
    for by in By::ALL {
        let line = Line::new()
            .latency("contexts/status", SILENT)
            .latency("contexts/destroy", SILENT);
        let client = line.canceled_after(seconds(1), by);
        let leftovers = Leftovers::new();
        let error = create(&client, &leftovers).unwrap_err();
        assert!(is_timeout_or_interrupt(&error, by), "{error}");
        let leftover = Leftover::of(&error).unwrap();
        assert_eq!(leftover.context_id().unwrap().as_str(), "context-1");
        assert_eq!(leftovers.list(), std::slice::from_ref(leftover));
        // Sending the request was enough for this server.
        assert_eq!(line.created(), (1, 0));
        assert_elapsed(&line, BUDGET);
    }
}

/// Runs a command that is canceled, and drops its context. Returns the error.
fn run(line: &Line, by: By, after: Duration) -> (RunError, Leftovers) {
    let leftovers = Leftovers::new();
    let context = create(&line.client(), &leftovers).unwrap();
    let id = context.detach();
    let client = line.canceled_after(after, by);
    let context = ExecutionContext::attach(&client, "cluster", id, Language::Python);
    let context = context.unwrap().destroy_on_drop(true);
    let error = context.run("code").unwrap_err();
    drop(context);
    (error, leftovers)
}

#[test]
fn command_is_canceled_if_its_execution_is_answered_within_the_budget() {
    for by in By::ALL {
        for latency in [1, 3, 4] {
            let line = Line::new().latency("commands/execute", millis(1000 * latency - 30));
            let (error, _) = run(&line, by, 2 * Line::LATENCY);
            let is_expected = match by {
                By::Interrupt => matches!(error, RunError::Interrupted(_)),
                By::Deadline => matches!(error, RunError::Timeout(_)),
            };
            assert!(is_expected, "{error:?}");
            assert_eq!(error.leftover(), None);
            assert!(
                error.to_string().starts_with("the command was canceled: "),
                "{error}"
            );
            assert_eq!(line.count("commands/cancel"), 1);
            assert_eq!((line.created(), line.is_running()), ((1, 0), false));
            assert!(line.since_canceled() < BUDGET);
        }
    }
}

#[test]
fn context_is_destroyed_if_the_execution_is_not_answered() {
    for by in By::ALL {
        let line = Line::new().latency("commands/execute", SILENT);
        let (error, _) = run(&line, by, seconds(1));
        assert_eq!(error.delivery(), Delivery::Unknown);
        let leftover = error.leftover().unwrap();
        assert!(leftover.is_command(), "{leftover}");
        assert_eq!(leftover.command_id(), None);
        assert_eq!(leftover.context_id().unwrap().as_str(), "context-1");
        assert!(
            error.to_string().ends_with(&format!("; {leftover}")),
            "{error}"
        );
        assert_eq!((line.created(), line.is_running()), ((1, 0), false));
        // A fifth of the budget is kept for destroying the context.
        assert_elapsed(&line, BUDGET * 4 / 5);
    }
}

#[test]
fn silent_server_does_not_exceed_the_budget() {
    for by in By::ALL {
        for execute in [Line::LATENCY, seconds(4), SILENT] {
            let line = Line::new()
                .latency("commands/execute", execute)
                .latency("commands/status", SILENT)
                .latency("commands/cancel", SILENT)
                .latency("contexts/destroy", SILENT);
            let (error, _) = run(&line, by, seconds(1));
            assert!(error.leftover().is_some(), "{error}");
            assert_eq!(line.created(), (1, 0), "destroyed");
            assert!(line.since_canceled() <= BUDGET + MAX_EXCESS);
        }
    }
}

#[test]
fn timeout_of_a_command_includes_the_request_that_sends_it() {
    let line = Line::new().latency("commands/execute", SILENT);
    let context = create(&line.client(), &Leftovers::new()).unwrap();
    line.mark_canceled_after(seconds(3));
    let error = context
        .command("code")
        .timeout(seconds(3))
        .run()
        .unwrap_err();
    assert!(matches!(error, RunError::Timeout(_)), "{error:?}");
    assert!(error.leftover().is_some(), "{error}");
    assert_elapsed(&line, BUDGET * 4 / 5);
}

#[test]
fn clean_up_after_another_error_has_the_whole_budget() {
    let line = Line::new().latency("contexts/destroy", seconds(4));
    let leftovers = Leftovers::new();
    let context = create(&line.client(), &leftovers).unwrap();
    assert_eq!(leftovers.list()[0].context_id(), Some(context.id()));
    // Long after an interrupt that has ended no call.
    line.canceled_after(Duration::ZERO, By::Interrupt);
    line.interrupt_now();
    line.advance(seconds(3600));
    context.close().unwrap();
    assert_eq!((line.created(), leftovers.list()), ((1, 0), vec![]));

    let line = Line::new().latency("contexts/destroy", seconds(6));
    let context = create(&line.client(), &leftovers).unwrap();
    let error = context.close().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(Some(&leftovers.list()[0]), Leftover::of(&error));
}

#[test]
fn cleanup_timeout_is_an_option() {
    for budget in [Duration::ZERO, seconds(1), seconds(60)] {
        let line = Line::new().latency("contexts/create", SILENT);
        let client = line.canceled_after(seconds(1), By::Interrupt);
        let builder = ContextBuilder::new("cluster", Language::Python);
        builder.cleanup_timeout(budget).create(&client).unwrap_err();
        assert_elapsed(&line, budget);
    }
    let line = Line::new().latency("contexts/create", seconds(100_000));
    let client = line.canceled_after(seconds(1), By::Interrupt);
    let builder = ContextBuilder::new("cluster", Language::Python);
    builder
        .cleanup_timeout(Duration::MAX)
        .create(&client)
        .unwrap_err();
    assert_eq!(line.created(), (1, 0), "destroyed after any time");
}

#[test]
fn deadline_limits_repeated_requests_to_a_starting_cluster() {
    let line = Line::new().not_ready();
    let client = line.canceled_after(seconds(30), By::Deadline);
    let error = create(&client, &Leftovers::new()).unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotProcessed);
    assert!(line.count("contexts/create") > 5);
    assert_eq!(line.since_canceled(), Duration::ZERO, "before the deadline");
}

#[test]
fn record_is_empty_after_detaching_and_closing() {
    let (line, leftovers) = (Line::new(), Leftovers::new());
    create(&line.client(), &leftovers).unwrap().close().unwrap();
    assert!(leftovers.is_empty());
    create(&line.client(), &leftovers).unwrap().detach();
    assert!(leftovers.is_empty());
    let context = create(&line.client(), &leftovers).unwrap();
    line.finish_commands();
    let listed = Cell::new(0);
    let command = context
        .command("code")
        .on_output(|_| listed.set(leftovers.list().len()));
    command.run().unwrap();
    assert_eq!(
        (listed.get(), leftovers.list().len()),
        (2, 1),
        "with and without the command"
    );
}

#[test]
fn nothing_remains_after_interrupts_at_random_moments() {
    let mut histories = BTreeSet::new();
    for seed in 0..5_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let by = By::ALL[random.usize(0..2)];
        let line = Line::new().default_latency(millis(400));
        if random.bool() {
            line.finish_commands();
        }
        let client = line.canceled_after(millis(random.u64(0..6_000)), by);
        let leftovers = Leftovers::new();
        let error = create(&client, &leftovers).and_then(|context| {
            let result = context.run("code");
            context.close()?;
            Ok(result.err())
        });
        histories.insert(line.requests());
        assert_eq!(
            (line.created().1, line.is_running()),
            (0, false),
            "seed {seed}: {error:?}"
        );
        assert!(leftovers.is_empty(), "seed {seed}: {:?}", leftovers.list());
        assert!(line.since_canceled() <= BUDGET, "seed {seed}");
    }
    assert!(histories.len() >= 8, "{histories:?}");
}

/// Returns a record, and its events: the change, key, context and command, and the number of requests that
/// were sent before.
fn observed(line: &Line) -> (Leftovers, Arc<Mutex<Vec<String>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let (list, line) = (Arc::clone(&events), line.clone());
    let leftovers = Leftovers::observed(move |event| {
        let context = event.leftover.context_id().map_or("-", ContextId::as_str);
        let command = match event.leftover.command_id() {
            Some(id) => id.as_str(),
            None if event.leftover.is_command() => "?",
            None => "-",
        };
        list.lock().unwrap().push(format!(
            "{:?} {} {context} {command}, {} sent",
            event.change,
            event.key,
            line.requests().len()
        ));
    });
    (leftovers, events)
}

#[test]
fn observer_receives_each_change_before_the_next_request() {
    let line = Line::new();
    line.finish_commands();
    let (leftovers, events) = observed(&line);
    let context = create(&line.client(), &leftovers).unwrap();
    context.run("1").unwrap();
    context.close().unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [
            "Added 0 - -, 0 sent",
            "Updated 0 context-1 -, 1 sent",
            "Added 1 context-1 ?, 2 sent",
            "Updated 1 context-1 command-1, 3 sent",
            "Removed 1 context-1 command-1, 4 sent",
            "Removed 0 context-1 -, 5 sent",
        ]
    );
    events.lock().unwrap().clear();
    create(&line.client(), &leftovers).unwrap().detach();
    let last = events.lock().unwrap().pop();
    assert_eq!(last.as_deref(), Some("Detached 2 context-1 -, 7 sent"));
}

#[test]
fn observer_receives_failed_requests() {
    let line = Line::new().not_ready();
    let (leftovers, events) = observed(&line);
    let client = line.canceled_after(seconds(3), By::Deadline);
    create(&client, &leftovers).unwrap_err();
    let received = events.lock().unwrap().clone();
    assert_eq!(received.len(), 2, "{received:?}");
    assert!(received[1].starts_with("Removed 0 - -"), "{received:?}");

    let line = Line::new().latency("contexts/create", SILENT);
    let (leftovers, events) = observed(&line);
    let client = line.canceled_after(seconds(3), By::Deadline);
    create(&client, &leftovers).unwrap_err();
    let last = events.lock().unwrap().pop();
    assert_eq!(last.as_deref(), Some("Updated 0 - -, 1 sent"));
}

#[test]
fn context_of_another_program_is_found_and_destroyed_once() {
    let responses: &[(&str, u16, &str)] = &[
        ("contexts/status", 200, r#"{"status": "Running"}"#),
        ("contexts/status", 404, "{}"),
        (
            "contexts/status",
            400,
            r#"{"error": "ContextNotFound: it expired"}"#,
        ),
        ("contexts/status", 403, "{}"),
        ("contexts/destroy", 200, r#"{"id": "1"}"#),
        (
            "contexts/destroy",
            500,
            r#"{"error": "ContextNotFound: it expired"}"#,
        ),
        ("contexts/destroy", 401, "{}"),
    ];
    let mut results = Vec::new();
    for (endpoint, status, body) in responses {
        let scripted = Scripted::new().respond(*status, *body);
        let client = Client::builder("http://127.0.0.1:1")
            .transport(scripted)
            .retries(RetryPolicy::none())
            .build()
            .unwrap();
        results.push(if *endpoint == "contexts/status" {
            let found = ExecutionContext::find(&client, "c", "1");
            found
                .map(|status| status == Some(ContextStatus::Running))
                .ok()
        } else {
            ExecutionContext::destroy(&client, "c", "1").ok()
        });
    }
    let expected = [
        Some(true),
        Some(false),
        Some(false),
        None,
        Some(true),
        Some(false),
        None,
    ];
    assert_eq!(results, expected);
}
