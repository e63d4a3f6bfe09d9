//! State of the lowering: declared names, diagnostics, and the types used by the current item.

use std::collections::HashMap;

use super::draft::{Contained, InvalidField, Part};
use crate::diagnostics::messages::document as messages;
use crate::diagnostics::{Diagnostic, Diagnostics, Reported};
use crate::model::Type;
use crate::model::names::RustName;
use crate::read::raw::{Entry, Spec};
use crate::source::Span;

/// Constructor of a reference to a declared type.
type MakeType = fn(RustName) -> Type;

/// The tables of declared types, in the order of [`Draft::types`](super::draft::Draft::types).
pub(super) const DECLARATIONS: [(&str, MakeType); 4] = [
    ("ids", Type::Id),
    ("enums", Type::Enum),
    ("structs", Type::Struct),
    ("unions", Type::Union),
];

/// A declared type.
#[derive(Clone, Copy)]
pub(super) struct Symbol<'r> {
    /// The index into [`Draft::types`](super::draft::Draft::types).
    pub(super) index: usize,
    pub(super) make: MakeType,
    pub(super) entry: &'r Entry,
}

/// The declared types that an item uses, by their indices, and its fields with errors.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) all: Vec<usize>,
    pub(super) contained: Vec<Contained>,
    pub(super) invalid: Vec<InvalidField>,
}

pub(super) struct Context<'r, 'd> {
    symbols: HashMap<&'r str, Symbol<'r>>,
    /// The declared names in the order of their indices.
    names: Vec<&'r str>,
    collected: Collected,
    /// The errors of unknown types, by their names.
    unknown_types: HashMap<String, (usize, Reported)>,
    diagnostics: &'d mut Diagnostics,
}

impl<'r, 'd> Context<'r, 'd> {
    pub(super) fn new(spec: &'r Spec, diagnostics: &'d mut Diagnostics) -> Self {
        let declared = DECLARATIONS.into_iter();
        let declared = declared.flat_map(|(table, make)| {
            let entries = spec.entries(table);
            entries.map(move |entry| (make, entry))
        });
        let mut symbols = HashMap::new();
        let mut names = Vec::new();
        for (index, (make, entry)) in declared.enumerate() {
            let name = entry.key.as_str();
            // A second type with the same name is reported as a clash.
            symbols.entry(name).or_insert_with(|| {
                names.push(name);
                Symbol { index, make, entry }
            });
        }
        Self {
            symbols,
            names,
            collected: Collected::default(),
            unknown_types: HashMap::new(),
            diagnostics,
        }
    }

    pub(super) fn symbol(&self, name: &str) -> Option<Symbol<'r>> {
        self.symbols.get(name).copied()
    }

    pub(super) fn declared_names(&self) -> impl Iterator<Item = &'r str> {
        self.names.iter().copied()
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.report(diagnostic)
    }

    /// Reports an error that has one cause in several places, see [`Diagnostics::report_cause`].
    pub(super) fn report_cause(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.report_cause(diagnostic)
    }

    /// Reports an unknown type. Further uses of its name become labels: it is one mistake.
    pub(super) fn report_unknown_type(
        &mut self,
        name: &str,
        at: Span,
        diagnostic: impl FnOnce(&Self) -> Diagnostic,
    ) -> Reported {
        if let Some((index, reported)) = self.unknown_types.get(name) {
            self.diagnostics.extend(*index, at, "also used here");
            return *reported;
        }
        let diagnostic = diagnostic(self);
        let (index, reported) = self.diagnostics.report_group(diagnostic);
        self.unknown_types
            .insert(name.to_owned(), (index, reported));
        reported
    }

    /// Returns the most similar candidate, see [`Diagnostics::nearest`].
    pub(super) fn nearest<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        self.diagnostics.nearest(name, candidates)
    }

    /// Returns the error of an entry without a usable value. The reader has reported it.
    pub(super) fn invalid(&mut self, entry: &Entry) -> Reported {
        match entry.status {
            Err(reported) => reported,
            // Not reachable: the reader accepts no other values. An error is better than a panic.
            Ok(()) => self.report(messages::wrong_kind(
                &entry.key.value,
                "a complete value",
                "another one",
                entry.key.span,
            )),
        }
    }

    /// Records that the current item uses a declared type.
    pub(super) fn add_use(&mut self, symbol: Symbol<'_>) {
        self.collected.all.push(symbol.index);
    }

    /// Records the uses of a shared part of the current item.
    pub(super) fn add_uses(&mut self, uses: &[usize]) {
        self.collected.all.extend(uses);
    }

    /// Records that the current item contains a field of this type, if it is a struct or a union
    /// without a list or map in between.
    pub(super) fn add_contained(&mut self, ty: &Type, field: Span) {
        match ty {
            Type::Optional(inner) | Type::Nullable(inner) => self.add_alternative(inner, field),
            ty => self.add_part(ty, field, false),
        }
    }

    /// Records a type like [`add_contained`](Self::add_contained), of which the current item may contain
    /// no value.
    pub(super) fn add_alternative(&mut self, ty: &Type, span: Span) {
        self.add_part(ty, span, true);
    }

    fn add_part(&mut self, ty: &Type, span: Span, is_optional: bool) {
        if let Type::Struct(name) | Type::Union(name) = ty
            && let Some(symbol) = self.symbol(name.unraw())
        {
            self.collected.contained.push(Contained {
                target: symbol.index,
                span,
                is_optional,
            });
        }
    }

    /// Returns whether a declared union has kinds.
    pub(super) fn is_union_of_kinds(&self, name: &RustName) -> bool {
        let table = self.symbol(name.unraw()).and_then(|it| it.entry.table());
        table.is_some_and(|table| table.entry("kinds").is_some())
    }

    /// Records a field of the current item with an error.
    pub(super) fn add_invalid(&mut self, field: InvalidField) {
        self.collected.invalid.push(field);
    }

    /// Returns the error of a field of the current item, if it has one.
    pub(super) fn check_invalid(&self, part: Part, wire: &str) -> Result<(), Reported> {
        let mut invalid = self.collected.invalid.iter();
        let field = invalid.find(|field| field.part == part && field.wire == wire);
        field.map_or(Ok(()), |field| Err(field.error))
    }

    /// Returns the types and fields recorded since the last call.
    pub(super) fn take_collected(&mut self) -> Collected {
        let mut collected = std::mem::take(&mut self.collected);
        collected.all.sort_unstable();
        collected.all.dedup();
        collected
    }
}
