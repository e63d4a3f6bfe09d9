//! The traits of generated types beyond `Clone` and `Debug`, for those who ask: each costs the
//! compiler for every type there is.

use std::collections::BTreeSet;
use std::fmt;

use api_spec::model::{Api, Builtin, Field, Type};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::ident;
use crate::{Context, Options};

/// A trait that generated types can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// Of structs and unions; ids and enums always have it.
    PartialEq,
    /// That of `serde`.
    Serialize,
    /// That of `serde`.
    Deserialize,
}

impl Trait {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PartialEq, Self::Serialize, Self::Deserialize];

    /// The trait of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == name)
    }

    /// Its name.
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

impl Options<'_> {
    /// Code whose types have these traits as well.
    ///
    /// `Serialize` and `Deserialize` speak as the API does. Types that hold a secret or a file have
    /// neither, nor do answers that differ by their status or are a value beside headers.
    #[must_use]
    pub fn derive(mut self, traits: impl IntoIterator<Item = Trait>) -> Self {
        self.traits = traits.into_iter().collect();
        self
    }
}

impl Context<'_> {
    pub(crate) fn has(&self, item: Trait) -> bool {
        self.traits.contains(&item)
    }

    /// The attribute of a struct or a union.
    pub(crate) fn derive(&self) -> TokenStream {
        let equal = self
            .has(Trait::PartialEq)
            .then(|| quote!(, ::core::cmp::PartialEq));
        quote!(#[derive(::core::clone::Clone, ::core::fmt::Debug #equal)])
    }

    /// The traits of `serde` for a type that can be written and read.
    pub(crate) fn serde(&self, name: &RustName) -> TokenStream {
        let (rt, name) = (&self.rt, ident(name));
        let serialize = self.has(Trait::Serialize).then(|| {
            quote! {
                impl #rt::serde::Serialize for #name {
                    fn serialize<S: #rt::serde::Serializer>(
                        &self,
                        serializer: S,
                    ) -> ::core::result::Result<S::Ok, S::Error> {
                        #rt::serialize(self, serializer)
                    }
                }
            }
        });
        let deserialize = self.has(Trait::Deserialize).then(|| {
            quote! {
                impl<'de> #rt::serde::Deserialize<'de> for #name {
                    fn deserialize<D: #rt::serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> ::core::result::Result<Self, D::Error> {
                        #rt::deserialize(deserializer)
                    }
                }
            }
        });
        quote!(#serialize #deserialize)
    }
}

/// Whether the traits of `serde` would tell what is not to be told, or cannot be.
pub(crate) fn is_private<'f>(api: &Api, fields: impl IntoIterator<Item = &'f Field>) -> bool {
    let mut seen = BTreeSet::new();
    fields
        .into_iter()
        .any(|field| holds(api, &field.ty, &mut seen))
}

fn holds<'a>(api: &'a Api, ty: &'a Type, seen: &mut BTreeSet<&'a str>) -> bool {
    let fields: Vec<&'a Field> = match ty {
        Type::File | Type::Builtin(Builtin::Secret) => return true,
        Type::Optional(inner) | Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => {
            return holds(api, inner, seen);
        }
        Type::Struct(name) if seen.insert(name.as_str()) => {
            let objects = api.struct_named(name).into_iter();
            objects.flat_map(|object| &object.fields).collect()
        }
        Type::Union(name) if seen.insert(name.as_str()) => {
            let unions = api.union_named(name).into_iter();
            let variants = unions.flat_map(|union| &union.variants);
            variants.flat_map(|variant| &variant.body.fields).collect()
        }
        _ => return false,
    };
    fields.into_iter().any(|field| holds(api, &field.ty, seen))
}
