//! Setters: an optional field named `new` in a type of a request has a setter with the name of the
//! constructor. Types of responses have neither.

use std::collections::HashMap;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::messages::names as messages;
use crate::lower::draft::{Draft, Item};
use crate::model::names::RustName;
use crate::model::{Endpoint, Field, Type};
use crate::source::Span;

pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    for index in types_in_requests(draft) {
        for span in find_clashes(&draft.types[index].item) {
            draft.types[index].status = Err(diagnostics.report(messages::setter_clash(span)));
        }
    }
}

/// Returns the positions of the optional fields named `new`.
fn find_clashes(item: &Item) -> Vec<Span> {
    let is_clash = |field: &&Field| !field.is_required() && field.rust.as_str() == "new";
    let clashes = fields(item).into_iter().filter(is_clash);
    clashes.map(|field| field.span).collect()
}

/// Returns the indices of the types that requests contain, directly or through other types, in the
/// order of the spec.
fn types_in_requests(draft: &Draft<'_>) -> Vec<usize> {
    let names = draft.types.iter().enumerate();
    let indices: HashMap<&RustName, usize> = names
        .filter_map(|(index, declared)| Some((&declared.names.first()?.name, index)))
        .collect();
    let mut is_in_request = vec![false; draft.types.len()];
    let endpoints = draft.endpoints.iter().map(|it| &it.model);
    let fields = endpoints.flat_map(Endpoint::fields);
    let mut pending: Vec<&Type> = fields.map(|field| &field.ty).collect();
    while let Some(ty) = pending.pop() {
        let index = declared_type(ty).and_then(|name| indices.get(name));
        if let Some(&index) = index
            && !std::mem::replace(&mut is_in_request[index], true)
        {
            pending.extend(types(&draft.types[index].item));
        }
    }
    let indices = 0..is_in_request.len();
    indices.filter(|&index| is_in_request[index]).collect()
}

/// Returns the name of the struct or union in a type.
fn declared_type(ty: &Type) -> Option<&RustName> {
    match ty {
        Type::Struct(name) | Type::Union(name) => Some(name),
        Type::Optional(inner) | Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => {
            declared_type(inner)
        }
        _ => None,
    }
}

/// Returns the types of the values in a declared type.
fn types(item: &Item) -> Vec<&Type> {
    match item {
        Item::Id(_) | Item::Enum(_) => Vec::new(),
        Item::Struct(object) => object.fields.iter().map(|field| &field.ty).collect(),
        Item::Union(union) => union.types().collect(),
    }
}

/// Returns the fields of a struct, or of all variants of a union.
fn fields(item: &Item) -> Vec<&Field> {
    match item {
        Item::Id(_) | Item::Enum(_) => Vec::new(),
        Item::Struct(object) => object.fields.iter().collect(),
        Item::Union(union) => {
            let variants = union.variants.iter();
            variants.flat_map(|variant| &variant.body.fields).collect()
        }
    }
}
