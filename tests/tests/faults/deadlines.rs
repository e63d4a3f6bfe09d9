//! Calls end at their deadline or interrupt, regardless of the server.

use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{ErrorKind, Interrupt, SystemClock};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Ids, Rig, call, check_against_server, timeouts};
use Step::{Execute, ReadAll, RespondSlowly, RespondWith, Stall};

/// Timeout of the call.
const TIME: Duration = Duration::from_millis(400);

/// Additional time on a busy machine.
const GRACE: Duration = Duration::from_secs(3);

/// Phase timeouts, which end a call that ignores the deadline and the interrupt.
const TOO_LATE: Duration = Duration::from_secs(4);

fn slow() -> Vec<(&'static str, Fault)> {
    let body: fn(&Response) -> Vec<u8> = |a| a.framed(&["content-length: 9999"], &a.body);
    vec![
        ("stall before reading", [Stall].into()),
        ("stall before the head", [ReadAll, Execute, Stall].into()),
        (
            "stall in the body",
            [ReadAll, Execute, RespondWith(body), Stall].into(),
        ),
        (
            "slow bytes",
            [ReadAll, Execute, RespondSlowly(Duration::from_millis(100))].into(),
        ),
    ]
}

fn timed(name: &str, fault: Fault, endpoint: Endpoint) -> Cell {
    let name = format!("timeout of the call, {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .timeout(TIME)
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let start = Instant::now();
        let result = call(&rig.client, endpoint, &ids);
        let took = start.elapsed();
        check_against_server(findings, &server, endpoint, &result);
        findings.check(took < TIME + GRACE, format!("took {took:?}"));
        let kind = result.err().map(|error| error.kind());
        findings.equal("kind", &kind, &Some(ErrorKind::Timeout));
        rig.check_no_secrets(findings);
    })
}

fn interrupted(name: &str, fault: Fault, endpoint: Endpoint) -> Cell {
    let name = format!("interrupt, {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        let interrupt = Interrupt::new();
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt.clone())
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let start = Instant::now();
        let result = thread::scope(|scope| {
            scope.spawn(|| {
                // The server has received the request.
                while server.requests(endpoint) == 0 && start.elapsed() < GRACE {
                    thread::yield_now();
                }
                interrupt.raise();
            });
            call(&rig.client, endpoint, &ids)
        });
        let took = start.elapsed();
        check_against_server(findings, &server, endpoint, &result);
        findings.check(took < GRACE, format!("took {took:?}"));
        if let Err(error) = result {
            findings.equal("kind", &error.kind(), &ErrorKind::Interrupted);
            let processed = error.may_have_been_processed();
            findings.equal("may_have_been_processed", &processed, &true);
        } else {
            findings.add("succeeded");
        }
        rig.check_no_secrets(findings);
    })
}

/// The deadline exceeds the range of `Instant`.
fn unlimited(endpoint: Endpoint) -> Cell {
    let name = format!("unlimited timeout / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = Rig::with(&server.url(), |builder| {
            builder.timeout(Duration::MAX).clock(SystemClock)
        });
        let result = call(&rig.client, endpoint, &ids);
        check_against_server(findings, &server, endpoint, &result);
        findings.check(result.is_ok(), format!("failed: {result:?}"));
        rig.check_no_secrets(findings);
    })
}

#[test]
fn calls_end_at_deadline_or_interrupt() {
    run("deadlines", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in Endpoint::ALL {
        cells.push(unlimited(endpoint));
        for (name, fault) in slow() {
            cells.push(timed(name, fault.clone(), endpoint));
            cells.push(interrupted(name, fault, endpoint));
        }
    }
    cells
}
