//! Declared types: ids, enums, structs and unions.

use std::collections::HashMap;

use super::field::{Direction, Field};
use super::names::{RustName, WireName};
use super::types::{JsonKind, Type};
use crate::source::Span;

/// A newtype over a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The Rust name.
    pub name: RustName,
    /// The documentation.
    pub doc: String,
    /// The position in the spec.
    pub span: Span,
}

/// An open enum of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The Rust name.
    pub name: RustName,
    /// The documentation.
    pub doc: String,
    /// The known values. Unknown values are kept as strings.
    pub values: Vec<Value>,
    /// The variant for unknown values: `Unknown`, or another name if a value has this one.
    pub unknown: RustName,
    /// The position in the spec.
    pub span: Span,
}

/// A known value of an [`Enum`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value on the wire.
    pub wire: WireName,
    /// Other spellings that are accepted in responses and never sent.
    pub aliases: Vec<String>,
    /// The variant in Rust.
    pub rust: RustName,
    /// The documentation; may be empty.
    pub doc: String,
}

/// A named JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// The Rust name.
    pub name: RustName,
    /// The documentation.
    pub doc: String,
    /// The fields: those of `with`, then its own.
    pub fields: Vec<Field>,
    /// The structs whose fields it has as well.
    pub with: Vec<SharedFields>,
    /// The position in the spec.
    pub span: Span,
}

impl Struct {
    /// Returns the types of the fields in this direction.
    pub fn types_in(&self, direction: Direction) -> impl Iterator<Item = &Type> {
        let fields = self.fields.iter();
        let fields = fields.filter(move |field| field.exists_in(direction));
        fields.map(|field| &field.ty)
    }

    /// Returns the fields that are not those of another struct.
    pub fn own_fields(&self) -> &[Field] {
        let shared = self.with.iter().map(|shared| shared.count).sum();
        self.fields.get(shared..).unwrap_or_default()
    }
}

/// Fields that a struct has in common with another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFields {
    /// The name of the other struct.
    pub name: RustName,
    /// The number of its fields.
    pub count: usize,
}

/// A value of one of several shapes: an object that is distinguished by a tag or by its keys, or a value
/// that is distinguished by its JSON kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Union {
    /// The Rust name.
    pub name: RustName,
    /// The documentation.
    pub doc: String,
    /// The key of the tag. Variants of a union without a tag are distinguished by their
    /// [unique keys](Self::unique_keys).
    pub tag: Option<WireName>,
    /// The known variants. Objects of unknown variants are kept as JSON.
    pub variants: Vec<Variant>,
    /// The known kinds, instead of variants. Values of other kinds are kept as JSON.
    pub kinds: Vec<KindVariant>,
    /// The variant for unknown objects: `Unknown`, or another name if a variant has this one.
    pub unknown: RustName,
    /// The position in the spec.
    pub span: Span,
}

impl Union {
    /// Returns the types of all fields of the variants, and of the kinds.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let fields = self.variants.iter().flat_map(|it| &it.body.fields);
        let kinds = self.kinds.iter().map(|kind| &kind.ty);
        fields.map(|field| &field.ty).chain(kinds)
    }

    /// Returns the types of all fields in this direction, and of the kinds.
    pub fn types_in(&self, direction: Direction) -> impl Iterator<Item = &Type> {
        let bodies = self.variants.iter().map(|it| &it.body);
        let fields = bodies.flat_map(move |body| body.types_in(direction));
        fields.chain(self.kinds.iter().map(|kind| &kind.ty))
    }

    /// Returns for each variant the fields that responses require and that no other variant has.
    pub fn unique_keys(&self) -> Vec<Vec<&Field>> {
        let mut owners: HashMap<&WireName, usize> = HashMap::new();
        let all = self.variants.iter().flat_map(|it| &it.body.fields);
        for field in all {
            *owners.entry(&field.wire).or_default() += 1;
        }
        let is_unique = |field: &&Field| {
            field.is_required_in(Direction::Response) && owners.get(&field.wire) == Some(&1)
        };
        let variants = self.variants.iter();
        variants
            .map(|it| it.body.fields.iter().filter(is_unique).collect())
            .collect()
    }
}

/// A known variant of a [`Union`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The tag on the wire. In a union without a tag it only names the variant.
    pub wire: WireName,
    /// Other tags that are accepted in responses and never sent.
    pub aliases: Vec<String>,
    /// The variant in Rust, e.g. `Table`.
    pub rust: RustName,
    /// The struct it contains, named after variant and union, e.g. `TableResults`.
    pub body: Struct,
    /// `true` if the struct contains the union, so that Rust needs a `Box`.
    pub is_boxed: bool,
}

/// A variant of a [`Union`] of JSON kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindVariant {
    /// The name in the spec.
    pub name: WireName,
    /// The variant in Rust, e.g. `Text`.
    pub rust: RustName,
    /// The type of the value.
    pub ty: Type,
    /// The kind of the values of this type.
    pub kind: JsonKind,
    /// The documentation; may be empty.
    pub doc: String,
    /// `true` if the type contains the union, so that Rust needs a `Box`.
    pub is_boxed: bool,
    /// The position in the spec.
    pub span: Span,
}
