//! `dbexec repl`: an interactive session.
//!
//! ```text
//! repl ──▶ session          inputs, and the state between them
//!   │        ├────▶ lines          thread that reads lines: editor, pipe; event is its protocol
//!   │        │        └─▶ editor   highlight, completion, history: sql_tables
//!   │        ├────▶ inputs         inputs of several lines: complete_input
//!   │        └────▶ names          names of the interpreters
//!   ├────▶ reactions        commands that begin with a colon: command, edit, export, save
//!   ├────▶ execution        inputs and files: file, incomplete
//!   │        └────▶ runner         commands of the API and their results: contexts, failure
//!   ├────▶ banner           first line
//!   ├────▶ signals          Ctrl-C, and the end by a signal
//!   └────▶ terminal         settings of the terminal
//! ```

mod banner;
mod command;
mod complete_input;
mod completion;
mod contexts;
mod edit;
mod editor;
mod event;
mod execution;
mod export;
mod failure;
mod file;
mod highlight;
mod history;
mod incomplete;
mod inputs;
mod lines;
mod names;
mod pipe;
mod reactions;
mod runner;
mod save;
mod session;
mod signals;
mod sql_tables;
mod terminal;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::mpsc::channel;

use generated_client::Leftovers;

use self::contexts::Contexts;
use self::lines::LineReader;
use self::runner::Runner;
use self::session::Session;
use self::signals::Signals;
use self::terminal::TerminalSettings;
use crate::cli::ReplArgs;
use crate::context::ContextSettings;
use crate::error::{CliError, Exit};
use crate::journal::Recorder;
use crate::language::Language;
use crate::progress::Progress;
use crate::target::Target;
use crate::timeout::Timeout;
use crate::{cluster, console, interrupt, local, remains, render};

/// Reads and runs inputs until the end of the session.
pub(crate) fn repl(args: &ReplArgs) -> Result<(), CliError> {
    if args.target.local {
        local::remove_from_environment(&args.target.keep_env)?;
    }
    let language = Language::or_default(args.language)?;
    if let Some(directory) = &args.save_images {
        render::create_image_dir(directory)?;
    }
    let terminal = TerminalSettings::save();
    // Keys that are pressed before the first prompt are read there.
    terminal.disable_end_key();
    let result = run_session(args, language, &terminal);
    terminal.restore();
    result
}

fn run_session(
    args: &ReplArgs,
    language: Language,
    terminal: &TerminalSettings,
) -> Result<(), CliError> {
    let is_terminal = io::stdin().is_terminal();
    let recorder = Recorder::default();
    recorder.set_file(Some("repl".to_owned()));
    let leftovers = if args.target.local {
        Leftovers::default()
    } else {
        recorder.leftovers()
    };
    let (sender, events) = channel();
    let signals = Signals::new(
        is_terminal,
        args.target.local,
        sender.clone(),
        terminal.clone(),
        leftovers.clone(),
    );
    let interrupt = interrupt::on_signals(signals.clone())?;
    let target = Target::new(
        &args.target.selection(args.context.as_ref(), Timeout::NONE),
        &interrupt,
    )?;
    recorder.set_workspace(target.workspace.clone());
    cluster::prepare(
        &target,
        args.target.start,
        Timeout::NONE,
        &Progress::new(args.progress.mode, Timeout::NONE),
    )?;
    if is_terminal {
        let cluster = banner::cluster(&target)?;
        console::eprintln(format_args!("{cluster}. :help, Ctrl-D ends"));
    }
    signals.begin_inputs();

    let settings = ContextSettings {
        target: &target,
        leftovers: &leftovers,
        timeout: Timeout::NONE,
        cleanup_timeout: args.cleanup_timeout,
    };
    let image_dir = args.save_images.as_deref().unwrap_or(Path::new(""));
    let runner = Runner {
        contexts: Contexts::new(settings, signals.clone(), args.context.as_ref(), args.keep),
        signals: signals.clone(),
        options: args.results.options(image_dir),
        progress: args.progress.mode,
        is_interactive: is_terminal,
    };
    let edited = is_terminal.then(|| terminal.clone());
    let reader = LineReader::start(edited, sender, move || signals.end_line())
        .map_err(|error| CliError::service(format!("cannot read standard input: {error}")))?;
    let mut session = Session::new(
        runner,
        reader,
        terminal.clone(),
        events,
        interrupt.clone(),
        target.cluster_name.clone(),
        language,
    );
    let result = session.run();
    if interrupt.is_raised() {
        // The line that is edited is abandoned.
        terminal.end_line();
    } else {
        terminal.restore();
    }
    let contexts = &mut session.runner.contexts;
    let state = (!contexts.is_empty()).then(|| contexts.close());
    let result = match (result, state) {
        (Ok(()), Some(state)) if is_terminal => {
            console::eprintln(state);
            Ok(())
        }
        (Err(error), Some(state)) if error.exit() == Exit::Interrupted => Err(
            CliError::interrupted(format_args!("{}, {state}", error.message())),
        ),
        (result, _) => result,
    };
    let message = result.as_ref().err().map(ToString::to_string);
    if !target.is_local() {
        remains::print(&leftovers, &message.unwrap_or_default());
    }
    result
}
