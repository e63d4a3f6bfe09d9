//! Magic commands at the start of cells.

use super::cell::RawCell;
use crate::error::CliError;
use crate::language::Language;

/// Magic command that the API does not support.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnsupportedMagic {
    /// For example `%run`.
    magic: String,
    instead: &'static str,
}

impl UnsupportedMagic {
    pub(super) fn into_cli_error(self, place: &str) -> CliError {
        let message = format!("{place}: the API does not support `{}`", self.magic);
        CliError::usage(message).help(self.instead)
    }
}

/// Removes the magic command of a cell and sets its language. Returns `None` if the cell has no code.
///
/// Empty lines and comments before the magic command are skipped.
pub(super) fn select(cell: RawCell) -> Result<Option<RawCell>, UnsupportedMagic> {
    if cell.code.trim().is_empty() {
        return Ok(None);
    }
    let Some(magic) = Magic::find(&cell.code) else {
        return Ok(Some(cell));
    };
    let language = match magic.name {
        "md" | "md-sandbox" | "markdown" | "html" => return Ok(None),
        // Figures are results of the command in any case.
        "matplotlib" => cell.language,
        "!" => return Err(unsupported(&magic)),
        name => match Language::from_name(name) {
            Some(language) => Some(language),
            None => return Err(unsupported(&magic)),
        },
    };
    let is_code_after = magic.name != "matplotlib";
    // The lines before it may be comments of another language, and lines keep their numbers.
    let mut code = "\n".repeat(magic.lines_before);
    if is_code_after {
        code.push_str(magic.arguments);
    }
    code.push_str(magic.rest);
    Ok((!code.trim().is_empty()).then_some(RawCell {
        language,
        code,
        ..cell
    }))
}

/// Magic command in the code of a cell.
#[derive(Debug)]
struct Magic<'a> {
    lines_before: usize,
    /// Name without `%`, or `!`.
    name: &'a str,
    /// Rest of its line.
    arguments: &'a str,
    /// The following lines, with the line end before them.
    rest: &'a str,
}

impl<'a> Magic<'a> {
    fn find(code: &'a str) -> Option<Self> {
        let is_skipped = |line: &str| {
            let line = line.trim();
            line.is_empty()
                || ["#", "//", "--"]
                    .iter()
                    .any(|start| line.starts_with(start))
        };
        let mut start = 0;
        let mut lines_before = 0;
        let line = code.split_inclusive('\n').find(|line| {
            let is_code = !is_skipped(line);
            if !is_code {
                start += line.len();
                lines_before += 1;
            }
            is_code
        })?;
        let text = line.trim_end_matches(['\r', '\n']);
        let rest = &code[start + text.len()..];
        let text = text.trim_start();
        let (name, arguments) = if let Some(arguments) = text.strip_prefix('!') {
            // Also an operator of Scala and R: `!flag`.
            ("!", arguments)
        } else {
            let name = text.trim_start_matches('%');
            // At most `%%name`, since `%in%` and `% 3` are code.
            if !(1..=2).contains(&(text.len() - name.len())) {
                return None;
            }
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
            let (name, arguments) = name.split_at(end);
            let is_end = arguments.is_empty() || arguments.starts_with([' ', '\t']);
            if name.is_empty() || !is_end {
                return None;
            }
            (name, arguments.trim_start())
        };
        Some(Self {
            lines_before,
            name,
            arguments,
            rest,
        })
    }
}

fn unsupported(magic: &Magic<'_>) -> UnsupportedMagic {
    let name = match magic.name {
        "!" => "!".to_owned(),
        name => format!("%{name}"),
    };
    UnsupportedMagic {
        magic: name,
        instead: match magic.name {
            "run" => "run the other notebook first: `dbexec run OTHER THIS`",
            "sh" | "bash" | "script" | "system" | "!" => {
                "use `subprocess.run` in Python to run a program"
            }
            "fs" => "use `dbutils.fs` in Python",
            "pip" | "conda" | "mamba" | "uv" => {
                "install the package as a library of the cluster, or with `subprocess.run` in Python"
            }
            _ => "remove it, or write it as code",
        },
    }
}
