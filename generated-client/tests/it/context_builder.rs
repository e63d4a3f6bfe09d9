//! Contexts on clusters that are not ready for them.

use std::time::Duration;

use generated_client::api_runtime::transport::{TransportError, TransportErrorKind};
use generated_client::api_runtime::{Client, Delivery, ManualClock};
use generated_client::{
    ContextBuilder, ErrorKind, ExecutionContext, Interrupt, Language, RunError,
};

use crate::scripted::{Answer, Scripted, ok};

const MINUTE: Duration = Duration::from_secs(60);

fn builder() -> ContextBuilder {
    ContextBuilder::new("cluster", Language::Python)
}

#[expect(clippy::unnecessary_wraps, reason = "a script answers or fails")]
fn not_ready() -> Answer {
    Ok((
        500,
        r#"{"error": "ClusterNotReadyException: not yet"}"#.to_owned(),
    ))
}

/// A cluster that refuses so many times, and then is ready.
fn late(refusals: usize) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" if before < refusals => not_ready(),
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    })
}

/// A cluster whose first contexts fail.
fn fragile(failing: usize) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" => ok(format!(r#"{{"id": "{before}"}}"#)),
        "contexts/status" if before < failing => ok(r#"{"status": "Error"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    })
}

#[test]
fn a_cluster_that_becomes_ready_is_waited_for() {
    let (server, clock) = (late(12), ManualClock::new());
    let client = server.client(&clock, &Interrupt::new());
    let context = builder().create(&client).unwrap();
    assert_eq!(context.id().as_str(), "1");
    assert_eq!(server.count("contexts/create"), 13);
    assert!(clock.elapsed() < 5 * MINUTE);
}

#[test]
fn patience_has_an_end() {
    for patience in [Duration::ZERO, MINUTE, 10 * MINUTE] {
        let (server, clock) = (late(usize::MAX), ManualClock::new());
        let client = server.client(&clock, &Interrupt::new());
        let error = builder()
            .cluster_timeout(patience)
            .create(&client)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert!(
            error.message().contains("ClusterNotReadyException"),
            "{error}"
        );
        assert!(
            clock.elapsed() <= patience.max(MINUTE),
            "{:?}",
            clock.elapsed()
        );
        let asked = server.count("contexts/create");
        assert_eq!(asked > 5, patience > Duration::ZERO, "asked {asked} times");
    }
}

#[test]
fn only_a_cluster_that_is_not_ready_is_waited_for() {
    let unreachable = |_: &str, _| {
        Err(TransportError {
            delivery: Delivery::NotProcessed,
            kind: TransportErrorKind::Connect,
            transient: true,
            message: "refused".into(),
            source: None,
        })
    };
    let lasting = |_: &str, _| Ok((400, r#"{"error": "no such cluster"}"#.to_owned()));
    let unclear = |status| move |_: &str, _| Ok((status, r#"{"error": "perhaps"}"#.to_owned()));
    for (server, tries, processed) in [
        (Scripted::new(unreachable), 5, false),
        (Scripted::new(lasting), 1, false),
        (Scripted::new(unclear(502)), 1, true),
        (Scripted::new(unclear(503)), 1, true),
        (Scripted::new(unclear(504)), 1, true),
    ] {
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = builder().create(&client).unwrap_err();
        assert_eq!(server.calls().len(), tries, "{error}");
        assert_eq!(error.may_have_been_processed(), processed, "{error}");
    }
}

#[test]
fn a_context_that_fails_is_made_anew() {
    let server = fragile(2);
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let context = builder().create(&client).unwrap();
    assert_eq!(context.id().as_str(), "2");
    let round = ["contexts/create", "contexts/status", "contexts/destroy"];
    let expected = [&round[..], &round, &round[..2]].concat();
    assert_eq!(server.calls(), expected);
}

#[test]
fn contexts_are_not_made_anew_for_ever() {
    for (builder, attempts) in [
        (builder(), 3),
        (builder().attempts(5), 5),
        (builder().attempts(0), 1),
        (builder().cluster_timeout(Duration::ZERO), 1),
    ] {
        let server = fragile(usize::MAX);
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = builder.create(&client).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitFailed);
        for endpoint in ["contexts/create", "contexts/destroy"] {
            assert_eq!(server.count(endpoint), attempts, "{endpoint}");
        }
    }
}

#[test]
fn an_interrupt_ends_patience() {
    let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
    let raised = interrupt.clone();
    let server = Scripted::new(move |_, before| {
        if before == 7 {
            raised.raise();
        }
        not_ready()
    });
    let client = server.client(&clock, &interrupt);
    let error = builder().create(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(server.calls().len(), 8);
}

#[test]
fn a_context_is_attached_to_when_it_is_ready_and_left_alone() {
    let server = Scripted::new(|endpoint, before| match (endpoint, before) {
        ("contexts/status", 0) => ok(r#"{"status": "Pending"}"#),
        ("contexts/status", _) => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    });
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let attach = || ExecutionContext::attach(&client, "cluster", "7", Language::Sql).unwrap();
    let context = attach();
    assert_eq!(
        (context.id().as_str(), context.language()),
        ("7", &Language::Sql)
    );
    drop(context);
    assert_eq!(attach().detach().as_str(), "7");
    assert_eq!(server.calls(), ["contexts/status"; 3]);

    drop(attach().destroy_on_drop(true));
    attach().close().unwrap();
    assert_eq!(server.count("contexts/destroy"), 2);
}

#[test]
fn a_context_that_has_failed_is_not_attached_to() {
    for (answer, kind) in [
        (r#"{"status": "Error"}"#, ErrorKind::WaitFailed),
        (r#"{"error": "ContextNotFound"}"#, ErrorKind::Status),
    ] {
        let status = if kind == ErrorKind::Status { 404 } else { 200 };
        let server = Scripted::new(move |_, _| Ok((status, answer.to_owned())));
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = ExecutionContext::attach(&client, "c", "7", Language::Python).unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (kind, Some("contexts.status"))
        );
        assert_eq!(server.calls(), ["contexts/status"]);
    }
}

#[test]
fn threads_may_share_all_of_it() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Client>();
    shared::<ExecutionContext>();
    shared::<ContextBuilder>();
    shared::<generated_client::Output>();
    sent::<RunError>();
}
