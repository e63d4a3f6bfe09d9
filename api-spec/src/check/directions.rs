//! Directions: the presence of the fields with `only`, which depends on the endpoints that use their
//! struct.

use std::collections::HashMap;

use crate::lower::draft::{Draft, Item};
use crate::model::names::RustName;
use crate::model::{Direction, Field, Presence, Type};

/// Sets the presence of all fields with `only`.
pub(super) fn assign(draft: &mut Draft<'_>) {
    let has_direction = |item: &Item| fields(item).iter().any(|field| field.only.is_some());
    if !draft.types.iter().any(|it| has_direction(&it.item)) {
        return;
    }
    let sent = used_types(draft, Direction::Request);
    let read = used_types(draft, Direction::Response);
    for (declared, used) in draft.types.iter_mut().zip(sent.into_iter().zip(read)) {
        for field in fields_mut(&mut declared.item) {
            if let Some(only) = field.only {
                field.set_presence(presence(only.direction, used));
            }
        }
    }
}

/// Returns the presence of a field in a type that is sent, received, both, or not used.
fn presence(direction: Direction, (is_sent, is_read): (bool, bool)) -> Presence {
    match (is_sent, is_read) {
        (true, true) | (false, false) => Presence::Sometimes,
        (true, false) if direction == Direction::Request => Presence::Always,
        (false, true) if direction == Direction::Response => Presence::Always,
        _ => Presence::Never,
    }
}

/// Returns for each declared type whether a value in this direction may contain it, directly or through
/// other types.
pub(super) fn used_types(draft: &Draft<'_>, direction: Direction) -> Vec<bool> {
    let names = draft.types.iter().enumerate();
    let indices: HashMap<&RustName, usize> = names
        .filter_map(|(index, declared)| Some((&declared.names.first()?.name, index)))
        .collect();
    let mut is_used = vec![false; draft.types.len()];
    let endpoints = draft.endpoints.iter().map(|it| &it.model);
    let mut pending: Vec<&Type> = endpoints.flat_map(|it| it.types_in(direction)).collect();
    while let Some(ty) = pending.pop() {
        let index = declared_type(ty).and_then(|name| indices.get(name));
        if let Some(&index) = index
            && !std::mem::replace(&mut is_used[index], true)
        {
            match &draft.types[index].item {
                Item::Id(_) | Item::Enum(_) => {}
                Item::Struct(object) => pending.extend(object.types_in(direction)),
                Item::Union(union) => pending.extend(union.types_in(direction)),
            }
        }
    }
    is_used
}

/// Returns the name of the struct or union in a type.
fn declared_type(ty: &Type) -> Option<&RustName> {
    match ty.innermost() {
        Type::Struct(name) | Type::Union(name) => Some(name),
        _ => None,
    }
}

/// Returns the fields of a struct, or of all variants of a union.
pub(super) fn fields(item: &Item) -> Vec<&Field> {
    match item {
        Item::Id(_) | Item::Enum(_) => Vec::new(),
        Item::Struct(object) => object.fields.iter().collect(),
        Item::Union(union) => {
            let variants = union.variants.iter();
            variants.flat_map(|variant| &variant.body.fields).collect()
        }
    }
}

fn fields_mut(item: &mut Item) -> Vec<&mut Field> {
    match item {
        Item::Id(_) | Item::Enum(_) => Vec::new(),
        Item::Struct(object) => object.fields.iter_mut().collect(),
        Item::Union(union) => {
            let variants = union.variants.iter_mut();
            variants
                .flat_map(|variant| &mut variant.body.fields)
                .collect()
        }
    }
}
