//! `dbexec run`: runs code and prints its results.
//!
//! ```text
//! run ──▶ step       one command for each file or cell: source, header, notebook, language
//!  ├────▶ prelude    arguments and parameters for the code: parameter
//!  ├────▶ job        steps one after the other, and their results
//!  │        ├────▶ contexts   execution contexts of the languages: target
//!  │        ├────▶ inputs     passes arguments and parameters to a step
//!  │        ├────▶ ending     messages for errors: traceback
//!  │        ├────▶ saved      notebook with the outputs
//!  │        └────▶ render     printing of results
//!  ├────▶ detach     one command that continues after the run
//!  └────▶ parallel   several jobs at the same time
//! ```

mod contexts;
mod detach;
mod ending;
mod inputs;
mod job;
mod parallel;
pub(crate) mod parameter;
mod prelude;
mod saved;
mod shared;
mod step;
mod traceback;

use generated_client::Leftovers;

use self::job::Job;
use self::prelude::Inputs;
use self::saved::SavedNotebook;
use self::shared::Run;
use self::step::Place;
use crate::cli::RunArgs;
use crate::error::{CliError, Exit};
use crate::handle::Handle;
use crate::header::{self, Header};
use crate::journal::Recorder;
use crate::out::Out;
use crate::report::Report;
use crate::source::Source;
use crate::target::Target;
use crate::{cluster, console, interrupt, local, render};

/// Messages for signals.
#[derive(Clone)]
struct Messages {
    leftovers: Leftovers,
    report: Report,
}

impl interrupt::Messages for Messages {
    fn print_first(&self) {
        // Canceling may take a while.
        console::eprintln(
            "interrupted: canceling the command; press Ctrl-C again to exit immediately",
        );
    }

    fn print_last(&self) {
        print_leftovers(&self.leftovers, "");
        let exit = interrupt::exit_code().unwrap_or(Exit::Interrupted as i32);
        self.report.write(
            exit,
            Some("error: interrupted; the clean-up was not completed"),
        );
    }
}

/// Runs the code, prints its results, and writes the report.
pub(crate) fn run(args: &RunArgs) -> Result<(), CliError> {
    let report = Report::new(args.report.as_deref())?;
    let result = run_and_print(args, &report);
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

fn run_and_print(args: &RunArgs, report: &Report) -> Result<(), CliError> {
    if args.local {
        local::remove_from_environment(&args.keep_env)?;
    }
    // Before the signal handlers are installed: Ctrl-C must stop reading standard input, and there
    // is nothing to clean up yet.
    let sources = Source::find_all(args.code.as_deref(), &args.files)?;
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
    let settings = step::Settings {
        language: args.language,
        inputs,
        as_command: args.as_command,
    };
    let steps = step::steps(sources, &headers, settings)?;
    parallel::check(args)?;
    detach::check(args, &steps)?;
    for step in &steps {
        let Place { origin, cell, .. } = &step.place;
        report.add_command(
            origin.to_string(),
            cell.map(|cell| cell.number),
            step.language,
        );
        if args.local {
            local::check_language(step.language, &args.interpreters)?;
        }
    }
    if let Some(directory) = &args.save_images {
        render::create_image_dir(directory)?;
    }
    let saved = SavedNotebook::of_run(args, original.as_deref(), &steps)?;
    let first_file = steps.iter().find_map(|step| step.place.origin.path());
    let recorder = Recorder::new(first_file.map(|path| path.display().to_string()));
    let leftovers = recorder.leftovers();
    let interrupt = interrupt::on_signals(Messages {
        leftovers: leftovers.clone(),
        report: report.clone(),
    })?;
    let target = Target::new(&args.target(), &interrupt)?;
    recorder.set_workspace(target.workspace.clone());
    report.set_cluster(&target.cluster_name, &target.cluster);

    let run = Run {
        target: &target,
        leftovers: &leftovers,
        recorder: &recorder,
        args,
        report,
        saved: &saved,
    };
    cluster::prepare(&target, args.start, args.timeout, &run.progress())?;
    let result = if let (true, [step]) = (args.detach, &steps[..]) {
        detach::run(&run, step)
    } else if let Some(threads) = args.parallel {
        parallel::run(&run, &steps, threads)
    } else {
        let progress = run.progress();
        job::run(&run, &Job::all(&steps), &Out::Streams, &progress)
    };
    saved.write();
    let message = result.as_ref().err().map(ToString::to_string);
    print_leftovers(&leftovers, &message.unwrap_or_default());
    result
}

/// Prints what remains on the cluster, except what the message of the error contains, and the commands that
/// end it.
fn print_leftovers(leftovers: &Leftovers, message: &str) {
    let list = leftovers.list();
    for leftover in &list {
        let text = leftover.to_string();
        if !message.contains(&text) {
            console::warn(text);
        }
    }
    let mut handles: Vec<Handle> = Vec::new();
    for leftover in &list {
        if let Some(context) = leftover.context_id() {
            let handle = Handle::context(leftover.cluster_id().as_str(), context.as_str());
            if handle.is_printable() && !handles.contains(&handle) {
                console::eprintln(format_args!("help: dbexec destroy {handle}"));
                handles.push(handle);
            }
        }
    }
}
