//! Rust names of the values of enums and of the variants of unions.

use std::collections::{HashMap, HashSet};

use super::context::Context;
use super::names::lower_name;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::names as messages;
use crate::model::names::{Case, RustName};
use crate::read::raw::Entry;
use crate::source::text::Text;

/// The Rust names of the values of an enum, or of the variants of a union.
pub(super) struct VariantNames<'r> {
    kind: &'static str,
    entries: HashMap<RustName, &'r Text>,
}

impl<'r> VariantNames<'r> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            entries: HashMap::new(),
        }
    }

    /// Returns the name of a variant, and reports it if another variant has it.
    pub(super) fn lower(
        &mut self,
        cx: &mut Context<'_, '_>,
        entry: &'r Entry,
    ) -> Result<RustName, Reported> {
        let wire = &entry.key;
        let rust = entry.table().and_then(|table| table.string("rust"));
        let name = lower_name(cx, wire, entry.status, rust, Case::Camel)?;
        let Some(first) = self.entries.get(&name) else {
            self.entries.insert(name.clone(), wire);
            return Ok(name);
        };
        let meant = RustName::camel_with_case(&wire.value);
        let meant = meant.filter(|meant| !self.entries.contains_key(meant));
        let diagnostic =
            messages::variant_clash(self.kind, &name, wire, first.span, meant.as_ref());
        Err(cx.report(diagnostic))
    }
}

/// Returns a name for the variant with unknown values that no known variant has.
pub(super) fn unknown_variant<'n>(known: impl Iterator<Item = &'n RustName>) -> RustName {
    let known: HashSet<&str> = known.map(RustName::as_str).collect();
    let names = ["Unknown", "Unrecognized", "Unlisted"].map(str::to_owned);
    // There is one more numbered name than there are known ones, so one of them is free.
    let numbered = (0..=known.len()).map(|number| format!("Unknown{number}"));
    let free = names
        .into_iter()
        .chain(numbered)
        .find(|name| !known.contains(name.as_str()));
    RustName::escape(free.unwrap_or_default())
}
