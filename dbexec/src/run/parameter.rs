//! The option `--param`: named values for the code.

use std::str::FromStr;

use generated_client::sql::{Literal, Number};
use serde_json::Value;

/// Named value: `name=text` or `name:=json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: Literal,
}

impl Parameter {
    /// Returns the text of the value, for parameters that have no type.
    pub(crate) fn text(&self) -> &str {
        match &self.value {
            Literal::Bool(true) => "true",
            Literal::Bool(false) => "false",
            Literal::Number(number) => number.as_str(),
            Literal::Text(text) => text,
            _ => "",
        }
    }
}

impl FromStr for Parameter {
    type Err = String;

    fn from_str(argument: &str) -> Result<Self, String> {
        let expected = || "expected `name=text` or `name:=json`".to_owned();
        let (name, text) = argument.split_once('=').ok_or_else(expected)?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => (name, parse_json(text)?),
            None => (name, Literal::from(text)),
        };
        let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.starts_with(is_start) || !name.chars().all(is_part) {
            return Err(format!(
                "`{name}` is not a name of letters, digits and `_`: {}",
                expected()
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

fn parse_json(text: &str) -> Result<Literal, String> {
    match serde_json::from_str(text) {
        Ok(Value::Null) => Ok(Literal::Null),
        Ok(Value::Bool(value)) => Ok(value.into()),
        Ok(Value::Number(_)) => match text.trim().parse::<Number>() {
            Ok(number) => Ok(number.into()),
            Err(error) => Err(error.to_string()),
        },
        Ok(Value::String(text)) => Ok(text.into()),
        Ok(_) => Err("a list or an object is not supported".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_or_json() {
        let number = |text: &str| Literal::Number(text.parse().unwrap());
        for (argument, name, value) in [
            ("a=1", "a", Literal::from("1")),
            ("a=", "a", Literal::from("")),
            ("_b2==x", "_b2", Literal::from("=x")),
            ("a:=1.50", "a", number("1.50")),
            ("a:= -1e5 ", "a", number("-1e5")),
            (
                "a:=12345678901234567890123",
                "a",
                number("12345678901234567890123"),
            ),
            ("a:=true", "a", Literal::Bool(true)),
            ("a:=null", "a", Literal::Null),
            ("a:=\"x\"", "a", Literal::from("x")),
        ] {
            let parameter: Parameter = argument.parse().unwrap();
            assert_eq!((parameter.name.as_str(), parameter.value), (name, value));
        }
        for argument in [
            "a", "", "=1", "1a=2", "a b=1", "a;b=1", "ä=1", "a:=", "a:=[1]", "a:={}", "a:=x",
        ] {
            assert!(argument.parse::<Parameter>().is_err(), "{argument}");
        }
    }
}
