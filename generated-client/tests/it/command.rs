//! Commands that are watched, and cancelled if they take too long.

use std::cell::RefCell;
use std::time::Duration;

use generated_client::api_runtime::ManualClock;
use generated_client::{Interrupt, Language, RunError, Wait};

use crate::scripted::{Scripted, ok, with_status};

const LIMIT: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(2);

fn status(status: &str, data: &str) -> String {
    format!(r#"{{"status": "{status}", "results": {{"resultType": "text", "data": "{data}"}}}}"#)
}

/// The statuses one after the other, the last of them for ever.
fn statuses(statuses: &'static [(&str, &str)]) -> Scripted {
    with_status(move |before| {
        let (word, data) = statuses[before.min(statuses.len() - 1)];
        status(word, data)
    })
}

#[test]
fn pieces_come_once_and_in_order() {
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
fn what_was_seen_is_kept_when_the_command_fails() {
    let server = with_status(|before| match before {
        0 => status("Running", "a\\n"),
        1 => r#"{"status": "Running", "results": null}"#.to_owned(),
        _ => r#"{"status": "Finished", "results": {"resultType": "error", "cause": "E: e"}}"#
            .to_owned(),
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    let Err(RunError::Failed(failure)) = context.run("code") else {
        panic!("it has failed");
    };
    assert_eq!(failure.output.as_deref(), Some("a\n"));
    assert_eq!(failure.name().as_deref(), Some("E"));
}

#[test]
fn a_command_out_of_time_is_cancelled_and_waited_for() {
    // It ends at the third question after it was cancelled; or never.
    for ends in [Some(3), None] {
        let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
        let cancelled = std::sync::Mutex::new(0);
        let server = Scripted::new(move |endpoint, before| {
            let mut asked = cancelled.lock().unwrap();
            match endpoint {
                "contexts/create" => ok(r#"{"id": "1"}"#),
                "contexts/status" => ok(r#"{"status": "Running"}"#),
                "commands/execute" => ok(r#"{"id": "2"}"#),
                "commands/cancel" => {
                    *asked = before + 1;
                    ok("{}")
                }
                _ if *asked == 0 => ok(r#"{"status": "Running"}"#),
                _ => {
                    *asked += 1;
                    let ended = ends.is_some_and(|ends| *asked > ends);
                    ok(status(if ended { "Finished" } else { "Cancelling" }, ""))
                }
            }
        });
        let context = server.context(&clock, &interrupt);
        let before = clock.elapsed();
        let error = context.command("code").timeout(LIMIT).run().unwrap_err();
        let RunError::Timeout(error) = error else {
            panic!("{error}");
        };
        assert_eq!(
            error.to_string(),
            "commands.execute: not done after 60.0 s; the last status was `Running`"
        );
        let elapsed = clock.elapsed().saturating_sub(before);
        assert!((LIMIT..=LIMIT + GRACE).contains(&elapsed), "{elapsed:?}");
        let calls = server.calls();
        let cancel = calls
            .iter()
            .position(|call| call == "commands/cancel")
            .unwrap();
        assert_eq!(server.count("commands/cancel"), 1);
        if let Some(ends) = ends {
            assert_eq!(calls.len() - cancel - 1, ends);
        }
    }
}

#[test]
fn an_interrupt_cancels_and_the_error_stays() {
    let interrupt = Interrupt::new();
    let server = statuses(&[("Running", "a"), ("Finished", "a")]);
    let context = server.context(&ManualClock::new(), &interrupt);
    let error = context
        .command("code")
        .on_output(|_| interrupt.raise())
        .run()
        .unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert_eq!(
        server.calls(),
        [
            "commands/execute",
            "commands/status",
            "commands/cancel",
            "commands/status"
        ]
    );
}

#[test]
fn an_interrupt_before_the_code_is_sent() {
    let interrupt = Interrupt::new();
    let server = statuses(&[("Finished", "a")]);
    let context = server.context(&ManualClock::new(), &interrupt);
    interrupt.raise();
    let error = context.run("code").unwrap_err();
    assert!(matches!(error, RunError::Interrupted(_)), "{error}");
    assert!(server.calls().is_empty());
    context.close().unwrap();
    assert_eq!(server.calls(), ["contexts/destroy"]);
}

#[test]
fn a_cancel_that_is_refused_changes_nothing() {
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
        .wait(Wait::new().timeout(LIMIT))
        .run();
    assert!(matches!(error, Err(RunError::Timeout(_))));
    assert_eq!(server.calls().last().unwrap(), "commands/cancel");
}

#[test]
fn a_command_may_be_of_another_language() {
    let server = with_status(|_| {
        r#"{"status": "Finished", "results": {"resultType": "error", "summary": "S", "cause": "C"}}"#
            .to_owned()
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    assert_eq!(context.run("code").unwrap_err().to_string(), "C");
    let command = context.command("code").language(Language::Sql);
    assert!(!format!("{command:?}").contains("code"));
    assert_eq!(command.run().unwrap_err().to_string(), "S");
}
