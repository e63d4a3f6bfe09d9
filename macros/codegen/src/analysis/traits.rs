//! Additional traits of generated types. They are opt-in: each costs compile time for every type.

use std::collections::BTreeSet;
use std::fmt;

use api_spec::model::{Api, Builtin, Field, Type, Union};

/// Additional trait of generated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// `PartialEq` for structs and unions. Ids and enums always implement it.
    PartialEq,
    /// serde's `Serialize`.
    Serialize,
    /// serde's `Deserialize`.
    Deserialize,
}

impl Trait {
    /// All traits.
    pub const ALL: [Self; 3] = [Self::PartialEq, Self::Serialize, Self::Deserialize];

    /// Returns the trait with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == name)
    }

    /// Returns the name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartialEq => "PartialEq",
            Self::Serialize => "Serialize",
            Self::Deserialize => "Deserialize",
        }
    }
}

impl fmt::Display for Trait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns whether a field contains a secret or a file. serde would expose the one, and has no
/// representation for the other.
pub(crate) fn is_private<'f>(api: &Api, fields: impl IntoIterator<Item = &'f Field>) -> bool {
    are_private(api, fields.into_iter().map(|field| &field.ty))
}

/// Like [`is_private`] for values of several types.
pub(crate) fn are_private<'t>(api: &Api, types: impl IntoIterator<Item = &'t Type>) -> bool {
    let mut seen = BTreeSet::new();
    types.into_iter().any(|ty| holds(api, ty, &mut seen))
}

fn holds<'a>(api: &'a Api, ty: &'a Type, seen: &mut BTreeSet<&'a str>) -> bool {
    let types: Vec<&'a Type> = match ty.innermost() {
        Type::File | Type::Builtin(Builtin::Secret) => return true,
        Type::Struct(name) if seen.insert(name.as_str()) => {
            let objects = api.struct_named(name).into_iter();
            let fields = objects.flat_map(|object| &object.fields);
            let fields = fields.filter(|field| field.is_used());
            fields.map(|field| &field.ty).collect()
        }
        Type::Union(name) if seen.insert(name.as_str()) => {
            let unions = api.union_named(name).into_iter();
            unions.flat_map(Union::types).collect()
        }
        _ => return false,
    };
    types.into_iter().any(|ty| holds(api, ty, seen))
}
