//! Cells: checks that run in parallel and report all findings.

use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use std::{env, thread};

use crate::capture;
use crate::observed::{Accepted, Observed};

/// More threads than cores, because many cells wait for a timeout.
const THREADS: usize = 16;

/// A named check.
pub(crate) struct Cell {
    name: String,
    check: Box<Check>,
}

/// Returns the observations of a cell with the values that it accepts, for each of its calls.
type Check = dyn Fn(&mut Findings) -> Vec<(Observed, Accepted)> + Send + Sync;

impl Cell {
    /// Creates a cell with one call, or one life of a context.
    pub(crate) fn new(
        name: impl Into<String>,
        check: impl Fn(&mut Findings) -> (Observed, Accepted) + Send + Sync + 'static,
    ) -> Self {
        Self::with_calls(name, move |findings| vec![check(findings)])
    }

    /// Creates a cell with several calls.
    pub(crate) fn with_calls(
        name: impl Into<String>,
        check: impl Fn(&mut Findings) -> Vec<(Observed, Accepted)> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            check: Box::new(check),
        }
    }

    fn seed(&self, seed: u64) -> u64 {
        // FNV-1a of the name: the seed of a cell does not depend on other cells.
        self.name.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    fn run(&self, seed: u64) -> Vec<String> {
        capture::take();
        // The client draws the jitter of retry delays from this generator.
        fastrand::seed(self.seed(seed));
        let mut findings = Findings::default();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let calls = (self.check)(&mut findings);
            findings.check(!calls.is_empty(), "nothing was called");
            for (observed, accepted) in calls {
                observed.check(&mut findings, &accepted);
            }
        }));
        if let Err(panic) = result {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            findings.add(format!("panicked: {}", text.unwrap_or("?")));
        }
        findings.0
    }
}

/// Deviations that a cell has found.
#[derive(Default)]
pub(crate) struct Findings(Vec<String>);

impl Findings {
    pub(crate) fn add(&mut self, text: impl Into<String>) {
        self.0.push(text.into());
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn check(&mut self, holds: bool, text: impl Into<String>) {
        if !holds {
            self.add(text);
        }
    }

    pub(crate) fn equal<T: PartialEq + Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found != expected {
            self.add(format!("{what} is {found:?}, not {expected:?}"));
        }
    }
}

/// Runs the cells whose name contains `FAULT_CELL`, with the seed `FAULT_SEED` (default 1).
///
/// # Panics
///
/// If there are findings, after all cells have run.
pub(crate) fn run(title: &str, cells: Vec<Cell>) {
    run_on(THREADS, title, cells);
}

/// Like [`run`], for cells that do nothing but wait.
pub(crate) fn run_sleeping(title: &str, cells: Vec<Cell>) {
    run_on(4 * THREADS, title, cells);
}

fn run_on(threads: usize, title: &str, mut cells: Vec<Cell>) {
    capture::install();
    let seed = env::var("FAULT_SEED").map_or(1, |seed| {
        seed.parse().expect("`FAULT_SEED` should be a number")
    });
    if let Ok(part) = env::var("FAULT_CELL") {
        cells.retain(|cell| cell.name.contains(&part));
    }
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads.min(cells.len()) {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let findings = cell.run(seed);
                    if !findings.is_empty() {
                        failed.lock().unwrap().push((&cell.name, findings));
                    }
                }
            });
        }
    });
    println!("{title}: {} cells in {:.1?}", cells.len(), start.elapsed());
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    let mut text = String::new();
    for (name, findings) in &failed {
        writeln!(text, "{name} (FAULT_SEED={seed})").unwrap();
        for finding in findings {
            writeln!(text, "    {finding}").unwrap();
        }
    }
    assert!(failed.is_empty(), "{} cells failed:\n{text}", failed.len());
}
