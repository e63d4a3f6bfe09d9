//! One life: a caller with a client, from a plan to the violated invariants.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::caller;
use crate::coverage::Events;
use crate::invariants;
use crate::plan::{Plan, hash};
use crate::world::{SharedWorld, World};

/// Result of a life.
pub(crate) struct Report {
    /// Violated invariants.
    pub(crate) findings: Vec<String>,
    pub(crate) events: Events,
    /// All steps, if they were kept.
    pub(crate) history: Vec<String>,
    /// Number of requests.
    pub(crate) requests: usize,
    /// Simulated time at the end.
    pub(crate) end: Duration,
}

/// Runs a life. The same plan leads to the same life.
pub(crate) fn run(plan: Plan, keeps_history: bool) -> Report {
    // The client draws its pauses from the generator of the thread.
    fastrand::seed(hash(plan.seed));
    let world = SharedWorld::new(World::new(plan, keeps_history));
    let result = catch_unwind(AssertUnwindSafe(|| caller::run(&world)));
    let mut world = world.lock();
    if let Err(panic) = result {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        world.find(format!("panicked: {}", text.unwrap_or("unknown")));
    }
    world.settle();
    invariants::check(&mut world);
    Report {
        findings: std::mem::take(&mut world.findings),
        events: world.events,
        history: world.take_history(),
        requests: world.sends.len(),
        end: world.now(),
    }
}
