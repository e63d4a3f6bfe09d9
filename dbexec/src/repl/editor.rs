//! Line editor of a terminal.

use std::borrow::Cow;
use std::cell::RefCell;
use std::env;
use std::sync::mpsc::{Receiver, Sender};

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, ColorMode, CompletionType, Config, Context, Editor, Helper};

use super::command;
use super::completion::Completion;
use super::event::{Event, LineRequest, Read, Request};
use super::highlight::highlight;
use super::history::{History, MAX_ENTRIES};
use super::terminal::TerminalSettings;
use crate::language::Language;

/// Reads a line from the terminal for each request, until the end. Calls `on_end` before the event of each line.
pub(super) fn serve(
    requests: &Receiver<Request>,
    events: &Sender<Event>,
    terminal: &TerminalSettings,
    on_end: &dyn Fn(),
) {
    let mut editor = match editor(events.clone()) {
        Ok(editor) => editor,
        Err(error) => {
            let _ = events.send(Event::Read(Read::Failed(format!("terminal: {error}"))));
            return;
        }
    };
    let (mut history, entries) = History::open();
    for entry in entries {
        // Only the memory of this process is used, which does not fail.
        let _ = editor.add_history_entry(entry);
    }
    for request in requests {
        match request {
            Request::Remember(input) => {
                if let Ok(true) = editor.add_history_entry(&input) {
                    history.add(&input);
                }
            }
            Request::Line(request) => {
                // The editor reads the key from the settings.
                terminal.restore();
                let read = read(&mut editor, request);
                terminal.disable_end_key();
                on_end();
                if events.send(Event::Read(read)).is_err() {
                    return;
                }
            }
        }
    }
}

type TerminalEditor = Editor<Assistant, MemHistory>;

fn editor(events: Sender<Event>) -> rustyline::Result<TerminalEditor> {
    let color = if has_color() {
        ColorMode::Enabled
    } else {
        ColorMode::Disabled
    };
    let config = Config::builder()
        .max_history_size(MAX_ENTRIES)?
        .history_ignore_dups(true)?
        .completion_type(CompletionType::List)
        .color_mode(color)
        // The prompt is not part of standard output, which may be a file.
        .behavior(Behavior::PreferTerm)
        .bell_style(rustyline::config::BellStyle::None)
        .build();
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::with_history(config, history)?;
    editor.set_helper(Some(Assistant {
        completion: Completion::new(events),
        state: RefCell::new(State {
            language: Language::Python,
            before: String::new(),
        }),
    }));
    Ok(editor)
}

/// Returns whether code has colors: not with `NO_COLOR`, nor on a terminal without them.
fn has_color() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn read(editor: &mut TerminalEditor, request: LineRequest) -> Read {
    if let Some(assistant) = editor.helper_mut() {
        *assistant.state.get_mut() = State {
            language: request.language,
            before: request.before,
        };
    }
    match editor.readline_with_initial(&request.prompt, (&request.initial, "")) {
        Ok(line) => Read::Line(line),
        Err(ReadlineError::Eof) => Read::End,
        Err(ReadlineError::Interrupted) => Read::Cleared,
        Err(error) => Read::Failed(format!("terminal: {error}")),
    }
}

/// Highlighting and completion.
struct Assistant {
    completion: Completion,
    state: RefCell<State>,
}

/// Facts about the line that is edited.
struct State {
    language: Language,
    /// Previous lines of the same input.
    before: String,
}

impl Helper for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let state = self.state.borrow();
        let (language, start) = if state.before.is_empty() {
            command::code_of(line, state.language)
        } else {
            command::code_of(&state.before, state.language)
        };
        if state.before.is_empty() {
            let (command, code) = line.split_at(start);
            return format!("{command}{}", highlight(language, "", code)).into();
        }
        highlight(language, &state.before[start..], line).into()
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        // A character may change the colors of all others, for example a quote.
        kind != CmdKind::MoveCursor
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let state = self.state.borrow();
        self.completion
            .complete(state.language, &state.before, &line[..position])
    }
}
