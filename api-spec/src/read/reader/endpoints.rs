//! Tables of endpoints that have the structure of another format.

use toml::de::DeTable;

use super::path::Path;
use super::{Reader, Toml};
use crate::diagnostics::messages::structure as messages;
use crate::diagnostics::{Diagnostic, Reported};
use crate::language::Kind;

impl Reader<'_> {
    /// Reports a table with arbitrary keys whose structure is that of another one. Its contents are not
    /// read, as each of them would be an error.
    pub(super) fn check_structure(
        &mut self,
        item: &'static Kind,
        table: &DeTable<'_>,
        path: Path<'_>,
    ) -> Result<(), Reported> {
        let (diagnostic, loses_names) = match item {
            Kind::Table(keys) if keys.name == "endpoint" => {
                (endpoint_without_group(table, path), true)
            }
            Kind::StringOr(_, Kind::Table(keys)) if keys.name == "field" => {
                (fields_of_another_format(table, path), false)
            }
            Kind::StringOr(..) if path.key.as_str() == "responses" => {
                (fields_of_another_format(table, path), false)
            }
            _ => (None, false),
        };
        let Some(diagnostic) = diagnostic else {
            return Ok(());
        };
        let reported = self.diagnostics.report(diagnostic);
        if loses_names {
            self.diagnostics.set_lost_names(reported);
        }
        Err(reported)
    }
}

/// `[endpoints.list]` in place of `[endpoints.files.list]`.
fn endpoint_without_group(table: &DeTable<'_>, path: Path<'_>) -> Option<Diagnostic> {
    let has_line = ["http", "doc"]
        .iter()
        .any(|key| table.get(*key).is_some_and(|it| it.get_ref().is_str()));
    has_line.then(|| messages::endpoint_without_group(path.key))
}

fn fields_of_another_format(table: &DeTable<'_>, path: Path<'_>) -> Option<Diagnostic> {
    let key = path.key.as_str();
    let is_status = |key: &str| key.len() == 3 && key.bytes().all(|byte| byte.is_ascii_digit());
    // `default` and `4XX` are those of OpenAPI.
    let is_code = |key: &str| key == "default" || key.starts_with(|c: char| c.is_ascii_digit());
    let has_statuses = table.keys().all(|key| is_status(key.get_ref()));
    if !table.is_empty() && has_statuses && ["response", "response_headers"].contains(&key) {
        return Some(messages::status_codes(path.key));
    }
    if key == "responses" && !table.is_empty() && !table.keys().any(|key| is_code(key.get_ref())) {
        return Some(messages::no_status_codes(path.key));
    }
    if is_schema(table) {
        return Some(messages::json_schema(path.key));
    }
    let is_response = path.outer.is_some_and(|it| it.key.as_str() == "responses");
    let body = ["body", "schema", "content"].iter();
    let mut body = body.filter_map(|key| table.get(*key));
    (is_response && body.any(is_untyped)).then(|| messages::body_and_headers(path.key))
}

/// Returns whether a table is an object without a type, and thus not the declaration of a field.
fn is_untyped(value: Toml<'_>) -> bool {
    let table = value.get_ref().as_table();
    table.is_some_and(|table| !table.contains_key("type"))
}

/// Returns whether a table is a schema of an object or a list.
fn is_schema(table: &DeTable<'_>) -> bool {
    let ty = table.get("type").and_then(|it| it.get_ref().as_str());
    let has_table = |key: &str| table.get(key).is_some_and(|it| it.get_ref().is_table());
    let has_list = |key: &str| table.get(key).is_some_and(|it| it.get_ref().is_array());
    match ty {
        Some("object") => has_table("properties"),
        Some("array") => table.contains_key("items"),
        _ => has_table("properties") && has_list("required"),
    }
}
