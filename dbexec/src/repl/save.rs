//! The inputs of a session, in a file.

use std::path::Path;

use crate::language::Language;
use crate::notebook::{self, Document};
use crate::replace::replace;

/// Writes inputs to a file: a notebook, or source code. Returns a message, or an error of one line.
pub(super) fn save(inputs: &[(Language, String)], path: &Path) -> Result<String, String> {
    let text = if notebook::is_jupyter(Some(path)) {
        Document::of_code(inputs).text()
    } else {
        let language = Language::from_extension(path).ok_or_else(|| {
            format!(
                "unknown kind of file {}, expected the extension .ipynb, .py, .scala, .sql or .r",
                path.display()
            )
        })?;
        source(inputs, language)
    };
    let is_replaced = path.exists();
    replace(path, |out| out.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let replaced = if is_replaced {
        ", which was replaced"
    } else {
        ""
    };
    let count = match inputs.len() {
        1 => "1 input".to_owned(),
        count => format!("{count} inputs"),
    };
    Ok(format!("{count} to {}{replaced}", path.display()))
}

/// Returns source code. Inputs in several languages are the cells of a source file of Databricks.
fn source(inputs: &[(Language, String)], language: Language) -> String {
    let code = |text: &str| text.trim_end().to_owned();
    if inputs.iter().all(|(other, _)| *other == language) {
        let inputs: Vec<_> = inputs.iter().map(|(_, text)| code(text)).collect();
        return format!("{}\n", inputs.join("\n\n"));
    }
    let comment = match language {
        Language::Python | Language::R => "#",
        Language::Scala => "//",
        Language::Sql => "--",
    };
    let cell = |(other, text): &(Language, String)| {
        let text = code(text);
        if *other == language {
            return text;
        }
        let lines = std::iter::once(format!("%{other}")).chain(text.lines().map(str::to_owned));
        lines
            .map(|line| format!("{comment} MAGIC {line}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let cells: Vec<_> = inputs.iter().map(cell).collect();
    let separator = format!("\n\n{comment} COMMAND ----------\n\n");
    format!(
        "{comment} Databricks notebook source\n{}\n",
        cells.join(&separator)
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn saved_inputs_can_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = [
            (Language::Python, "def f():\n    return 1\n"),
            (Language::Sql, "SELECT 1;"),
            (Language::Python, "f()"),
        ]
        .map(|(language, text)| (language, text.to_owned()));
        for name in ["a.py", "a.sql", "a.ipynb"] {
            let path = folder.path().join(name);
            let message = save(&inputs, &path).unwrap();
            assert_eq!(message, format!("3 inputs to {}", path.display()));
            let text = fs::read_to_string(&path).unwrap();
            let cells = notebook::read(name, Some(&path), &text, None).unwrap();
            let cells: Vec<_> = cells
                .into_iter()
                .map(|cell| (cell.language, cell.code.trim().to_owned()))
                .collect();
            let expected: Vec<_> = inputs
                .iter()
                .map(|(language, text)| (*language, text.trim_end().to_owned()))
                .collect();
            assert_eq!(cells, expected, "{name}");
        }
        let path = folder.path().join("b.py");
        save(&inputs[..1], &path).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "def f():\n    return 1\n"
        );
        assert!(
            save(&inputs[..1], &path)
                .unwrap()
                .ends_with(", which was replaced")
        );
        assert!(
            save(&inputs, Path::new("a.txt"))
                .unwrap_err()
                .starts_with("unknown kind of file")
        );
    }
}
