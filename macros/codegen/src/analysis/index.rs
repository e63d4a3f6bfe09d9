//! Declared types by name.

use std::collections::HashMap;

use api_spec::model::{Api, Enum, Struct, Type, Union};
use api_spec::names::RustName;

/// Index of the declared types. [`Api::enum_named`] and the like search a list.
pub(crate) struct Index<'a> {
    enums: HashMap<&'a RustName, &'a Enum>,
    structs: HashMap<&'a RustName, &'a Struct>,
    unions: HashMap<&'a RustName, &'a Union>,
    docs: HashMap<&'a RustName, &'a str>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let ids = api.ids.iter().map(|item| (&item.name, &item.doc));
        let enums = api.enums.iter().map(|item| (&item.name, &item.doc));
        let structs = api.structs.iter().map(|item| (&item.name, &item.doc));
        let unions = api.unions.iter().map(|item| (&item.name, &item.doc));
        let docs = ids.chain(enums).chain(structs).chain(unions);
        Self {
            enums: api.enums.iter().map(|item| (&item.name, item)).collect(),
            structs: api.structs.iter().map(|item| (&item.name, item)).collect(),
            unions: api.unions.iter().map(|item| (&item.name, item)).collect(),
            docs: docs.map(|(name, doc)| (name, doc.trim())).collect(),
        }
    }

    pub(crate) fn enum_named(&self, name: &RustName) -> Option<&'a Enum> {
        self.enums.get(name).copied()
    }

    pub(crate) fn struct_named(&self, name: &RustName) -> Option<&'a Struct> {
        self.structs.get(name).copied()
    }

    pub(crate) fn union_named(&self, name: &RustName) -> Option<&'a Union> {
        self.unions.get(name).copied()
    }

    /// Returns the doc of a declared type, or an empty text for other types.
    pub(crate) fn doc(&self, ty: &Type) -> &'a str {
        match ty {
            Type::Id(name) | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
                self.docs.get(name).copied().unwrap_or_default()
            }
            _ => "",
        }
    }
}
