//! SQL code that is not a single statement.

use std::sync::Arc;

use super::place::{Place, StatementPlace};
use super::prelude::QueryValues;
use super::step::Step;
use crate::error::CliError;
use crate::language::Language;
use crate::source::Code;
use crate::syntax::{Statement, StatementReader};

/// Statements of a file or cell: none, or several. They are read when they run, because there may be millions.
#[derive(Debug)]
pub(crate) struct Statements {
    pub(super) place: Place,
    pub(super) code: Code,
    pub(super) count: usize,
    pub(super) values: Option<Arc<QueryValues>>,
}

impl Statements {
    /// Checks that all parameters have values.
    pub(super) fn check(&self) -> Result<(), CliError> {
        match self.values {
            Some(_) => self.steps().try_for_each(|step| step.map(drop)),
            None => Ok(()),
        }
    }

    /// Returns the code with the values of its parameters.
    pub(super) fn text(&self) -> Result<String, CliError> {
        if self.values.is_none() {
            return self.code.text();
        }
        let texts = self.steps().map(|step| step?.text());
        Ok(texts.collect::<Result<Vec<_>, _>>()?.join(";\n"))
    }

    /// Reads the statements one by one.
    pub(super) fn steps(&self) -> impl Iterator<Item = Result<Step, CliError>> {
        let (reader, error) = match self.code.reader() {
            Ok(code) => (Some(StatementReader::new(code)), None),
            Err(error) => (None, Some(Err(error))),
        };
        let numbered = (1..).zip(reader.into_iter().flatten());
        let steps = numbered.map(|(number, statement)| match statement {
            Ok(statement) => self.step(number, statement),
            Err(error) => Err(CliError::usage(format!("{}: {error}", self.place.origin))),
        });
        error.into_iter().chain(steps)
    }

    fn step(&self, number: usize, statement: Statement) -> Result<Step, CliError> {
        let Statement {
            text,
            position,
            line,
        } = statement;
        let place = Place {
            statement: Some(StatementPlace {
                number,
                count: self.count,
                position,
                line,
            }),
            ..self.place.clone()
        };
        let text = match &self.values {
            Some(values) => values.bind(&text, &place)?.into_owned(),
            None => text,
        };
        Ok(Step::new(place, Language::Sql, Code::Text(text)))
    }
}
