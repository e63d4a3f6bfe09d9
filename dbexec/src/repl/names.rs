//! Names of a session, requested from its interpreters by commands that leave nothing behind.

use std::collections::BTreeMap;

use generated_client::Output;
use serde_json::Value;

use super::syntax::{Kind, tokens};
use crate::language::Language;

const PYTHON: &str = include_str!("names.py");
const R: &str = include_str!("names.r");

/// Name, type and short value.
pub(super) type Variable = [String; 3];

/// Returns a command that prints names, or `None` if the language has none. `object` is that whose attributes
/// are requested, or an empty text.
pub(super) fn names_command(language: Language, object: &str) -> Option<String> {
    match language {
        Language::Python => Some(python(&Value::from(object))),
        Language::R if object.is_empty() => Some(r("\"\"")),
        Language::Sql if object.is_empty() => Some("SHOW TABLES".to_owned()),
        _ => None,
    }
}

/// Returns a command that prints the variables, or `None` if the language has none.
pub(super) fn variables_command(language: Language) -> Option<String> {
    match language {
        Language::Python => Some(python(&Value::Null)),
        Language::R => Some(r("NULL")),
        Language::Sql => Some("SHOW TABLES".to_owned()),
        Language::Scala => None,
    }
}

fn python(request: &Value) -> String {
    // A JSON text is a literal of Python, as it contains no surrogates.
    let program = Value::from(PYTHON);
    let request = match request {
        Value::Null => "None".to_owned(),
        text => text.to_string(),
    };
    format!("exec({program}, {{\"names\": globals(), \"request\": {request}}})")
}

fn r(request: &str) -> String {
    R.replacen("local({", &format!("local({{\n  request <- {request}"), 1)
}

/// Returns the names that a command of [`names_command`] has printed.
pub(super) fn read_names(language: Language, output: &Output) -> Vec<String> {
    if language == Language::Sql {
        return tables(output).into_iter().map(|[name, ..]| name).collect();
    }
    let text = output.text().unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Returns the variables that a command of [`variables_command`] has printed.
pub(super) fn read_variables(language: Language, output: &Output) -> Vec<Variable> {
    let text = output.text().unwrap_or_default();
    match language {
        Language::Sql => tables(output),
        Language::Python => text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect(),
        _ => text
            .lines()
            .filter_map(|line| fields(line.split('\t')))
            .collect(),
    }
}

fn fields<'a>(fields: impl Iterator<Item = &'a str>) -> Option<Variable> {
    let fields: Vec<String> = fields.map(str::to_owned).collect();
    fields.try_into().ok()
}

/// Returns the rows of `SHOW TABLES`: database, name, and whether it is temporary.
fn tables(output: &Output) -> Vec<Variable> {
    let Some(table) = output.table() else {
        return Vec::new();
    };
    let rows = table.text_rows().map(|row| {
        let row: Vec<String> = row
            .into_iter()
            .map(|cell| cell.unwrap_or_default().into_owned())
            .collect();
        let [database, name, is_temporary] = <[String; 3]>::try_from(row).ok()?;
        let kind = if is_temporary == "true" {
            "view"
        } else {
            "table"
        };
        Some([name, kind.to_owned(), database])
    });
    rows.flatten().collect()
}

/// Names that inputs of Scala have defined. No command lists those of the interpreter.
#[derive(Debug, Default)]
pub(super) struct ScalaNames(BTreeMap<String, (String, String)>);

impl ScalaNames {
    /// Adds the definitions of an input that has run, and of its output, for example `x: Int = 1`.
    pub(super) fn add(&mut self, code: &str, output: &str) {
        let tokens = tokens(Language::Scala, code);
        for pair in tokens.windows(2) {
            let [keyword, name] = [&pair[0], &pair[1]].map(|token| &code[token.start..token.end]);
            let is_definition =
                ["class", "def", "object", "trait", "type", "val", "var"].contains(&keyword);
            if is_definition && pair[1].kind == Kind::Name && depth_at(code, pair[0].start) == 0 {
                let entry = (keyword.to_owned(), String::new());
                self.0.insert(name.to_owned(), entry);
            }
        }
        for line in output.lines() {
            if let Some((name, ty, value)) = definition(line)
                && let Some(entry) = self.0.get_mut(name)
            {
                *entry = (ty.to_owned(), value.chars().take(60).collect());
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(super) fn variables(&self) -> Vec<Variable> {
        let variable = |(name, (ty, value)): (&String, &(String, String))| {
            [name.clone(), ty.clone(), value.clone()]
        };
        self.0.iter().map(variable).collect()
    }
}

/// Returns the number of brackets that are open at an offset.
fn depth_at(code: &str, offset: usize) -> usize {
    let before = tokens(Language::Scala, &code[..offset]);
    let count = |kind| before.iter().filter(|token| token.kind == kind).count();
    count(Kind::OpenBracket).saturating_sub(count(Kind::CloseBracket))
}

/// Splits a line `x: Int = 1` or `val x: Int = 1`.
fn definition(line: &str) -> Option<(&str, &str, &str)> {
    let line = ["val ", "var ", "lazy val "]
        .iter()
        .find_map(|keyword| line.strip_prefix(keyword))
        .unwrap_or(line);
    let (left, value) = line.split_once(" = ")?;
    let (name, ty) = left.split_once(": ")?;
    Some((name, ty, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_literals_of_python() {
        let command = names_command(Language::Python, "a.b").unwrap();
        assert!(
            command.starts_with("exec(\"\\\"\\\"\\\"Prints names"),
            "{command}"
        );
        assert!(
            command.ends_with(", {\"names\": globals(), \"request\": \"a.b\"})"),
            "{command}"
        );
        assert!(!command.contains('\n'), "{command}");
        let command = variables_command(Language::Python).unwrap();
        assert!(command.ends_with("\"request\": None})"), "{command}");
    }

    #[test]
    fn scala_names_are_those_of_definitions() {
        let mut names = ScalaNames::default();
        names.add(
            "val x = 1; def f(y: Int) = { val z = y; z }\nclass A { def g = 1 }",
            "x: Int = 1\nf: (y: Int)Int\nclass A",
        );
        names.add("var s: String = \"a\"", "var s: String = a = b\n");
        assert_eq!(
            names.variables(),
            [
                ["A", "class", ""],
                ["f", "def", ""],
                ["s", "String", "a = b"],
                ["x", "Int", "1"],
            ]
            .map(|fields| fields.map(str::to_owned))
        );
    }
}
