//! State of a session, and the reactions to its inputs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use generated_client::{Failure, Interrupt, Output};

use super::command::{self, Command};
use super::complete_input::{dedent, statements};
use super::event::{Event, LineRequest, NamesRequest, Read};
use super::incomplete::is_incomplete;
use super::inputs::{Lines, Step};
use super::lines::LineReader;
use super::names::{self, ScalaNames};
use super::runner::{Code, Failed, Runner, Task};
use super::{edit, export, file, save};
use crate::columns::align;
use crate::console;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::language::Language;
use crate::render::{ImageName, TextEnd};
use crate::source::Origin;
use crate::summary::{count, summary};

/// Session with its contexts and inputs.
pub(super) struct Session<'a> {
    pub(super) runner: Runner<'a>,
    reader: LineReader,
    events: Receiver<Event>,
    /// Raised by signals that end the session.
    interrupt: Interrupt,
    /// Name of the cluster in the prompt.
    cluster: String,
    language: Language,
    lines: Lines,
    /// Code of the inputs, the first of which has the number 1.
    code: Vec<String>,
    /// Inputs that have run without an error.
    successful: Vec<(Language, String)>,
    /// Text to edit next.
    edited: String,
    /// Output with the last table.
    last_table: Option<Output>,
    /// Names for completion, until the next command.
    names: BTreeMap<(Language, String), Vec<String>>,
    scala: ScalaNames,
    prints_time: bool,
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
enum Next {
    Continue,
    Quit,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        runner: Runner<'a>,
        reader: LineReader,
        events: Receiver<Event>,
        interrupt: Interrupt,
        cluster: String,
        language: Language,
    ) -> Self {
        Self {
            runner,
            reader,
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
                Input::Interrupted => return Err(CliError::interrupted("interrupted")),
                Input::Failed(error) => return Err(error),
            }
        }
    }
}

/// Reading.
impl Session<'_> {
    fn is_interactive(&self) -> bool {
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
        if *language == Language::Scala {
            return self.scala.names();
        }
        let key = (*language, object.clone());
        if let Some(names) = self.names.get(&key) {
            return names.clone();
        }
        let output = names::names_command(*language, object)
            .and_then(|command| self.runner.query(*language, &command, true));
        let Some(output) = output else {
            return Vec::new();
        };
        let names = names::read_names(*language, &output);
        self.names.insert(key, names.clone());
        names
    }
}

/// Reactions.
impl Session<'_> {
    fn react(&mut self, input: &str) -> Result<Next, CliError> {
        match Command::parse(input) {
            None => self.run_code(self.language, input)?,
            Some(Err(message)) => {
                self.fail(CliError::usage(message).help("`:help` lists the commands"))?;
            }
            Some(Ok(Command::Quit)) => return Ok(Next::Quit),
            Some(Ok(command)) => self.run_command(command)?,
        }
        Ok(Next::Continue)
    }

    /// Prints an error. It ends a session that reads from a pipe.
    fn fail(&self, error: CliError) -> Result<(), CliError> {
        if !self.is_interactive() || self.interrupt.is_raised() {
            return Err(error);
        }
        if !error.is_reported() {
            console::eprintln(&error);
        }
        Ok(())
    }

    fn run_command(&mut self, command: Command) -> Result<(), CliError> {
        match command {
            Command::Switch(language) => self.language = language,
            Command::In(language, code) => return self.run_code(language, &code),
            Command::Help => console::eprintln(command::HELP),
            Command::Edit => return self.edit_last(),
            Command::Run(path) => return self.run_file(&path),
            Command::Vars => return self.print_variables(),
            Command::Save(path) => return self.state(save::save(&self.successful, &path)),
            Command::Export(path) => return self.export(&path),
            Command::Time => {
                self.prints_time = !self.prints_time;
                let state = if self.prints_time { "on" } else { "off" };
                console::eprintln(format_args!("time of inputs: {state}"));
            }
            Command::Vertical => {
                let is_vertical = !self.runner.options.is_vertical;
                self.runner.options.is_vertical = is_vertical;
                let form = if is_vertical {
                    "one line per value"
                } else {
                    "columns"
                };
                console::eprintln(format_args!("tables: {form}"));
            }
            Command::Reset => self.reset(),
            // The session ends.
            Command::Quit => {}
        }
        Ok(())
    }

    /// Prints the message of a command, or fails.
    fn state(&self, result: Result<String, String>) -> Result<(), CliError> {
        match result {
            Ok(message) => {
                console::eprintln(message);
                Ok(())
            }
            Err(message) => self.fail(CliError::usage(message)),
        }
    }

    fn edit_last(&mut self) -> Result<(), CliError> {
        if !self.is_interactive() {
            return Err(CliError::usage("`:edit` needs a terminal"));
        }
        let text = self.code.last().cloned().unwrap_or_default();
        self.edit(&text);
        Ok(())
    }

    fn edit(&mut self, text: &str) {
        match edit::edit(text, self.language) {
            Ok(text) => self.edited = text,
            Err(message) => console::eprintln(CliError::usage(message)),
        }
    }

    fn export(&mut self, path: &Path) -> Result<(), CliError> {
        let table = self.last_table.as_ref().and_then(Output::table);
        let Some(table) = table else {
            return self.fail(CliError::usage("no table to export"));
        };
        let is_truncated = self.last_table.as_ref().is_some_and(Output::is_truncated);
        self.state(export::export(&table, path))?;
        if is_truncated {
            console::warn(format_args!(
                "truncated by the server at {}",
                count(table.len())
            ));
        }
        Ok(())
    }

    fn reset(&mut self) {
        if self.runner.contexts.is_empty() {
            console::eprintln("no context");
            return;
        }
        let state = self.runner.contexts.close();
        console::eprintln(format_args!("{state}; the next input creates a new one"));
        self.names.clear();
        self.scala.clear();
    }

    fn print_variables(&mut self) -> Result<(), CliError> {
        let language = self.language;
        let variables = match names::variables_command(language) {
            None => self.scala.variables(),
            Some(command) => match self.runner.query(language, &command, false) {
                Some(output) => names::read_variables(language, &output),
                None => Vec::new(),
            },
        };
        if self.interrupt.is_raised() {
            return Err(CliError::interrupted("interrupted"));
        }
        if variables.is_empty() {
            console::eprintln("no variables");
        } else {
            let rows: Vec<Vec<String>> = variables.into_iter().map(Vec::from).collect();
            console::eprintln(align(&rows).trim_end());
        }
        Ok(())
    }
}

/// Code.
impl Session<'_> {
    fn run_code(&mut self, language: Language, input: &str) -> Result<(), CliError> {
        let statements: Vec<String> = match language {
            Language::Sql => statements(input).into_iter().map(str::to_owned).collect(),
            _ if input.trim().is_empty() => Vec::new(),
            _ => vec![dedent(input)],
        };
        if statements.is_empty() {
            return Ok(());
        }
        self.code.push(statements.join(";\n"));
        let number = self.code.len();
        for statement in &statements {
            let start = Instant::now();
            let task = Task {
                language,
                input: Some(number),
                code: Code::Text(statement),
                image_name: ImageName::new(&Origin::Argument, number),
                text_end: TextEnd::NewlineRemoved,
            };
            let result = self.run_task(&task);
            let elapsed = start.elapsed();
            match result {
                Ok(output) => self.end_successfully(language, statement, output, elapsed),
                Err(Failed::Code(failure)) => {
                    return self.end_with_failure(language, input, &failure, elapsed);
                }
                Err(failed) => return self.end_otherwise(failed),
            }
        }
        self.successful.push((language, input.to_owned()));
        Ok(())
    }

    fn run_task(&mut self, task: &Task<'_>) -> Result<Output, Failed> {
        self.names.clear();
        self.runner.run(task)
    }

    fn end_successfully(
        &mut self,
        language: Language,
        code: &str,
        output: Output,
        elapsed: Duration,
    ) {
        let rows = output.table().map(|table| table.len());
        if self.is_interactive() {
            match rows {
                Some(rows) => console::eprintln(summary(rows, elapsed)),
                None if self.prints_time => console::eprintln(Elapsed(elapsed)),
                None => {}
            }
        }
        if language == Language::Scala {
            self.scala.add(code, output.text().unwrap_or_default());
        }
        if rows.is_some() {
            self.last_table = Some(output);
        }
    }

    fn end_with_failure(
        &mut self,
        language: Language,
        input: &str,
        failure: &Failure,
        elapsed: Duration,
    ) -> Result<(), CliError> {
        // An empty line runs the input in any case.
        if is_incomplete(language, failure) && !input.ends_with('\n') && self.is_interactive() {
            self.code.pop();
            self.lines.resume(input);
            return Ok(());
        }
        let number = self.code.len();
        let text = self.runner.describe(failure, number, &self.code, language);
        let error = CliError::code_failed(text);
        if self.is_interactive() {
            return self.fail(error);
        }
        Err(error.line(format_args!(
            "error: [{number}] failed after {}",
            Elapsed(elapsed)
        )))
    }

    fn end_otherwise(&self, failed: Failed) -> Result<(), CliError> {
        match failed {
            Failed::Canceled(time) => {
                console::eprintln(format_args!(
                    "canceled after {}; session kept",
                    Elapsed(time)
                ));
                Ok(())
            }
            Failed::ContextLost(message) => {
                let error = CliError::service(format_args!("execution context lost: {message}"));
                self.fail(
                    error.note("its variables are gone; the next input creates a new context"),
                )
            }
            Failed::Code(failure) => self.fail(CliError::code_failed(failure.to_string())),
            Failed::Other(error) => self.fail(error),
        }
    }

    fn run_file(&mut self, path: &Path) -> Result<(), CliError> {
        let steps = match file::steps(path, self.language) {
            Ok(steps) => steps,
            Err(error) => return self.fail(error),
        };
        for step in &steps {
            let start = Instant::now();
            let cell = step.place.cell.map_or(1, |cell| cell.number);
            let task = Task {
                language: step.language,
                input: None,
                code: Code::Step(step),
                image_name: ImageName::new(&step.place.origin, cell),
                text_end: step.text_end(),
            };
            match self.run_task(&task) {
                Ok(output) => {
                    let code = step.text().unwrap_or_default();
                    self.end_successfully(step.language, &code, output, start.elapsed());
                }
                Err(Failed::Code(failure)) => {
                    return self.fail(file::failed(step, &failure, start.elapsed()));
                }
                Err(failed) => return self.end_otherwise(failed),
            }
        }
        Ok(())
    }
}
