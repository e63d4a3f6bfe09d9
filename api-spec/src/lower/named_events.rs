//! Items that contain the name of their event.

use super::context::Context;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::responses as messages;
use crate::model::{EventFormat, Response, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// The fields of an item.
const FIELDS: [&str; 2] = ["event", "data"];

/// Lowers `named`, and checks that the items are objects without other fields.
pub(super) fn lower_named(
    cx: &mut Context<'_, '_>,
    stream: &Table,
    format: EventFormat,
    item: &Response,
) -> Result<bool, Reported> {
    let Some(named) = stream.entry("named").filter(|_| stream.flag("named")) else {
        return Ok(false);
    };
    if format == EventFormat::Lines {
        return Err(cx.report(messages::named_lines(&named.key)));
    }
    let Some(entry) = stream.entry("item") else {
        return Ok(true);
    };
    if !is_object(item) {
        return Err(cx.report(messages::named_value(&named.key, entry.span)));
    }
    let mut status = Ok(true);
    let declared = entry
        .string()
        .and_then(|name| cx.symbol(name.value.trim()))
        .and_then(|symbol| symbol.entry.table());
    let tag = declared.filter(|it| has_key(it, "tag"));
    if let Some(tag) = tag.and_then(|union| union.string("tag"))
        && !tag.value.is_empty()
        && tag.as_str() != FIELDS[0]
    {
        status = Err(cx.report(messages::tag_of_named_events(tag, named.key.span)));
    }
    let unknown = fields(entry.table(), declared).filter(|it| !FIELDS.contains(&it.as_str()));
    for field in unknown {
        status = Err(cx.report(messages::field_of_named_events(field, named.key.span)));
    }
    status
}

fn is_object(item: &Response) -> bool {
    match item {
        Response::Value(ty) => matches!(
            ty,
            Type::Struct(_) | Type::Union(_) | Type::Map(_) | Type::Json | Type::RawJson
        ),
        Response::Text => false,
        // A type with an error is reported once.
        _ => true,
    }
}

/// Returns the names of the fields of an item, or of the variants of a union.
fn fields<'r>(
    inline: Option<&'r Table>,
    declared: Option<&'r Table>,
) -> impl Iterator<Item = &'r Text> {
    let inline = inline.map_or(&[][..], |table| &table.entries);
    let of = |key| {
        let table = declared.filter(|it| has_key(it, key));
        table.map_or(&[][..], |table| table.map(key)).iter()
    };
    let variants = of("variants").filter_map(Entry::table);
    let variants = variants.flat_map(|variant| variant.map("fields"));
    let all = inline.iter().chain(of("fields")).chain(variants);
    all.map(|entry| &entry.key)
}

fn has_key(table: &Table, key: &str) -> bool {
    table.keys.is_some_and(|keys| keys.key(key).is_some())
}
