//! Deadlines and interrupts while a large body is sent to a server that reads it slowly or not at all.

use std::time::{Duration, Instant};

use api_runtime::{Client, Delivery, ErrorKind, Interrupt, ManualClock};

use crate::cell::{Cell, Findings, run_sleeping};
use crate::deadlines::{MAX_TIME, TOO_LATE};
use crate::life::{self, Life};
use crate::mock::{Endpoint, Fault, MockServer, Step};
use crate::observed::{Accepted, Observed};
use crate::rig::{Ids, Rig, timeouts};
use crate::uploads::{LARGE, large, while_sending};
use Step::{Hang, StallSlowly};

/// Time until the deadline, by the clock of the client and by that of the operating system, which bounds
/// each request. The former does not advance while the client encodes a body on a busy machine.
const TIME: Duration = Duration::from_secs(5);

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
    fn fault(self, reader: &Step, interrupt: &Interrupt, clock: &ManualClock) -> Fault {
        let (raised, clock) = (interrupt.clone(), clock.clone());
        let begin = match self {
            Self::Deadline => Step::call(move || clock.advance(TIME)),
            Self::Interrupt => Step::call(move || raised.raise()),
        };
        while_sending(&[begin, reader.clone()])
    }

    /// Returns a rig, and its client with the deadline.
    fn client(
        self,
        server: &MockServer,
        interrupt: &Interrupt,
        clock: &ManualClock,
    ) -> (Rig, Client) {
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt.clone())
                .timeouts(timeouts(TOO_LATE))
                .clock(clock.clone())
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
        let (interrupt, clock) = (Interrupt::new(), ManualClock::new());
        let fault = limit.fault(&reader, &interrupt, &clock);
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        let (rig, client) = limit.client(&server, &interrupt, &clock);
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
        let (interrupt, clock) = (Interrupt::new(), ManualClock::new());
        let fault = limit.fault(&reader, &interrupt, &clock);
        let server =
            MockServer::start(move |called, _| (called == endpoint).then(|| fault.clone()));
        let (rig, client) = limit.client(&server, &interrupt, &clock);
        let builder = life::builder().cleanup_timeout(CLEANUP);
        let life = Life::with_padding(&client, &builder, LARGE);
        let observed = life.observe(findings, &rig, &server, endpoint);
        let accepted = Accepted {
            // The context, and a first command from memory.
            executions: 0..=1 + usize::from(endpoint == Endpoint::ExecuteFile),
            contexts: 0..=0,
            deliveries: vec![Some(Delivery::Unknown)],
            ..life.accepted(1..=1, true, Duration::ZERO..=CLEANUP + MAX_TIME)
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
