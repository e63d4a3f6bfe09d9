//! Files that run in parallel, each in separate contexts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::job::{self, Job};
use super::part::Part;
use super::shared::Run;

use crate::cli::RunArgs;
use crate::console;
use crate::elapsed::clock;
use crate::error::{CliError, Exit};
use crate::out::{Block, Out, Prefixed};
use crate::progress::Mode;
use crate::render::Format;

/// Checks that the output of several files can be printed.
pub(super) fn check(args: &RunArgs) -> Result<(), CliError> {
    if args.parallel.is_some() && args.results.output == Format::Json {
        return Err(
            CliError::usage("`--parallel` prints no single JSON document")
                .help("use `--output ndjson`"),
        );
    }
    let is_by_line = matches!(args.results.output, Format::Text | Format::Ndjson);
    if args.interleave && !is_by_line {
        return Err(CliError::usage("`--interleave` prints single lines")
            .help("use `--output text` or `--output ndjson`"));
    }
    Ok(())
}

/// Result of a job.
struct Done {
    result: Result<(), CliError>,
    elapsed: Duration,
}

/// Runs each file as a job, up to a number of them at the same time. All files run, even if one fails.
pub(super) fn run(run: &Run<'_>, parts: &[Part], threads: usize) -> Result<(), CliError> {
    let jobs = jobs(parts);
    let outs: Vec<Out> = jobs.iter().map(|job| out(run.args, job)).collect();
    let results: Mutex<Vec<Option<Done>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let progress = run.progress();
    progress.set_parts(0, jobs.len());
    let work = || {
        while let Some((index, job)) = claim(&next, &jobs) {
            if run.target.client.interrupt().is_raised() {
                return;
            }
            let start = Instant::now();
            let result = job::run(run, job, &outs[index], &progress.file());
            if let Err(error) = &result {
                outs[index].eprintln(error);
                progress.add_failed(&name(job));
            }
            let elapsed = start.elapsed();
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results[index] = Some(Done { result, elapsed });
            progress.set_parts(results.iter().flatten().count(), jobs.len());
            open_complete(&outs, &results);
        }
    };
    open_complete(&outs, &[]);
    thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            // Without a further thread, fewer files run at the same time.
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    drop(progress);
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    summarize(run, &jobs, &results)
}

/// Splits the parts by file.
fn jobs(parts: &[Part]) -> Vec<Job<'_>> {
    let mut jobs = Vec::new();
    let mut first = 0;
    for parts in parts.chunk_by(|a, b| a.place().file == b.place().file) {
        jobs.push(Job {
            parts,
            first,
            is_whole_run: false,
        });
        first += parts.len();
    }
    jobs
}

fn claim<'j, 's>(next: &AtomicUsize, jobs: &'j [Job<'s>]) -> Option<(usize, &'j Job<'s>)> {
    let index = next.fetch_add(1, Ordering::SeqCst);
    jobs.get(index).map(|job| (index, job))
}

fn out(args: &RunArgs, job: &Job<'_>) -> Out {
    if args.interleave {
        Out::Prefixed(Arc::new(Prefixed::new(name(job))))
    } else {
        Out::Block(Arc::default())
    }
}

fn name(job: &Job<'_>) -> String {
    let first = job.parts.first();
    first
        .map(|part| part.place().origin.to_string())
        .unwrap_or_default()
}

/// Opens the blocks of the jobs that are complete, and that of the first other one.
fn open_complete(outs: &[Out], results: &[Option<Done>]) {
    let complete = results.iter().take_while(|result| result.is_some()).count();
    for (index, out) in outs.iter().enumerate() {
        let result = match out {
            Out::Block(block) if index <= complete => Block::open(block),
            Out::Prefixed(lines) if results.get(index).is_some_and(Option::is_some) => {
                lines.finish()
            }
            _ => Ok(()),
        };
        // A closed standard output has interrupted the run.
        let _ = console::check(result);
    }
}

/// Prints the end of each job, and returns the error of the run.
fn summarize(run: &Run<'_>, jobs: &[Job<'_>], results: &[Option<Done>]) -> Result<(), CliError> {
    let names: Vec<_> = jobs.iter().map(name).collect();
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    let is_interrupted = results.iter().any(Option::is_none);
    let state_width = if is_interrupted {
        "not run".len()
    } else {
        "failed".len()
    };
    let mut first_error: Option<Exit> = None;
    let mut failed = 0;
    for (name, done) in names.iter().zip(results) {
        let (state, end) = match done {
            Some(Done { result: Ok(()), .. }) if run.args.progress.mode == Mode::None => continue,
            Some(Done {
                result: Ok(()),
                elapsed,
            }) => ("done", clock(*elapsed)),
            Some(Done {
                result: Err(error),
                elapsed,
            }) => {
                failed += 1;
                first_error.get_or_insert(error.exit());
                ("failed", format!("{}  {}", clock(*elapsed), error.brief()))
            }
            None => {
                failed += 1;
                first_error.get_or_insert(Exit::Interrupted);
                ("not run", String::new())
            }
        };
        console::eprintln(format!("{name:width$}  {state:state_width$}  {end}").trim_end());
    }
    match first_error {
        None => Ok(()),
        Some(exit) => {
            let contexts = if run.report.are_contexts_destroyed() {
                "contexts destroyed"
            } else {
                "not all contexts destroyed"
            };
            let message = format!("{failed} of {} failed; {contexts}", jobs.len());
            Err(CliError::with_exit(exit, message))
        }
    }
}
