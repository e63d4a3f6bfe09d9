//! Interrupts at each phase of each call in the life of a context. The server responds afterwards.

use std::time::Duration;

use api_runtime::{Delivery, Interrupt, SystemClock};

use crate::cell::{Cell, run_sleeping};
use crate::contexts::STEPS;
use crate::deadlines::{MAX_TIME, TOO_LATE};
use crate::life::{self, Life};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Rig, timeouts};
use Step::{Execute, ReadAll, ReadHead, Respond, RespondWith};

/// Time for the clean-up, which is not used up on a busy machine.
const CLEANUP: Duration = Duration::from_secs(3600);

/// Returns the steps of the server, by the phase in which the interrupt is raised.
fn phases(raise: &Step) -> [(&'static str, Fault); 6] {
    let head_begins: fn(&Response) -> Vec<u8> = |a| a.bytes()[..a.head_len() / 2].to_vec();
    let head_ends: fn(&Response) -> Vec<u8> = |a| a.bytes()[a.head_len() / 2..].to_vec();
    let body_begins: fn(&Response) -> Vec<u8> = |a| a.bytes()[..=a.head_len()].to_vec();
    let body_ends: fn(&Response) -> Vec<u8> = |a| a.bytes()[a.head_len() + 1..].to_vec();
    let raise = || raise.clone();
    [
        (
            "after the request head",
            [ReadHead, raise(), ReadAll, Execute, Respond].into(),
        ),
        (
            "before executing",
            [ReadAll, raise(), Execute, Respond].into(),
        ),
        (
            "after executing",
            [ReadAll, Execute, raise(), Respond].into(),
        ),
        (
            "in the response head",
            [
                ReadAll,
                Execute,
                RespondWith(head_begins),
                raise(),
                RespondWith(head_ends),
            ]
            .into(),
        ),
        (
            "in the response body",
            [
                ReadAll,
                Execute,
                RespondWith(body_begins),
                raise(),
                RespondWith(body_ends),
            ]
            .into(),
        ),
        (
            "after the response",
            [ReadAll, Execute, Respond, raise()].into(),
        ),
    ]
}

/// Index of the last phase.
const AFTER_RESPONSE: usize = 5;

/// `first` is the call that is interrupted for the first time, if there is another one before that of
/// the cell.
fn cell(phase: usize, first: Option<(Endpoint, usize)>, call: (Endpoint, usize)) -> Cell {
    let (endpoint, nth) = call;
    let (name, _) = phases(&ReadHead)[phase];
    let before = first.map_or(String::new(), |(at, nth)| format!("{} {nth}, ", at.name()));
    let name = format!("interrupt: {before}{} {nth} {name}", endpoint.name());
    Cell::new(name, move |findings| {
        let interrupt = Interrupt::new();
        let raised = interrupt.clone();
        let raise = Step::call(move || raised.raise());
        let server = MockServer::start(move |called, at| {
            let is_interrupted = (called, at) == call || Some((called, at)) == first;
            is_interrupted.then(|| phases(&raise)[phase].1.clone())
        });
        let rig = Rig::with(&server.url(), |builder| {
            builder
                .interrupt(interrupt.clone())
                .timeouts(timeouts(TOO_LATE))
                .clock(SystemClock)
        });
        let builder = life::builder().cleanup_timeout(CLEANUP);
        let life = Life::new(&rig.client, &builder);
        let observed = life.observe(findings, &rig, &server, endpoint);
        // The end of a canceled command is awaited.
        let more = if endpoint.is_read_only() { 5 } else { 0 };
        let requests = nth + 1..=nth + 1 + more;
        let mut accepted = life.accepted(requests, true, Duration::ZERO..=MAX_TIME);
        // All responses arrive in time.
        accepted.contexts = 0..=0;
        let unknown = Some(Delivery::Unknown);
        if phase == AFTER_RESPONSE {
            // The interrupt comes before or after any of the next requests.
            return (observed, accepted);
        }
        findings.check(interrupt.is_raised(), "the call was not reached");
        let is_canceled = endpoint != Endpoint::Destroy || first.is_some();
        accepted.deliveries = vec![if is_canceled { unknown } else { None }];
        if endpoint.is_read_only() {
            // If the response is noticed before the interrupt and ends the wait, the next request is
            // not sent.
            accepted.deliveries.push(Some(Delivery::NotProcessed));
        }
        (observed, accepted)
    })
}

#[test]
fn interrupted_lives_leave_nothing() {
    run_sleeping("interrupts", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for phase in 0..phases(&ReadHead).len() {
        for call in STEPS {
            cells.push(cell(phase, None, call));
        }
        let running = (Endpoint::CommandStatus, 0);
        for cleanup in [(Endpoint::Cancel, 0), (Endpoint::Destroy, 0)] {
            cells.push(cell(phase, Some(running), cleanup));
        }
    }
    cells
}
