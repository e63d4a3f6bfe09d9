//! Lives of a context on servers whose responses never end: the limits of waits, commands, the client
//! and the clean-up hold.

use std::time::Duration;

use api_runtime::{Interrupt, SystemClock, Wait};

use crate::cell::{Cell, run_sleeping};
use crate::contexts::STEPS;
use crate::deadlines::{MAX_TIME, TOO_LATE};
use crate::drips;
use crate::life::{self, Life};
use crate::mock::{Endpoint, MockServer, Step};
use crate::rig::{Rig, timeouts};

/// Timeout of the wait, and time until the deadline of the client.
const TIME: Duration = Duration::from_secs(1);

/// The default. Less may not suffice to send a request on a busy machine.
const CLEANUP: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// Of the wait for the context, and of each command.
    Wait,
    /// Of all calls of the client.
    Deadline,
    /// Raised when the server sends the response.
    Interrupt,
}

/// The first request to `faulty` receives a response without an end, and so do all requests to
/// `cleanup`.
fn cell(
    (name, steps): (String, Vec<Step>),
    (faulty, nth): (Endpoint, usize),
    cleanup: Option<Endpoint>,
    limit: Limit,
) -> Cell {
    let cleaning = cleanup.map_or(String::new(), |at| format!(" and {}", at.name()));
    let name = format!(
        "{name} at {} {nth}{cleaning}, limit: {limit:?}",
        faulty.name()
    );
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let raise = Step::call(move || raised.raise());
        let with_interrupt = [&[raise], &*steps].concat();
        let steps = steps.clone();
        let server = MockServer::start(move |called, at| {
            if (called, at) == (faulty, nth) {
                let is_interrupted = limit == Limit::Interrupt;
                let steps = if is_interrupted {
                    &with_interrupt
                } else {
                    &steps
                };
                return Some(drips::executed(steps));
            }
            (Some(called) == cleanup).then(|| drips::executed(&steps))
        });
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt)
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let mut client = rig.client.clone();
        let mut builder = life::builder().cleanup_timeout(CLEANUP);
        match limit {
            Limit::Wait => builder = builder.wait(Wait::new().timeout(TIME)),
            Limit::Deadline => {
                let deadline = client.clock().now() + TIME;
                client = client.deadline(Some(deadline));
            }
            Limit::Interrupt => {}
        }
        let life = Life::new(&client, &builder);
        let observed = life.observe(findings, &rig, &server, faulty);
        // Destroying a context succeeds, although the response does not end.
        let is_success = faulty == Endpoint::Destroy;
        // The end of a canceled command is awaited, and a context that may be lost is checked.
        let more = if faulty.is_read_only() { 5 } else { 0 };
        let mut accepted = life.accepted(0..=nth + 1 + more, true, Duration::ZERO..=MAX_TIME);
        if !is_success {
            accepted.deliveries.retain(Option::is_some);
        }
        (observed, accepted)
    })
}

#[test]
fn lives_end_at_their_limits() {
    run_sleeping("limits", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for drip in drips::all() {
        for step in STEPS {
            for limit in [Limit::Wait, Limit::Deadline, Limit::Interrupt] {
                // The wait does not bound the request that creates the context.
                let is_bounded = step.0 != Endpoint::Create && step.0 != Endpoint::Destroy;
                if limit != Limit::Wait || is_bounded {
                    cells.push(cell(drip.clone(), step, None, limit));
                }
            }
        }
        let running = (Endpoint::CommandStatus, 0);
        for cleanup in [Endpoint::Cancel, Endpoint::Destroy] {
            for limit in [Limit::Wait, Limit::Interrupt] {
                cells.push(cell(drip.clone(), running, Some(cleanup), limit));
            }
        }
    }
    cells
}
