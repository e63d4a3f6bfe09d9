//! Encodings of fields outside of JSON: the settings `style` and `content_type`.

use super::context::Context;
use super::types::FieldContext;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::styles as messages;
use crate::grammar::header::{is_json_media_type, is_media_type};
use crate::language::STYLES;
use crate::model::{FieldStyle, Type};
use crate::read::raw::Entry;
use crate::source::text::Text;

/// The settings as written.
#[derive(Clone, Copy)]
pub(super) struct Setting<'r> {
    style: Option<&'r Text>,
    content_type: Option<&'r Text>,
}

impl<'r> Setting<'r> {
    /// Returns the settings of a field, if it has any.
    pub(super) fn read(entry: &'r Entry) -> Option<Self> {
        let table = entry.table()?;
        let setting = Self {
            style: table.string("style"),
            content_type: table.string("content_type"),
        };
        (setting.style.is_some() || setting.content_type.is_some()).then_some(setting)
    }

    /// Returns whether the encoding supports values that are not scalars. An unknown style does, so
    /// that its field has no other error.
    pub(super) fn encodes_any_type(&self) -> bool {
        let is_of_list =
            |style: &Text| matches!(style.as_str(), "repeat" | "comma" | "space" | "pipe");
        self.content_type.is_some() || self.style.is_some_and(|style| !is_of_list(style))
    }
}

/// Returns the encoding of a field.
pub(super) fn lower_style(
    cx: &mut Context<'_, '_>,
    field: &Text,
    setting: Option<&Setting<'_>>,
    ty: Option<&Type>,
    context: FieldContext,
) -> Result<Option<FieldStyle>, Reported> {
    let Some(ty) = ty.map(Type::required) else {
        // The style is unknown whatever the type is.
        return match setting.and_then(|it| it.style) {
            Some(style) if !STYLES.contains(&style.as_str()) => report_unknown(cx, style),
            _ => Ok(None),
        };
    };
    match setting {
        None => {
            // RFC 9110, section 5.3: the values of a repeated header are one list, joined by commas.
            let is_joined = matches!((context, ty), (FieldContext::Header { .. }, Type::List(_)));
            Ok(is_joined.then_some(FieldStyle::Joined(',')))
        }
        Some(Setting {
            style: Some(style),
            content_type: Some(content_type),
        }) => Err(cx.report(messages::two_encodings(field, style, content_type))),
        Some(Setting {
            content_type: Some(text),
            ..
        }) => lower_content_type(cx, field, text, ty, context).map(Some),
        Some(Setting { style, .. }) => style.map_or(Ok(None), |style| {
            lower_keyword(cx, field, style, ty, context)
        }),
    }
}

fn report_unknown<T>(cx: &mut Context<'_, '_>, style: &Text) -> Result<T, Reported> {
    let similar = foreign_style(style.as_str());
    let similar = similar.or_else(|| cx.nearest(style.as_str(), STYLES.iter().copied()));
    Err(cx.report(messages::unknown_style(style, similar)))
}

fn lower_keyword(
    cx: &mut Context<'_, '_>,
    field: &Text,
    style: &Text,
    ty: &Type,
    context: FieldContext,
) -> Result<Option<FieldStyle>, Reported> {
    let lowered = match style.as_str() {
        "repeat" => None,
        "comma" => Some(FieldStyle::Joined(',')),
        "space" => Some(FieldStyle::Joined(' ')),
        "pipe" => Some(FieldStyle::Joined('|')),
        "brackets" => Some(FieldStyle::Brackets),
        "indices" => Some(FieldStyle::Indices),
        "dots" => Some(FieldStyle::Dots),
        "json" => Some(FieldStyle::Json),
        _ => {
            return report_unknown(cx, style);
        }
    };
    let is_form = matches!(context, FieldContext::Query | FieldContext::Form);
    let is_multipart = context == FieldContext::Multipart;
    let is_supported = match &lowered {
        None | Some(FieldStyle::Joined(_)) => is_form && matches!(ty, Type::List(_)),
        Some(FieldStyle::Json) => {
            is_form || is_multipart || matches!(context, FieldContext::Header { .. })
        }
        Some(_) => (is_form || is_multipart) && !ty.is_scalar(),
    };
    if is_supported && !holds_file(ty) {
        return Ok(lowered);
    }
    Err(cx.report(messages::style_not_supported(field, style)))
}

/// Returns the style for its name in other formats, or for the language of the server.
fn foreign_style(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "csv" | "simple" | "commas" => "comma",
        "ssv" | "spacedelimited" => "space",
        "pipes" | "pipedelimited" => "pipe",
        "multi" | "form" | "explode" | "exploded" => "repeat",
        "deepobject" | "deep_object" | "rails" => "brackets",
        "php" | "indexed" => "indices",
        _ => return None,
    })
}

fn lower_content_type(
    cx: &mut Context<'_, '_>,
    field: &Text,
    text: &Text,
    ty: &Type,
    context: FieldContext,
) -> Result<FieldStyle, Reported> {
    if context != FieldContext::Multipart {
        return Err(cx.report(messages::content_type_outside_of_multipart(field, text)));
    }
    if !is_media_type(&text.value) {
        return Err(cx.report(messages::invalid_content_type(text)));
    }
    let item = match ty {
        Type::List(item) => item,
        ty => ty,
    };
    if !item.is_scalar() && !is_json_media_type(&text.value) {
        return Err(cx.report(messages::value_is_not_json(field, text)));
    }
    Ok(FieldStyle::Part(text.as_str().to_owned()))
}

fn holds_file(ty: &Type) -> bool {
    match ty {
        Type::List(item) => **item == Type::File,
        ty => *ty == Type::File,
    }
}
