//! Attempts of one call that fail differently: a later error does not deny the execution of an earlier
//! attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::{Delivery, ErrorKind, Interrupt, ManualClock};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::observed::{Accepted, Observed, contexts_after};
use crate::rig::{Hooked, Ids, RETRY_BUDGET, Rig, call};
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
    let is_slow = first.0 == "stall";
    let faults = [first.1, second.1];
    Cell::new(name, move |findings| {
        let faults = faults.clone();
        let server = MockServer::start(move |_, nth| Some(faults[nth.min(1)].clone()));
        let ids = Ids::created_in(&server);
        let rig = if is_slow {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        let result = call(&rig.client, endpoint, &ids);
        // Later attempts are not executed, and the first one was.
        let accepted = Accepted {
            requests: 1..=if endpoint.is_idempotent() { 5 } else { 1 },
            executions: 1..=1,
            contexts: contexts_after(endpoint, 1, &(1..=1)),
            deliveries: vec![Some(Delivery::Unknown)],
            time: Duration::ZERO..=RETRY_BUDGET,
        };
        (rig.observe(findings, &server, endpoint, &result), accepted)
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
        let seen = Arc::new(Mutex::new((0, 0)));
        let counting = Arc::clone(&seen);
        let server = Mutex::new(Some(server));
        let hook = move || {
            if let Some(server) = server.lock().unwrap().take() {
                let executions = server.workspace().take_executions(endpoint);
                *counting.lock().unwrap() = (server.requests(endpoint), executions);
            }
        };
        let clock = ManualClock::new();
        let rig = Rig::with(&url, |builder| builder.clock(Hooked { clock, hook }));
        let result = call(&rig.client, endpoint, &ids);
        let (requests, executions) = *seen.lock().unwrap();
        // A request that is not idempotent is not sent again, so that the server is not stopped.
        let seen = usize::from(endpoint.is_idempotent());
        let observed = Observed {
            requests,
            executions,
            ..rig.observe_unreached(findings, &result)
        };
        let accepted = Accepted {
            requests: seen..=seen,
            executions: seen..=seen,
            contexts: 0..=0,
            deliveries: vec![Some(Delivery::Unknown)],
            time: Duration::ZERO..=RETRY_BUDGET,
        };
        (observed, accepted)
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
        let accepted = Accepted {
            time: Duration::from_secs(2)..=Duration::from_secs(2),
            ..Accepted::rejected(1).with_requests(2)
        };
        (rig.observe(findings, &server, endpoint, &result), accepted)
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
        let kind = result.as_ref().err().map(api_runtime::Error::kind);
        let expected = if endpoint.is_idempotent() {
            ErrorKind::Interrupted
        } else {
            ErrorKind::Disconnected
        };
        findings.equal("kind", &kind, &Some(expected));
        let accepted = Accepted {
            requests: 1..=1,
            executions: 1..=1,
            contexts: contexts_after(endpoint, 1, &(1..=1)),
            deliveries: vec![Some(Delivery::Unknown)],
            time: Duration::ZERO..=RETRY_BUDGET,
        };
        (rig.observe(findings, &server, endpoint, &result), accepted)
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
