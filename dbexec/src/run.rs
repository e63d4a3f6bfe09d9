//! `dbexec run`: runs code and prints its results.
//!
//! ```text
//! run ──▶ parts      files and cells: source, header, notebook, language
//!  │        ├────▶ part       one command, or the statements of SQL: statements, step, place, syntax
//!  │        └────▶ prelude    arguments and parameters for the code: parameter
//!  ├────▶ job        parts one after the other, and their results
//!  │        ├────▶ contexts   execution contexts of the languages: target
//!  │        ├────▶ inputs     passes arguments and parameters to a step
//!  │        ├────▶ ending     messages for errors: traceback, sql_position
//!  │        ├────▶ saved      notebook with the outputs
//!  │        └────▶ render     printing of results
//!  ├────▶ jar        library that is installed before the code runs
//!  ├────▶ detach     one command that continues after the run
//!  └────▶ parallel   several jobs at the same time
//! ```

mod contexts;
mod detach;
pub(crate) mod ending;
mod inputs;
mod job;
mod parallel;
pub(crate) mod parameter;
pub(crate) mod part;
pub(crate) mod parts;
mod place;
pub(crate) mod prelude;
mod saved;
mod shared;
mod sql_position;
mod statements;
pub(crate) mod step;
pub(crate) mod traceback;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use generated_client::{Interrupt, Leftovers};

use self::job::Job;
use self::part::Part;
use self::parts::Settings;
use self::place::Place;
use self::prelude::Inputs;
use self::saved::SavedNotebook;
use self::shared::Run;
use crate::cli::RunArgs;
use crate::elapsed::clock;
use crate::error::{CliError, Exit};
use crate::fs::Status;
use crate::header::{self, Header};
use crate::jar::{Installation, Jar};
use crate::journal::Recorder;
use crate::language::Language;
use crate::out::Out;
use crate::progress::Mode;
use crate::report::Report;
use crate::source::Source;
use crate::target::Target;
use crate::{cluster, console, interrupt, local, remains, render};

/// Messages for signals.
#[derive(Clone)]
struct Messages {
    leftovers: Leftovers,
    report: Report,
    /// Set before the first request. Until then, e.g. while standard input is read, a signal ends the process.
    has_started: Arc<AtomicBool>,
    upload: Status,
    /// Set if nothing remains after this process.
    is_local: bool,
}

impl interrupt::Messages for Messages {
    fn ends_at_once(&self) -> bool {
        !self.has_started.load(Ordering::SeqCst)
    }

    fn print_first(&self, raise: &dyn Fn()) {
        remains::print_interrupted(&self.leftovers, raise);
    }

    fn print_last(&self) {
        if !self.is_local {
            remains::print(&self.leftovers, "");
        }
        interrupt::Messages::print_last(&self.upload);
        let exit = interrupt::exit_code().unwrap_or(Exit::Interrupted as i32);
        let message = if self.ends_at_once() {
            "interrupted: no request was sent"
        } else {
            "interrupted: the clean-up was not completed"
        };
        self.report.write(exit, Some(message));
    }
}

/// Runs the code, prints its results, and writes the report. A JAR is installed before.
pub(crate) fn run(args: &RunArgs, jar: Option<&Path>) -> Result<(), CliError> {
    if args.target.local {
        // It executes this program again.
        local::remove_from_environment(&args.target.keep_env)?;
    }
    let report = Report::new(args.report.as_deref())?;
    let recorder = Recorder::default();
    let messages = Messages {
        leftovers: if args.target.local {
            Leftovers::default()
        } else {
            leftovers(&recorder, &report)
        },
        report: report.clone(),
        has_started: Arc::default(),
        upload: Status::default(),
        is_local: args.target.local,
    };
    let interrupt = interrupt::on_signals(messages.clone())?;
    let result = run_and_print(args, jar, &messages, &recorder, &interrupt);
    let _end = interrupt::hold_end();
    let result = result.and_then(|()| match interrupt::exit_code() {
        None => Ok(()),
        Some(_) => Err(CliError::interrupted(
            "the code had ended; the results are complete",
        )),
    });
    let exit = match &result {
        Ok(()) => 0,
        Err(error) if error.exit() == Exit::Interrupted => {
            interrupt::exit_code().unwrap_or(Exit::Interrupted as i32)
        }
        Err(error) => error.exit() as i32,
    };
    let message = result.as_ref().err().map(ToString::to_string);
    report.write(exit, message.as_deref());
    result
}

/// Returns a record of contexts that remain whose changes are written to the journal and the report.
fn leftovers(recorder: &Recorder, report: &Report) -> Leftovers {
    let (recorder, report) = (recorder.clone(), report.clone());
    Leftovers::observed(move |event| {
        recorder.record(event);
        report.record(event);
    })
}

fn run_and_print(
    args: &RunArgs,
    jar: Option<&Path>,
    messages: &Messages,
    recorder: &Recorder,
    interrupt: &Interrupt,
) -> Result<(), CliError> {
    let Messages {
        leftovers,
        report,
        upload,
        ..
    } = messages;
    let start = Instant::now();
    let sources = find_sources(args)?;
    let headers = sources
        .iter()
        .map(|source| Header::read(&source.origin.to_string(), &source.code.start()))
        .collect::<Result<Vec<_>, _>>()?;
    let with_headers = header::apply(&headers)?;
    let args = with_headers.as_ref().unwrap_or(args);
    let inputs = Inputs {
        arguments: &args.arguments,
        parameters: &args.param,
    };
    let original = saved::original(args, &sources)?;
    let jar = jar.map(Jar::open).transpose()?;
    let has_files = sources.iter().any(|source| source.origin.path().is_some());
    let default_language = jar.as_ref().filter(|_| !has_files).map(|_| Language::Scala);
    let settings = Settings {
        language: args.language.or(default_language),
        inputs,
        as_command: args.as_command,
    };
    let parts = parts::parts(sources, &headers, settings)?;
    parallel::check(args)?;
    detach::check(args, &parts)?;
    for part in &parts {
        let Place { origin, cell, .. } = part.place();
        let cell = cell.map(|cell| cell.number);
        report.add_command(origin.to_string(), cell, part.language(), part.count());
        if args.target.local {
            local::check_language(part.language(), &args.target.interpreters)?;
        }
    }
    if let Some(directory) = &args.save_images {
        render::create_image_dir(directory)?;
    }
    let saved = SavedNotebook::of_run(args, original.as_deref(), &parts)?;
    let first_file = parts.iter().find_map(|part| part.place().origin.path());
    recorder.set_file(first_file.map(|path| path.display().to_string()));
    {
        let _end = interrupt::hold_end();
        messages.has_started.store(true, Ordering::SeqCst);
    }
    let target = Target::new(
        &args.target.selection(args.context.as_ref(), args.timeout),
        interrupt,
    )?;
    recorder.set_workspace(target.workspace.clone());
    report.set_cluster(&target.cluster_name, &target.cluster);
    let run = Run {
        target: &target,
        leftovers,
        recorder,
        args,
        report,
        saved: &saved,
    };
    prepare_cluster(&run, jar.as_ref(), upload)?;
    let result = saved.write(run_parts(&run, &parts));
    let message = result.as_ref().err().map(ToString::to_string);
    if !target.is_local() {
        remains::print(leftovers, &message.unwrap_or_default());
    }
    if jar.is_some() && result.is_ok() && !args.detach && args.progress.mode != Mode::None {
        print_end(start, target.is_local());
    }
    result
}

/// Finds the code in the arguments or standard input.
fn find_sources(args: &RunArgs) -> Result<Vec<Source>, CliError> {
    let sources = Source::find_all(args.code.as_deref(), &args.files);
    sources.map_err(|error| match args.arguments.first() {
        Some(argument) if args.files.is_empty() => error.note(format_args!(
            "`{argument}` after `--` is an argument for the code; a file that starts with `-` is `./-FILE`"
        )),
        _ => error,
    })
}

/// Starts the cluster if requested, and installs the JAR.
fn prepare_cluster(run: &Run<'_>, jar: Option<&Jar>, upload: &Status) -> Result<(), CliError> {
    let Run { args, target, .. } = *run;
    let progress = run.progress();
    cluster::prepare(target, args.target.start, args.timeout, &progress)?;
    let Some(jar) = jar else {
        return Ok(());
    };
    jar.install(&Installation {
        target,
        timeout: args.timeout,
        cleanup_timeout: args.cleanup_timeout,
        progress: &progress,
        is_quiet: args.progress.mode == Mode::None,
        status: upload,
    })
}

fn run_parts(run: &Run<'_>, parts: &[Part]) -> Result<(), CliError> {
    if let (true, [part @ Part::Command(step)]) = (run.args.detach, parts) {
        return detach::run(run, part, step);
    }
    if let Some(threads) = run.args.parallel {
        return parallel::run(run, parts, threads);
    }
    job::run(run, &Job::all(parts), &Out::Streams, &run.progress())
}

/// Prints the time of `dbexec jar`, and that the library remains.
fn print_end(start: Instant, is_local: bool) {
    let elapsed = clock(start.elapsed());
    if is_local {
        console::eprintln(format_args!("done in {elapsed}"));
    } else {
        console::eprintln(format_args!(
            "done in {elapsed}; library stays attached until restart"
        ));
    }
}
