//! Examples of values in messages.

use toml::Spanned;
use toml::de::DeValue;

use super::path::Path;
use crate::language::{Key, KeyFormat, Kind};

/// Returns the key with a valid value, as shown in help texts: with the parts of the `found` value, if
/// it is a value of another kind.
pub(super) fn example(kind: &'static Kind, found: &DeValue<'_>, path: Path<'_>) -> String {
    let key = &path.key.value;
    match (kind, found) {
        (Kind::StringList(_), DeValue::String(text)) => return format!("{key} = [\"{text}\"]"),
        (Kind::Map(_, item), DeValue::Array(items)) => {
            if let Some(table) = table_of(item, items) {
                return format!("{key} = {table}");
            }
        }
        (Kind::Table(keys), DeValue::String(text)) if keys.name == "variant" => {
            return format!("{key} = {{ with = [\"{text}\"] }}");
        }
        (Kind::Table(keys), DeValue::Array(items)) if keys.name == "enum" => {
            let values = keys.key("values").map(|row| &row.kind);
            if let Some(Kind::Map(_, item)) = values
                && let Some(table) = table_of(item, items)
            {
                return format!("{key} = {{ values = {table} }}");
            }
        }
        _ => {}
    }
    path.row
        .map_or_else(|| example_of(kind, key), |row| row.example.to_owned())
}

/// Returns a table with the strings of a list as its keys.
fn table_of(item: &Kind, list: &[Spanned<DeValue<'_>>]) -> Option<String> {
    let value = match item {
        Kind::StringOr(_, Kind::Table(keys)) if keys.name == "value" => "\"\"",
        Kind::StringOr(_, Kind::Table(keys)) if keys.name == "field" => "\"string\"",
        _ => return None,
    };
    let names = list.iter().map(|it| it.get_ref().as_str());
    let names: Option<Vec<_>> = names.collect();
    let is_bare = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names = names.filter(|it| !it.is_empty() && it.iter().all(is_bare))?;
    let entries: Vec<_> = names
        .iter()
        .map(|name| format!("{name} = {value}"))
        .collect();
    Some(format!("{{ {} }}", entries.join(", ")))
}

fn example_of(kind: &'static Kind, key: &str) -> String {
    match kind {
        Kind::Table(keys) | Kind::StringOr(_, Kind::Table(keys)) => {
            let row = keys.keys.iter().find(|row| row.required);
            let row: Option<&Key> = row.or(keys.keys.first());
            format!("{key} = {{ {} }}", row.map_or("", |row| row.example))
        }
        Kind::StringOr(..) | Kind::Map(KeyFormat::Wire, _) => {
            format!("{key} = {{ id = \"string\" }}")
        }
        Kind::Map(..) => format!("[endpoints.{key}.name]"),
        Kind::StringList(_) | Kind::StatusList | Kind::List(_) | Kind::OrList(..) => {
            format!("{key} = []")
        }
        Kind::Scalar | Kind::Number | Kind::Bool => format!("{key} = false"),
        Kind::String(_) => format!("{key} = \"…\""),
    }
}
