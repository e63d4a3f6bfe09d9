//! Execution of the inputs and files of a session.

use std::path::Path;
use std::time::{Duration, Instant};

use generated_client::{Failure, Output};

use super::complete_input::dedent;
use super::file;
use super::incomplete::is_incomplete;
use super::runner::{Code, Failed, Task};
use super::session::Session;
use crate::console;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::language::Language;
use crate::render::{ImageName, TextEnd};
use crate::run::part::Part;
use crate::source::Origin;
use crate::summary::summary;
use crate::syntax::statements;

impl Session<'_> {
    pub(super) fn run_code(&mut self, language: Language, input: &str) -> Result<(), CliError> {
        let statements: Vec<String> = match language {
            Language::Sql => statements(input),
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
                    "cancelled after {}; session kept",
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

    pub(super) fn run_file(&mut self, path: &Path) -> Result<(), CliError> {
        let parts = match file::read(path, self.language) {
            Ok(parts) => parts,
            Err(error) => return self.fail(error),
        };
        for step in parts.iter().flat_map(Part::steps) {
            let step = match step {
                Ok(step) => step,
                Err(error) => return self.fail(error),
            };
            let start = Instant::now();
            let cell = step.place.cell.map_or(1, |cell| cell.number);
            let task = Task {
                language: step.language,
                input: None,
                code: Code::Step(&step),
                image_name: ImageName::new(&step.place.origin, cell),
                text_end: step.text_end(),
            };
            match self.run_task(&task) {
                Ok(output) => {
                    let code = step.text().unwrap_or_default();
                    self.end_successfully(step.language, &code, output, start.elapsed());
                }
                Err(Failed::Code(failure)) => {
                    return self.fail(file::failed(&step, &failure, start.elapsed()));
                }
                Err(failed) => return self.end_otherwise(failed),
            }
        }
        Ok(())
    }
}
