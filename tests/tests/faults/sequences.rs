//! Tries of one call that fail in different ways: what a later one tells does not undo what an
//! earlier one may have done.

use std::sync::{Arc, Mutex};

use api_runtime::{ErrorKind, Interrupt, ManualClock};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Hooked, Ids, Rig, SHORT, call, check_truth, timeouts};
use Step::{Execute, Fin, ReadAll, Reset, Stall};

fn response(status: u16, headers: &[&str], words: &str) -> Step {
    let response = Response {
        status,
        body: Vec::new(),
    };
    Step::send(response.with(headers, format!(r#"{{"error": "{words}"}}"#).as_bytes()))
}

/// Tries after which one cannot know: here, all were carried out.
fn firsts() -> Vec<(&'static str, Fault)> {
    vec![
        ("reset", [ReadAll, Execute, Reset].into()),
        ("closed", [ReadAll, Execute, Fin].into()),
        ("stall", [ReadAll, Execute, Stall].into()),
        ("502", [ReadAll, Execute, response(502, &[], "x")].into()),
        ("503", [ReadAll, Execute, response(503, &[], "x")].into()),
        ("504", [ReadAll, Execute, response(504, &[], "x")].into()),
        (
            "400 Unexpected error",
            [ReadAll, Execute, response(400, &[], "Unexpected error")].into(),
        ),
        (
            "Unexpected error",
            [ReadAll, Execute, response(500, &[], "Unexpected error")].into(),
        ),
    ]
}

/// Tries that were turned away.
fn seconds() -> Vec<(&'static str, Fault)> {
    let hour = &["retry-after: 3600"];
    vec![
        ("401", [ReadAll, response(401, &[], "x")].into()),
        (
            "404",
            [ReadAll, response(404, &[], "the context does not exist")].into(),
        ),
        ("429", [ReadAll, response(429, &[], "x")].into()),
        (
            "429 for an hour",
            [ReadAll, response(429, hour, "x")].into(),
        ),
        (
            "503 for an hour",
            [ReadAll, response(503, hour, "x")].into(),
        ),
        (
            "307",
            [ReadAll, response(307, &["location: /"], "x")].into(),
        ),
    ]
}

fn pair(first: (&str, Fault), second: (&str, Fault), endpoint: Endpoint) -> Cell {
    let name = format!("{}, then {} / {}", first.0, second.0, endpoint.name());
    let faults = [first.1, second.1];
    Cell::new(name, move |findings| {
        let faults = faults.clone();
        let server = MockServer::start(move |_, nth| Some(faults[nth.min(1)].clone()));
        let ids = Ids::made_in(&server);
        let rig = Rig::with(&server.url(), |builder| builder.timeouts(timeouts(SHORT)));
        let ended = call(&rig.client, endpoint, &ids);
        findings.check(ended.is_err(), "succeeded");
        check_truth(findings, &server, endpoint, &ended);
        rig.check_quiet(findings);
    })
}

/// Carried out, and gone when it is asked again.
fn gone(endpoint: Endpoint) -> Cell {
    let name = format!("reset, then a refused port / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault: Fault = [ReadAll, Execute, Reset].into();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let url = server.url();
        let ids = Ids::made_in(&server);
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
        let error = call(&rig.client, endpoint, &ids).expect_err("nobody is there");
        if endpoint.is_idempotent() {
            findings.equal("the executions", &*executions.lock().unwrap(), &1);
        }
        findings.check(
            error.may_have_been_processed(),
            format!("executed, but told as not processed: {error}"),
        );
        rig.check_quiet(findings);
    })
}

/// The pause that is asked for does not fit into any sum.
fn endless_pause(endpoint: Endpoint) -> Cell {
    let name = format!("pauses beyond all sums / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let ask = |seconds: &str| response(429, &[&format!("retry-after: {seconds}")], "x");
        let faults: [Fault; 2] = [
            [ReadAll, ask("2")].into(),
            [ReadAll, ask("18446744073709551615")].into(),
        ];
        let server = MockServer::start(move |_, nth| Some(faults[nth.min(1)].clone()));
        let ids = Ids::made_in(&server);
        let rig = Rig::new(&server.url());
        let ended = call(&rig.client, endpoint, &ids);
        check_truth(findings, &server, endpoint, &ended);
        findings.equal("the requests", &server.requests(endpoint), &2);
        rig.check_quiet(findings);
    })
}

/// An interrupt in the pause after a try of which nothing is known.
fn interrupted(endpoint: Endpoint) -> Cell {
    let name = format!("reset, then an interrupt / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault: Fault = [ReadAll, Execute, Reset].into();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::made_in(&server);
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let clock = ManualClock::new();
        let hook = move || raised.raise();
        let rig = Rig::with(&server.url(), |builder| {
            builder.interrupt(interrupt).clock(Hooked { clock, hook })
        });
        let ended = call(&rig.client, endpoint, &ids);
        check_truth(findings, &server, endpoint, &ended);
        findings.equal("the requests", &server.requests(endpoint), &1);
        let kind = ended.err().map(|error| error.kind());
        let expected = if endpoint.is_idempotent() {
            ErrorKind::Interrupted
        } else {
            ErrorKind::Disconnected
        };
        findings.equal("the kind", &kind, &Some(expected));
        rig.check_quiet(findings);
    })
}

#[test]
fn faults_in_a_row() {
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
        cells.push(gone(endpoint));
        cells.push(endless_pause(endpoint));
        cells.push(interrupted(endpoint));
    }
    cells
}
