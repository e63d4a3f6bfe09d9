//! Fields of requests, responses and declared types.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::Context;
use super::defaults::{fits, lower_bounds, lower_default};
use super::draft::InvalidField;
use super::names::{check_header_name, lower_name};
use super::styles::{Setting, lower_style};
use super::types::{FieldContext, lower_field_type};
use crate::diagnostics::messages::fields as messages;
use crate::diagnostics::messages::fields::ClientHeader;
use crate::diagnostics::messages::names as name_messages;
use crate::diagnostics::{Checked, Reported};
use crate::language::DIRECTIONS;
use crate::model::names::{Case, RustName, WireName};
use crate::model::{Direction, Field, FieldLocation, Fixed, Literal, Only, Type};
use crate::read::raw::{Entry, Table};
use crate::source::Span;
use crate::source::text::Text;

/// The fields of a table, and the values in it that are the same in every request.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) fields: Vec<Field>,
    pub(super) fixed: Vec<Fixed>,
}

/// The Rust names of the fields of one struct, with their positions and parts.
#[derive(Default)]
pub(super) struct FieldNames {
    fields: HashMap<RustName, (Span, FieldContext)>,
}

impl FieldNames {
    /// Returns the position of the field with this name.
    pub(super) fn get(&self, name: &RustName) -> Option<Span> {
        self.fields.get(name).map(|(span, _)| *span)
    }

    /// Adds a name, and reports it if another field has it.
    pub(super) fn add(
        &mut self,
        cx: &mut Context<'_, '_>,
        name: RustName,
        span: Span,
        context: FieldContext,
    ) -> Result<RustName, Reported> {
        if let Some((first, other)) = self.fields.get(&name) {
            // A body that is one value is always the field `body`.
            let (renamed, kept) = if name.unraw() == context.prefix() {
                (other.prefix(), context.prefix())
            } else {
                (context.prefix(), other.prefix())
            };
            let part = Some(renamed).filter(|renamed| *renamed != kept);
            return Err(cx.report(name_messages::field_clash(&name, span, *first, part)));
        }
        self.fields.insert(name.clone(), (span, context));
        Ok(name)
    }
}

/// Lowers a table of fields. `names` are the names of the struct they become a part of.
pub(super) fn lower_fields(
    cx: &mut Context<'_, '_>,
    entries: &[Entry],
    context: FieldContext,
    names: &mut FieldNames,
) -> Checked<Fields> {
    let mut all = Checked::ok(Fields::default());
    for entry in entries {
        // A field without a type has been reported, and lacks a value as well.
        let complete = entry.table().filter(|it| it.entry("type").is_some());
        let lowered = match complete.and_then(|table| table.literal("value")) {
            Some((value, at)) => {
                lower_fixed(cx, entry, value, at, context).map(|fixed| all.value.fixed.push(fixed))
            }
            None => {
                lower_field(cx, entry, context, names).map(|field| all.value.fields.push(field))
            }
        };
        all.status = all.status.and(lowered);
    }
    all
}

/// Lowers a table of fields in which fixed values are not supported.
pub(super) fn lower_plain_fields(
    cx: &mut Context<'_, '_>,
    entries: &[Entry],
    context: FieldContext,
    names: &mut FieldNames,
) -> Checked<Vec<Field>> {
    lower_fields(cx, entries, context, names).map(|lowered| lowered.fields)
}

fn lower_field(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    context: FieldContext,
    names: &mut FieldNames,
) -> Result<Field, Reported> {
    let rust = entry.table().and_then(|table| table.string("rust"));
    let rust = lower_name(cx, &entry.key, entry.status, rust, Case::Snake)
        .and_then(|rust| names.add(cx, rust, entry.key.span, context));
    lower_named_field(cx, entry, rust.clone(), context).inspect_err(|error| {
        cx.add_invalid(InvalidField {
            part: context.part(),
            wire: entry.key.as_str().to_owned(),
            rust: rust.ok(),
            error: *error,
        });
    })
}

fn lower_named_field(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    rust: Result<RustName, Reported>,
    context: FieldContext,
) -> Result<Field, Reported> {
    let setting = |key| entry.table().and_then(|table| table.string(key));
    let (wire, span) = (&entry.key, entry.key.span);
    let style = Setting::read(entry);
    let ty = lower_entry_type(cx, entry, context, style.as_ref());
    let known_type = ty.as_ref().ok();
    if let Some(ty) = known_type {
        cx.add_contained(ty, span);
    }
    let style = lower_style(cx, wire, style.as_ref(), known_type, context);
    let bounds = lower_bounds(cx, entry, known_type);
    let default = lower_default(cx, entry, known_type, bounds.as_ref().ok(), context);
    let only = lower_only(cx, wire, setting("only"), context);
    let header = check_header(cx, wire, context);
    entry.status?;
    header?;
    let field = Field {
        wire: WireName::new(wire.as_str()),
        rust: rust?,
        ty: ty?,
        only: only?,
        style: style?,
        default: default?,
        bounds: bounds?,
        is_boxed: false,
        deprecated: setting("deprecated").map(|text| text.as_str().to_owned()),
        doc: entry.table().map_or_else(Arc::default, Table::shared_doc),
        span,
    };
    check_setter(cx, &field, context)?;
    Ok(field)
}

/// Returns the direction of a field, if it has only one. Its presence is set when all endpoints are known.
fn lower_only(
    cx: &mut Context<'_, '_>,
    field: &Text,
    only: Option<&Text>,
    context: FieldContext,
) -> Result<Option<Only>, Reported> {
    let Some(only) = only else {
        return Ok(None);
    };
    let mut directions = [Direction::Request, Direction::Response].into_iter();
    let diagnostic = match directions.find(|it| it.keyword() == only.as_str()) {
        Some(direction) if context == FieldContext::Declared => {
            return Ok(Some(Only::new(direction)));
        }
        Some(_) => messages::only_in_one_direction(field, only),
        None => {
            let similar = foreign_direction(only.as_str());
            let similar = similar.or_else(|| cx.nearest(only.as_str(), DIRECTIONS.iter().copied()));
            messages::unknown_direction(only, similar)
        }
    };
    Err(cx.report(diagnostic))
}

/// Returns the direction for a word of other formats, e.g. `readOnly`.
fn foreign_direction(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "read" | "readonly" | "read_only" | "output" => "response",
        "write" | "writeonly" | "write_only" | "input" => "request",
        _ => return None,
    })
}

fn lower_entry_type(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    context: FieldContext,
    style: Option<&Setting<'_>>,
) -> Result<Type, Reported> {
    let in_table = || entry.table().and_then(|table| table.string("type"));
    let has_invalid = |key| {
        let setting = entry.table().and_then(|table| table.entry(key));
        setting.is_some_and(|setting| setting.value.is_none())
    };
    // A setting with an error may have been a style for the type.
    let is_encoded = style.is_some_and(Setting::encodes_any_type)
        || has_invalid("style")
        || has_invalid("content_type");
    match entry.string().or_else(in_table) {
        Some(text) => lower_field_type(cx, text, context, is_encoded),
        None => Err(cx.invalid(entry)),
    }
}

/// Lowers a field whose value is the same in every request.
fn lower_fixed(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    value: &Literal,
    at: Span,
    context: FieldContext,
) -> Result<Fixed, Reported> {
    let wire = &entry.key;
    let ty = lower_entry_type(cx, entry, context, None);
    let header = check_header(cx, wire, context);
    let settings = entry.table().map_or(&[][..], |table| &table.entries);
    let mut without_effect = Ok(());
    for setting in settings {
        let key = setting.key.as_str();
        let is_ignored = matches!(
            key,
            "default" | "min" | "max" | "style" | "content_type" | "only"
        );
        if is_ignored && setting.value.is_some() {
            let diagnostic = messages::no_effect_beside_value(key, wire, setting.span);
            without_effect = Err(cx.report(diagnostic));
        }
    }
    let location = match context {
        FieldContext::Query => Ok(FieldLocation::Query),
        FieldContext::Header { .. } => Ok(FieldLocation::Header),
        FieldContext::Form | FieldContext::Multipart | FieldContext::RequestJson => {
            Ok(FieldLocation::Body)
        }
        FieldContext::Path
        | FieldContext::ResponseHeader
        | FieldContext::Json
        | FieldContext::Declared => Err(cx.report(messages::fixed_value_location(wire, at))),
    };
    if location.is_ok()
        && let Ok(ty) = &ty
        && !fits(value, ty)
    {
        return Err(cx.report(messages::fixed_value_type(wire, ty, at)));
    }
    ty.and(header).and(without_effect).and(entry.status)?;
    Ok(Fixed {
        location: location?,
        wire: WireName::new(wire.as_str()),
        value: value.clone(),
    })
}

/// Checks the name of a header, if the field is one, and that the client does not set the header
/// itself.
fn check_header(
    cx: &mut Context<'_, '_>,
    name: &Text,
    context: FieldContext,
) -> Result<(), Reported> {
    match context {
        FieldContext::Header {
            with_media_type: true,
        } if name.value.eq_ignore_ascii_case("content-type") => Ok(()),
        FieldContext::Header { .. } => check_request_header(cx, name),
        FieldContext::ResponseHeader => check_header_name(cx, name),
        _ => Ok(()),
    }
}

/// Checks the name of a header with a value from the spec or the caller.
pub(super) fn check_request_header(cx: &mut Context<'_, '_>, name: &Text) -> Result<(), Reported> {
    let is_same = |(header, _): &&(&str, _)| header.eq_ignore_ascii_case(&name.value);
    if let Some((_, source)) = CLIENT_HEADERS.iter().find(is_same) {
        return Err(cx.report(messages::header_set_by_client(name, *source)));
    }
    check_header_name(cx, name)
}

/// Headers that the client sets itself.
const CLIENT_HEADERS: [(&str, ClientHeader); 14] = [
    ("accept-encoding", ClientHeader::Connection),
    ("authorization", ClientHeader::Credentials),
    ("connection", ClientHeader::Connection),
    ("content-length", ClientHeader::Body),
    ("content-type", ClientHeader::Body),
    ("expect", ClientHeader::Connection),
    ("host", ClientHeader::BaseUrl),
    ("keep-alive", ClientHeader::Connection),
    ("proxy-authorization", ClientHeader::Credentials),
    ("proxy-connection", ClientHeader::Connection),
    ("te", ClientHeader::Connection),
    ("trailer", ClientHeader::Connection),
    ("transfer-encoding", ClientHeader::Body),
    ("upgrade", ClientHeader::Connection),
];

/// Checks that the setter of an optional request field does not conflict with the constructor.
fn check_setter(
    cx: &mut Context<'_, '_>,
    field: &Field,
    context: FieldContext,
) -> Result<(), Reported> {
    let is_request = !matches!(
        context,
        FieldContext::ResponseHeader | FieldContext::Json | FieldContext::Declared
    );
    if is_request && !field.is_required() && field.rust.as_str() == "new" {
        return Err(cx.report(name_messages::setter_clash(field.span)));
    }
    Ok(())
}
