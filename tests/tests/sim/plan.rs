//! The draws of a life: the caller's program, the client's settings, the server and the faults.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;

use crate::fault::{Fault, Timeline};

/// Everything that a seed decides.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) client: ClientPlan,
    pub(crate) server: ServerPlan,
    pub(crate) program: Program,
    pub(crate) interrupt: Option<InterruptPlan>,
    round_trip: Duration,
    /// Fraction of the requests with a fault.
    fault_rate: f64,
    /// Faults of this life. With a few kinds only, long sequences of one kind occur as well.
    faults: Vec<Fault>,
    /// Steps without a fault, to find the faults that matter.
    pub(crate) healthy: BTreeSet<u32>,
}

/// Moment of the interrupt. Steps are requests and pauses, counted from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InterruptPlan {
    pub(crate) step: u32,
    /// Position between the beginning and the end of the step.
    pub(crate) fraction: f64,
}

/// Settings of the client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientPlan {
    pub(crate) uses_oauth: bool,
    /// Attempts per call, if not the default.
    pub(crate) attempts: Option<u32>,
    /// Timeout of each call.
    pub(crate) timeout: Option<Duration>,
    /// Deadline of the whole life.
    pub(crate) deadline: Option<Duration>,
}

/// Behavior of the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerPlan {
    pub(crate) cluster_ready_at: Duration,
    pub(crate) start_time: Duration,
    pub(crate) context_failures: f64,
    pub(crate) evictions: f64,
    pub(crate) run_time: Duration,
    pub(crate) token_lifetime: Duration,
    /// Status code for expired tokens: 403, or else 401.
    pub(crate) rejects_with_403: bool,
}

/// Calls of the caller.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    /// `ContextBuilder` and `ExecutionContext`.
    Context(ContextPlan),
    /// Functions for single endpoints.
    Direct(DirectPlan),
}

#[derive(Clone, Debug)]
pub(crate) struct ContextPlan {
    pub(crate) cluster_timeout: Duration,
    pub(crate) attempts: u32,
    pub(crate) wait: Duration,
    pub(crate) cleanup_timeout: Duration,
    pub(crate) commands: Vec<CommandPlan>,
    pub(crate) end: End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandPlan {
    pub(crate) is_file: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) listens: bool,
    /// Moment at which the handle of the command cancels it. Steps are counted from its first one.
    pub(crate) cancel: Option<InterruptPlan>,
}

/// End of the life of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Close,
    Drop,
    /// Detaches, attaches again and closes.
    Reattach,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DirectPlan {
    pub(crate) wait: Duration,
    pub(crate) is_file: bool,
    /// Cancels the command instead of waiting for it.
    pub(crate) cancels: bool,
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let random = &mut Rng::with_seed(seed);
        let kinds = match random.u32(..3) {
            0 => 1,
            1 => 3,
            _ => Fault::ALL.len(),
        };
        let mut faults = Fault::ALL.to_vec();
        random.shuffle(&mut faults);
        faults.truncate(kinds);
        let interrupt = (random.u32(..3) == 0).then(|| InterruptPlan {
            // Most lives have few steps.
            step: random.u32(..6).pow(2) + random.u32(..4),
            fraction: [0.0, random.f64(), 1.0][random.usize(..3)],
        });
        let client = ClientPlan::new(random);
        let server = ServerPlan::new(random);
        let mut program = Program::new(random);
        program.draw_cancels(&mut Rng::with_seed(hash(seed ^ 1 << 63)));
        Self {
            seed,
            client,
            server,
            program,
            interrupt,
            round_trip: Duration::from_micros(1000 * 4_u64.pow(random.u32(..6)))
                .mul_f64(1.0 + random.f64()),
            fault_rate: [0.02, 0.05, 0.1, 0.2, 0.5, 0.9][random.usize(..6)],
            faults,
            healthy: BTreeSet::new(),
        }
    }

    /// Returns the timeline of a request, and its fault. It depends on the seed and the step only, so
    /// that it stays the same if earlier steps become healthy.
    pub(crate) fn timeline(&self, step: u32) -> (Timeline, Option<Fault>) {
        let random = &mut Rng::with_seed(self.seed ^ hash(u64::from(step)));
        let timeline = Timeline::healthy(random, self.round_trip);
        let has_fault = random.f64() < self.fault_rate && !self.healthy.contains(&step);
        if !has_fault {
            return (timeline, None);
        }
        let fault = self.faults[random.usize(..self.faults.len())];
        (timeline.with(fault, random), Some(fault))
    }
}

impl ClientPlan {
    fn new(random: &mut Rng) -> Self {
        Self {
            uses_oauth: random.bool(),
            attempts: (random.u32(..4) == 0).then(|| random.u32(1..8)),
            timeout: (random.u32(..4) == 0).then(|| time(random, 90)),
            deadline: (random.u32(..8) == 0).then(|| time(random, 600)),
        }
    }
}

impl ServerPlan {
    fn new(random: &mut Rng) -> Self {
        let rarely = |random: &mut Rng, max| match random.u32(..4) {
            0 => max,
            _ => 0.0,
        };
        Self {
            cluster_ready_at: match random.u32(..8) {
                0 => time(random, 400),
                _ => Duration::ZERO,
            },
            start_time: Duration::from_secs([0, 5, 60][random.usize(..3)]),
            context_failures: rarely(random, 0.6),
            evictions: rarely(random, 0.5),
            run_time: Duration::from_secs([0, 5, 100][random.usize(..3)]),
            token_lifetime: Duration::from_secs([60, 100, 3600][random.usize(..3)]),
            rejects_with_403: random.bool(),
        }
    }
}

impl Program {
    fn new(random: &mut Rng) -> Self {
        if random.u32(..4) == 0 {
            return Self::Direct(DirectPlan {
                wait: wait(random),
                is_file: random.bool(),
                cancels: random.bool(),
            });
        }
        let commands = random.usize(..4);
        Self::Context(ContextPlan {
            cluster_timeout: Duration::from_secs([0, 10, 300][random.usize(..3)]),
            attempts: random.u32(1..4),
            wait: wait(random),
            cleanup_timeout: Duration::from_millis(
                [0, 500, 5_000, 5_000, 30_000][random.usize(..5)],
            ),
            commands: (0..commands).map(|_| CommandPlan::new(random)).collect(),
            end: [End::Close, End::Drop, End::Reattach][random.usize(..3)],
        })
    }
}

impl Program {
    /// Draws the commands that are canceled by their handles. Other draws do not depend on them.
    fn draw_cancels(&mut self, random: &mut Rng) {
        if let Self::Context(plan) = self {
            for command in &mut plan.commands {
                let is_canceled = random.u32(..6) == 0;
                command.cancel = is_canceled.then(|| InterruptPlan::in_command(random));
            }
        }
    }

    /// Removes the cancellations by handles.
    pub(crate) fn without_cancels(mut self) -> Self {
        if let Self::Context(plan) = &mut self {
            for command in &mut plan.commands {
                command.cancel = None;
            }
        }
        self
    }
}

impl CommandPlan {
    fn new(random: &mut Rng) -> Self {
        Self {
            is_file: random.u32(..4) == 0,
            timeout: random.bool().then(|| time(random, 60)),
            listens: random.bool(),
            cancel: None,
        }
    }
}

impl InterruptPlan {
    /// Draws a moment of a command.
    fn in_command(random: &mut Rng) -> Self {
        Self {
            step: random.u32(..12),
            fraction: [0.0, random.f64(), 1.0][random.usize(..3)],
        }
    }
}

fn wait(random: &mut Rng) -> Duration {
    match random.u32(..3) {
        0 => Duration::from_secs(20 * 60),
        _ => time(random, 120),
    }
}

/// Draws a time of up to a number of seconds. Short ones are as frequent as long ones.
fn time(random: &mut Rng, max_seconds: u64) -> Duration {
    let max = max_seconds * 1000;
    let max = max >> random.u32(..8);
    Duration::from_millis(random.u64(..=max))
}

/// Spreads the bits of a number.
pub(crate) fn hash(number: u64) -> u64 {
    let number = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number ^ number >> 29
}
