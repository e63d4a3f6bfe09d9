//! Reactions of a session to inputs, and its commands.

use std::path::Path;

use generated_client::Output;

use super::command::{self, Command};
use super::names;
use super::session::{Next, Session};
use super::{edit, export, save};
use crate::columns::align;
use crate::console;
use crate::error::CliError;
use crate::summary::count;

impl Session<'_> {
    pub(super) fn react(&mut self, input: &str) -> Result<Next, CliError> {
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
    pub(super) fn fail(&self, error: CliError) -> Result<(), CliError> {
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

    pub(super) fn edit(&mut self, text: &str) {
        self.terminal.restore();
        let edited = edit::edit(text, self.language);
        self.terminal.disable_end_key();
        match edited {
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
            return Err(CliError::interrupted("session ended"));
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
