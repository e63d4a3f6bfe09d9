//! Extensions of OpenAPI that `export` writes.

use api_spec::language::tables;
use api_spec::model::{Method, Retry};

use crate::import::document::Node;
use crate::import::spec::RetryValue;
use crate::toml::string;

/// Maximum timeout of the language: one year.
const MAX_TIMEOUT_MILLIS: u64 = 31_536_000_000;

/// Returns the timeout of `x-timeout-ms`, in milliseconds.
pub(super) fn timeout(operation: &Node) -> Option<u64> {
    let millis = operation.peek("x-timeout-ms")?.as_number()?.as_u64()?;
    let is_valid = (1..MAX_TIMEOUT_MILLIS).contains(&millis);
    is_valid.then(|| {
        operation.get("x-timeout-ms");
        millis
    })
}

/// Returns keys and values of `x-pages`.
pub(super) fn pages(operation: &Node) -> Vec<(&'static str, String)> {
    let table = tables().iter().find(|table| table.name == "pages");
    let keys = table
        .into_iter()
        .flat_map(|table| table.keys)
        .map(|key| key.name);
    let pages = operation.get("x-pages");
    let text = |key| Some((key, pages?.text(key)?.to_owned()));
    keys.filter_map(text).collect()
}

/// Returns keys and TOML values of `x-events`.
pub(super) fn events(operation: &Node) -> Vec<(&'static str, String)> {
    let Some(events) = operation.get("x-events") else {
        return Vec::new();
    };
    let text = |key| Some((key, string(events.text(key)?)));
    let resume = events.bool("resume").map(|it| ("resume", it.to_string()));
    ["end", "error"]
        .into_iter()
        .filter_map(text)
        .chain(resume)
        .collect()
}

/// Returns the retry class of `x-idempotent-with` or `x-retry`, unless it is the default of the
/// method.
pub(super) fn retry(method: Method, operation: &Node) -> Option<RetryValue> {
    if let Some(field) = operation.text("x-idempotent-with") {
        return Some(RetryValue::IdempotentWith(field.to_owned()));
    }
    let default = Retry::of(method);
    let name = operation.text("x-retry");
    let class = Retry::ALL
        .into_iter()
        .find(|class| Some(class.as_str()) == name)
        .unwrap_or(default);
    // The language requires `retry` for each POST.
    let is_needed = class != default || method == Method::Post;
    is_needed.then(|| RetryValue::Class(class.as_str()))
}
