//! Code that passes arguments and parameters to the code of the user.
//!
//! Values are literals of the language. Only in SQL, which has no variables in all versions of Spark, they
//! replace parameter markers in the code of the user.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use generated_client::sql::{BindError, Parameters};

use super::parameter::Parameter;
use super::place::Place;
use crate::error::CliError;
use crate::language::Language;

/// Arguments and parameters for the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    /// Arguments after `--`.
    pub(crate) arguments: &'a [String],
    pub(crate) parameters: &'a [Parameter],
}

impl Inputs<'_> {
    pub(crate) fn is_empty(self) -> bool {
        self.arguments.is_empty() && self.parameters.is_empty()
    }

    /// Returns code that runs before that of the user, if it is needed. `program` is the name of the
    /// file.
    pub(crate) fn prelude(self, language: Language, program: &str) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let (write_string, widget_end): (fn(&mut String, &str), _) = match language {
            Language::Python => (write_python_string, ")\n"),
            Language::Scala => (write_scala_string, ")\n"),
            Language::R => (write_r_string, ")\n"),
            // A query has its values in its own command.
            Language::Sql => return None,
        };
        let mut code = String::new();
        let list = |code: &mut String, items: &mut dyn Iterator<Item = &str>| {
            for (index, item) in items.enumerate() {
                if index > 0 {
                    code.push_str(", ");
                }
                write_string(code, item);
            }
        };
        let mut arguments = self.arguments.iter().map(String::as_str);
        if !self.arguments.is_empty() {
            match language {
                Language::Python => {
                    code.push_str("__import__(\"sys\").argv = [");
                    list(&mut code, &mut [program].into_iter().chain(arguments));
                    code.push_str("]\n");
                }
                Language::Scala => {
                    code.push_str("val args: Array[String] = Array(");
                    list(&mut code, &mut arguments);
                    code.push_str(")\n");
                }
                Language::R | Language::Sql => {
                    code.push_str("args <- c(");
                    list(&mut code, &mut arguments);
                    code.push_str(")\ncommandArgs <- function(trailingOnly = FALSE) ");
                    code.push_str("if (trailingOnly) args else c(\"R\", \"--args\", args)\n");
                }
            }
        }
        for parameter in self.parameters {
            code.push_str("dbutils.widgets.text(");
            write_string(&mut code, &parameter.name);
            code.push_str(", ");
            write_string(&mut code, parameter.text());
            code.push_str(widget_end);
        }
        Some(code)
    }

    /// Returns the values of the parameters of queries, if there are any.
    pub(crate) fn query_values(self) -> Option<QueryValues> {
        if self.is_empty() {
            return None;
        }
        let mut values = Parameters::new();
        for Parameter { name, value } in self.parameters {
            values = values.named(name, value.clone());
        }
        for argument in self.arguments {
            values = values.positional(argument.as_str());
        }
        Some(QueryValues(values))
    }
}

/// Values of the parameters of queries. Each query has all of them.
#[derive(Debug)]
pub(crate) struct QueryValues(Parameters);

impl QueryValues {
    /// Returns a query with its values in place of the parameter markers.
    ///
    /// # Errors
    ///
    /// Returns an error with exit code 2 if the query uses a parameter without a value.
    pub(super) fn bind<'q>(&self, query: &'q str, place: &Place) -> Result<Cow<'q, str>, CliError> {
        self.0.bind(query).map_err(|error| {
            let place = place.name(place.statement_line());
            let cli_error = CliError::usage(format!("{place}: {error}"));
            match error {
                BindError::MissingValue { name, .. } => {
                    cli_error.help(format!("use `--param {name}=VALUE`"))
                }
                _ => cli_error,
            }
        })
    }
}

fn write_python_string(code: &mut String, text: &str) {
    write_escaped(code, text, |code, c| {
        write!(code, "\\U{:08x}", u32::from(c))
    });
}

fn write_scala_string(code: &mut String, text: &str) {
    write_escaped(code, text, |code, c| {
        let mut units = [0; 2];
        let mut units = c.encode_utf16(&mut units).iter();
        units.try_for_each(|unit| write!(code, "\\u{unit:04x}"))
    });
}

fn write_r_string(code: &mut String, text: &str) {
    write_escaped(code, text, |code, c| {
        write!(code, "\\U{{{:x}}}", u32::from(c))
    });
}

/// Writes a string literal. `escape` writes a character that is not printable ASCII.
fn write_escaped(code: &mut String, text: &str, escape: fn(&mut String, char) -> fmt::Result) {
    code.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => code.extend(['\\', c]),
            ' '..='~' => code.push(c),
            // Writing to a `String` does not fail.
            _ => drop(escape(code, c)),
        }
    }
    code.push('"');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Origin;

    fn parameters(arguments: &[&str]) -> Vec<Parameter> {
        arguments
            .iter()
            .map(|argument| argument.parse().unwrap())
            .collect()
    }

    fn prelude(language: Language, arguments: &[&str], named: &[&str]) -> Option<String> {
        let arguments: Vec<_> = arguments.iter().map(|&text| text.to_owned()).collect();
        let parameters = parameters(named);
        let inputs = Inputs {
            arguments: &arguments,
            parameters: &parameters,
        };
        inputs.prelude(language, "job")
    }

    #[test]
    fn values_are_literals_of_the_language() {
        let text = "a\"\\\n$é😀'";
        let python = r#""a\"\\\U0000000a$\U000000e9\U0001f600'""#;
        let scala = r#""a\"\\\u000a$\u00e9\ud83d\ude00'""#;
        let r = r#""a\"\\\U{a}$\U{e9}\U{1f600}'""#;
        for (language, expected) in [
            (
                Language::Python,
                format!(
                    "__import__(\"sys\").argv = [\"job\", {python}, \"-x\"]\n\
                         dbutils.widgets.text(\"n\", {python})\n"
                ),
            ),
            (
                Language::Scala,
                format!(
                    "val args: Array[String] = Array({scala}, \"-x\")\n\
                         dbutils.widgets.text(\"n\", {scala})\n"
                ),
            ),
            (
                Language::R,
                format!(
                    "args <- c({r}, \"-x\")\n\
                         commandArgs <- function(trailingOnly = FALSE) \
                         if (trailingOnly) args else c(\"R\", \"--args\", args)\n\
                         dbutils.widgets.text(\"n\", {r})\n"
                ),
            ),
        ] {
            let named = format!("n={text}");
            assert_eq!(prelude(language, &[text, "-x"], &[&named]), Some(expected));
        }
        assert_eq!(prelude(Language::Python, &[], &[]), None);
        assert_eq!(prelude(Language::Sql, &["a"], &[]), None);
        let widget = "dbutils.widgets.text(\"n\", \"5\")\n".to_owned();
        assert_eq!(prelude(Language::Python, &[], &["n:=5"]), Some(widget));
    }

    #[test]
    fn queries_have_typed_values() {
        let arguments = ["2026".to_owned(), "x".to_owned()];
        let parameters = parameters(&["b:=1.5", "a=it's"]);
        let inputs = Inputs {
            arguments: &arguments,
            parameters: &parameters,
        };
        let values = inputs.query_values().unwrap();
        let place = Place {
            origin: Arc::new(Origin::File("q.sql".into())),
            file: (1, 1),
            cell: None,
            statement: None,
        };
        let query = |text| {
            let bound = values.bind(text, &place).map(Cow::into_owned);
            bound.map_err(|error| error.to_string())
        };
        assert_eq!(query("SELECT 1"), Ok("SELECT 1".to_owned()));
        assert_eq!(
            query("SELECT ':x', :a, :b, ?, ? -- :y"),
            Ok("SELECT ':x', CAST(X'69742773' AS STRING), 1.5, '2026', 'x' -- :y".to_owned())
        );
        assert_eq!(
            query("SELECT :c").unwrap_err(),
            "error: q.sql: the parameter `:c` has no value\nhelp: use `--param c=VALUE`"
        );
        assert_eq!(
            query("SELECT ?").unwrap_err(),
            "error: q.sql: 2 values for 1 parameter (`?`)"
        );
    }
}
