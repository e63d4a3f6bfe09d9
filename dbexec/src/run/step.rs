//! Steps of a run: one command for each file or cell.

use std::fmt;
use std::sync::Arc;

use generated_client::{ExecutionContext, Script, Wait};

use super::prelude::Inputs;
use crate::error::CliError;
use crate::header::Header;
use crate::language::Language;
use crate::notebook;
use crate::render::TextEnd;
use crate::source::{self, Code, Origin, Source};

/// Code of one command.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: Place,
    pub(crate) language: Language,
    code: StepCode,
    /// Code that passes arguments to that of the user.
    pub(crate) prelude: Option<String>,
}

/// Code of a step.
#[derive(Debug)]
enum StepCode {
    /// Code that is sent unchanged.
    Command(Code),
    /// Python file that runs as a script.
    Script(Script),
}

/// Place of the code of a step. `Display` names it, for example `nb.py (cell 3)`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) origin: Arc<Origin>,
    /// Number of the file, and of all files.
    pub(crate) file: (usize, usize),
    pub(crate) cell: Option<CellPlace>,
}

/// Cell of a notebook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellPlace {
    /// Number among the cells with code, from 1.
    pub(crate) number: usize,
    count: usize,
    /// Line of the file in which the code begins.
    line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin.fmt(f)?;
        match self.cell {
            Some(cell) => write!(f, " (cell {})", cell.number),
            None => Ok(()),
        }
    }
}

impl Place {
    /// Returns the number of lines of the file before the code, if its lines are lines of the file.
    pub(crate) fn line_offset(&self) -> Option<usize> {
        match (self.cell, &*self.origin) {
            (Some(cell), _) => Some(cell.line? - 1),
            (None, Origin::File(_)) => Some(0),
            (None, _) => None,
        }
    }

    /// Names a line of the file, for example `nb.py:41 (cell 3)`.
    pub(crate) fn at_line(&self, line: usize) -> String {
        match self.cell {
            Some(cell) => format!("{}:{line} (cell {})", self.origin, cell.number),
            None => format!("{}:{line}", self.origin),
        }
    }

    /// Names the step among the other ones, for example `load.py (2/3)`.
    pub(crate) fn in_sequence(&self, language: Language) -> String {
        let (file, files) = self.file;
        let file = match files {
            1 => String::new(),
            _ => format!("{} ({file}/{files})", self.origin),
        };
        let cell = self.cell.map(|cell| {
            let CellPlace { number, count, .. } = cell;
            format!("cell {number}/{count} {language}")
        });
        let parts = [Some(file), cell].into_iter().flatten();
        parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Step {
    /// Returns the code.
    pub(crate) fn text(&self) -> Result<String, CliError> {
        match (&self.code, self.place.origin.path()) {
            (StepCode::Command(Code::Text(code)), _) => Ok(code.clone()),
            (StepCode::Command(Code::File(path)), _) => source::read_text(path),
            (StepCode::Script(_), Some(path)) => source::read_text(path),
            (StepCode::Script(_), None) => Ok(String::new()),
        }
    }

    /// Returns how the text of the results ends.
    pub(crate) fn text_end(&self) -> TextEnd {
        match self.code {
            StepCode::Command(_) => TextEnd::NewlineRemoved,
            StepCode::Script(_) => TextEnd::Unchanged,
        }
    }

    /// Returns whether all output is kept if the code fails. The final response of a failed command contains
    /// the error only.
    pub(crate) fn keeps_output(&self) -> bool {
        // Queries print nothing.
        matches!(self.code, StepCode::Script(_)) || self.language == Language::Sql
    }

    /// Returns a command that runs the step in a context.
    pub(crate) fn command<'a>(
        &'a self,
        context: &'a ExecutionContext,
    ) -> generated_client::Command<'a> {
        let command = match &self.code {
            StepCode::Command(Code::Text(code)) => context.command(code),
            StepCode::Command(Code::File(path)) => context.command_file(path),
            StepCode::Script(script) => context.script(script),
        };
        // The client has the deadline of `--timeout`.
        let wait = Wait::new().no_timeout();
        command.language(self.language.into()).wait(wait)
    }
}

/// Settings for the steps of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    /// Language of `--language`.
    pub(crate) language: Option<Language>,
    pub(crate) inputs: Inputs<'a>,
    /// Sends Python files unchanged.
    pub(crate) as_command: bool,
}

/// Returns the steps of all sources.
///
/// # Errors
///
/// Returns an error if the language of a source is not known, or the API does not support its code.
pub(crate) fn steps(
    sources: Vec<Source>,
    headers: &[Header],
    settings: Settings<'_>,
) -> Result<Vec<Step>, CliError> {
    let inputs = settings.inputs;
    let count = sources.len();
    let mut steps = Vec::new();
    for (number, (source, header)) in (1..).zip(sources.into_iter().zip(headers)) {
        let language = settings.language.or(header.language);
        let start = source.code.start();
        let name = source.origin.to_string();
        let path = source.origin.path();
        let is_notebook = notebook::is_notebook(path, &start);
        let selected = Language::select(language, path);
        let is_script = !is_notebook
            && !settings.as_command
            && path.is_some()
            && matches!(selected, Ok(Language::Python));
        source.code.require_text(&name, is_script)?;
        if is_notebook {
            let place = Place {
                origin: Arc::new(source.origin.clone()),
                file: (number, count),
                cell: None,
            };
            let cells = cells(source.code, &place, language)?;
            steps.extend(with_inputs(cells, inputs)?);
            continue;
        }
        generated_client::check_code(&start)?;
        let language = selected?;
        let code = if is_script {
            StepCode::Script(script(&source, inputs)?)
        } else {
            StepCode::Command(without_shebang(source.code, &start, language)?)
        };
        let step = Step {
            place: Place {
                origin: Arc::new(source.origin),
                file: (number, count),
                cell: None,
            },
            language,
            code,
            prelude: None,
        };
        steps.extend(with_inputs(vec![step], inputs)?);
    }
    Ok(steps)
}

/// Passes arguments and parameters to the steps of a source.
fn with_inputs(mut steps: Vec<Step>, inputs: Inputs<'_>) -> Result<Vec<Step>, CliError> {
    let mut languages = Vec::new();
    for step in &mut steps {
        if step.language == Language::Sql {
            if inputs.is_empty() {
                continue;
            }
            let query = step.text()?;
            let bound = inputs.query(&query, &step.place.to_string())?;
            step.code = StepCode::Command(Code::Text(bound.into_owned()));
        } else if !languages.contains(&step.language) {
            languages.push(step.language);
            let program = match &*step.place.origin {
                Origin::Argument => "-c".to_owned(),
                Origin::StandardInput => "-".to_owned(),
                Origin::File(path) => path.to_string_lossy().into_owned(),
            };
            let inputs = match step.code {
                // A script has its arguments.
                StepCode::Script(_) => Inputs {
                    arguments: &[],
                    ..inputs
                },
                StepCode::Command(_) => inputs,
            };
            step.prelude = inputs.prelude(step.language, &program);
        }
    }
    Ok(steps)
}

/// Returns the steps of a notebook.
fn cells(code: Code, place: &Place, language: Option<Language>) -> Result<Vec<Step>, CliError> {
    let text = code.into_text()?;
    let name = place.origin.to_string();
    let cells = notebook::read(&name, place.origin.path(), &text, language)?;
    let count = cells.len();
    let step = |(number, cell): (usize, notebook::Cell)| {
        let place = Place {
            cell: Some(CellPlace {
                number,
                count,
                line: cell.line,
            }),
            ..place.clone()
        };
        let code = Code::Text(cell.code);
        // JSON can contain an escaped NUL.
        code.require_text(&place.to_string(), false)?;
        Ok(Step {
            place,
            language: cell.language,
            code: StepCode::Command(code),
            prelude: None,
        })
    };
    (1..).zip(cells).map(step).collect()
}

/// Creates the script of a Python file.
fn script(source: &Source, inputs: Inputs<'_>) -> Result<Script, CliError> {
    let name = source.origin.to_string();
    let bytes = match &source.code {
        Code::Text(code) => code.clone().into_bytes(),
        Code::File(path) => source::read_bytes(path)?,
    };
    Ok(Script::new(name, bytes).args(inputs.arguments))
}

/// Empties a first line `#!...`, which is a comment in Python and R only.
fn without_shebang(code: Code, start: &[u8], language: Language) -> Result<Code, CliError> {
    let is_comment = matches!(language, Language::Python | Language::R);
    if is_comment || !start.starts_with(b"#!") {
        return Ok(code);
    }
    let mut text = code.into_text()?;
    let end = text.find('\n').unwrap_or(text.len());
    text.replace_range(..end, "");
    Ok(Code::Text(text))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn source(name: &str, code: &str) -> Source {
        Source {
            origin: Origin::File(PathBuf::from(name)),
            code: Code::Text(code.to_owned()),
        }
    }

    fn steps_of(sources: Vec<Source>, language: Option<Language>) -> Vec<(String, String, String)> {
        let headers: Vec<_> = sources.iter().map(|_| Header::default()).collect();
        let inputs = Inputs {
            arguments: &[],
            parameters: &[],
        };
        let settings = Settings {
            language,
            inputs,
            as_command: true,
        };
        let steps = steps(sources, &headers, settings).unwrap().into_iter();
        let describe = |step: Step| {
            let sequence = step.place.in_sequence(step.language);
            (step.place.to_string(), sequence, step.text().unwrap())
        };
        steps.map(describe).collect()
    }

    #[test]
    fn files_and_cells_are_named() {
        let notebook = "# Databricks notebook source\n1\n# COMMAND ----------\n%sql 2";
        let expect = |names: &[(&str, &str, &str)], steps: Vec<(String, String, String)>| {
            let steps: Vec<_> = steps
                .iter()
                .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
                .collect();
            assert_eq!(steps, names);
        };
        expect(
            &[("a.sql", "a.sql (1/2)", "1"), ("b.py", "b.py (2/2)", "2")],
            steps_of(vec![source("a.sql", "1"), source("b.py", "2")], None),
        );
        expect(
            &[
                ("nb.py (cell 1)", "cell 1/2 python", "1"),
                ("nb.py (cell 2)", "cell 2/2 sql", "2"),
            ],
            steps_of(vec![source("nb.py", notebook)], None),
        );
        expect(
            &[
                ("nb.py (cell 1)", "nb.py (1/2) cell 1/2 r", "1"),
                ("nb.py (cell 2)", "nb.py (1/2) cell 2/2 sql", "2"),
                ("b", "b (2/2)", "3"),
            ],
            steps_of(
                vec![source("nb.py", notebook), source("b", "3")],
                Some(Language::R),
            ),
        );
        expect(
            &[("b.py", "", "3")],
            steps_of(vec![source("b.py", "3")], None),
        );
    }

    #[test]
    fn shebang_is_emptied_if_it_is_no_comment() {
        let code = |name, code| steps_of(vec![source(name, code)], None).remove(0).2;
        assert_eq!(code("a.py", "#!/bin/x\n1"), "#!/bin/x\n1");
        assert_eq!(code("a.sql", "#!/bin/x\n1"), "\n1");
        assert_eq!(code("a.scala", "#!/bin/x"), "");
        assert_eq!(code("a.scala", "1\n#!/bin/x"), "1\n#!/bin/x");
    }
}
