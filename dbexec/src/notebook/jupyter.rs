//! Jupyter notebooks in the format nbformat 4, as saved by `JupyterLab` and exported by Databricks.

use serde_json::Value;

use super::cell::RawCell;
use crate::error::CliError;
use crate::language::Language;

/// Reason why a file is not a notebook that can be run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JupyterError {
    /// The file is not JSON.
    Json(String),
    /// A part of the file has another form.
    Structure(String),
    /// The version of the format is not supported.
    Version(String),
    /// The kernel has another language.
    Language(String),
}

impl JupyterError {
    pub(super) fn into_cli_error(self, name: &str) -> CliError {
        match self {
            Self::Json(error) | Self::Structure(error) => {
                CliError::usage(format!("{name} is not a notebook: {error}"))
            }
            Self::Version(version) => CliError::usage(format!(
                "{name} has version {version} of the notebook format, expected version 4"
            ))
            .help("convert it with `jupyter nbconvert --to notebook`"),
            Self::Language(language) => CliError::usage(format!(
                "{name} is a notebook in `{language}`, expected python, scala, sql or r"
            ))
            .help("use `--language` to run its cells in another language"),
        }
    }
}

/// Returns the language and the cells of a notebook. `language` takes precedence over that of the file.
pub(super) fn read(
    text: &str,
    language: Option<Language>,
) -> Result<(Language, Vec<RawCell>), JupyterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let notebook: Value =
        serde_json::from_str(text).map_err(|error| JupyterError::Json(error.to_string()))?;
    let version = &notebook["nbformat"];
    if notebook.get("worksheets").is_some() || version.as_u64().is_some_and(|number| number != 4) {
        return Err(JupyterError::Version(version.to_string()));
    }
    let Value::Array(cells) = &notebook["cells"] else {
        return Err(JupyterError::Structure(
            "there is no list `cells`".to_owned(),
        ));
    };
    let mut read = Vec::new();
    for (number, cell) in (1..).zip(cells) {
        read.extend(code_cell(number, cell)?);
    }
    let language = match language {
        Some(language) => language,
        None => language_of(&notebook["metadata"])?,
    };
    Ok((language, read))
}

/// Returns a cell with code, or `None` for other cells.
fn code_cell(number: usize, cell: &Value) -> Result<Option<RawCell>, JupyterError> {
    let invalid = |what| JupyterError::Structure(format!("cell {number} of the file has {what}"));
    match cell["cell_type"].as_str() {
        Some("code") => {}
        Some("markdown" | "raw") => return Ok(None),
        _ => return Err(invalid("an unknown `cell_type`")),
    }
    let code = source(&cell["source"]).ok_or_else(|| invalid("no `source`"))?;
    // VS Code stores the language of cells in other languages than that of the kernel.
    let language = cell["metadata"]["vscode"]["languageId"].as_str();
    Ok(Some(RawCell {
        line: None,
        language: language.and_then(Language::from_name),
        code,
        index: number - 1,
    }))
}

/// Returns a text, which may be stored as a list of its lines.
fn source(source: &Value) -> Option<String> {
    match source {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// Returns the language of the notebook. Python is that of notebooks without one.
fn language_of(metadata: &Value) -> Result<Language, JupyterError> {
    let databricks = &metadata["application/vnd.databricks.v1+notebook"]["language"];
    let names = [
        databricks,
        &metadata["language_info"]["name"],
        &metadata["kernelspec"]["language"],
    ];
    let Some(name) = names.into_iter().find_map(Value::as_str) else {
        return Ok(Language::Python);
    };
    Language::from_name(name).ok_or_else(|| JupyterError::Language(name.to_owned()))
}
