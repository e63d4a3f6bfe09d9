//! Signals at random moments in the life of a process.
//!
//! A moment is the n-th event of the workspace: a request was received or processed, half of a response was
//! sent, or all of it. The workspace holds this event until the signal is sent, so that the moment does not
//! depend on the speed of the machine. In some lives, the signal is delayed by a time.
//!
//! ```text
//! SIGNAL_SEED=17 cargo test -p dbexec --test it signals      # one life, on both lines
//! SIGNAL_LIVES=1000 cargo test -p dbexec --test it signals   # instead of 100 on each line
//! ```

mod checks;
mod life;
mod plan;
mod scenario;
mod workspace;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{env, thread};

use self::life::End;
use self::plan::{Line, Plan};

/// Lives at the same time. Most of them wait.
const THREADS: usize = 8;

fn seeds() -> std::ops::Range<u64> {
    let variable = |name| env::var(name).ok()?.parse::<u64>().ok();
    match variable("SIGNAL_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("SIGNAL_LIVES").unwrap_or(100),
    }
}

/// Lives all plans, and returns the ends of their processes. Fails with the plans that have failed.
fn live_all(line: Line) -> Vec<End> {
    let seeds = seeds();
    let next = AtomicU64::new(seeds.start);
    let ends = Mutex::new(Vec::new());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(seed) =
                    Some(next.fetch_add(1, Ordering::SeqCst)).filter(|seed| seeds.contains(seed))
                {
                    match life::live(&Plan::new(seed, line)) {
                        Ok(end) => ends.lock().unwrap().push(end),
                        Err(failure) => failures.lock().unwrap().push(failure),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {seeds:?} have failed:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    ends.into_inner().unwrap()
}

/// Asserts that the moments were spread over the lives.
fn assert_are_spread(ends: &[End]) {
    if seeds().end - seeds().start < 100 {
        return;
    }
    let count = |end| ends.iter().filter(|other| **other == end).count();
    assert!(count(End::BySignal) >= ends.len() / 3, "{ends:?}");
    assert!(count(End::BeforeSignal) >= 1, "{ends:?}");
}

#[test]
fn fast_line() {
    assert_are_spread(&live_all(Line::Responsive(Duration::ZERO)));
}

#[test]
fn line_with_a_latency_of_400_ms() {
    assert_are_spread(&live_all(Line::Responsive(Duration::from_millis(400))));
}

#[test]
fn line_that_becomes_silent() {
    live_all(Line::Silent);
}

#[test]
fn session_on_a_terminal() {
    for seed in 0..8 {
        let end =
            life::live(&Plan::on_terminal(seed)).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(end, End::BySignal, "{seed}");
    }
}
