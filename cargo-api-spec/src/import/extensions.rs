//! Extensions `x-api-spec-…`, which `export` writes: keys of the language and their values.

use std::fmt::Write as _;

use api_spec::language::tables;

use super::document::{Node, Value};
use crate::toml;

/// Keys of a table of the language, and their values in TOML.
pub(super) type Extensions = Vec<(&'static str, String)>;

const PREFIX: &str = "x-api-spec-";

/// Returns the extensions of a value for the table `table`, and reads them.
pub(super) fn read(node: &Node, table: &str) -> Extensions {
    if !node
        .members()
        .iter()
        .any(|(key, _)| key.starts_with(PREFIX))
    {
        return Extensions::new();
    }
    let table = tables().iter().find(|it| it.name == table);
    let keys = table.into_iter().flat_map(|table| table.keys);
    let values = keys.filter_map(|key| {
        let value = get(node, key.name)?;
        Some((key.name, toml(value)))
    });
    values.collect()
}

/// Returns the value of an extension.
pub(super) fn get<'d>(node: &'d Node, key: &str) -> Option<&'d Node> {
    let found = node.members().iter();
    let mut found = found.filter(|(name, _)| name.strip_prefix(PREFIX) == Some(key));
    found.next().map(|(_, value)| value.read())
}

/// Returns a value as TOML on one line, and reads all that it contains.
fn toml(node: &Node) -> String {
    match node.read().value() {
        Value::Text(text) => toml::string(text),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let mut table = String::from("{");
            for (index, (key, value)) in members.iter().enumerate() {
                let separator = if index == 0 { "" } else { "," };
                let _ = write!(table, "{separator} {} = {}", toml::key(key), toml(value));
            }
            table + " }"
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => node.scalar(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::parse;

    #[test]
    fn values_are_written_as_toml() {
        let node =
            parse(r#"{ "x-api-spec-retry": { "idempotent_with": "a" }, "x-api-spec-no": 1 }"#);
        let expected = vec![("retry", "{ idempotent_with = \"a\" }".to_owned())];
        assert_eq!(read(&node.unwrap(), "endpoint"), expected);
    }
}
