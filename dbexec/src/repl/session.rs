//! State of a session, and its loop of inputs. `reactions` and `execution` have the other functions.

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;

use generated_client::{Interrupt, Output};

use super::event::{Event, LineRequest, NamesRequest, Read};
use super::inputs::{Lines, Step};
use super::lines::LineReader;
use super::names::{self, ScalaNames};
use super::runner::Runner;
use super::terminal::TerminalSettings;
use crate::error::CliError;
use crate::language::Language;

/// Session with its contexts and inputs.
pub(super) struct Session<'a> {
    pub(super) runner: Runner<'a>,
    pub(super) reader: LineReader,
    pub(super) terminal: TerminalSettings,
    pub(super) events: Receiver<Event>,
    /// Raised by signals that end the session.
    pub(super) interrupt: Interrupt,
    /// Name of the cluster in the prompt.
    pub(super) cluster: String,
    pub(super) language: Language,
    pub(super) lines: Lines,
    /// Code of the inputs, the first of which has the number 1.
    pub(super) code: Vec<String>,
    /// Inputs that have run without an error.
    pub(super) successful: Vec<(Language, String)>,
    /// Text to edit next.
    pub(super) edited: String,
    /// Output with the last table.
    pub(super) last_table: Option<Output>,
    /// Names for completion, until the next command.
    pub(super) names: BTreeMap<(Language, String), Vec<String>>,
    pub(super) scala: ScalaNames,
    pub(super) prints_time: bool,
}

/// End of a request for an input.
enum Input {
    Text(String),
    /// Ctrl-D, or the end of a pipe.
    End,
    /// A signal.
    Interrupted,
    Failed(CliError),
}

/// Reaction to an input.
pub(super) enum Next {
    Continue,
    Quit,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        runner: Runner<'a>,
        reader: LineReader,
        terminal: TerminalSettings,
        events: Receiver<Event>,
        interrupt: Interrupt,
        cluster: String,
        language: Language,
    ) -> Self {
        Self {
            runner,
            reader,
            terminal,
            events,
            interrupt,
            cluster,
            language,
            lines: Lines::default(),
            code: Vec::new(),
            successful: Vec::new(),
            edited: String::new(),
            last_table: None,
            names: BTreeMap::new(),
            scala: ScalaNames::default(),
            prints_time: false,
        }
    }

    /// Reads and runs inputs until the end.
    ///
    /// # Errors
    ///
    /// Returns an error if a signal ends the session, and the first error of an input of a pipe.
    pub(super) fn run(&mut self) -> Result<(), CliError> {
        loop {
            match self.read_input() {
                Input::Text(input) => {
                    if let Next::Quit = self.react(&input)? {
                        return Ok(());
                    }
                }
                Input::End => return Ok(()),
                Input::Interrupted => return Err(CliError::interrupted("session ended")),
                Input::Failed(error) => return Err(error),
            }
        }
    }
}

/// Reading.
impl Session<'_> {
    pub(super) fn is_interactive(&self) -> bool {
        self.runner.is_interactive
    }

    fn read_input(&mut self) -> Input {
        loop {
            let line = match self.lines.take_next() {
                Some(line) => line,
                None => match self.read_line() {
                    Some(Read::Line(line)) => line,
                    Some(Read::Cleared) => {
                        self.lines.take();
                        continue;
                    }
                    Some(Read::End) if self.lines.is_empty() => return Input::End,
                    Some(Read::End) => {
                        let input = self.lines.take();
                        if self.is_interactive() {
                            continue;
                        }
                        return Input::Text(input);
                    }
                    Some(Read::Failed(message)) => return Input::Failed(CliError::usage(message)),
                    None => return Input::Interrupted,
                },
            };
            if !self.is_interactive() {
                if let Step::Complete(input) = self.lines.add_piped(self.language, &line) {
                    return Input::Text(input);
                }
            } else if !self.lines.is_empty() && line.trim() == ":edit" {
                let text = self.lines.take();
                self.edit(&text);
            } else if let Step::Complete(input) = self.lines.add(self.language, &line) {
                if !input.starts_with(char::is_whitespace) && !input.is_empty() {
                    self.reader.remember(input.trim_end());
                }
                return Input::Text(input);
            }
        }
    }

    /// Reads a line. Returns `None` if a signal ends the session.
    fn read_line(&mut self) -> Option<Read> {
        let prompt = self.prompt();
        self.runner.signals.begin_line();
        self.reader.request(LineRequest {
            language: self.language,
            prompt,
            before: self.lines.text().to_owned(),
            initial: std::mem::take(&mut self.edited),
        });
        loop {
            match self.events.recv() {
                Ok(Event::Read(read)) => return Some(read),
                Ok(Event::Names(request)) => {
                    let names = self.names(&request);
                    // The editor may have given up.
                    let _ = request.reply.try_send(names);
                }
                Ok(Event::Ended) | Err(_) => return None,
            }
        }
    }

    fn prompt(&self) -> String {
        let language = match self.language {
            Language::Python => "py",
            Language::Scala => "scala",
            Language::Sql => "sql",
            Language::R => "r",
        };
        let first = format!("{} {language}> ", self.cluster);
        if self.lines.is_empty() {
            return first;
        }
        let width = first.chars().count();
        format!("{:>width$}", "...> ")
    }

    /// Returns names for completion.
    fn names(&mut self, request: &NamesRequest) -> Vec<String> {
        let NamesRequest {
            language, object, ..
        } = request;
        if *language == Language::Scala && object.is_empty() {
            return self.scala.names();
        }
        let key = (*language, object.clone());
        if let Some(names) = self.names.get(&key) {
            return names.clone();
        }
        let mut names = Vec::new();
        let mut is_complete = false;
        for command in names::names_commands(*language, object) {
            if self.runner.signals.has_line() {
                return names;
            }
            if let Some(output) = self.runner.query(*language, &command, true) {
                names.extend(names::read_names(*language, &output));
                is_complete = true;
            }
        }
        if is_complete {
            self.names.insert(key, names.clone());
        }
        names
    }
}
