//! Refused, idle and reused connections.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::{ClientBuilder, Delivery, ErrorKind, ManualClock};
use test_server::ClosedPort;

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, MockServer, Step};
use crate::observed::{Accepted, contexts_after};
use crate::rig::{Hooked, Ids, RETRY_BUDGET, Rig, call};

fn refused(endpoint: Endpoint) -> Cell {
    let name = format!("refused connection / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let port = ClosedPort::new();
        let rig = Rig::new(&port.url());
        let result = call(&rig.client, endpoint, &Ids::any());
        if let Err(error) = &result {
            findings.equal("kind", &error.kind(), &ErrorKind::Connect);
            findings.equal("is_transient", &error.is_transient(), &true);
            findings.equal("attempts", &error.attempts(), &5);
        }
        let observed = rig.observe_unreached(findings, &result);
        (observed, Accepted::nothing_sent(RETRY_BUDGET))
    })
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
        let result = call(&rig.client, endpoint, &Ids::any());
        let server = started.lock().unwrap().take();
        let server = server.expect("there should be a second attempt");
        // The server has no contexts and commands, but destroying a context twice succeeds.
        let is_success = matches!(endpoint, Endpoint::Create | Endpoint::Destroy);
        if let Err(error) = &result {
            findings.equal("status", &error.status(), &Some(404));
        }
        let observed = rig.observe(findings, &server, endpoint, &result);
        let accepted = Accepted {
            requests: 1..=1,
            executions: usize::from(is_success)..=usize::from(is_success),
            contexts: contexts_after(endpoint, 0, &(1..=1)),
            deliveries: vec![(!is_success).then_some(Delivery::NotProcessed)],
            time: Duration::ZERO..=RETRY_BUDGET,
        };
        (observed, accepted)
    })
}

/// The server closes the idle connection between two calls.
fn closed_while_idle(endpoint: Endpoint) -> Cell {
    let name = format!("connection closed while idle / {}", endpoint.name());
    Cell::with_calls(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        let mut calls = Vec::new();
        for round in 1..=5 {
            let contexts = server.workspace().contexts().len();
            let result = call(&rig.client, endpoint, &ids);
            let observed = rig.observe(findings, &server, endpoint, &result);
            findings.equal("connections", &server.http.connections(), &round);
            server.http.close_connections();
            let accepted = Accepted::success(endpoint, contexts);
            calls.push((observed, accepted.with_requests(round)));
        }
        calls
    })
}

/// Connections are reused after successful responses and after error responses with a small body.
fn reused(endpoint: Endpoint) -> Cell {
    let name = format!("connection is reused / {}", endpoint.name());
    Cell::with_calls(name, move |findings| {
        let error_response = b"HTTP/1.1 400 No\r\ncontent-length: 2\r\n\r\n{}";
        let fault = [Step::ReadAll, Step::send(error_response)];
        let server = MockServer::start(move |_, nth| (nth % 2 == 1).then(|| fault.clone().into()));
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        let mut calls = Vec::new();
        for round in 1..=6 {
            let contexts = server.workspace().contexts().len();
            let result = call(&rig.client, endpoint, &ids);
            let observed = rig.observe(findings, &server, endpoint, &result);
            let accepted = if round % 2 == 1 {
                Accepted::success(endpoint, contexts)
            } else {
                Accepted::rejected(contexts)
            };
            calls.push((observed, accepted.with_requests(round)));
        }
        findings.equal("connections", &server.http.connections(), &1);
        calls
    })
}

fn unknown_host() -> Cell {
    Cell::new("unknown host / commands.execute", |findings| {
        // A label of more than 63 letters is invalid, so that no DNS server is queried.
        let url = format!("http://{}.invalid", "a".repeat(64));
        let rig = Rig::with(&url, ClientBuilder::allow_plain_http);
        let result = call(&rig.client, Endpoint::Execute, &Ids::any());
        if let Err(error) = &result {
            findings.equal("kind", &error.kind(), &ErrorKind::Connect);
        }
        let observed = rig.observe_unreached(findings, &result);
        (observed, Accepted::nothing_sent(RETRY_BUDGET))
    })
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
