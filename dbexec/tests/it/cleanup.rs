//! Contexts and commands after signals and timeouts, on servers that respond late or never.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use test_server::Server;

use crate::service::{Reaction, Service};
use crate::support::{
    CLUSTER, MockResponse, Outcome, Running, Sandbox, TOKEN, exit_code, mock_server, until,
};

pub(crate) const NOTICE: &str = "cancelling; Ctrl-C again leaves at once\n";

/// Message of a run that has sent no command.
pub(crate) const NOTICE_WITHOUT_COMMAND: &str = "cleaning up; Ctrl-C again leaves at once\n";

/// Returns the message of a run that is interrupted during a request of this endpoint.
pub(crate) fn notice(endpoint: &str) -> &'static str {
    if endpoint.starts_with("commands/") {
        NOTICE
    } else {
        NOTICE_WITHOUT_COMMAND
    }
}

/// Separates runs that end within their budget of a few seconds from those that wait for the server,
/// which take minutes.
const MAX_DURATION: Duration = Duration::from_secs(60);

const SIGNALS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::HUP];

/// Starts a run on the cluster `c` of a workspace.
pub(crate) fn start(url: &str, options: &[&str]) -> (Running, Sandbox) {
    start_on(url, "c", options)
}

fn start_on(url: &str, cluster: &str, options: &[&str]) -> (Running, Sandbox) {
    let sandbox = Sandbox::new();
    let run = ["run", "-l", "python", "-c", "1"];
    let workspace = ["--host", url, "--token", TOKEN, "--cluster", cluster];
    let running = sandbox.start([&run[..], &workspace, options].concat());
    (running, sandbox)
}

/// Waits for the end of a run, and asserts that it comes soon.
#[track_caller]
pub(crate) fn finish_soon(running: Running) -> Outcome {
    let start = Instant::now();
    let outcome = running.finish();
    assert!(start.elapsed() < MAX_DURATION, "{:?}", start.elapsed());
    outcome
}

/// Runs the cases in parallel, since they mostly wait.
pub(crate) fn in_parallel<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            let test = &test;
            scope.spawn(move || test(case));
        }
    });
}

#[test]
fn timeout_ends_a_run_whatever_the_server_sends() {
    let drips = [
        Reaction::Drip("HTTP/1.1 200 OK\r\nx: "),
        Reaction::Drip("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"),
        Reaction::Drip("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n"),
        Reaction::Silent,
    ];
    in_parallel(drips, |reaction| {
        let service = Service::start(&[("commands/status", reaction.clone())]);
        let (running, _sandbox) = start(&service.url(), &["--timeout", "5s"]);
        let outcome = finish_soon(running);
        assert_eq!(outcome.code, Some(4), "{reaction:?}: {outcome}");
        let help = "help: use `--timeout TIME` to wait longer\n";
        assert!(outcome.stderr.ends_with(help), "{reaction:?}: {outcome}");
        service.wait_until_closed();
        assert_eq!((service.contexts().1, service.is_running()), (0, false));
    });
}

#[test]
fn silent_server_delays_the_end_by_the_cleanup_timeout_only() {
    let service = Service::start(&[
        ("commands/status", Reaction::Silent),
        ("commands/cancel", Reaction::Silent),
        ("contexts/destroy", Reaction::Silent),
    ]);
    let options = ["--timeout", "5s", "--cleanup-timeout", "2s"];
    let (running, _sandbox) = start(&service.url(), &options);
    let outcome = finish_soon(running);
    assert_eq!(outcome.code, Some(4), "{outcome}");
    for expected in [
        "error: timed out after 5 s (--timeout); cancellation not confirmed within 2 s; the command `command-of-context-1` may be running in the execution context `context-1` on \
         the cluster `c`, sent at 2",
        "warning: the execution context `context-1` may remain on the cluster `c`, requested at 2",
    ] {
        assert!(outcome.stderr.contains(expected), "{expected}: {outcome}");
    }
    assert_eq!(service.count("contexts/destroy"), 1);
}

/// Endpoints in the order in which a run calls them, and what a run reports that was interrupted while
/// the server stopped to respond there.
const PHASES: [(&str, &str); 4] = [
    (
        "contexts/create",
        "an execution context may exist on the cluster `c`, requested at ",
    ),
    (
        "contexts/status",
        "the execution context `context-1` may remain on the cluster `c`, requested at ",
    ),
    (
        "commands/execute",
        "the code may be running in the execution context `context-1` on the cluster `c`, sent at ",
    ),
    (
        "commands/status",
        "the command `command-of-context-1` may be running in the execution context `context-1` on \
         the cluster `c`, sent at ",
    ),
];

#[test]
fn one_signal_ends_a_run_on_a_silent_server() {
    let cases = PHASES
        .iter()
        .zip(SIGNALS.iter().cycle())
        .map(|(phase, signal)| (*phase, *signal));
    in_parallel(cases, |((endpoint, leftover), signal)| {
        let service = Service::start(&[
            (endpoint, Reaction::Silent),
            ("commands/cancel", Reaction::Silent),
            ("contexts/destroy", Reaction::Silent),
        ]);
        let (running, _sandbox) = start(&service.url(), &["--cleanup-timeout", "2s"]);
        service.wait_for(endpoint);
        running.signal(signal);
        let outcome = finish_soon(running);
        assert_eq!(
            outcome.code,
            Some(128 + signal.as_raw()),
            "{endpoint}: {outcome}"
        );
        assert!(
            outcome.stderr.starts_with(notice(endpoint)),
            "{endpoint}: {outcome}"
        );
        assert!(outcome.stderr.contains(leftover), "{endpoint}: {outcome}");
        let is_known = endpoint != "contexts/create";
        assert_eq!(service.count("contexts/destroy"), usize::from(is_known));
    });
}

#[test]
fn second_signal_prints_what_may_remain() {
    in_parallel(PHASES, |(endpoint, leftover)| {
        let service = Service::start(&[
            (endpoint, Reaction::Silent),
            ("commands/cancel", Reaction::Silent),
            ("contexts/destroy", Reaction::Silent),
        ]);
        // The run does not end by itself within this time.
        let (mut running, _sandbox) = start(&service.url(), &["--cleanup-timeout", "1h"]);
        service.wait_for(endpoint);
        running.signal(Signal::INT);
        assert_eq!(running.stderr_line(), notice(endpoint));
        running.signal(Signal::TERM);
        let outcome = finish_soon(running);
        assert_eq!(outcome.code, Some(143), "{endpoint}: {outcome}");
        let expected = format!("warning: {leftover}2");
        assert!(outcome.stderr.contains(&expected), "{endpoint}: {outcome}");
        assert!(!outcome.stderr.contains("error: "), "{endpoint}: {outcome}");
    });
}

#[test]
fn response_in_flight_is_awaited_after_a_signal() {
    let endpoints = [
        "contexts/create",
        "commands/execute",
        "commands/cancel",
        "contexts/destroy",
    ];
    in_parallel(endpoints, |endpoint| {
        let mut reactions = vec![(endpoint, Reaction::Held)];
        if endpoint == "commands/cancel" || endpoint == "contexts/destroy" {
            // These are sent after the signal only.
            reactions.push(("commands/status", Reaction::Silent));
        }
        let service = Service::start(&reactions);
        // The time is not used up, whatever the load of the machine is.
        let (mut running, _sandbox) = start(&service.url(), &["--cleanup-timeout", "1h"]);
        let before_signal = if reactions.len() == 1 {
            endpoint
        } else {
            "commands/status"
        };
        service.wait_for(before_signal);
        running.signal(Signal::INT);
        assert_eq!(running.stderr_line(), notice(before_signal));
        service.wait_for(endpoint);
        service.release();
        let outcome = finish_soon(running);
        assert_eq!(outcome.code, Some(130), "{endpoint}: {outcome}");
        assert!(!outcome.stderr.contains("may "), "{endpoint}: {outcome}");
        assert_eq!(service.contexts(), (1, 0), "{endpoint}");
        let canceled = usize::from(endpoint != "contexts/create");
        assert_eq!(service.count("commands/cancel"), canceled, "{endpoint}");
    });
}

#[test]
fn signal_ends_a_run_whose_output_is_not_read() {
    // More than a pipe holds.
    let output = format!(
        r#"{{"status": "Running", "results": {{"resultType": "text", "data": "{}"}}}}"#,
        "x".repeat(1 << 20)
    );
    let service = Service::start(&[("commands/status", Reaction::Body(output))]);
    let sandbox = Sandbox::new();
    let run = ["run", "-l", "python", "-c", "1", "--cluster", "c"];
    let url = service.url();
    let mut child = sandbox
        .command([&run[..], &["--host", &url, "--token", TOKEN]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    service.wait_for("commands/status");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let start = Instant::now();
    until("the run has ended", || child.try_wait().unwrap().is_some());
    assert!(start.elapsed() < MAX_DURATION);
    assert_eq!(exit_code(child.wait().unwrap()), Some(130));
    service.wait_until_closed();
    assert_eq!((service.contexts(), service.is_running()), ((1, 0), false));
    assert_eq!(service.count("commands/cancel"), 1);
}

#[test]
fn signal_before_a_connection_leaves_nothing() {
    // Accepts connections, and never completes a TLS handshake.
    let server = Server::start(|mut connection| connection.wait_for_close());
    let (running, _sandbox) = start_on(&server.https_url(), CLUSTER, &[]);
    server.wait_until_connected(1);
    running.signal(Signal::INT);
    let outcome = finish_soon(running);
    outcome.assert_starts_with(
        130,
        "",
        &format!("{NOTICE_WITHOUT_COMMAND}interrupted: contexts.create: interrupted "),
    );
    assert!(!outcome.stderr.contains("may "), "{outcome}");
}

#[test]
fn interrupts_at_random_moments_leave_no_context() {
    const RUNS: u64 = 100;
    const LATENCY: u64 = 400;
    let service = Service::start_with(&[], Duration::from_millis(LATENCY / 2));
    let run = |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let cluster = format!("c{seed}");
        let (running, _sandbox) = start_on(&service.url(), &cluster, &[]);
        // The moment: some time after one of the first requests, or before it.
        service.wait_until_requested(&cluster, random.usize(0..6));
        thread::sleep(Duration::from_millis(random.u64(0..LATENCY)));
        let signaled_at = Instant::now();
        let signal = SIGNALS[random.usize(0..3)];
        running.signal(signal);
        let outcome = finish_soon(running);
        assert_eq!(
            outcome.code,
            Some(128 + signal.as_raw()),
            "seed {seed}: {outcome}"
        );
        signaled_at
    };
    let mut signaled_at = Vec::new();
    for first in (0..RUNS).step_by(25) {
        thread::scope(|scope| {
            let runs: Vec<_> = (first..first + 25)
                .map(|seed| scope.spawn(move || run(seed)))
                .collect();
            signaled_at.extend(runs.into_iter().map(|run| run.join().unwrap()));
        });
    }
    service.wait_until_closed();
    let histories: BTreeSet<_> = (0..RUNS)
        .map(|seed| service.requests(&format!("c{seed}")))
        .collect();
    assert!(histories.len() >= 5, "{histories:?}");
    // Under load, the response to `contexts/create` may be too late.
    let left = service
        .clusters()
        .into_iter()
        .filter(|(cluster, answered_at)| {
            let seed: usize = cluster[1..].parse().unwrap();
            let limit = signaled_at[seed] + Duration::from_secs(4);
            answered_at.is_some_and(|time| time < limit)
        });
    assert_eq!(left.collect::<Vec<_>>(), []);
}

#[test]
fn context_with_an_unusable_id_is_not_an_error_of_usage() {
    let long = "x".repeat(100_000);
    for (id, is_usable, message) in [
        (
            long.as_str(),
            false,
            "error: contexts.status: the id in the response cannot be used in a ",
        ),
        (
            "",
            false,
            "error: contexts.create: the id in the response is empty; an execution context may ",
        ),
        ("a b/../?&#%\\u0000\\u001b[2J\\u202e", true, ""),
    ] {
        let created = Reaction::Body(format!(r#"{{"id": "{id}"}}"#));
        let service = Service::start(&[("contexts/create", created)]);
        let (running, _sandbox) = start(&service.url(), &["--timeout", "5s"]);
        let outcome = finish_soon(running);
        let code = if is_usable { 4 } else { 3 };
        assert_eq!(outcome.code, Some(code), "{outcome}");
        assert!(outcome.stderr.starts_with(message), "{outcome}");
        // Only the request that contains no id in its URL.
        assert_eq!(
            service.count("contexts/destroy"),
            usize::from(!id.is_empty())
        );
        assert!(
            outcome.stderr.len() < 1000 && !outcome.stderr.contains('\u{1b}'),
            "{outcome}"
        );
    }
}

#[test]
fn command_with_an_unusable_id_is_not_an_error_of_usage() {
    let long = format!(r#"{{"id": "{}"}}"#, "x".repeat(100_000));
    for (body, message) in [
        (
            long.as_str(),
            "error: commands.status: the id in the response cannot be used in a request",
        ),
        (
            r#"{"id": ""}"#,
            "error: commands.execute: the id in the response is empty\nnote: the code ",
        ),
        (
            "{}",
            "error: commands.execute: the response does not match the spec: ",
        ),
        (
            r#"{"id": "\ud83d"}"#,
            "error: commands.execute: the id in the response is not valid UTF-8\nnote: the code ",
        ),
    ] {
        let service = Service::start(&[("commands/execute", Reaction::Body(body.to_owned()))]);
        let (running, _sandbox) = start(&service.url(), &[]);
        let outcome = finish_soon(running);
        assert_eq!(outcome.code, Some(3), "{outcome}");
        assert!(outcome.stderr.starts_with(message), "{outcome}");
        assert!(
            outcome.stderr.contains("note: the code may have run\n"),
            "{outcome}"
        );
        assert_eq!((service.contexts(), service.is_running()), ((1, 0), false));
    }
}

#[test]
fn context_that_cannot_be_destroyed_is_named_with_its_unusable_id() {
    const LONG: MockResponse = (
        "/api/1.2/contexts/create",
        200,
        concat!(
            r#"{"id": "dapi-0123\u001b[2J"#,
            "0123456789012345678901234567890123456789012345678901234567890123456789",
            "0123456789012345678901234567890123456789012345678901234567890123456789",
            r#""}"#
        ),
    );
    const DENIED: MockResponse = ("/api/1.2/contexts/destroy", 403, "{}");
    let server = mock_server(&[LONG, DENIED, ("/", 404, "{}")]);
    let (running, _sandbox) = start(&server.url(), &[]);
    let outcome = finish_soon(running);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    let leftover = "; the execution context `***0123456789";
    assert!(outcome.stderr.contains(leftover), "{outcome}");
    let end = "…` may remain on the cluster `c`, requested at 2";
    assert!(outcome.stderr.contains(end), "{outcome}");
    assert!(
        !outcome.stderr.contains(TOKEN) && !outcome.stderr.contains('\u{1b}'),
        "{outcome}"
    );
}

mod call {
    use super::*;

    const NOTICE: &str = "waiting up to 5 s for the response; Ctrl-C again leaves at once\n";

    fn start(service: &Service) -> (Running, Sandbox) {
        let sandbox = Sandbox::new();
        let create = ["call", "contexts.create", "clusterId=c", "language=python"];
        let url = service.url();
        let running = sandbox.start([&create[..], &["--host", &url, "--token", TOKEN]].concat());
        (running, sandbox)
    }

    #[test]
    fn response_is_printed_after_a_signal() {
        let service = Service::start(&[("contexts/create", Reaction::Held)]);
        let (mut running, _sandbox) = start(&service);
        service.wait_for("contexts/create");
        running.signal(Signal::INT);
        assert_eq!(running.stderr_line(), NOTICE);
        service.release();
        finish_soon(running).assert(
            130,
            "{\"id\": \"context-1\"}\n",
            "interrupted: the request was processed; its response was printed\n",
        );
    }

    #[test]
    fn missing_response_is_reported_after_a_signal() {
        let service = Service::start(&[("contexts/create", Reaction::Silent)]);
        let (running, _sandbox) = start(&service);
        service.wait_for("contexts/create");
        running.signal(Signal::INT);
        let outcome = finish_soon(running);
        let message = format!("{NOTICE}interrupted: contexts.create: interrupted ");
        outcome.assert_starts_with(130, "", &message);
        assert!(
            outcome.stderr.contains("note: the request was sent at 2"),
            "{outcome}"
        );
    }

    #[test]
    fn second_signal_reports_the_request() {
        let service = Service::start(&[("contexts/create", Reaction::Silent)]);
        let (mut running, _sandbox) = start(&service);
        service.wait_for("contexts/create");
        running.signal(Signal::INT);
        assert_eq!(running.stderr_line(), NOTICE);
        running.signal(Signal::INT);
        finish_soon(running).assert(
            130,
            "",
            "warning: contexts.create: the request may have been processed; it was sent after TIME\n",
        );
    }
}
