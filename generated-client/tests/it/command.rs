//! Output, timeouts, interrupts and errors of commands.

use std::cell::RefCell;
use std::time::Duration;

use generated_client::api_runtime::ManualClock;
use generated_client::{Delivery, Interrupt, Language, RunError, Wait};

use crate::scripted::{Scripted, ok, with_command_status};

const TIMEOUT: Duration = Duration::from_secs(60);
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

fn status(status: &str, data: &str) -> String {
    format!(r#"{{"status": "{status}", "results": {{"resultType": "text", "data": "{data}"}}}}"#)
}

/// Server that reports a sequence of statuses, and then repeats the last one.
fn statuses(statuses: &'static [(&str, &str)]) -> Scripted {
    with_command_status(move |before| {
        let (value, data) = statuses[before.min(statuses.len() - 1)];
        status(value, data)
    })
}

#[test]
fn output_is_delivered_once_and_in_order() {
    let server = statuses(&[
        ("Queued", ""),
        ("Running", "a\\n"),
        ("Running", "a\\n"),
        ("Running", "a\\nb"),
        ("Finished", "a\\nbc\\nOut[1]: 42"),
    ]);
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    let pieces = RefCell::new(Vec::new());
    let command = context.command("code");
    let output = command
        .on_output(|piece| pieces.borrow_mut().push(piece.to_owned()))
        .run()
        .unwrap();
    assert_eq!(pieces.into_inner(), ["a\n", "b", "c\n42"]);
    assert_eq!(output.text(), Some("a\nbc\nOut[1]: 42"));
    assert_eq!(output.to_string(), "a\nbc\n42");
}

#[test]
fn output_before_an_error_is_kept() {
    let server = with_command_status(|before| match before {
        0 => status("Running", "a\\n"),
        1 => r#"{"status": "Running", "results": null}"#.to_owned(),
        _ => r#"{"status": "Finished", "results": {"resultType": "error", "cause": "E: e"}}"#
            .to_owned(),
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    let Err(RunError::Failed(failure)) = context.run("code") else {
        panic!("expected a failure");
    };
    assert_eq!(failure.output.as_deref(), Some("a\n"));
    assert_eq!(failure.name().as_deref(), Some("E"));
}

#[test]
fn timed_out_command_is_cancelled_and_its_end_awaited() {
    // The number of polls after the cancellation until the command ends.
    for polls in [Some(3), None] {
        let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
        let polled = std::sync::Mutex::new(0);
        let server = Scripted::new(move |endpoint, before| {
            let mut polled = polled.lock().unwrap();
            match endpoint {
                "contexts/create" => ok(r#"{"id": "1"}"#),
                "contexts/status" => ok(r#"{"status": "Running"}"#),
                "commands/execute" => ok(r#"{"id": "2"}"#),
                "commands/cancel" => {
                    *polled = before + 1;
                    ok("{}")
                }
                _ if *polled == 0 => ok(r#"{"status": "Running"}"#),
                _ => {
                    *polled += 1;
                    let ended = polls.is_some_and(|polls| *polled > polls);
                    ok(status(if ended { "Finished" } else { "Cancelling" }, ""))
                }
            }
        });
        let context = server.context(&clock, &interrupt);
        let before = clock.elapsed();
        let error = context.command("code").timeout(TIMEOUT).run().unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown);
        let timed_out = "commands.execute: the deadline passed; the last status was `Running`";
        match error.leftover() {
            None => assert_eq!(
                error.to_string(),
                format!("the command was canceled: {timed_out}")
            ),
            Some(leftover) => {
                let command = (
                    leftover.command_id().unwrap().as_str(),
                    leftover.cluster_id(),
                );
                assert_eq!(command, ("2", context.cluster_id()));
                assert_eq!(leftover.context_id(), Some(context.id()));
                let text = format!("the cancellation was not confirmed: {timed_out}; {leftover}");
                assert_eq!(error.to_string(), text);
            }
        }
        assert_eq!(error.leftover().is_none(), polls.is_some());
        assert!(matches!(error, RunError::Timeout(_)), "{error}");
        let elapsed = clock.elapsed().saturating_sub(before);
        assert!(
            (TIMEOUT..=TIMEOUT + CANCEL_TIMEOUT).contains(&elapsed),
            "{elapsed:?}"
        );
        let requests = server.requests();
        let cancel = requests
            .iter()
            .position(|request| request == "commands/cancel")
            .unwrap();
        assert_eq!(server.count("commands/cancel"), 1);
        if let Some(polls) = polls {
            assert_eq!(requests.len() - cancel - 1, polls);
        }
    }
}

#[test]
fn interrupt_cancels_the_command() {
    let interrupt = Interrupt::new();
    let server = statuses(&[("Running", "a"), ("Finished", "a")]);
    let context = server.context(&ManualClock::new(), &interrupt);
    let error = context
        .command("code")
        .on_output(|_| interrupt.raise())
        .run()
        .unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(
        error.to_string(),
        "the command was canceled: commands.execute: the wait was interrupted; the last status \
         was `Running`"
    );
    assert_eq!(
        server.requests(),
        [
            "commands/execute",
            "commands/status",
            "commands/cancel",
            "commands/status"
        ]
    );
}

#[test]
fn interrupt_before_sending_sends_nothing() {
    let interrupt = Interrupt::new();
    let server = statuses(&[("Finished", "a")]);
    let context = server.context(&ManualClock::new(), &interrupt);
    interrupt.raise();
    let error = context.run("code").unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert_eq!(error.delivery(), Delivery::NotProcessed);
    assert!(
        error.to_string().starts_with("the command was not sent: "),
        "{error}"
    );
    assert!(server.requests().is_empty());
    context.close().unwrap();
    assert_eq!(server.requests(), ["contexts/destroy"]);
}

#[test]
fn rejected_cancel_keeps_the_timeout_error() {
    let server = Scripted::new(|endpoint, _| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" | "commands/status" => ok(r#"{"status": "Running"}"#),
        "commands/execute" => ok(r#"{"id": "2"}"#),
        "commands/cancel" => Ok((403, "{}".to_owned())),
        _ => ok("{}"),
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    let error = context
        .command("code")
        .wait(Wait::new().timeout(TIMEOUT))
        .run();
    assert!(matches!(error, Err(RunError::Timeout(_))));
    assert_eq!(server.requests().last().unwrap(), "commands/cancel");
}

#[test]
fn language_of_a_command_overrides_that_of_the_context() {
    let server = with_command_status(|_| {
        r#"{"status": "Finished", "results": {"resultType": "error", "summary": "S", "cause": "C"}}"#
            .to_owned()
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    assert_eq!(context.run("code").unwrap_err().to_string(), "C");
    let command = context.command("code").language(Language::Sql);
    assert!(!format!("{command:?}").contains("code"));
    assert_eq!(command.run().unwrap_err().to_string(), "S");
}
