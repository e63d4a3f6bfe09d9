//! Calls end at their deadline or interrupt, regardless of the server.

use std::time::Duration;

use api_runtime::{Delivery, ErrorKind, Interrupt, SystemClock};
use test_server::Server;

use crate::cell::{Cell, run};
use crate::drips;
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::observed::{Accepted, contexts_after};
use crate::rig::{Ids, Rig, call, timeouts};
use Step::{Execute, ReadAll, RespondWith, Stall};

/// Timeout of the call.
const TIME: Duration = Duration::from_secs(1);

/// Timeout of the phases, and the least time after which the server is finished.
pub(crate) const TOO_LATE: Duration = Duration::from_secs(600);

/// Upper bound for a call that ends at its deadline, also on a busy machine.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(60);

/// Returns steps that never end, by name.
fn endless() -> Vec<(String, Fault)> {
    let body: fn(&Response) -> Vec<u8> = |a| a.framed(&["content-length: 9999"], &a.body);
    let mut all = vec![
        ("stall before reading".to_owned(), [Stall].into()),
        (
            "stall in the body".to_owned(),
            [ReadAll, Execute, RespondWith(body), Stall].into(),
        ),
    ];
    let drips = drips::all().into_iter();
    all.extend(drips.map(|(name, steps)| (name, drips::executed(&steps))));
    all
}

fn accepted(endpoint: Endpoint) -> Accepted {
    Accepted {
        // On a busy machine, the deadline may pass before the request is sent.
        requests: 0..=1,
        executions: 0..=1,
        contexts: contexts_after(endpoint, 1, &(0..=1)),
        deliveries: vec![Some(Delivery::NotProcessed), Some(Delivery::Unknown)],
        time: Duration::ZERO..=MAX_TIME,
    }
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
        let result = call(&rig.client, endpoint, &ids);
        let kind = result.as_ref().err().map(api_runtime::Error::kind);
        findings.equal("kind", &kind, &Some(ErrorKind::Timeout));
        let observed = rig.observe(findings, &server, endpoint, &result);
        let accepted = Accepted {
            time: TIME..=MAX_TIME,
            ..accepted(endpoint)
        };
        (observed, accepted)
    })
}

/// The interrupt is raised when the server has received the request and sent the first bytes.
fn interrupted(name: &str, fault: &Fault, endpoint: Endpoint) -> Cell {
    let name = format!("interrupt, {name} / {}", endpoint.name());
    let fault = Fault::clone(fault);
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        // Before the last step, which never ends.
        let mut steps = fault.to_vec();
        steps.insert(steps.len() - 1, Step::call(move || raised.raise()));
        let server = MockServer::start(move |_, _| Some(steps.clone().into()));
        let ids = Ids::created_in(&server);
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt)
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let result = call(&rig.client, endpoint, &ids);
        let kind = result.as_ref().err().map(api_runtime::Error::kind);
        findings.equal("kind", &kind, &Some(ErrorKind::Interrupted));
        let observed = rig.observe(findings, &server, endpoint, &result);
        let accepted = Accepted {
            requests: 1..=1,
            deliveries: vec![Some(Delivery::Unknown)],
            ..accepted(endpoint)
        };
        (observed, accepted)
    })
}

/// Bytes that a server sends during the TLS handshake: parts of a record of 16 KiB.
const HANDSHAKES: [(&str, &[u8]); 3] = [
    ("silence", b""),
    ("record header", b"\x16\x03\x03\x40"),
    (
        "server hello",
        b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03",
    ),
];

/// The TLS handshake never ends. It is interrupted once it has begun, or timed out.
fn handshake(name: &str, first: &'static [u8], is_interrupted: bool, endpoint: Endpoint) -> Cell {
    let end = if is_interrupted {
        "interrupt"
    } else {
        "timeout of the call"
    };
    let name = format!("{end}, TLS handshake with {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let server = Server::start(move |mut connection| {
            connection.has_data()?;
            connection.send(first)?;
            if is_interrupted {
                raised.raise();
            }
            if first.is_empty() {
                return connection.wait_for_close();
            }
            connection.send_slowly([0].iter().cycle(), Duration::from_millis(20))
        });
        let rig = Rig::with(&server.https_url(), |builder| {
            let builder = builder.interrupt(interrupt).timeouts(timeouts(TOO_LATE));
            let builder = builder.clock(SystemClock);
            if is_interrupted {
                builder
            } else {
                builder.timeout(TIME)
            }
        });
        let result = call(&rig.client, endpoint, &Ids::any());
        if let Err(error) = &result {
            let seen = (error.kind(), error.is_timeout());
            let expected = if is_interrupted {
                (ErrorKind::Interrupted, false)
            } else {
                (ErrorKind::Connect, true)
            };
            findings.equal("kind and is_timeout", &seen, &expected);
        }
        let observed = rig.observe_unreached(findings, &result);
        (observed, Accepted::nothing_sent(MAX_TIME))
    })
}

/// The deadline exceeds the range of `Instant`.
fn unlimited(endpoint: Endpoint) -> Cell {
    let name = format!("unlimited timeout / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = Rig::with(&server.url(), |builder| builder.timeout(Duration::MAX));
        let result = call(&rig.client, endpoint, &ids);
        let observed = rig.observe(findings, &server, endpoint, &result);
        (observed, Accepted::success(endpoint, 1))
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
        for (name, fault) in endless() {
            cells.push(interrupted(&name, &fault, endpoint));
            cells.push(timed(&name, fault, endpoint));
        }
        for (name, first) in HANDSHAKES {
            cells.push(handshake(name, first, true, endpoint));
            cells.push(handshake(name, first, false, endpoint));
        }
    }
    cells
}
