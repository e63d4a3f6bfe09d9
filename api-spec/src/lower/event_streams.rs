//! Responses of items that are read while they arrive.

use super::context::Context;
use super::draft::{GeneratedNames, Role};
use super::fields::FieldNames;
use super::named_events;
use super::response_bodies::lower_body;
use crate::diagnostics::messages::responses as messages;
use crate::diagnostics::{Checked, Reported};
use crate::model::names::RustName;
use crate::model::{EventFormat, EventStream, Method, Response};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the value of `events` or `lines`: the type of the items, or a table.
pub(super) fn lower_event_stream(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    http: Option<&Text>,
    method: Option<Method>,
    generated: &mut GeneratedNames,
) -> Checked<Response> {
    let format = if entry.key.as_str() == EventFormat::Lines.key() {
        EventFormat::Lines
    } else {
        EventFormat::ServerSent
    };
    let table = entry.table();
    let item = match table {
        Some(table) => table.entry("item"),
        None => Some(entry),
    };
    let item = match item {
        Some(item) => lower_item(cx, item, generated),
        // The reader has reported the missing key.
        None => Checked::or(entry.status.map(|()| Response::Nothing), Response::Nothing),
    };
    let resume = match table {
        Some(table) => lower_resume(cx, table, format, http, method),
        None => Ok(false),
    };
    let errors = check_errors(cx, table, &item.value);
    let named = match table {
        Some(table) => named_events::lower_named(cx, table, format, &item.value),
        None => Ok(false),
    };
    let text = |key| Some(table?.string(key)?.as_str().to_owned());
    Checked {
        status: item.status.and(errors).and(resume.and(named).map(|_| ())),
        value: Response::Events(Box::new(EventStream {
            format,
            item: item.value,
            end: text("end"),
            error: text("error"),
            resume: resume.unwrap_or(false),
            named: named.unwrap_or(false),
        })),
    }
}

fn lower_item(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    generated: &mut GeneratedNames,
) -> Checked<Response> {
    let name = if entry.table().is_some() {
        generated.add_type("Event", Role::Event)
    } else {
        RustName::escape(String::new())
    };
    match entry.string() {
        Some(text) if ["bytes", "stream", "nothing"].contains(&text.value.trim()) => {
            let reported = cx.report(messages::item_of_bytes(text));
            Checked::or(Err(reported), Response::Nothing)
        }
        _ => lower_body(cx, entry, name, &mut FieldNames::default()),
    }
}

/// Checks that items with a key for errors are JSON.
fn check_errors(
    cx: &mut Context<'_, '_>,
    table: Option<&Table>,
    item: &Response,
) -> Result<(), Reported> {
    match table.and_then(|table| table.entry("error")) {
        Some(entry) if *item == Response::Text => {
            Err(cx.report(messages::error_key_of_text(&entry.key)))
        }
        _ => Ok(()),
    }
}

/// Checks that a stream that is resumed has ids, and that its request can be sent again.
fn lower_resume(
    cx: &mut Context<'_, '_>,
    table: &Table,
    format: EventFormat,
    http: Option<&Text>,
    method: Option<Method>,
) -> Result<bool, Reported> {
    let Some(entry) = table.entry("resume").filter(|_| table.flag("resume")) else {
        return Ok(false);
    };
    if format == EventFormat::Lines {
        return Err(cx.report(messages::lines_with_resume(&entry.key)));
    }
    match method {
        Some(method) if method != Method::Get => {
            let name = method.as_str();
            Err(cx.report(messages::resume_without_get(&entry.key, name, http)))
        }
        _ => Ok(true),
    }
}
