//! One or two signals at each request of a run, to which the server never responds completely.

use rustix::process::Signal;

use crate::cleanup::{finish_soon, in_parallel, notice, start};
use crate::service::{Reaction, Service};
use crate::support::{Outcome, TOKEN};

/// Endpoints in the order in which a canceled run calls them.
const ENDPOINTS: [&str; 6] = [
    "contexts/create",
    "contexts/status",
    "commands/execute",
    "commands/status",
    "commands/cancel",
    "contexts/destroy",
];

const REACTIONS: [Reaction; 5] = [
    Reaction::Silent,
    Reaction::Drip("HTTP/1.1 200 OK\r\nx: "),
    Reaction::Drip("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n"),
    Reaction::Drip("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n"),
    Reaction::Drip("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx: "),
];

/// Starts a workspace with this reaction of one endpoint. Commands end only if they are canceled.
fn workspace(endpoint: &'static str, reaction: &Reaction) -> Service {
    Service::start(&[running_commands(), (endpoint, reaction.clone())])
}

/// Starts the same workspace, in which no context is destroyed: a clean-up does not end.
fn workspace_without_end(endpoint: &'static str, reaction: &Reaction) -> Service {
    Service::start(&[
        running_commands(),
        ("contexts/destroy", Reaction::Silent),
        (endpoint, reaction.clone()),
    ])
}

fn running_commands() -> (&'static str, Reaction) {
    let running = r#"{"status": "Running", "results": null}"#.to_owned();
    ("commands/status", Reaction::Body(running))
}

fn check(case: &str, service: &Service, outcome: &Outcome) {
    service.wait_until_closed();
    let Outcome { stdout, stderr, .. } = outcome;
    assert_eq!(outcome.code, Some(130), "{case}: {outcome}");
    assert_eq!(stdout, "", "{case}: {outcome}");
    let is_control = |c: char| c.is_control() && c != '\n';
    let has_secret = stderr.contains(TOKEN) || stderr.contains(is_control);
    assert!(!has_secret, "{case}: {outcome}");
    for endpoint in ["contexts/create", "commands/execute", "contexts/destroy"] {
        assert!(service.count(endpoint) <= 1, "{case}: {endpoint}");
    }
    let (created, left) = service.contexts();
    assert!(created <= 1, "{case}: {created} contexts");
    let is_reported = [
        "may exist on the cluster `c`",
        "may remain on the cluster `c`",
    ]
    .iter()
    .any(|text| stderr.contains(text));
    assert!(left == 0 || is_reported, "{case}: {outcome}");
}

fn cases() -> impl Iterator<Item = (&'static str, Reaction)> {
    let of = |endpoint| REACTIONS.map(|reaction| (endpoint, reaction));
    ENDPOINTS.into_iter().flat_map(of)
}

/// Returns the endpoint whose request precedes the first signal.
fn before_signal(endpoint: &'static str) -> &'static str {
    match endpoint {
        // These are called after the signal.
        "commands/cancel" | "contexts/destroy" => "commands/status",
        _ => endpoint,
    }
}

#[test]
fn one_signal_ends_a_run_within_the_cleanup_timeout() {
    in_parallel(cases(), |(endpoint, reaction)| {
        let service = workspace(endpoint, &reaction);
        let (running, _sandbox) = start(&service.url(), &["--cleanup-timeout", "8s"]);
        service.wait_for(before_signal(endpoint));
        running.signal(Signal::INT);
        let outcome = finish_soon(running);
        let case = format!("{endpoint}: {reaction:?}");
        check(&case, &service, &outcome);
        let notice = notice(before_signal(endpoint));
        assert!(outcome.stderr.starts_with(notice), "{case}: {outcome}");
        let is_created = endpoint != "contexts/create";
        let destroyed = service.count("contexts/destroy");
        assert_eq!(destroyed, usize::from(is_created), "{case}: {outcome}");
    });
}

#[test]
fn second_signal_ends_a_run_at_each_request() {
    in_parallel(cases(), |(endpoint, reaction)| {
        let service = workspace_without_end(endpoint, &reaction);
        // Without a second signal, the run would not end.
        let (mut running, _sandbox) = start(&service.url(), &["--cleanup-timeout", "1h"]);
        service.wait_for(before_signal(endpoint));
        running.signal(Signal::TERM);
        assert_eq!(running.stderr_line(), notice(before_signal(endpoint)));
        service.wait_for(endpoint);
        running.signal(Signal::INT);
        let outcome = finish_soon(running);
        check(&format!("{endpoint}: {reaction:?}"), &service, &outcome);
    });
}
