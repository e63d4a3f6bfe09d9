//! From the file as written to the model: names derived, types resolved, paths put together.
//!
//! The result is a draft. `check` looks for what is wrong between its parts, `waiter` adds the
//! waiters, and [`Draft::finish`] keeps what is sound.

mod access;
mod endpoints;
mod fields;
mod finish;
mod limits;
mod retry;
mod types;

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::model::{self, Type};
use crate::names::RustName;
use crate::raw::{self, Text};

use fields::Place;

/// A spec whose parts are in the model's shape, each still beside the text it came from.
pub(crate) struct Draft<'r> {
    pub(crate) raw: &'r raw::Document,
    pub(crate) url: Option<String>,
    pub(crate) auth: Option<model::Auth>,
    pub(crate) types: Vec<Declared<'r>>,
    pub(crate) calls: Vec<Call<'r>>,
}

/// A declared type.
pub(crate) struct Declared<'r> {
    pub(crate) name: &'r Text,
    pub(crate) item: Item<'r>,
    /// The types it mentions, by their place in [`Draft::types`].
    pub(crate) needs: Vec<usize>,
    pub(crate) faulty: bool,
}

pub(crate) enum Item<'r> {
    Id(model::Id),
    Enum(model::Enum, &'r raw::Enum),
    Struct(model::Struct),
    Union(model::Union, &'r raw::Union),
}

/// An endpoint.
pub(crate) struct Call<'r> {
    pub(crate) raw: &'r raw::Endpoint,
    pub(crate) model: model::Endpoint,
    /// The types it mentions, by their place in [`Draft::types`].
    pub(crate) needs: Vec<usize>,
    pub(crate) faulty: bool,
}

/// Lowers everything that can be, and marks what is faulty.
pub(crate) fn lower<'r>(raw: &'r raw::Document, diagnostics: &mut Vec<Diagnostic>) -> Draft<'r> {
    let symbols = symbols(raw);
    let mut known: Vec<&str> = symbols.keys().copied().collect();
    known.sort_unstable_by_key(|name| symbols[name].index);
    let mut lowerer = Lowerer {
        symbols,
        known,
        words: words(raw),
        needs: Vec::new(),
        fixed: Vec::new(),
        error: None,
        diagnostics,
    };
    let types = lowerer.lower_types(raw);
    let calls = lowerer.lower_calls(raw);
    let url = lowerer.lower_url(raw.api.url.as_ref());
    let auth = lowerer.lower_auth(raw.api.auth.as_ref());
    Draft {
        raw,
        url,
        auth,
        types,
        calls,
    }
}

/// What a declared name stands for.
#[derive(Clone, Copy)]
struct Symbol {
    index: usize,
    make: fn(RustName) -> Type,
}

/// Declared names, numbered as [`Lowerer::lower_types`] lines them up. The first of a name counts.
fn symbols(raw: &raw::Document) -> HashMap<&str, Symbol> {
    let ids = raw
        .ids
        .iter()
        .map(|id| (&id.name, Type::Id as fn(RustName) -> Type));
    let enums = raw
        .enums
        .iter()
        .map(|item| (&item.name, Type::Enum as fn(RustName) -> Type));
    let structs = raw
        .structs
        .iter()
        .map(|item| (&item.name, Type::Struct as fn(RustName) -> Type));
    let unions = raw
        .unions
        .iter()
        .map(|item| (&item.name, Type::Union as fn(RustName) -> Type));
    let mut symbols = HashMap::new();
    for (index, (name, make)) in ids.chain(enums).chain(structs).chain(unions).enumerate() {
        symbols
            .entry(name.as_str())
            .or_insert(Symbol { index, make });
    }
    symbols
}

fn words(raw: &raw::Document) -> HashMap<&str, Vec<&str>> {
    let mut all = HashMap::new();
    for item in &raw.enums {
        let words = item.values.iter().map(|word| word.wire.as_str());
        all.insert(item.name.as_str(), words.collect());
    }
    all
}

struct Lowerer<'r, 'd> {
    symbols: HashMap<&'r str, Symbol>,
    /// The same names in the order of the file.
    known: Vec<&'r str>,
    /// The words of each enumeration.
    words: HashMap<&'r str, Vec<&'r str>>,
    /// Types mentioned since they were last taken.
    needs: Vec<usize>,
    /// Fixed values found since they were last taken.
    fixed: Vec<model::Fixed>,
    /// What error bodies are where an endpoint says nothing, and the types that this mentions.
    error: Option<(Type, Vec<usize>)>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// The module of a group.
pub(crate) fn module_name(group: &Text) -> RustName {
    RustName::escape(group.value.clone())
}
