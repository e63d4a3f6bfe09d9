//! Parts of a run: files and cells.

use std::sync::Arc;

use super::place::Place;
use super::prelude::QueryValues;
use super::statements::Statements;
use super::step::Step;
use crate::error::CliError;
use crate::language::Language;
use crate::source::Code;
use crate::syntax::StatementReader;

/// File or cell.
#[derive(Debug)]
pub(crate) enum Part {
    Command(Arc<Step>),
    /// SQL code, each statement of which is a command.
    Statements(Statements),
}

impl Part {
    /// Creates the part of SQL code. `values` replace its parameters.
    ///
    /// # Errors
    ///
    /// Returns an error with exit code 2 if the code uses a parameter without a value.
    pub(super) fn of_sql(
        place: Place,
        code: Code,
        values: Option<&Arc<QueryValues>>,
    ) -> Result<Self, CliError> {
        let name = &place.origin;
        let count = StatementReader::count(code.reader()?)
            .map_err(|error| CliError::usage(format!("{name}: {error}")))?;
        if count == 1 {
            return Self::of_query(place, code, values);
        }
        let statements = Statements {
            place,
            code: code.read_if_small()?,
            count,
            values: values.cloned(),
        };
        statements.check()?;
        Ok(Self::Statements(statements))
    }

    /// Creates the part of SQL code that is one command.
    pub(super) fn of_query(
        place: Place,
        code: Code,
        values: Option<&Arc<QueryValues>>,
    ) -> Result<Self, CliError> {
        let code = code.without_bom_and_shebang()?;
        let code = match values {
            Some(values) => Code::Text(values.bind(&code.text()?, &place)?.into_owned()),
            None => code,
        };
        Ok(Self::from(Step::new(place, Language::Sql, code)))
    }

    pub(crate) fn place(&self) -> &Place {
        match self {
            Self::Command(step) => &step.place,
            Self::Statements(statements) => &statements.place,
        }
    }

    pub(crate) fn language(&self) -> Language {
        match self {
            Self::Command(step) => step.language,
            Self::Statements(_) => Language::Sql,
        }
    }

    /// Returns the code.
    pub(crate) fn text(&self) -> Result<String, CliError> {
        match self {
            Self::Command(step) => step.text(),
            Self::Statements(statements) => statements.text(),
        }
    }

    /// Returns the number of commands.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Command(_) => 1,
            Self::Statements(statements) => statements.count,
        }
    }

    /// Returns the commands in order.
    pub(crate) fn steps(&self) -> Box<dyn Iterator<Item = Result<Arc<Step>, CliError>> + '_> {
        match self {
            Self::Command(step) => Box::new(std::iter::once(Ok(Arc::clone(step)))),
            Self::Statements(statements) => {
                Box::new(statements.steps().map(|step| step.map(Arc::new)))
            }
        }
    }
}

impl From<Step> for Part {
    fn from(step: Step) -> Self {
        Self::Command(Arc::new(step))
    }
}
