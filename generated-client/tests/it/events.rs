//! Events and progress of contexts and commands.

use std::sync::{Arc, Mutex};

use generated_client::api_runtime::ManualClock;
use generated_client::{ContextBuilder, Event, EventKind, Interrupt, Language, RunError};

use crate::scripted::{Scripted, ok};

/// Kinds of events, with the command.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn push(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn observer(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let log = self.clone();
        move |event| {
            assert_eq!(event.cluster_id.as_str(), "cluster");
            assert_eq!(event.context_id.as_str(), "1");
            let kind = match event.kind {
                EventKind::CommandEnded(result) => format!("{result:?}"),
                EventKind::Left(leftover) => format!("left: {leftover}"),
                kind => format!("{kind:?}"),
            };
            let command = event.command_id.map(|id| format!(" {}", id.as_str()));
            log.push(kind + command.as_deref().unwrap_or_default());
        }
    }
}

/// Server whose commands run until they are canceled. It rejects the first cancellations.
fn server(rejected: usize) -> Scripted {
    let is_canceled = Mutex::new(false);
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "commands/execute" => {
            *is_canceled.lock().unwrap() = false;
            ok(format!(r#"{{"id": "c{before}"}}"#))
        }
        "commands/cancel" if before < rejected => Ok((400, "{}".to_owned())),
        "commands/cancel" => {
            *is_canceled.lock().unwrap() = true;
            ok("{}")
        }
        "commands/status" if *is_canceled.lock().unwrap() => ok(r#"{"status": "Cancelled"}"#),
        "contexts/status" | "commands/status" => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    })
}

#[test]
fn events_name_contexts_commands_and_results() {
    let (server, clock, log) = (server(1), ManualClock::new(), Log::default());
    let client = server.client(&clock, &Interrupt::new());
    let builder = ContextBuilder::new("cluster", Language::Python).observe(log.observer());
    let context = builder.create(&client).unwrap();
    assert_eq!(log.take(), ["ContextCreated"]);

    // The first cancellation is rejected.
    context.command("x").start().unwrap().cancel().unwrap_err();
    let events = log.take();
    assert_eq!(events[..2], ["CommandStarted c0", "Interrupted c0"]);
    assert!(
        events[2].starts_with("left: the command `c0` may be running in "),
        "{}",
        events[2]
    );
    assert_eq!(events.len(), 3);

    context.command("x").start().unwrap().cancel().unwrap();
    assert_eq!(log.take(), ["CommandStarted c1", "Canceled c1"]);
    drop(context.command("x").start().unwrap());
    assert_eq!(log.take(), ["CommandStarted c2", "Canceled c2"]);
    let id = context.command("x").start().unwrap().detach();
    assert_eq!(log.take(), ["CommandStarted c3"]);
    let timeout = std::time::Duration::from_secs(1);
    let error = context
        .attach_command(id)
        .timeout(timeout)
        .wait()
        .unwrap_err();
    assert!(matches!(error, RunError::Timeout(_)));
    assert_eq!(log.take(), ["TimedOut c3"]);

    let id = context.detach();
    assert!(log.take().is_empty());
    let context = builder.attach(&client, id).unwrap();
    assert_eq!(log.take(), ["ContextAttached"]);
    context.close().unwrap();
    assert_eq!(log.take(), ["ContextDestroyed"]);
}

#[test]
fn context_that_is_not_destroyed_is_an_event() {
    let server = Scripted::new(|endpoint, _| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        _ => Ok((403, "{}".to_owned())),
    });
    let log = Log::default();
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let builder = ContextBuilder::new("cluster", Language::Python).observe(log.observer());
    drop(builder.create(&client).unwrap());
    let events = log.take();
    assert_eq!(events[0], "ContextCreated");
    assert!(
        events[1].starts_with("left: the execution context `1` may remain"),
        "{}",
        events[1]
    );
}

#[test]
fn progress_of_a_context_has_attempts_statuses_and_errors() {
    let server = Scripted::new(|endpoint, before| match (endpoint, before) {
        ("contexts/create", 0..8) => Ok((
            500,
            r#"{"error": "ClusterNotReadyException: not yet"}"#.to_owned(),
        )),
        ("contexts/create", _) => ok(r#"{"id": "1"}"#),
        ("contexts/status", 0) => ok(r#"{"status": "Error"}"#),
        ("contexts/status", 1..4) => ok(r#"{"status": "Pending"}"#),
        ("contexts/status", _) => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    });
    let (clock, log) = (ManualClock::new(), Log::default());
    let client = server.client(&clock, &Interrupt::new());
    let (seen, now) = (log.clone(), clock.clone());
    let context = ContextBuilder::new("cluster", Language::Python)
        .on_progress(move |progress| {
            assert_eq!(progress.elapsed, now.elapsed());
            let status = progress
                .context
                .map(|(id, status)| format!("{} {status}", id.as_str()));
            let error = progress.error.map(|error| format!("{:?}", error.kind()));
            seen.push(format!("{} {status:?} {error:?}", progress.attempt));
        })
        .create(&client)
        .unwrap();
    let expected = [
        r#"1 None Some("Status")"#,
        r#"1 Some("1 Error") None"#,
        r#"2 None Some("WaitFailed")"#,
        r#"2 Some("1 Pending") None"#,
        r#"2 Some("1 Pending") None"#,
        r#"2 Some("1 Pending") None"#,
        r#"2 Some("1 Running") None"#,
    ];
    assert_eq!(log.take(), expected);
    drop(context);
}
