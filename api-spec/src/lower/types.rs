//! Type expressions.

use std::ops::Range;

use super::context::Context;
use super::draft::Part;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::styles::STYLES_OF_OBJECTS;
use crate::diagnostics::messages::{paths as path_messages, types as messages};
use crate::grammar::type_expr::{BUILTIN_NAMES, Expr, parse_type};
use crate::language::foreign_type;
use crate::model::names::RustName;
use crate::model::{Builtin, Type};
use crate::source::text::Text;

/// The part of a spec that contains a field, which restricts the types of the field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldContext {
    Path,
    Query,
    Header {
        /// Set if a field may be the media type of the body.
        with_media_type: bool,
    },
    ResponseHeader,
    Form,
    Multipart,
    /// A field of the JSON object that is the body of a request.
    RequestJson,
    /// JSON in a response.
    Json,
    /// JSON in a declared type, which may be sent and received.
    Declared,
}

impl FieldContext {
    /// Returns the part of an item that contains the field.
    pub(super) const fn part(self) -> Part {
        match self {
            Self::ResponseHeader => Part::ResponseHeader,
            Self::Json | Self::Declared => Part::Object,
            Self::Path
            | Self::Query
            | Self::Header { .. }
            | Self::Form
            | Self::Multipart
            | Self::RequestJson => Part::Request,
        }
    }

    /// Returns whether the items of a list can be sent as several values, or as a joined string.
    const fn supports_lists(self) -> bool {
        matches!(
            self,
            Self::Query | Self::Header { .. } | Self::Form | Self::Multipart
        )
    }

    /// Returns whether null differs from an absent value. In forms, null is an empty value.
    const fn has_null(self) -> bool {
        !matches!(
            self,
            Self::Path | Self::Header { .. } | Self::ResponseHeader
        )
    }

    /// Returns the help for a value that is not a scalar, if there is an encoding for it.
    const fn encodings(self) -> Option<&'static str> {
        match self {
            Self::Query | Self::Form => Some(STYLES_OF_OBJECTS),
            Self::Multipart => Some(
                "set `content_type = \"application/json\"` for a part with JSON, or a `style`: \
                 `\"brackets\"`, `\"indices\"`, `\"dots\"` or `\"json\"`",
            ),
            Self::Header { .. } => Some("for a header with JSON, set `style = \"json\"`"),
            _ => None,
        }
    }

    /// Returns the start of a name in Rust that distinguishes a field from one of another part.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header { .. } | Self::ResponseHeader => "header",
            _ => "body",
        }
    }

    /// Returns the name of a part whose values are plain text.
    const fn plain_text(self) -> Option<&'static str> {
        match self {
            Self::Path => Some("path"),
            Self::Query => Some("query"),
            Self::Header { .. } => Some("header"),
            Self::ResponseHeader => Some("response header"),
            Self::Form => Some("form"),
            Self::Multipart => Some("multipart"),
            Self::RequestJson | Self::Json | Self::Declared => None,
        }
    }
}

/// Resolves a type expression.
pub(super) fn lower_type(
    cx: &mut Context<'_, '_>,
    text: &Text,
    context: FieldContext,
) -> Result<Type, Reported> {
    lower_field_type(cx, text, context, false)
}

/// Resolves the type of a field. `is_encoded` is whether a style supports values that are not scalars.
pub(super) fn lower_field_type(
    cx: &mut Context<'_, '_>,
    text: &Text,
    context: FieldContext,
    is_encoded: bool,
) -> Result<Type, Reported> {
    let expr =
        parse_type(&text.value).map_err(|error| cx.report(messages::type_syntax(text, &error)))?;
    let ty = resolve(cx, text, &expr);
    if let Some(at) = unsupported_nullable(&expr, context.has_null()) {
        let at = text.subspan(at..at + 1);
        return Err(cx.report(messages::unsupported_nullable(at)));
    }
    let ty = ty?;
    check_context(cx, text, &expr, &ty, context, is_encoded)?;
    Ok(ty)
}

fn resolve(cx: &mut Context<'_, '_>, text: &Text, expr: &Expr<'_>) -> Result<Type, Reported> {
    let mut inner = |expr| resolve(cx, text, expr).map(Box::new);
    Ok(match expr {
        Expr::Optional(expr) => Type::Optional(inner(expr)?),
        Expr::Nullable(expr, _) => Type::Nullable(inner(expr)?),
        Expr::List(expr) => Type::List(inner(expr)?),
        Expr::Map(expr) => Type::Map(inner(expr)?),
        Expr::Name(name, at) => match builtin(name) {
            Some(ty) => ty,
            None => resolve_declared(cx, text, name, at.clone())?,
        },
    })
}

fn resolve_declared(
    cx: &mut Context<'_, '_>,
    text: &Text,
    name: &str,
    at: Range<usize>,
) -> Result<Type, Reported> {
    if let Some(symbol) = cx.symbol(name) {
        cx.add_use(symbol);
        return Ok((symbol.make)(RustName::escape(name.to_owned())));
    }
    let at = text.subspan(at);
    Err(cx.report_unknown_type(name, at, |cx| {
        let known = BUILTIN_NAMES.into_iter().chain(cx.declared_names());
        let similar = foreign_name(name).or_else(|| cx.nearest(name, known));
        messages::unknown_type(name, at, similar, foreign_type(name))
    }))
}

/// Checks that a field in this context can have the type.
fn check_context(
    cx: &mut Context<'_, '_>,
    text: &Text,
    expr: &Expr<'_>,
    ty: &Type,
    context: FieldContext,
    is_encoded: bool,
) -> Result<(), Reported> {
    let item = match ty.required() {
        Type::List(item) if context.supports_lists() => item,
        ty => ty,
    };
    if let Some(at) = find_file(expr)
        && !(context == FieldContext::Multipart && *item == Type::File)
    {
        return Err(cx.report(messages::file_outside_of_multipart(text.subspan(at))));
    }
    if context == FieldContext::Path && ty.is_optional() {
        let diagnostic = path_messages::optional_path_parameter(text.unquoted());
        return Err(cx.report(diagnostic));
    }
    let is_plain = item.is_scalar() || is_plain_union(cx, item, context.supports_lists());
    // The kinds of a union may be the ones with the error.
    if let Type::Union(name) = item
        && !is_plain
        && let Some(table) = cx.symbol(name.unraw()).and_then(|it| it.entry.table())
    {
        table.lost?;
        table.entry("kinds").map_or(Ok(()), |kinds| kinds.status)?;
    }
    let Some(location) = context.plain_text().filter(|_| !is_plain) else {
        return Ok(());
    };
    if is_encoded && context.encodings().is_some() {
        return Ok(());
    }
    let allowed = match context {
        FieldContext::Path => "`string`, numbers, `bool`, ids and enums",
        FieldContext::ResponseHeader => "`string`, numbers, `bool`, ids and enums, optional or not",
        _ => "`string`, numbers, `bool`, ids, enums, and lists of these, optional or not",
    };
    Err(cx.report(messages::not_scalar(
        location,
        with_article(item),
        allowed,
        context.encodings(),
        text.unquoted(),
    )))
}

fn builtin(name: &str) -> Option<Type> {
    Some(match name {
        "string" => Type::String,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "float" => Type::Float,
        "json" => Type::Json,
        "raw" => Type::RawJson,
        "file" => Type::File,
        _ => {
            let mut builtins = Builtin::ALL.into_iter();
            Type::Builtin(builtins.find(|builtin| builtin.as_str() == name)?)
        }
    })
}

/// Returns the built-in type for a name from another language or format.
fn foreign_name(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "str" | "text" | "varchar" | "uuid" => "string",
        "localdate" | "local_date" | "naivedate" => "date",
        "datetime" | "rfc3339" | "iso8601" => "timestamp",
        "password" | "token" => "secret",
        "boolean" => "bool",
        "integer" | "long" | "short" | "i8" | "i16" | "i32" | "i64" | "isize" | "int32"
        | "int64" => "int",
        "u8" | "u16" | "u32" | "u64" | "usize" | "uint32" | "uint64" | "unsigned" => "uint",
        "bigdecimal" | "numeric" | "money" => "decimal",
        "double" | "number" | "f32" | "f64" | "float32" | "float64" => "float",
        "any" | "value" | "unknown" => "json",
        "rawvalue" | "raw_value" | "raw_json" => "raw",
        "bytes" => "base64",
        "binary" | "blob" | "stream" | "upload" => "file",
        _ => return None,
    })
}

/// Returns whether a type is a union whose kinds are scalars, or `lists` of them.
fn is_plain_union(cx: &Context<'_, '_>, ty: &Type, lists: bool) -> bool {
    let Type::Union(name) = ty else {
        return false;
    };
    let is_plain = |text: &Text| match parse_type(&text.value) {
        Ok(Expr::List(item)) => lists && is_scalar_name(cx, &item),
        Ok(expr) => is_scalar_name(cx, &expr),
        Err(_) => false,
    };
    let table = cx.symbol(name.unraw()).and_then(|it| it.entry.table());
    let kinds = table.map_or(&[][..], |table| table.map("kinds"));
    let types = kinds.iter().map(|kind| {
        let in_table = || kind.table().and_then(|table| table.string("type"));
        kind.string().or_else(in_table)
    });
    !kinds.is_empty() && types.clone().all(|ty| ty.is_some_and(is_plain))
}

fn is_scalar_name(cx: &Context<'_, '_>, expr: &Expr<'_>) -> bool {
    let Expr::Name(name, _) = expr else {
        return false;
    };
    let declared = || {
        let symbol = cx.symbol(name)?;
        Some((symbol.make)(RustName::escape((*name).to_owned())))
    };
    builtin(name)
        .or_else(declared)
        .is_some_and(|ty| ty.is_scalar())
}

/// Returns the kind of a type that is not a scalar, with an article.
fn with_article(ty: &Type) -> &'static str {
    match ty {
        Type::List(_) => "a list",
        Type::Map(_) => "a map",
        Type::Struct(_) => "a struct",
        Type::Union(_) => "a union",
        Type::Json => "`json`",
        Type::RawJson => "`raw`",
        _ => "this type",
    }
}

/// Returns the offset of a second `?` inside of another type, or anywhere if it is not `supported`.
fn unsupported_nullable(expr: &Expr<'_>, supported: bool) -> Option<usize> {
    match expr {
        Expr::Name(..) => None,
        Expr::Nullable(_, at) if !supported => Some(*at),
        Expr::Optional(inner) | Expr::Nullable(inner, _) | Expr::List(inner) | Expr::Map(inner) => {
            unsupported_nullable(inner, false)
        }
    }
}

/// Returns the range of the name `file` in a type.
fn find_file(expr: &Expr<'_>) -> Option<Range<usize>> {
    match expr {
        Expr::Name(name, at) => (*name == "file").then(|| at.clone()),
        Expr::Optional(inner) | Expr::Nullable(inner, _) | Expr::List(inner) | Expr::Map(inner) => {
            find_file(inner)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_names_are_the_types_without_declaration() {
        for name in BUILTIN_NAMES {
            assert_eq!(builtin(name).unwrap().to_string(), name);
        }
        assert_eq!(BUILTIN_NAMES.len(), 7 + Builtin::ALL.len());
    }
}
