//! Values of the status of a waiter: each is in exactly one of its lists.

use std::collections::HashMap;

use super::draft::{Item, TypeDraft};
use crate::diagnostics::messages::wait_statuses as messages;
use crate::diagnostics::messages::wait_statuses::StatusName;
use crate::diagnostics::{Diagnostics, Reported, collect_all};
use crate::model::{Enum, Status, StatusType};
use crate::read::raw::{Entry, Table};
use crate::source::Span;
use crate::source::text::Text;

/// The values that a status can have.
pub(super) enum StatusValues<'a> {
    Enum {
        item: &'a Enum,
        /// The declarations of the values.
        declarations: &'a [Entry],
    },
    Bool,
}

impl<'a> StatusValues<'a> {
    /// Returns the values of an enum, or `None` for another type.
    pub(super) fn of_enum(declared: &'a TypeDraft<'_>) -> Result<Option<Self>, Reported> {
        let Item::Enum(item) = &declared.item else {
            return Ok(None);
        };
        let Some(table) = declared.entry.table() else {
            return declared.status.map(|()| None);
        };
        let declarations = table.map("values");
        // Errors in other keys do not hide errors of the waiter. A value with an error is missing.
        table.complete(&["values"])?;
        if item.values.len() != declarations.len() {
            declared.status?;
        }
        Ok(Some(Self::Enum { item, declarations }))
    }

    pub(super) fn ty(&self) -> StatusType {
        match self {
            Self::Enum { item, .. } => StatusType::Enum(item.name.clone()),
            Self::Bool => StatusType::Bool,
        }
    }

    fn name(&self) -> StatusName<'_> {
        match self {
            Self::Enum { item, .. } => StatusName::Enum(item.name.as_str(), item.span),
            Self::Bool => StatusName::Bool,
        }
    }

    /// Returns the values by their names on the wire.
    fn list(&self) -> Vec<(&str, Status)> {
        match self {
            Self::Enum { item, .. } => {
                let values = item.values.iter();
                let named = values.map(|it| (it.wire.as_str(), Status::Variant(it.rust.clone())));
                named.collect()
            }
            Self::Bool => vec![("true", Status::Bool(true)), ("false", Status::Bool(false))],
        }
    }

    /// Returns whether a value in a list has the syntax of these values.
    fn matches_syntax(&self, text: &Text) -> bool {
        match self {
            Self::Enum { .. } => text.is_quoted(),
            Self::Bool => !text.is_quoted(),
        }
    }

    /// Returns the value that has this alias.
    fn aliased(&self, alias: &str) -> Option<&str> {
        let Self::Enum { item, .. } = self else {
            return None;
        };
        let mut values = item.values.iter();
        let value = values.find(|value| value.aliases.iter().any(|it| it == alias))?;
        Some(value.wire.as_str())
    }

    /// Returns the position of the declaration of a value.
    fn declaration(&self, index: usize) -> Option<Span> {
        match self {
            Self::Enum { declarations, .. } => Some(declarations.get(index)?.key.span),
            Self::Bool => None,
        }
    }
}

/// The values of a status by the list of the waiter that contains them.
pub(super) struct Outcomes {
    pub(super) until: Vec<Status>,
    pub(super) fail: Vec<Status>,
    pub(super) pending: Vec<Status>,
}

/// Sorts the values of the status by the list of the waiter that contains them.
pub(super) fn sort(
    key: &Text,
    wait: &Table,
    values: &StatusValues<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Outcomes, Reported> {
    let known = values.list();
    let names = known.iter().enumerate();
    let mut listing = Listing {
        values,
        indices: names.map(|(index, (name, _))| (*name, index)).collect(),
        known: &known,
        listed: HashMap::new(),
        has_unknown: false,
    };
    let mut lower = |name| {
        let values = wait.string_list(name).unwrap_or_default().iter();
        collect_all(values.map(|value| listing.add(value, diagnostics)))
    };
    let (until, fail, pending) = (lower("until"), lower("fail"), lower("pending"));
    // An unknown value may be a misspelled one that is missing.
    let complete = if listing.has_unknown || wait.status_without(&[]).is_err() {
        Ok(())
    } else {
        listing.check_complete(key, diagnostics)
    };
    let outcomes = Outcomes {
        until: until?,
        fail: fail?,
        pending: pending?,
    };
    complete.map(|()| outcomes)
}

/// The values that a waiter lists.
struct Listing<'s> {
    values: &'s StatusValues<'s>,
    known: &'s [(&'s str, Status)],
    /// The index of each value of the status.
    indices: HashMap<&'s str, usize>,
    /// The first occurrence of each listed value, by its index.
    listed: HashMap<usize, &'s Text>,
    has_unknown: bool,
}

impl<'s> Listing<'s> {
    fn add(&mut self, value: &'s Text, diagnostics: &mut Diagnostics) -> Result<Status, Reported> {
        let index = self.indices.get(value.as_str());
        let Some(&index) = index.filter(|_| self.values.matches_syntax(value)) else {
            self.has_unknown = true;
            return Err(self.report_unknown(value, diagnostics));
        };
        if let Some(first) = self.listed.insert(index, value) {
            let diagnostic = messages::status_listed_twice(value, first.span);
            return Err(diagnostics.report(diagnostic));
        }
        Ok(self.known[index].1.clone())
    }

    fn report_unknown(&self, value: &Text, diagnostics: &mut Diagnostics) -> Reported {
        let names: Vec<&str> = self.known.iter().map(|(name, _)| *name).collect();
        let name = self.values.name();
        let diagnostic = if self.values.matches_syntax(value) {
            let aliased = self.values.aliased(&value.value);
            let similar =
                aliased.or_else(|| diagnostics.nearest(&value.value, names.iter().copied()));
            messages::unknown_status(value, name, &names, similar)
        } else {
            messages::status_syntax(value, name, &names)
        };
        diagnostics.report_cause(diagnostic)
    }

    fn check_complete(&self, key: &Text, diagnostics: &mut Diagnostics) -> Result<(), Reported> {
        let known = self.known.iter().enumerate();
        let missing: Vec<_> = known
            .filter(|(index, _)| !self.listed.contains_key(index))
            .map(|(index, (name, _))| (*name, self.values.declaration(index)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let diagnostic = messages::status_not_listed(key.span, self.values.name(), &missing);
        Err(diagnostics.report(diagnostic))
    }
}
