//! Treatment of secrets in requests.

use serde_json::Value;

use crate::codec::secret::Secret;

/// Treatment of the values of type [`Secret`].
pub(super) enum Secrets {
    /// They are written.
    Write,
    /// `***` is written instead.
    Redact,
    /// They are written and collected.
    Collect(Vec<Secret>),
}

/// Collects all strings in a value, which may be secrets.
pub(super) fn collect_strings(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::String(text) => secrets.push(Secret::new(text)),
        Value::Array(items) => items.iter().for_each(|item| collect_strings(item, secrets)),
        Value::Object(members) => members
            .values()
            .for_each(|member| collect_strings(member, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
