//! Unions of JSON kinds.

use super::context::Context;
use super::types::{FieldContext, lower_type};
use super::variant_names::VariantNames;
use crate::diagnostics::messages::document as document_messages;
use crate::diagnostics::messages::kinds as messages;
use crate::diagnostics::{Checked, Reported, collect_valid};
use crate::model::names::WireName;
use crate::model::{JsonKind, KindVariant, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the kinds of a union, and checks that it has either kinds or variants.
pub(super) fn lower_kinds(cx: &mut Context<'_, '_>, union: &Entry) -> Checked<Vec<KindVariant>> {
    let Some(table) = union.table() else {
        return Checked::ok(Vec::new());
    };
    let shape = check_shape(cx, union, table);
    let mut names = VariantNames::new("variant");
    let mut known = Vec::new();
    let kinds = table.map("kinds").iter();
    let kinds = collect_valid(kinds.map(|entry| lower_kind(cx, entry, &mut names, &mut known)));
    Checked {
        status: shape.and(kinds.status),
        ..kinds
    }
}

fn check_shape(cx: &mut Context<'_, '_>, union: &Entry, table: &Table) -> Result<(), Reported> {
    let kinds = table.entry("kinds");
    let mut status = Ok(());
    for key in ["tag", "variants"] {
        if let (Some(kinds), Some(other)) = (kinds, table.entry(key)) {
            status = Err(cx.report(messages::kinds_beside_variants(&kinds.key, &other.key)));
        }
    }
    let has_shape = kinds.is_some() || table.entry("variants").is_some();
    if let (false, Some(row)) = (has_shape, table.keys.and_then(|keys| keys.key("variants"))) {
        // A misspelled key has been reported.
        table.status?;
        let title = format!("`[unions.{}]`", union.key.value);
        let diagnostic = document_messages::missing_key(row, &title, union.key.span);
        return Err(cx.report(diagnostic));
    }
    status
}

fn lower_kind<'r>(
    cx: &mut Context<'_, '_>,
    entry: &'r Entry,
    names: &mut VariantNames<'r>,
    known: &mut Vec<(JsonKind, &'r Text)>,
) -> Result<KindVariant, Reported> {
    let rust = names.lower(cx, entry);
    let ty = lower_kind_type(cx, entry);
    entry.status?;
    let (ty, kind) = ty?;
    if let Some((_, first)) = known.iter().find(|(other, _)| other.overlaps(kind)) {
        return Err(cx.report(messages::same_kind(&entry.key, first, kind)));
    }
    known.push((kind, &entry.key));
    Ok(KindVariant {
        name: WireName::new(entry.key.as_str()),
        rust: rust?,
        ty,
        kind,
        doc: entry.table().map_or_else(String::new, Table::doc),
        is_boxed: false,
        span: entry.key.span,
    })
}

/// Lowers the type of a kind.
fn lower_kind_type(cx: &mut Context<'_, '_>, entry: &Entry) -> Result<(Type, JsonKind), Reported> {
    let in_table = || entry.table().and_then(|table| table.string("type"));
    let Some(text) = entry.string().or_else(in_table) else {
        return Err(cx.invalid(entry));
    };
    let ty = lower_type(cx, text, FieldContext::Json)?;
    cx.add_alternative(&ty, entry.key.span);
    if let Type::Union(name) = &ty
        && cx.is_union_of_kinds(name)
    {
        return Err(cx.report(messages::nested_kinds(text, name.unraw())));
    }
    match ty.json_kind() {
        Some(kind) => Ok((ty, kind)),
        None => Err(cx.report(messages::several_kinds(text, ty.is_optional()))),
    }
}
