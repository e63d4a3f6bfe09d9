//! Parts of all files.

use std::sync::Arc;

use generated_client::Script;

use super::part::Part;
use super::place::{CellPlace, Place};
use super::prelude::{Inputs, QueryValues};
use super::step::Step;
use crate::error::CliError;
use crate::header::Header;
use crate::language::Language;
use crate::notebook;
use crate::source::{self, Code, Origin, Source};

/// Settings for the parts of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    /// Language of `--language`.
    pub(crate) language: Option<Language>,
    pub(crate) inputs: Inputs<'a>,
    /// Sends Python files unchanged, and SQL code as one command.
    pub(crate) as_command: bool,
}

/// Returns the parts of all sources.
///
/// # Errors
///
/// Returns an error if the language of a source is not known, or the API does not support its code.
pub(crate) fn parts(
    sources: Vec<Source>,
    headers: &[Header],
    settings: Settings<'_>,
) -> Result<Vec<Part>, CliError> {
    let count = sources.len();
    let values = settings.inputs.query_values().map(Arc::new);
    let mut parts = Vec::new();
    for (number, (source, header)) in (1..).zip(sources.into_iter().zip(headers)) {
        let settings = Settings {
            language: settings.language.or(header.language),
            ..settings
        };
        let file = File {
            place: Place {
                origin: Arc::new(source.origin.clone()),
                file: (number, count),
                cell: None,
                statement: None,
            },
            settings,
            values: values.as_ref(),
        };
        parts.extend(file.parts(source)?);
    }
    Ok(parts)
}

/// File of a run, or other source.
struct File<'a> {
    place: Place,
    settings: Settings<'a>,
    values: Option<&'a Arc<QueryValues>>,
}

impl File<'_> {
    fn parts(&self, source: Source) -> Result<Vec<Part>, CliError> {
        let start = source.code.start();
        let name = source.origin.to_string();
        let path = source.origin.path();
        let is_notebook = notebook::is_notebook(path, &start);
        let selected = Language::select(self.settings.language, path);
        let is_script = !is_notebook
            && !self.settings.as_command
            && path.is_some()
            && matches!(selected, Ok(Language::Python));
        source.code.require_text(&name, is_script)?;
        if is_notebook {
            return self.cells(&source.code);
        }
        generated_client::check_code(&start)?;
        let language = selected?;
        let place = self.place.clone();
        if is_script {
            let script = script(&source, self.settings.inputs)?;
            return Ok(vec![self.with_prelude(Step::of_script(place, script))]);
        }
        let part = match language {
            Language::Sql => self.sql_part(place, source.code)?,
            Language::Python | Language::R => {
                self.with_prelude(Step::new(place, language, source.code))
            }
            Language::Scala => {
                let code = source.code.without_bom_and_shebang()?;
                self.with_prelude(Step::new(place, language, code))
            }
        };
        Ok(vec![part])
    }

    /// Returns the parts of a notebook.
    fn cells(&self, code: &Code) -> Result<Vec<Part>, CliError> {
        let place = &self.place;
        let text = code.text()?;
        let name = place.origin.to_string();
        let cells = notebook::read(&name, place.origin.path(), &text, self.settings.language)?;
        let count = cells.len();
        let mut languages = Vec::new();
        let part = |(number, cell): (usize, notebook::Cell)| {
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
            if cell.language == Language::Sql {
                return self.sql_part(place, code);
            }
            let step = Step::new(place, cell.language, code);
            if languages.contains(&cell.language) {
                return Ok(step.into());
            }
            languages.push(cell.language);
            Ok(self.with_prelude(step))
        };
        (1..).zip(cells).map(part).collect()
    }

    fn sql_part(&self, place: Place, code: Code) -> Result<Part, CliError> {
        if self.settings.as_command {
            Part::of_query(place, code, self.values)
        } else {
            Part::of_sql(place, code, self.values)
        }
    }

    /// Adds the code that passes arguments and parameters to the first code in a language.
    fn with_prelude(&self, mut step: Step) -> Part {
        let inputs = self.settings.inputs;
        let program = match &*self.place.origin {
            Origin::Argument => "-c".to_owned(),
            Origin::StandardInput => "-".to_owned(),
            Origin::File(path) => path.to_string_lossy().into_owned(),
        };
        let inputs = if step.is_script() {
            // A script has its arguments.
            Inputs {
                arguments: &[],
                ..inputs
            }
        } else {
            inputs
        };
        step.prelude = inputs.prelude(step.language, &program);
        step.into()
    }
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

    fn commands_of(
        sources: Vec<Source>,
        language: Option<Language>,
    ) -> Vec<(String, String, String)> {
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
        let parts = parts(sources, &headers, settings).unwrap();
        let steps = parts.iter().flat_map(Part::steps).map(Result::unwrap);
        let describe = |step: Arc<Step>| {
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
            commands_of(vec![source("a.sql", "1"), source("b.py", "2")], None),
        );
        expect(
            &[
                ("nb.py (cell 1)", "cell 1/2 python", "1"),
                ("nb.py (cell 2)", "cell 2/2 sql", "2"),
            ],
            commands_of(vec![source("nb.py", notebook)], None),
        );
        expect(
            &[
                ("nb.py (cell 1)", "nb.py (1/2) cell 1/2 r", "1"),
                ("nb.py (cell 2)", "nb.py (1/2) cell 2/2 sql", "2"),
                ("b", "b (2/2)", "3"),
            ],
            commands_of(
                vec![source("nb.py", notebook), source("b", "3")],
                Some(Language::R),
            ),
        );
        expect(
            &[("b.py", "", "3")],
            commands_of(vec![source("b.py", "3")], None),
        );
    }

    #[test]
    fn bom_is_removed_and_shebang_emptied_if_the_language_does_not_ignore_them() {
        let code = |name, code| commands_of(vec![source(name, code)], None).remove(0).2;
        assert_eq!(code("a.py", "#!/bin/x\n1"), "#!/bin/x\n1");
        assert_eq!(code("a.sql", "#!/bin/x\n1"), "\n1");
        assert_eq!(code("a.sql", "\u{feff}1"), "1");
        assert_eq!(code("a.scala", "\u{feff}#!/bin/x\n1"), "\n1");
        assert_eq!(code("a.py", "\u{feff}1"), "\u{feff}1");
        assert_eq!(code("a.scala", "#!/bin/x"), "");
        assert_eq!(code("a.scala", "1\n#!/bin/x"), "1\n#!/bin/x");
    }
}
