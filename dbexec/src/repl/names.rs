//! Names of a session, requested from its interpreters by commands that leave nothing behind.

use std::borrow::Cow;
use std::collections::BTreeMap;

use generated_client::Output;
use serde_json::Value;

use crate::language::Language;
use crate::syntax::{Kind, tokens};

const PYTHON: &str = include_str!("names.py");
const R: &str = include_str!("names.r");
/// The type of the object has its members: the object is not evaluated. A pattern without a variable defines no
/// result.
const SCALA: &str = include_str!("names.scala");

/// Names that each context of Scala has.
const SCALA_PROVIDED: [&str; 6] = [
    "dbutils",
    "display",
    "displayHTML",
    "sc",
    "spark",
    "sqlContext",
];

/// Name, type and short value.
pub(super) type Variable = [String; 3];

/// Returns the commands that print names. Those that fail have none. `object` is that whose members are
/// requested, or an empty text.
pub(super) fn names_commands(language: Language, object: &str) -> Vec<String> {
    match (language, object) {
        (Language::Python, _) => vec![python(&Value::from(object))],
        (Language::R, _) => vec![r(&Value::from(object).to_string())],
        (Language::Sql, "") => ["TABLES", "SCHEMAS", "CATALOGS"]
            .map(|kind| format!("SHOW {kind}"))
            .into(),
        // A table or a schema.
        (Language::Sql, _) => vec![
            format!("DESCRIBE TABLE {object}"),
            format!("SHOW TABLES IN {object}"),
        ],
        (Language::Scala, "") => Vec::new(),
        (Language::Scala, _) => vec![SCALA.trim_end().replacen("OBJECT", object, 1)],
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

/// Returns the names that a command of [`names_commands`] has printed.
pub(super) fn read_names(language: Language, output: &Output) -> Vec<String> {
    if language == Language::Sql {
        return column_of_names(output);
    }
    let text = output.text().unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Returns the column with the names of tables, or otherwise the first column.
fn column_of_names(output: &Output) -> Vec<String> {
    let Some(table) = output.table() else {
        return Vec::new();
    };
    let mut columns = table.columns().iter();
    let index = columns.position(|column| column.name == "tableName");
    let rows = table.text_rows();
    let names = rows.filter_map(|mut row| row.swap_remove(index.unwrap_or(0)));
    // `DESCRIBE` separates the columns from other properties.
    let names = names.take_while(|name| !name.is_empty() && !name.starts_with('#'));
    names.map(Cow::into_owned).collect()
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
                && (self.0.contains_key(name) || is_result(name))
            {
                let entry = (ty.to_owned(), value.chars().take(60).collect());
                self.0.insert(name.to_owned(), entry);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn names(&self) -> Vec<String> {
        let own = self.0.keys().map(String::as_str);
        own.chain(SCALA_PROVIDED).map(str::to_owned).collect()
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

/// Returns whether the interpreter has chosen a name, for example `res0`.
fn is_result(name: &str) -> bool {
    name.strip_prefix("res")
        .is_some_and(|number| number.parse::<u32>().is_ok())
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
        let [command] = &names_commands(Language::Python, "a.b")[..] else {
            panic!("one command");
        };
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
        names.add(
            "print(\"y: Int = 2\"); x + 1",
            "y: Int = 2\nres0: Int = 2\n",
        );
        assert_eq!(
            names.variables(),
            [
                ["A", "class", ""],
                ["f", "def", ""],
                ["res0", "Int", "2"],
                ["s", "String", "a = b"],
                ["x", "Int", "1"],
            ]
            .map(|fields| fields.map(str::to_owned))
        );
    }
}
