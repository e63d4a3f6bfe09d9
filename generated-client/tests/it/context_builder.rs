//! Creation of contexts on clusters that are not ready, and attaching to contexts.

use std::time::Duration;

use generated_client::api_runtime::transport::{TransportError, TransportErrorKind};
use generated_client::api_runtime::{Client, Delivery, ManualClock};
use generated_client::{
    ContextBuilder, ContextId, ErrorKind, ExecutionContext, Interrupt, Language, Leftover, RunError,
};

use crate::scripted::{Scripted, ScriptedResult, ok};

const MINUTE: Duration = Duration::from_secs(60);

fn builder() -> ContextBuilder {
    ContextBuilder::new("cluster", Language::Python)
}

#[expect(clippy::unnecessary_wraps, reason = "results of scripts")]
fn not_ready() -> ScriptedResult {
    Ok((
        500,
        r#"{"error": "ClusterNotReadyException: not yet"}"#.to_owned(),
    ))
}

/// Cluster that rejects a number of requests before it is ready.
fn starting_cluster(rejections: usize) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" if before < rejections => not_ready(),
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    })
}

/// Cluster on which the first contexts fail while they start.
fn cluster_with_failing_contexts(failing: usize) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" => ok(format!(r#"{{"id": "{before}"}}"#)),
        "contexts/status" if before < failing => ok(r#"{"status": "Error"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        _ => ok("{}"),
    })
}

#[test]
fn request_is_repeated_until_the_cluster_is_ready() {
    let (server, clock) = (starting_cluster(12), ManualClock::new());
    let client = server.client(&clock, &Interrupt::new());
    let context = builder().create(&client).unwrap();
    assert_eq!(context.id().as_str(), "1");
    assert_eq!(server.count("contexts/create"), 13);
    assert!(clock.elapsed() < 5 * MINUTE);
}

#[test]
fn terminated_cluster_is_not_awaited() {
    for state in ["TERMINATED", "TERMINATING", "ERROR"] {
        let clock = ManualClock::new();
        let server = Scripted::new(move |endpoint, _| match endpoint {
            "clusters/get" => ok(format!(r#"{{"cluster_id": "1", "state": "{state}"}}"#)),
            _ => not_ready(),
        });
        let client = server.client(&clock, &Interrupt::new());
        let error = builder().create(&client).unwrap_err();
        assert_eq!(error.status(), Some(500), "{state}");
        // The retries of the client.
        assert_eq!(server.count("contexts/create"), 5, "{state}");
        assert_eq!(server.count("clusters/get"), 1, "{state}");
    }
}

#[test]
fn cluster_timeout_limits_repeated_requests() {
    for timeout in [Duration::ZERO, MINUTE, 10 * MINUTE] {
        let (server, clock) = (starting_cluster(usize::MAX), ManualClock::new());
        let client = server.client(&clock, &Interrupt::new());
        let error = builder()
            .cluster_timeout(timeout)
            .create(&client)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert!(
            error.message().contains("ClusterNotReadyException"),
            "{error}"
        );
        assert!(
            clock.elapsed() <= timeout.max(MINUTE),
            "{:?}",
            clock.elapsed()
        );
        let requests = server.count("contexts/create");
        assert_eq!(
            requests > 5,
            timeout > Duration::ZERO,
            "{requests} requests"
        );
    }
}

#[test]
fn request_is_not_repeated_for_other_errors() {
    let unreachable = |_: &str, _| {
        Err(TransportError {
            delivery: Delivery::NotProcessed,
            kind: TransportErrorKind::Connect,
            transient: true,
            message: "refused".into(),
            source: None,
        })
    };
    let permanent = |_: &str, _| Ok((400, r#"{"error": "no such cluster"}"#.to_owned()));
    let gateway_error =
        |status| move |_: &str, _| Ok((status, r#"{"error": "perhaps"}"#.to_owned()));
    for (server, attempts, processed) in [
        (Scripted::new(unreachable), 5, false),
        (Scripted::new(permanent), 1, false),
        (Scripted::new(gateway_error(502)), 1, true),
        (Scripted::new(gateway_error(503)), 1, true),
        (Scripted::new(gateway_error(504)), 1, true),
    ] {
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = builder().create(&client).unwrap_err();
        assert_eq!(server.requests().len(), attempts, "{error}");
        assert_eq!(error.may_have_been_processed(), processed, "{error}");
    }
}

#[test]
fn failed_context_that_cannot_be_destroyed_is_the_last_one() {
    let server = Scripted::new(|endpoint, _| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Error"}"#),
        _ => Ok((403, r#"{"error": "no permission"}"#.to_owned())),
    });
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let error = builder().create(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    let context = Leftover::of(&error).and_then(Leftover::context_id);
    assert_eq!(context.map(ContextId::as_str), Some("1"));
    assert_eq!(server.count("contexts/create"), 1);
}

#[test]
fn failed_context_is_destroyed_and_another_one_created() {
    let server = cluster_with_failing_contexts(2);
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let context = builder().create(&client).unwrap();
    assert_eq!(context.id().as_str(), "2");
    let attempt = ["contexts/create", "contexts/status", "contexts/destroy"];
    let expected = [&attempt[..], &attempt, &attempt[..2]].concat();
    assert_eq!(server.requests(), expected);
}

#[test]
fn attempts_limit_the_number_of_created_contexts() {
    for (builder, attempts) in [
        (builder(), 3),
        (builder().attempts(5), 5),
        (builder().attempts(0), 1),
        (builder().cluster_timeout(Duration::ZERO), 1),
    ] {
        let server = cluster_with_failing_contexts(usize::MAX);
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = builder.create(&client).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitFailed);
        for endpoint in ["contexts/create", "contexts/destroy"] {
            assert_eq!(server.count(endpoint), attempts, "{endpoint}");
        }
    }
}

#[test]
fn interrupt_ends_repeated_requests() {
    let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
    let handle = interrupt.clone();
    let server = Scripted::new(move |endpoint, before| {
        if endpoint == "contexts/create" && before == 7 {
            handle.raise();
        }
        not_ready()
    });
    let client = server.client(&clock, &interrupt);
    let error = builder().create(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(server.count("contexts/create"), 8);
}

#[test]
fn attach_waits_until_ready_and_does_not_destroy_on_drop() {
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
    assert_eq!(server.requests(), ["contexts/status"; 3]);

    drop(attach().destroy_on_drop(true));
    attach().close().unwrap();
    assert_eq!(server.count("contexts/destroy"), 2);
}

#[test]
fn attach_to_failed_or_missing_context_is_an_error() {
    for (body, kind) in [
        (r#"{"status": "Error"}"#, ErrorKind::WaitFailed),
        (r#"{"error": "ContextNotFound"}"#, ErrorKind::Status),
    ] {
        let status = if kind == ErrorKind::Status { 404 } else { 200 };
        let server = Scripted::new(move |_, _| Ok((status, body.to_owned())));
        let client = server.client(&ManualClock::new(), &Interrupt::new());
        let error = ExecutionContext::attach(&client, "c", "7", Language::Python).unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (kind, Some("contexts.status"))
        );
        assert_eq!(server.requests(), ["contexts/status"]);
    }
}

#[test]
fn public_types_are_send_and_sync() {
    fn assert_send_sync<T: Send + Sync>() {}
    fn assert_send<T: Send>() {}
    assert_send_sync::<Client>();
    assert_send_sync::<ExecutionContext>();
    assert_send_sync::<ContextBuilder>();
    assert_send_sync::<generated_client::Output>();
    assert_send::<RunError>();
}
