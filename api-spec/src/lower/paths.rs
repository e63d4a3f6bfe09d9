//! The `http` line, base paths and path parameters.

use super::context::Context;
use super::fields::{FieldNames, lower_plain_fields};
use super::types::FieldContext;
use crate::diagnostics::messages::paths as messages;
use crate::diagnostics::{Checked, Reported};
use crate::grammar::http_line;
use crate::model::{Field, Method};
use crate::read::raw::Table;
use crate::source::Span;
use crate::source::text::Text;

/// Method and path of an endpoint, which are valid independently of each other.
#[derive(Clone, Copy)]
pub(super) struct HttpLine<'r> {
    pub(super) method: Result<Method, Reported>,
    path: Result<&'r str, Reported>,
    text: &'r Text,
}

/// Lowers the `http` line of an endpoint. Reports errors of both the method and the path.
pub(super) fn lower_http<'r>(
    cx: &mut Context<'_, '_>,
    text: &'r Text,
) -> Result<HttpLine<'r>, Reported> {
    let line = text.as_str();
    let Some((method_at, path_at)) = http_line::split_http(line) else {
        return Err(cx.report(messages::http_syntax(text)));
    };
    let name = &line[method_at.clone()];
    let method = lower_method(cx, name, text.subspan(method_at));
    let path = &line[path_at.clone()];
    let path = match http_line::check_path(path) {
        Ok(()) => Ok(path),
        Err(error) => Err(cx.report(messages::invalid_path(text, path_at.start, path, &error))),
    };
    Ok(HttpLine { method, path, text })
}

/// Lowers a method. A name that is neither usual nor registered, but similar to a usual one, is an
/// error.
fn lower_method(cx: &mut Context<'_, '_>, name: &str, at: Span) -> Result<Method, Reported> {
    let usual = Method::ALL;
    let usual = usual.iter().map(Method::as_str);
    match http_line::parse_method(name) {
        Ok(method) if Method::known(name).is_some() => Ok(method),
        Ok(method) => match cx.nearest(name, usual) {
            Some(similar) => Err(cx.report(messages::unknown_method(name, at, similar))),
            None => Ok(method),
        },
        Err(error) => {
            let similar = cx.nearest(name, usual);
            Err(cx.report(messages::invalid_method(name, at, error, similar)))
        }
    }
}

/// Returns the base path of a table, or the `outer` one if there is none.
pub(super) fn lower_base_path<'r>(
    cx: &mut Context<'_, '_>,
    table: Option<&'r Table>,
    outer: Result<&'r str, Reported>,
) -> Result<&'r str, Reported> {
    let Some(entry) = table.and_then(|table| table.entry("base_path")) else {
        return outer;
    };
    let Some(text) = entry.string() else {
        return Err(cx.invalid(entry));
    };
    http_line::check_base_path(&text.value)
        .map_err(|error| cx.report(messages::invalid_path(text, 0, &text.value, &error)))?;
    Ok(&text.value)
}

/// Returns the whole path and its parameters, in their order in the path.
pub(super) fn lower_path(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    http: Result<HttpLine<'_>, Reported>,
    base_path: Result<&str, Reported>,
    names: &mut FieldNames,
) -> Checked<(String, Vec<Field>)> {
    let entries = endpoint.map("path");
    let mut fields = lower_plain_fields(cx, entries, FieldContext::Path, names);
    let path = http.and_then(|http| join_path(cx, endpoint, http, base_path));
    let path = Checked::or(path, String::new());
    let names = http_line::parameters(&path.value).map(|(name, _)| name);
    let names: Vec<&str> = names.collect();
    let position = |field: &Field| names.iter().position(|name| *name == field.wire.as_str());
    fields.value.sort_by_key(position);
    Checked {
        status: fields.status.and(path.status),
        value: (path.value, fields.value),
    }
}

/// Returns the whole path, and checks its parameters.
fn join_path(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    http: HttpLine<'_>,
    base_path: Result<&str, Reported>,
) -> Result<String, Reported> {
    let own = http.path?;
    // A link is a complete URL.
    let prefix = if http_line::is_link(own) {
        Ok("")
    } else {
        base_path
    };
    let path = format!("{}{own}", prefix.unwrap_or_default());
    let mut status = prefix.map(|_| ());
    if let Err(error) = http_line::check_path(&path) {
        // Both parts are valid, so the error is a parameter that is in both.
        let name = path[error.at].trim_matches(['{', '}', '+']);
        status = Err(cx.report(messages::parameter_in_base_path(name, http.text)));
    }
    let declared = check_parameters(cx, endpoint, http, &path, prefix.is_ok());
    status.and(declared).map(|()| path)
}

/// Checks that the parameters in the path are the ones declared under `path`. A declared parameter
/// may be in an invalid base path, so it is an error only in a `complete` path.
fn check_parameters(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    http: HttpLine<'_>,
    path: &str,
    complete: bool,
) -> Result<(), Reported> {
    let entries = endpoint.map("path");
    let names: Vec<&str> = http_line::parameters(path).map(|(name, _)| name).collect();
    let is_declared = |name: &str| entries.iter().any(|entry| entry.key.as_str() == name);
    let mut status = Ok(());
    let mut misspelled = Vec::new();
    for entry in entries {
        let key = &entry.key;
        if !complete || names.contains(&key.as_str()) {
            continue;
        }
        // The key may be one of another format, which has no value of a field.
        if let (None, Err(reported)) = (&entry.value, entry.status) {
            status = Err(reported);
            continue;
        }
        let free = names.iter().copied().filter(|name| !is_declared(name));
        let similar = cx.nearest(&key.value, free);
        misspelled.extend(similar);
        status = Err(cx.report(messages::parameter_not_in_path(key, http.text, similar)));
    }
    // A misspelled parameter is not reported as missing as well.
    let is_missing = |name: &&&str| !is_declared(name) && !misspelled.contains(*name);
    let missing: Vec<&str> = names.iter().filter(is_missing).copied().collect();
    let path_key = endpoint.entry("path").map(|entry| entry.key.span);
    // Without the key `path`, it is one mistake.
    let groups = if path_key.is_none() && !missing.is_empty() {
        vec![&missing[..]]
    } else {
        missing.chunks(1).collect()
    };
    for group in groups {
        let positions = group.iter().map(|name| (*name, position(http, name)));
        let diagnostic = messages::parameters_without_type(positions, http.text, path_key);
        status = Err(cx.report(diagnostic));
    }
    status
}

/// Returns the position of a parameter, if it is in the path of the endpoint itself.
fn position(http: HttpLine<'_>, name: &str) -> Option<Span> {
    let mut own = http_line::parameters(&http.text.value);
    let (_, range) = own.find(|(own, _)| *own == name)?;
    Some(http.text.subspan(range))
}
