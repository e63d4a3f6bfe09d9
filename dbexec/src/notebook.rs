//! Notebooks: files with several cells.
//!
//! ```text
//! notebook ──▶ databricks   source files that begin with `Databricks notebook source`
//!     ├──────▶ jupyter      files with the extension `.ipynb`
//!     ├──────▶ magic        magic commands at the start of cells
//!     └──────▶ save         notebooks with the outputs of a run
//! ```

mod cell;
mod databricks;
mod jupyter;
mod magic;
mod save;

use std::path::Path;

pub(crate) use self::cell::Cell;
pub(crate) use self::save::Document;
use crate::error::CliError;
use crate::language::Language;

/// Returns whether code begins as a notebook, or has the name of one.
pub(crate) fn is_notebook(path: Option<&Path>, start: &[u8]) -> bool {
    is_jupyter(path) || databricks::Syntax::of(start).is_some()
}

/// Returns the cells with code, in order. `name` is that of the file in messages. `language` takes
/// precedence over that of the file for cells that do not specify their language.
///
/// # Errors
///
/// Returns an error with exit code 2 if the file is not valid, has no code, or has a cell that the API
/// does not support.
pub(crate) fn read(
    name: &str,
    path: Option<&Path>,
    text: &str,
    language: Option<Language>,
) -> Result<Vec<Cell>, CliError> {
    let (of_notebook, raw) = if is_jupyter(path) {
        jupyter::read(text, language).map_err(|error| error.into_cli_error(name))?
    } else {
        let (of_syntax, raw) = databricks::read(text);
        let of_file = of_syntax.or_else(|| Language::from_extension(path?));
        (language.or(of_file).unwrap_or(Language::Python), raw)
    };
    let mut cells = Vec::new();
    for (number, cell) in (1..).zip(raw) {
        let cell = magic::select(cell)
            .map_err(|error| error.into_cli_error(&format!("{name} (cell {number})")))?;
        cells.extend(cell.map(|cell| Cell {
            line: cell.line,
            language: cell.language.unwrap_or(of_notebook),
            code: cell.code,
            index: cell.index,
        }));
    }
    if cells.is_empty() {
        return Err(CliError::usage(format!("{name} has no cells with code")));
    }
    Ok(cells)
}

/// Returns whether a file has the extension of a Jupyter notebook.
pub(crate) fn is_jupyter(path: Option<&Path>) -> bool {
    let extension = path.and_then(Path::extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("ipynb"))
}

#[cfg(test)]
mod tests;
