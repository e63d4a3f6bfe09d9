//! Attempts of one call that fail differently: a later error does not deny the execution of an earlier
//! attempt.

use std::sync::{Arc, Mutex};

use api_runtime::{ErrorKind, Interrupt, ManualClock};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Hooked, Ids, Rig, SHORT, call, check_against_server, timeouts};
use Step::{Execute, Fin, ReadAll, Reset, Stall};

fn error(status: u16, headers: &[&str], message: &str) -> Step {
    let response = Response::error(status, message);
    Step::send(response.with(headers, &response.body))
}

/// First attempts with unknown delivery. All are executed.
fn firsts() -> Vec<(&'static str, Fault)> {
    vec![
        ("reset", [ReadAll, Execute, Reset].into()),
        ("closed", [ReadAll, Execute, Fin].into()),
        ("stall", [ReadAll, Execute, Stall].into()),
        ("502", [ReadAll, Execute, error(502, &[], "x")].into()),
        ("503", [ReadAll, Execute, error(503, &[], "x")].into()),
        ("504", [ReadAll, Execute, error(504, &[], "x")].into()),
        (
            "400 Unexpected error",
            [ReadAll, Execute, error(400, &[], "Unexpected error")].into(),
        ),
        (
            "Unexpected error",
            [ReadAll, Execute, error(500, &[], "Unexpected error")].into(),
        ),
    ]
}

/// Second attempts that are not executed.
fn seconds() -> Vec<(&'static str, Fault)> {
    let hour = &["retry-after: 3600"];
    vec![
        ("401", [ReadAll, error(401, &[], "x")].into()),
        (
            "404",
            [ReadAll, error(404, &[], "the context does not exist")].into(),
        ),
        ("429", [ReadAll, error(429, &[], "x")].into()),
        (
            "429 with a delay of an hour",
            [ReadAll, error(429, hour, "x")].into(),
        ),
        (
            "503 with a delay of an hour",
            [ReadAll, error(503, hour, "x")].into(),
        ),
        ("307", [ReadAll, error(307, &["location: /"], "x")].into()),
    ]
}

fn pair(first: (&str, Fault), second: (&str, Fault), endpoint: Endpoint) -> Cell {
    let name = format!("{}, then {} / {}", first.0, second.0, endpoint.name());
    let faults = [first.1, second.1];
    Cell::new(name, move |findings| {
        let faults = faults.clone();
        let server = MockServer::start(move |_, nth| Some(faults[nth.min(1)].clone()));
        let ids = Ids::created_in(&server);
        let rig = Rig::with(&server.url(), |builder| builder.timeouts(timeouts(SHORT)));
        let result = call(&rig.client, endpoint, &ids);
        findings.check(result.is_err(), "succeeded");
        check_against_server(findings, &server, endpoint, &result);
        rig.check_no_secrets(findings);
    })
}

/// The server executes the request, resets the connection and stops.
fn stopped(endpoint: Endpoint) -> Cell {
    let name = format!("reset, then refused connection / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault: Fault = [ReadAll, Execute, Reset].into();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let url = server.url();
        let ids = Ids::created_in(&server);
        let executions = Arc::new(Mutex::new(0));
        let counting = Arc::clone(&executions);
        let server = Mutex::new(Some(server));
        let hook = move || {
            if let Some(server) = server.lock().unwrap().take() {
                *counting.lock().unwrap() = server.workspace().take_executions(endpoint);
            }
        };
        let clock = ManualClock::new();
        let rig = Rig::with(&url, |builder| builder.clock(Hooked { clock, hook }));
        let error = call(&rig.client, endpoint, &ids).expect_err("the server is stopped");
        if endpoint.is_idempotent() {
            findings.equal("executions", &*executions.lock().unwrap(), &1);
        }
        findings.check(
            error.may_have_been_processed(),
            format!("executed, but reported as not processed: {error}"),
        );
        rig.check_no_secrets(findings);
    })
}

/// The requested delay overflows when it is added to another.
fn unlimited_delay(endpoint: Endpoint) -> Cell {
    let name = format!("unlimited delay / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let rejected = |seconds: &str| error(429, &[&format!("retry-after: {seconds}")], "x");
        let faults: [Fault; 2] = [
            [ReadAll, rejected("2")].into(),
            [ReadAll, rejected("18446744073709551615")].into(),
        ];
        let server = MockServer::start(move |_, nth| Some(faults[nth.min(1)].clone()));
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        let result = call(&rig.client, endpoint, &ids);
        check_against_server(findings, &server, endpoint, &result);
        findings.equal("requests", &server.requests(endpoint), &2);
        rig.check_no_secrets(findings);
    })
}

/// An interrupt during the delay after an attempt with unknown delivery.
fn interrupted(endpoint: Endpoint) -> Cell {
    let name = format!("reset, then interrupt / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault: Fault = [ReadAll, Execute, Reset].into();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let clock = ManualClock::new();
        let hook = move || raised.raise();
        let rig = Rig::with(&server.url(), |builder| {
            builder.interrupt(interrupt).clock(Hooked { clock, hook })
        });
        let result = call(&rig.client, endpoint, &ids);
        check_against_server(findings, &server, endpoint, &result);
        findings.equal("requests", &server.requests(endpoint), &1);
        let kind = result.err().map(|error| error.kind());
        let expected = if endpoint.is_idempotent() {
            ErrorKind::Interrupted
        } else {
            ErrorKind::Disconnected
        };
        findings.equal("kind", &kind, &Some(expected));
        rig.check_no_secrets(findings);
    })
}

#[test]
fn earlier_attempts_are_not_denied() {
    run("sequences", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in Endpoint::ALL {
        for first in firsts() {
            for second in seconds() {
                cells.push(pair(first.clone(), second, endpoint));
            }
        }
        cells.push(stopped(endpoint));
        cells.push(unlimited_delay(endpoint));
        cells.push(interrupted(endpoint));
    }
    cells
}
