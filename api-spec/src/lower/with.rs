//! Fields that structs share: `with`.

use std::collections::HashMap;

use super::context::Context;
use super::draft::{Item, TypeDraft};
use crate::diagnostics::Reported;
use crate::diagnostics::messages::types as type_messages;
use crate::diagnostics::messages::with as messages;
use crate::model::names::{RustName, WireName};
use crate::model::{Field, SharedFields, Struct, Type};
use crate::read::raw::{Entry, Table};
use crate::source::Span;
use crate::source::text::Text;

/// A name in `with`, and the index of the struct.
#[derive(Clone, Copy)]
struct Reference<'r> {
    text: &'r Text,
    index: usize,
}

/// The references of a struct or a variant, which its entry lists.
struct Body<'r> {
    owner: usize,
    entry: &'r Entry,
    references: Vec<Reference<'r>>,
}

/// Adds the fields of the structs in `with` to structs and variants.
pub(super) fn add_shared_fields<'r>(cx: &mut Context<'r, '_>, types: &mut [TypeDraft<'r>]) {
    let bodies = find_bodies(cx, types);
    if bodies.is_empty() {
        return;
    }
    let mut pending: Vec<usize> = vec![0; types.len()];
    let mut users: HashMap<usize, Vec<&Body<'r>>> = HashMap::new();
    for body in &bodies {
        pending[body.owner] += body.references.len();
        for reference in &body.references {
            users.entry(reference.index).or_default().push(body);
        }
    }
    // A struct is ready when its own fields are complete.
    let mut by_owner: HashMap<usize, Vec<&Body<'r>>> = HashMap::new();
    for body in &bodies {
        by_owner.entry(body.owner).or_default().push(body);
    }
    let mut ready: Vec<usize> = (0..types.len()).filter(|&it| pending[it] == 0).collect();
    while let Some(index) = ready.pop() {
        for body in by_owner.remove(&index).unwrap_or_default() {
            add_fields(cx, types, body);
        }
        for user in users.remove(&index).unwrap_or_default() {
            pending[user.owner] -= 1;
            if pending[user.owner] == 0 {
                ready.push(user.owner);
            }
        }
    }
    report_cycles(cx, types, &by_owner);
}

/// Returns the structs and variants with `with`, and reports the names that are not structs.
fn find_bodies<'r>(cx: &mut Context<'r, '_>, types: &mut [TypeDraft<'r>]) -> Vec<Body<'r>> {
    let mut bodies = Vec::new();
    for (owner, declared) in types.iter_mut().enumerate() {
        let entries = match &declared.item {
            Item::Id(_) | Item::Enum(_) => continue,
            Item::Struct(_) => std::slice::from_ref(declared.entry),
            Item::Union(_) => {
                let table = declared.entry.table();
                table.map_or(&[][..], |table| table.map("variants"))
            }
        };
        for entry in entries {
            let with = entry
                .table()
                .and_then(|table: &Table| table.string_list("with"));
            let mut references = Vec::new();
            for text in with.unwrap_or_default() {
                match resolve(cx, text) {
                    Ok(index) => references.push(Reference { text, index }),
                    Err(reported) => declared.status = Err(reported),
                }
            }
            declared.uses.extend(references.iter().map(|it| it.index));
            if !references.is_empty() {
                bodies.push(Body {
                    owner,
                    entry,
                    references,
                });
            }
        }
    }
    bodies
}

fn resolve(cx: &mut Context<'_, '_>, name: &Text) -> Result<usize, Reported> {
    let Some(symbol) = cx.symbol(&name.value) else {
        let meant = cx.nearest(&name.value, cx.declared_names());
        return Err(cx.report(messages::unknown_struct(name, meant)));
    };
    match (symbol.make)(RustName::escape(name.as_str().to_owned())) {
        Type::Struct(_) => Ok(symbol.index),
        _ => Err(cx.report(messages::not_a_struct(name, symbol.entry.key.span))),
    }
}

/// Adds the fields of the structs in `with`, which are complete, to a struct or a variant.
fn add_fields(cx: &mut Context<'_, '_>, types: &mut [TypeDraft<'_>], body: &Body<'_>) {
    let mut contains = Vec::new();
    let mut invalid = Vec::new();
    for shared in body.references.iter().map(|it| &types[it.index]) {
        contains.extend_from_slice(&shared.contains);
        invalid.extend_from_slice(&shared.invalid);
    }
    let merged = merge(cx, types, body);
    let owner = &mut types[body.owner];
    owner.contains.extend(contains);
    owner.invalid.extend(invalid);
    if let Some(merged) = merged {
        let status = merged.status;
        if let Some(object) = object_mut(&mut owner.item, body.entry.key.span) {
            object.fields = merged.fields;
            object.with = merged.with;
        }
        owner.status = owner.status.and(status);
    }
}

/// The fields of a struct or a variant, together with those of others.
struct Merged {
    fields: Vec<Field>,
    with: Vec<SharedFields>,
    status: Result<(), Reported>,
}

/// Returns the fields of the structs in `with`, and then those of the struct or variant itself. A variant
/// with an error has none.
fn merge(cx: &mut Context<'_, '_>, types: &[TypeDraft<'_>], body: &Body<'_>) -> Option<Merged> {
    let owner = &types[body.owner];
    let own = object(&owner.item, body.entry.key.span)?;
    let mut merged = Merged {
        fields: Vec::new(),
        with: Vec::new(),
        status: Ok(()),
    };
    let mut known = KnownNames::default();
    for (position, reference) in body.references.iter().enumerate() {
        let mut earlier = body.references[..position].iter();
        if let Some(first) = earlier.find(|it| it.index == reference.index) {
            let diagnostic = messages::listed_twice(reference.text, first.text.span);
            merged.status = Err(cx.report(diagnostic));
            continue;
        }
        let Item::Struct(shared) = &types[reference.index].item else {
            continue;
        };
        merged.with.push(SharedFields {
            name: shared.name.clone(),
            count: shared.fields.len(),
        });
        for field in &shared.fields {
            let added = known.add(cx, field, Some(reference.text));
            let tag = check_tag(cx, &owner.item, owner.entry, field, reference.text);
            merged.status = merged.status.and(added).and(tag);
            merged.fields.push(field.clone());
        }
    }
    for field in &own.fields {
        merged.status = merged.status.and(known.add(cx, field, None));
        merged.fields.push(field.clone());
    }
    Some(merged)
}

/// The names of fields on the wire and in Rust.
#[derive(Default)]
struct KnownNames {
    wire: HashMap<WireName, Span>,
    rust: HashMap<RustName, Span>,
}

impl KnownNames {
    /// Adds the names of a field, and reports a field with one of them. `with` is the struct of the field.
    fn add(
        &mut self,
        cx: &mut Context<'_, '_>,
        field: &Field,
        with: Option<&Text>,
    ) -> Result<(), Reported> {
        let wire = self.wire.insert(field.wire.clone(), field.span);
        let rust = self.rust.insert(field.rust.clone(), field.span);
        match wire.or(rust) {
            None => Ok(()),
            Some(first) => {
                let name = field.wire.as_str();
                Err(cx.report(messages::field_clash(name, field.span, first, with)))
            }
        }
    }
}

/// Checks that a field of another struct does not have the name of the tag of a union.
fn check_tag(
    cx: &mut Context<'_, '_>,
    owner: &Item,
    entry: &Entry,
    field: &Field,
    with: &Text,
) -> Result<(), Reported> {
    let Item::Union(_) = owner else {
        return Ok(());
    };
    match entry.table().and_then(|table| table.string("tag")) {
        Some(tag) if tag.as_str() == field.wire.as_str() => {
            Err(cx.report(type_messages::tag_field(tag, with.span)))
        }
        _ => Ok(()),
    }
}

/// Returns the struct, or the struct of the variant, that is declared at this position.
fn object(item: &Item, at: Span) -> Option<&Struct> {
    match item {
        Item::Id(_) | Item::Enum(_) => None,
        Item::Struct(object) => Some(object),
        Item::Union(union) => {
            let mut bodies = union.variants.iter().map(|variant| &variant.body);
            bodies.find(|body| body.span == at)
        }
    }
}

fn object_mut(item: &mut Item, at: Span) -> Option<&mut Struct> {
    match item {
        Item::Id(_) | Item::Enum(_) => None,
        Item::Struct(object) => Some(object),
        Item::Union(union) => {
            let mut bodies = union.variants.iter_mut().map(|variant| &mut variant.body);
            bodies.find(|body| body.span == at)
        }
    }
}

/// Reports the cycles among the bodies that were not ready.
fn report_cycles(
    cx: &mut Context<'_, '_>,
    types: &mut [TypeDraft<'_>],
    remaining: &HashMap<usize, Vec<&Body<'_>>>,
) {
    let next = |index: usize| {
        let bodies = remaining.get(&index).into_iter().flatten();
        let mut references = bodies.flat_map(|body| &body.references);
        references.find(|it| remaining.contains_key(&it.index))
    };
    let mut starts: Vec<usize> = remaining.keys().copied().collect();
    starts.sort_unstable();
    let mut is_visited = vec![false; types.len()];
    for start in starts {
        let mut path = Vec::new();
        let mut index = start;
        while !std::mem::replace(&mut is_visited[index], true) {
            let Some(reference) = next(index) else {
                break;
            };
            path.push((index, reference.text.span));
            index = reference.index;
        }
        // The path ends in an earlier one, unless it returns to one of its own structs.
        let Some(begin) = path.iter().position(|&(node, _)| node == index) else {
            continue;
        };
        let cycle = path.get(begin..).unwrap_or_default();
        let names = cycle
            .iter()
            .map(|&(node, _)| types[node].entry.key.as_str());
        let names: Vec<&str> = names.collect();
        let at = cycle.first().map_or(Span::START, |&(_, at)| at);
        let reported = cx.report(messages::cycle(&names, at));
        for &(node, _) in cycle {
            types[node].status = Err(reported);
        }
    }
}
