//! Simulation: the real client against a model server in memory, with simulated time and with faults
//! that are drawn from a seed. See README.md.
//!
//! `SIM_SEED` replays one life, `SIM_LIVES` sets the number of lives.

mod caller;
mod checks;
mod clock;
mod coverage;
mod fault;
mod invariants;
mod life;
mod network;
mod plan;
mod record;
mod request;
mod shrink;
mod workspace;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use std::{env, thread};

use self::coverage::Coverage;
use self::plan::Plan;

const DEFAULT_LIVES: u64 = 10_000;

/// Number of lives that a thread takes at a time.
const BATCH: u64 = 100;

#[test]
fn promises_hold_in_every_life() {
    if let Some(seed) = number("SIM_SEED") {
        return replay(seed);
    }
    let first = number("SIM_FIRST").unwrap_or(0);
    let lives = number("SIM_LIVES").unwrap_or(DEFAULT_LIVES);
    let start = Instant::now();
    let results = run_all(first, lives);
    let requests = results.requests;
    println!("{requests} requests in {:.1?}", start.elapsed());
    print!("{}", results.coverage);
    if let Some((seed, findings)) = results.failures.first_key_value() {
        for (kind, (seed, count)) in kinds(&results.failures) {
            println!("SIM_SEED={seed}, {count} findings: {kind}");
        }
        println!();
        print!("{}", shrink::explain(*seed));
        let count = results.failures.len();
        panic!("{count} of {lives} lives failed, SIM_SEED={seed}: {findings:?}");
    }
    if lives >= DEFAULT_LIVES {
        let missing = results.coverage.missing();
        assert!(
            missing.is_empty(),
            "events that never occurred: {missing:?}"
        );
    }
}

#[test]
fn seed_replays_exactly() {
    for seed in 0..200 {
        let lives = [false, true].map(|keeps_history| {
            let report = life::run(Plan::new(seed), keeps_history);
            (report.requests, report.end, report.events)
        });
        assert_eq!(lives[0], lives[1], "SIM_SEED={seed}");
    }
}

/// The events, the failed lives with their findings, and the number of requests.
struct Results {
    coverage: Coverage,
    failures: BTreeMap<u64, Vec<String>>,
    requests: usize,
}

fn run_all(first: u64, lives: u64) -> Results {
    let next = AtomicU64::new(0);
    let results = Mutex::new(Results {
        coverage: Coverage::new(),
        failures: BTreeMap::new(),
        requests: 0,
    });
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || loop {
        let begin = next.fetch_add(BATCH, Ordering::Relaxed);
        if begin >= lives {
            return;
        }
        let mut coverage = Coverage::new();
        let mut requests = 0;
        for number in begin..lives.min(begin + BATCH) {
            let seed = first + number;
            let report = life::run(Plan::new(seed), false);
            coverage.add(report.events);
            requests += report.requests;
            if !report.findings.is_empty() {
                results
                    .lock()
                    .unwrap()
                    .failures
                    .insert(seed, report.findings);
            }
        }
        let mut results = results.lock().unwrap();
        results.coverage.merge(&coverage);
        results.requests += requests;
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    results.into_inner().unwrap()
}

/// Groups findings that differ in numbers only. Returns the first seed of each kind and the number of
/// its findings.
fn kinds(failures: &BTreeMap<u64, Vec<String>>) -> BTreeMap<String, (u64, usize)> {
    let mut kinds = BTreeMap::new();
    for (seed, findings) in failures {
        for finding in findings {
            let kind = finding.replace(|c: char| c.is_ascii_digit(), "_");
            let (_, count) = kinds.entry(kind).or_insert((*seed, 0));
            *count += 1;
        }
    }
    kinds
}

/// Runs one life and prints all its steps.
fn replay(seed: u64) {
    print!("{}", shrink::explain(seed));
    let findings = life::run(Plan::new(seed), false).findings;
    assert!(findings.is_empty(), "SIM_SEED={seed}: {findings:?}");
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().expect("the variable should be a number"))
}
