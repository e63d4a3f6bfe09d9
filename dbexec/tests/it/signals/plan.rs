//! Plan of a life, which is drawn from its seed.

use std::time::Duration;

use fastrand::Rng;
use rustix::process::Signal;

use super::scenario::{SCENARIOS, Scenario};

/// Line to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Responds after this time.
    Responsive(Duration),
    /// Never responds from some event on.
    Silent,
}

/// A signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// Event of the workspace that waits for the signal, from 1. 0 is the start of the process.
    pub(super) event: usize,
    /// Time between the event, which then does not wait, and the signal.
    pub(super) delay: Option<Duration>,
    pub(super) signal: Signal,
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) line: Line,
    pub(super) scenario: &'static Scenario,
    /// Number of polls after which a command ends. `None` is never.
    pub(super) polls: Option<usize>,
    /// In the order of their events.
    pub(super) moments: Vec<Moment>,
    /// Last event before the workspace becomes silent.
    pub(super) last_event: usize,
    pub(super) is_on_terminal: bool,
}

impl Plan {
    pub(super) fn new(seed: u64, line: Line) -> Self {
        let mut random = Rng::with_seed(seed);
        // One scenario after the other, so that all occur.
        let index = usize::try_from(seed).unwrap() % SCENARIOS.len();
        let scenario = &SCENARIOS[index];
        let polls = random.bool().then(|| random.usize(0..3));
        let first = moment(&mut random, scenario.events());
        let mut moments = vec![first];
        // A second signal ends the process immediately.
        if random.usize(0..4) == 0 {
            let second = moment(&mut random, 8);
            moments.push(Moment {
                event: first.event + 1 + second.event,
                ..second
            });
        }
        let last_event = match line {
            Line::Responsive(_) => usize::MAX,
            Line::Silent => first.event.saturating_sub(random.usize(0..3)) + random.usize(0..3),
        };
        Self {
            seed,
            line,
            scenario,
            polls,
            moments,
            last_event,
            is_on_terminal: false,
        }
    }

    /// Returns a plan of a session on a terminal whose first command never ends.
    pub(super) fn on_terminal(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut sessions = SCENARIOS.iter().filter(|scenario| scenario.is_session());
        Self {
            seed,
            line: Line::Responsive(Duration::ZERO),
            scenario: sessions.next().unwrap(),
            polls: None,
            moments: vec![Moment {
                event: random.usize(0..30),
                delay: None,
                // Ctrl-C does not end a session.
                signal: [Signal::TERM, Signal::HUP][random.usize(0..2)],
            }],
            last_event: usize::MAX,
            is_on_terminal: true,
        }
    }

    pub(super) fn latency(&self) -> Duration {
        match self.line {
            Line::Responsive(latency) => latency,
            Line::Silent => Duration::ZERO,
        }
    }
}

fn moment(random: &mut Rng, events: usize) -> Moment {
    Moment {
        event: random.usize(0..=events),
        delay: (random.usize(0..3) == 0).then(|| Duration::from_millis(random.u64(0..400))),
        signal: [Signal::INT, Signal::TERM, Signal::HUP][random.usize(0..3)],
    }
}
