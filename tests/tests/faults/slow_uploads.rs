//! Deadlines and interrupts while a large body is sent to a server that reads it slowly or not at all.

use std::time::{Duration, Instant};

use api_runtime::{Client, Clock, Delivery, ErrorKind, Interrupt, ManualClock, SystemClock};

use crate::cell::{Cell, Findings, run_sleeping};
use crate::deadlines::{MAX_TIME, TOO_LATE};
use crate::life::{self, Life};
use crate::mock::{Endpoint, Fault, MockServer, Step};
use crate::observed::{Accepted, Observed};
use crate::rig::{Ids, Rig, timeouts};
use crate::uploads::{LARGE, large, while_sending};
use Step::{Hang, StallSlowly};

/// Time until the deadline.
const TIME: Duration = Duration::from_secs(2);

/// Time for the clean-up. A fifth of it is left to destroy the context if the response to the command
/// is missing.
const CLEANUP: Duration = Duration::from_secs(20);

/// Handling of the rest of the body by the server.
const READERS: [(&str, Step); 2] = [("reads nothing", Hang), ("reads slowly", StallSlowly)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// Of all calls of the client.
    Deadline,
    /// Raised when the server has received a part of the body.
    Interrupt,
}

impl Limit {
    /// Returns the steps of the server for the large request.
    fn fault(self, reader: &Step, interrupt: &Interrupt) -> Fault {
        let raised = interrupt.clone();
        match self {
            Self::Deadline => while_sending(std::slice::from_ref(reader)),
            Self::Interrupt => while_sending(&[Step::call(move || raised.raise()), reader.clone()]),
        }
    }

    /// Returns a rig, and its client with the deadline.
    fn client(
        self,
        server: &MockServer,
        interrupt: &Interrupt,
        clock: impl Clock + 'static,
    ) -> (Rig, Client) {
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt.clone())
                .timeouts(timeouts(TOO_LATE))
                .clock(clock)
        });
        let deadline = rig.client.clock().now() + TIME;
        let is_limited = self == Self::Deadline;
        let client = rig.client.deadline(is_limited.then_some(deadline));
        (rig, client)
    }

    fn check(self, findings: &mut Findings, kind: Option<ErrorKind>) {
        let expected = match self {
            Self::Deadline => ErrorKind::Timeout,
            Self::Interrupt => ErrorKind::Interrupted,
        };
        findings.equal("kind", &kind, &Some(expected));
    }
}

/// A call without clean-up. It ends at its limit.
fn call((name, reader): (&str, Step), endpoint: Endpoint, limit: Limit) -> Cell {
    let name = format!("{limit:?}, server {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let fault = limit.fault(&reader, &interrupt);
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        // By this clock, encoding the body takes no time. The deadline passes while it is sent.
        let (rig, client) = limit.client(&server, &interrupt, ManualClock::new());
        let start = Instant::now();
        let result = large(&client, endpoint, &ids);
        limit.check(
            findings,
            result.as_ref().err().map(api_runtime::Error::kind),
        );
        let accepted = Accepted {
            requests: 1..=1,
            executions: 0..=0,
            contexts: 1..=1,
            deliveries: vec![Some(Delivery::Unknown)],
            time: Duration::ZERO..=MAX_TIME,
        };
        let observed = Observed {
            time: start.elapsed(),
            ..rig.observe(findings, &server, endpoint, &result)
        };
        (observed, accepted)
    })
}

/// A life whose command is not received completely. The context is destroyed.
fn life((name, reader): (&str, Step), endpoint: Endpoint, limit: Limit) -> Cell {
    let name = format!("life: {limit:?}, server {name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let fault = limit.fault(&reader, &interrupt);
        let server =
            MockServer::start(move |called, _| (called == endpoint).then(|| fault.clone()));
        let (rig, client) = limit.client(&server, &interrupt, SystemClock);
        let builder = life::builder().cleanup_timeout(CLEANUP);
        let life = Life::with_padding(&client, &builder, LARGE);
        let observed = life.observe(findings, &rig, &server, endpoint);
        let mut deliveries = vec![Some(Delivery::Unknown)];
        if limit == Limit::Deadline {
            // On a busy machine, the deadline may pass before the request is sent.
            deliveries.push(Some(Delivery::NotProcessed));
        }
        let least = usize::from(limit == Limit::Interrupt);
        let accepted = Accepted {
            // The context, and a first command from memory.
            executions: 0..=1 + usize::from(endpoint == Endpoint::ExecuteFile),
            contexts: 0..=0,
            deliveries,
            ..life.accepted(least..=1, true, Duration::ZERO..=CLEANUP + MAX_TIME)
        };
        (observed, accepted)
    })
}

#[test]
fn sending_ends_at_deadline_or_interrupt() {
    run_sleeping("slow uploads", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for limit in [Limit::Deadline, Limit::Interrupt] {
        for endpoint in [Endpoint::Execute, Endpoint::ExecuteFile] {
            for reader in READERS {
                cells.push(call(reader.clone(), endpoint, limit));
                cells.push(life(reader, endpoint, limit));
            }
        }
    }
    cells
}
