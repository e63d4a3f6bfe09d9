//! Declared types: ids, enums, structs and unions.

use std::collections::HashMap;

use super::context::{Context, DECLARATIONS};
use super::draft::{Item, Named, Role, TypeDraft};
use super::fields::{FieldNames, lower_plain_fields};
use super::kinds::lower_kinds;
use super::names::check_type_name;
use super::types::FieldContext;
use super::variant_names::{VariantNames, unknown_variant};
use crate::diagnostics::messages::document as document_messages;
use crate::diagnostics::messages::names as messages;
use crate::diagnostics::messages::types as type_messages;
use crate::diagnostics::{Checked, Reported, collect_valid};
use crate::model::names::{RustName, WireName};
use crate::model::{Enum, Id, Struct, Union, Value, Variant};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::text::Text;

/// Lowers the declared types, in the order of [`DECLARATIONS`].
pub(super) fn lower_types<'r>(cx: &mut Context<'r, '_>, spec: &'r Spec) -> Vec<TypeDraft<'r>> {
    let mut types = Vec::new();
    for (table, _) in DECLARATIONS {
        for entry in spec.entries(table) {
            types.push(lower_declaration(cx, table, entry));
        }
    }
    types
}

fn lower_declaration<'r>(cx: &mut Context<'r, '_>, table: &str, entry: &'r Entry) -> TypeDraft<'r> {
    // An entry of the wrong kind is probably not a declaration.
    let checked = match entry.value {
        Some(_) => check_type_name(cx, &entry.key),
        None => Err(cx.invalid(entry)),
    };
    let name = RustName::escape(entry.key.as_str().to_owned());
    let mut names = vec![Named {
        name: name.clone(),
        span: entry.key.span,
        role: Role::Type,
    }];
    let item = match table {
        "ids" => lower_id(cx, entry, name).map(Item::Id),
        "enums" => lower_enum(cx, entry, name).map(Item::Enum),
        "structs" => lower_struct(cx, entry, name).map(Item::Struct),
        _ => lower_union(cx, entry, name, &mut names).map(Item::Union),
    };
    let collected = cx.take_collected();
    TypeDraft {
        entry,
        item: item.value,
        status: checked.and(entry.status).and(item.status),
        invalid: collected.invalid,
        names,
        uses: collected.all,
        contains: collected.contained,
    }
}

fn lower_id(cx: &mut Context<'_, '_>, entry: &Entry, name: RustName) -> Checked<Id> {
    let mut status = Ok(());
    // An id is a tuple struct. Its constructor is in the namespace of values, as constants are.
    if entry.key.as_str() == "ENDPOINTS" {
        status = Err(cx.report(messages::id_name_endpoints(&entry.key)));
    }
    let value = Id {
        name,
        doc: entry.doc(),
        span: entry.key.span,
    };
    Checked { value, status }
}

/// Returns the error of an entry that is not a table.
fn check_table(cx: &mut Context<'_, '_>, entry: &Entry) -> Result<(), Reported> {
    match entry.table() {
        Some(_) => Ok(()),
        None => Err(cx.invalid(entry)),
    }
}

/// Returns the entries of a table of the declaration.
fn map<'r>(entry: &'r Entry, name: &str) -> &'r [Entry] {
    entry.table().map_or(&[], |table| table.map(name))
}

fn lower_enum(cx: &mut Context<'_, '_>, entry: &Entry, name: RustName) -> Checked<Enum> {
    let is_table = check_table(cx, entry);
    let entries = map(entry, "values");
    let spelling = check_spelling(cx, entries);
    let mut names = VariantNames::new("value");
    let values = collect_valid(entries.iter().map(|value| {
        Ok(Value {
            rust: names.lower(cx, value)?,
            wire: WireName::new(value.key.as_str()),
            aliases: aliases(value),
            doc: value.doc(),
        })
    }));
    let item = Enum {
        name,
        doc: entry.table().map_or_else(String::new, Table::doc),
        unknown: unknown_variant(values.value.iter().map(|value| &value.rust)),
        values: values.value,
        span: entry.key.span,
    };
    Checked {
        value: item,
        status: is_table.and(spelling).and(values.status),
    }
}

fn lower_struct(cx: &mut Context<'_, '_>, entry: &Entry, name: RustName) -> Checked<Struct> {
    let is_table = check_table(cx, entry).and_then(|()| check_has_fields(cx, entry));
    let entries = map(entry, "fields");
    let fields = lower_plain_fields(
        cx,
        entries,
        FieldContext::Declared,
        &mut FieldNames::default(),
    );
    let item = Struct {
        name,
        doc: entry.table().map_or_else(String::new, Table::doc),
        fields: fields.value,
        with: Vec::new(),
        span: entry.key.span,
    };
    Checked {
        value: item,
        status: is_table.and(fields.status),
    }
}

/// Checks that a struct has one of the keys `fields` and `with`.
fn check_has_fields(cx: &mut Context<'_, '_>, entry: &Entry) -> Result<(), Reported> {
    let Some(table) = entry.table() else {
        return Ok(());
    };
    let has_fields = table.entry("fields").is_some() || table.entry("with").is_some();
    let Some(row) = table.keys.and_then(|keys| keys.key("fields")) else {
        return Ok(());
    };
    if has_fields {
        return Ok(());
    }
    // The key may be an unknown one, which has been reported.
    table.status?;
    let title = format!("`[structs.{}]`", entry.key.value);
    Err(cx.report(document_messages::missing_key(row, &title, entry.key.span)))
}

fn lower_union(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    name: RustName,
    generated: &mut Vec<Named>,
) -> Checked<Union> {
    let is_table = check_table(cx, entry);
    let tag = entry.table().and_then(|table| table.string("tag"));
    let entries = map(entry, "variants");
    let spelling = check_spelling(cx, entries);
    let mut names = VariantNames::new("variant");
    let mut fields = Ok(());
    let variants = collect_valid(entries.iter().map(|variant| {
        let rust = names.lower(cx, variant);
        let struct_name = rust
            .as_ref()
            .map_or_else(|_| name.clone(), |rust| variant_struct_name(rust, &name));
        if rust.is_ok() {
            generated.push(Named {
                name: struct_name.clone(),
                span: variant.key.span,
                role: Role::VariantStruct,
            });
        }
        let body = lower_variant_struct(cx, variant, tag, struct_name);
        fields = fields.and(body.status);
        Ok(Variant {
            wire: WireName::new(variant.key.as_str()),
            aliases: aliases(variant),
            rust: rust?,
            body: body.value,
            is_boxed: false,
        })
    }));
    let kinds = lower_kinds(cx, entry);
    let kind_names = kinds.value.iter().map(|kind| &kind.rust);
    let variant_names = variants.value.iter().map(|variant| &variant.rust);
    let item = Union {
        name,
        doc: entry.table().map_or_else(String::new, Table::doc),
        tag: tag.map(|tag| WireName::new(tag.as_str())),
        unknown: unknown_variant(variant_names.chain(kind_names)),
        variants: variants.value,
        kinds: kinds.value,
        span: entry.key.span,
    };
    Checked {
        value: item,
        status: is_table
            .and(spelling)
            .and(variants.status)
            .and(fields)
            .and(kinds.status),
    }
}

fn variant_struct_name(variant: &RustName, union: &RustName) -> RustName {
    // `self_` is the escaped name of a variant: `Self_`, but `SelfResults`.
    let stem = variant.unraw().trim_end_matches('_');
    RustName::escape(format!("{stem}{}", union.unraw()))
}

fn lower_variant_struct(
    cx: &mut Context<'_, '_>,
    variant: &Entry,
    tag: Option<&Text>,
    name: RustName,
) -> Checked<Struct> {
    let entries = map(variant, "fields");
    let fields = lower_plain_fields(
        cx,
        entries,
        FieldContext::Declared,
        &mut FieldNames::default(),
    );
    let mut unique_tag = Ok(());
    if let Some(tag) = tag
        && let Some(field) = entries
            .iter()
            .find(|field| field.key.as_str() == tag.as_str())
    {
        unique_tag = Err(cx.report(type_messages::tag_field(tag, field.key.span)));
    }
    let value = Struct {
        name,
        doc: variant.doc(),
        fields: fields.value,
        with: Vec::new(),
        span: variant.key.span,
    };
    Checked {
        value,
        status: fields.status.and(unique_tag),
    }
}

fn also(entry: &Entry) -> &[Text] {
    let aliases = entry.table().and_then(|table| table.string_list("also"));
    aliases.unwrap_or_default()
}

fn aliases(entry: &Entry) -> Vec<String> {
    also(entry)
        .iter()
        .map(|alias| alias.as_str().to_owned())
        .collect()
}

/// Checks that no spelling is listed twice, for one value or for two.
fn check_spelling(cx: &mut Context<'_, '_>, entries: &[Entry]) -> Result<(), Reported> {
    let mut known: HashMap<&str, (usize, &Text)> = HashMap::new();
    let mut status = Ok(());
    for (index, entry) in entries.iter().enumerate() {
        for text in std::iter::once(&entry.key).chain(also(entry)) {
            let (owner, first) = *known.entry(text.as_str()).or_insert((index, text));
            if std::ptr::eq(first, text) {
                continue;
            }
            let diagnostic = if owner == index {
                messages::duplicate_spelling(text, first)
            } else {
                messages::spelling_clash(text, first)
            };
            status = Err(cx.report(diagnostic));
        }
    }
    status
}
