//! Refused, idle and reused connections.

use std::sync::{Arc, Mutex};

use api_runtime::{ClientBuilder, ErrorKind, ManualClock};
use test_server::ClosedPort;

use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, MockServer, Step};
use crate::rig::{Hooked, Ids, Rig, call, check_against_server, check_error_message};

fn refused(endpoint: Endpoint) -> Cell {
    Cell::new(
        format!("refused connection / {}", endpoint.name()),
        move |findings| {
            let port = ClosedPort::new();
            let rig = Rig::new(&port.url());
            let error = call(&rig.client, endpoint, &Ids::any()).expect_err("the port is closed");
            findings.equal("kind", &error.kind(), &ErrorKind::Connect);
            findings.equal("is_transient", &error.is_transient(), &true);
            findings.equal(
                "may_have_been_processed",
                &error.may_have_been_processed(),
                &false,
            );
            findings.equal("attempts", &error.attempts(), &5);
            check_error_message(findings, &error);
            rig.check_no_secrets(findings);
        },
    )
}

/// The server starts while the client waits after its first attempt.
fn refused_once(endpoint: Endpoint) -> Cell {
    let name = format!("connection refused once / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let port = ClosedPort::new();
        let url = port.url();
        let port = Mutex::new(Some(port));
        let started = Arc::new(Mutex::new(None));
        let starting = Arc::clone(&started);
        let hook = move || {
            if let Some(port) = port.lock().unwrap().take() {
                *starting.lock().unwrap() = Some(MockServer::start_on(port.listen(), |_, _| None));
            }
        };
        let clock = ManualClock::new();
        let rig = Rig::with(&url, |builder| builder.clock(Hooked { clock, hook }));
        // The server has no contexts and commands: only `contexts.create` can succeed.
        let result = call(&rig.client, endpoint, &Ids::any());
        let started = started.lock().unwrap().take();
        let Some(server) = started else {
            return findings.add(format!("no second attempt: {result:?}"));
        };
        findings.equal("requests", &server.requests(endpoint), &1);
        match &result {
            Err(error) => findings.equal("status", &error.status(), &Some(404)),
            Ok(_) => check_against_server(findings, &server, endpoint, &result),
        }
        rig.check_no_secrets(findings);
    })
}

/// The server closes the idle connection between two calls.
fn closed_while_idle(endpoint: Endpoint) -> Cell {
    let name = format!("connection closed while idle / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        for round in 1..=5 {
            let result = call(&rig.client, endpoint, &ids);
            check_against_server(findings, &server, endpoint, &result);
            findings.check(result.is_ok(), format!("round {round}: {result:?}"));
            findings.equal("connections", &server.http.connections(), &round);
            server.http.close_connections();
        }
        findings.equal("requests", &server.requests(endpoint), &5);
        rig.check_no_secrets(findings);
    })
}

/// Connections are reused after successful responses and after error responses with a small body.
fn reused(endpoint: Endpoint) -> Cell {
    let name = format!("connection is reused / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let error_response = b"HTTP/1.1 400 No\r\ncontent-length: 2\r\n\r\n{}";
        let fault = [Step::ReadAll, Step::send(error_response)];
        let server = MockServer::start(move |_, nth| (nth % 2 == 1).then(|| fault.clone().into()));
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        for _ in 0..6 {
            let result = call(&rig.client, endpoint, &ids);
            check_against_server(findings, &server, endpoint, &result);
        }
        findings.equal("requests", &server.requests(endpoint), &6);
        findings.equal("connections", &server.http.connections(), &1);
        rig.check_no_secrets(findings);
    })
}

fn unknown_host() -> Cell {
    Cell::new(
        "unknown host / commands.execute",
        |findings: &mut Findings| {
            // A label of more than 63 letters is invalid, so that no DNS server is queried.
            let url = format!("http://{}.invalid", "a".repeat(64));
            let rig = Rig::with(&url, ClientBuilder::allow_plain_http);
            let error = call(&rig.client, Endpoint::Execute, &Ids::any())
                .expect_err("the host does not exist");
            findings.equal("kind", &error.kind(), &ErrorKind::Connect);
            findings.equal(
                "may_have_been_processed",
                &error.may_have_been_processed(),
                &false,
            );
            check_error_message(findings, &error);
            rig.check_no_secrets(findings);
        },
    )
}

#[test]
fn connections_are_established_and_reused_as_expected() {
    run("connections", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = vec![unknown_host()];
    for endpoint in Endpoint::ALL {
        cells.push(refused(endpoint));
        cells.push(refused_once(endpoint));
        cells.push(closed_while_idle(endpoint));
        cells.push(reused(endpoint));
    }
    cells
}
