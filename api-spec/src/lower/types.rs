//! Declared types.

use std::collections::HashSet;

use super::{Declared, Item, Lowerer, Place};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model;
use crate::names::{Case, RustName, WireName, is_type_name};
use crate::raw::{self, Text};

impl<'r> Lowerer<'r, '_> {
    pub(super) fn lower_types(&mut self, raw: &'r raw::Document) -> Vec<Declared<'r>> {
        let mut types = Vec::new();
        for id in &raw.ids {
            let lower = |this: &mut Self, name| Item::Id(this.lower_id(id, name));
            types.push(self.declare(&id.name, id.faulty, lower));
        }
        for item in &raw.enums {
            let lower = |this: &mut Self, name| Item::Enum(this.lower_enum(item, name), item);
            types.push(self.declare(&item.name, item.faulty, lower));
        }
        for item in &raw.structs {
            let lower = |this: &mut Self, name| Item::Struct(this.lower_struct(item, name));
            types.push(self.declare(&item.name, item.faulty, lower));
        }
        for item in &raw.unions {
            let lower = |this: &mut Self, name| Item::Union(this.lower_union(item, name), item);
            types.push(self.declare(&item.name, item.faulty, lower));
        }
        types
    }

    fn declare(
        &mut self,
        name: &'r Text,
        faulty: bool,
        lower: impl FnOnce(&mut Self, RustName) -> Item<'r>,
    ) -> Declared<'r> {
        let before = self.diagnostics.len();
        let rust = self.lower_type_name(name);
        let item = lower(self, rust);
        let needs = self.take_needs();
        Declared {
            name,
            item,
            needs,
            faulty: faulty || self.diagnostics.len() > before,
        }
    }

    fn lower_type_name(&mut self, name: &Text) -> RustName {
        if name.value == "Self" {
            let label = "a word that Rust keeps for itself";
            self.diagnostics.push(
                Diagnostic::new(
                    Code::TypeName,
                    "a type cannot be called `Self`",
                    name.span,
                    label,
                )
                .help("choose another name"),
            );
        } else if !is_type_name(&name.value) {
            let camel = Case::Camel
                .apply(&name.value)
                .filter(|camel| is_type_name(camel));
            let message = format!("type `{}` is not in UpperCamelCase", shown(&name.value));
            self.diagnostics.push(
                Diagnostic::new(Code::TypeName, message, name.span, "the name of a type")
                    .did_you_mean(name.span, camel.as_deref()),
            );
        }
        RustName::escape(name.value.clone())
    }

    fn lower_id(&mut self, raw: &raw::Id, name: RustName) -> model::Id {
        // The struct of an id is a function as well, and so among the constants.
        if raw.name.value == "ENDPOINTS" {
            let (message, span) = ("an id cannot be called `ENDPOINTS`", raw.name.span);
            let label = "the client's list of endpoints is called so";
            self.diagnostics.push(
                Diagnostic::new(Code::TypeName, message, span, label)
                    .did_you_mean(span, Some("Endpoints")),
            );
        }
        model::Id {
            name,
            doc: raw.doc.clone(),
            span: raw.name.span,
        }
    }

    fn lower_enum(&mut self, raw: &raw::Enum, name: RustName) -> model::Enum {
        let values: Vec<_> = raw
            .values
            .iter()
            .enumerate()
            .map(|(index, word)| model::Value {
                wire: WireName::new(&word.wire.value),
                aliases: word.also.iter().map(|also| also.value.clone()).collect(),
                rust: self.lower_word_name(word, index),
                doc: word.doc.clone(),
            })
            .collect();
        let unknown = unknown_variant(values.iter().map(|value| &value.rust));
        model::Enum {
            name,
            doc: raw.doc.clone(),
            values,
            unknown,
            span: raw.name.span,
        }
    }

    fn lower_struct(&mut self, raw: &raw::Struct, name: RustName) -> model::Struct {
        let fields = self.lower_fields(&raw.fields, Place::Json);
        model::Struct {
            name,
            doc: raw.doc.clone(),
            fields,
            span: raw.name.span,
        }
    }

    fn lower_union(&mut self, raw: &raw::Union, name: RustName) -> model::Union {
        let tag = raw.tag.as_ref().map(|tag| WireName::new(&tag.value));
        let variants: Vec<_> = raw
            .variants
            .iter()
            .enumerate()
            .map(|(index, variant)| self.lower_variant(variant, index, &name))
            .collect();
        let unknown = unknown_variant(variants.iter().map(|variant| &variant.rust));
        let (doc, span) = (raw.doc.clone(), raw.name.span);
        model::Union {
            name,
            doc,
            tag,
            variants,
            unknown,
            span,
        }
    }

    fn lower_variant(
        &mut self,
        raw: &raw::Variant,
        index: usize,
        union: &RustName,
    ) -> model::Variant {
        let rust = self.lower_word_name(&raw.word, index);
        let stem = rust.unraw().trim_end_matches('_');
        let body = model::Struct {
            name: RustName::escape(format!("{stem}{}", union.unraw())),
            doc: raw.word.doc.clone(),
            fields: self.lower_fields(&raw.fields, Place::Json),
            span: raw.word.wire.span,
        };
        model::Variant {
            wire: WireName::new(&raw.word.wire.value),
            aliases: raw
                .word
                .also
                .iter()
                .map(|also| also.value.clone())
                .collect(),
            rust,
            body,
        }
    }

    fn lower_word_name(&mut self, word: &raw::Word, index: usize) -> RustName {
        self.lower_name(&word.wire, word.rust.as_ref(), Case::Camel)
            .unwrap_or_else(|| RustName::escape(format!("Nameless{index}")))
    }
}

/// A name for the variant that keeps what is not known, which no known one has.
fn unknown_variant<'n>(taken: impl Iterator<Item = &'n RustName>) -> RustName {
    let taken: HashSet<&str> = taken.map(RustName::as_str).collect();
    let names = ["Unknown", "Unrecognized", "Unlisted"].map(str::to_owned);
    // One more name than there are taken: one of them is free.
    let numbered = (0..=taken.len()).map(|number| format!("Unknown{number}"));
    let free = names
        .into_iter()
        .chain(numbered)
        .find(|name| !taken.contains(name.as_str()));
    RustName::escape(free.unwrap_or_default())
}
