//! Calls that end when their time is over or when they are interrupted, whatever the server does.

use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{ErrorKind, Interrupt, SystemClock};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Ids, Rig, call, check_truth, timeouts};
use Step::{Execute, ReadAll, RespondSlowly, RespondWith, Stall};

const TIME: Duration = Duration::from_millis(400);

/// A loaded machine may take this much longer.
const GRACE: Duration = Duration::from_secs(3);

/// What ends a call that does neither.
const TOO_LATE: Duration = Duration::from_secs(4);

fn slow() -> Vec<(&'static str, Fault)> {
    let body: fn(&Response) -> Vec<u8> = |a| a.framed(&["content-length: 9999"], &a.body);
    vec![
        ("a stall before reading", [Stall].into()),
        ("a stall before the head", [ReadAll, Execute, Stall].into()),
        (
            "a stall in the body",
            [ReadAll, Execute, RespondWith(body), Stall].into(),
        ),
        (
            "slow bytes",
            [ReadAll, Execute, RespondSlowly(Duration::from_millis(100))].into(),
        ),
    ]
}

fn timed(name: &str, fault: Fault, endpoint: Endpoint) -> Cell {
    let name = format!("the time of a call, {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::made_in(&server);
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .timeout(TIME)
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let start = Instant::now();
        let ended = call(&rig.client, endpoint, &ids);
        let took = start.elapsed();
        check_truth(findings, &server, endpoint, &ended);
        findings.check(took < TIME + GRACE, format!("took {took:?}"));
        let kind = ended.err().map(|error| error.kind());
        findings.equal("the kind", &kind, &Some(ErrorKind::Timeout));
        rig.check_quiet(findings);
    })
}

fn interrupted(name: &str, fault: Fault, endpoint: Endpoint) -> Cell {
    let name = format!("an interrupt, {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::made_in(&server);
        let interrupt = Interrupt::new();
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt.clone())
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let start = Instant::now();
        let ended = thread::scope(|scope| {
            scope.spawn(|| {
                // The request is under way, or over.
                while server.requests(endpoint) == 0 && start.elapsed() < GRACE {
                    thread::yield_now();
                }
                interrupt.raise();
            });
            call(&rig.client, endpoint, &ids)
        });
        let took = start.elapsed();
        check_truth(findings, &server, endpoint, &ended);
        findings.check(took < GRACE, format!("took {took:?}"));
        if let Err(error) = ended {
            findings.equal("the kind", &error.kind(), &ErrorKind::Interrupted);
            let processed = error.may_have_been_processed();
            findings.equal("may_have_been_processed", &processed, &true);
        } else {
            findings.add("succeeded");
        }
        rig.check_quiet(findings);
    })
}

/// More time than any clock can tell.
fn endless(endpoint: Endpoint) -> Cell {
    let name = format!("a time beyond all clocks / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let ids = Ids::made_in(&server);
        let rig = Rig::with(&server.url(), |builder| {
            builder.timeout(Duration::MAX).clock(SystemClock)
        });
        let ended = call(&rig.client, endpoint, &ids);
        check_truth(findings, &server, endpoint, &ended);
        findings.check(ended.is_ok(), format!("failed: {ended:?}"));
        rig.check_quiet(findings);
    })
}

#[test]
fn in_time() {
    run("deadlines", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in Endpoint::ALL {
        cells.push(endless(endpoint));
        for (name, fault) in slow() {
            cells.push(timed(name, fault.clone(), endpoint));
            cells.push(interrupted(name, fault, endpoint));
        }
    }
    cells
}
