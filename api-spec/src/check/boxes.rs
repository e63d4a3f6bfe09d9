//! Boxes: the fields and variants that need one, because their type contains the one with the field.
//!
//! All optional fields and JSON kinds on a cycle have one, so that the types in Rust do not depend on the order
//! of the spec. Where a cycle remains, the variants of its unions have one.

use super::components::components;
use crate::lower::draft::{Contained, Draft, Item};
use crate::source::Span;

/// Sets the boxes, and removes their types from the contained ones.
pub(super) fn assign(draft: &mut Draft<'_>) {
    let cycles = Cycles::find(draft);
    for (index, declared) in draft.types.iter_mut().enumerate() {
        let is_boxed = |edge: &Contained| edge.is_optional && cycles.contains(index, edge);
        let boxed = declared.contains.extract_if(.., |edge| is_boxed(edge));
        let boxed: Vec<Span> = boxed.map(|edge| edge.span).collect();
        box_fields(&mut declared.item, &boxed);
    }
    let cycles = Cycles::find(draft);
    for (index, declared) in draft.types.iter_mut().enumerate() {
        let on_cycle = declared.contains.iter();
        let on_cycle = on_cycle.filter(|edge| cycles.contains(index, edge));
        let on_cycle: Vec<Span> = on_cycle.map(|edge| edge.span).collect();
        let boxed = box_variants(&mut declared.item, &on_cycle);
        declared.contains.retain(|edge| !boxed.contains(&edge.span));
    }
}

/// Components of the types.
struct Cycles(Vec<usize>);

impl Cycles {
    fn find(draft: &Draft<'_>) -> Self {
        let edges = draft.types.iter().map(|it| it.contains.clone());
        Self(components(&edges.collect::<Vec<_>>()))
    }

    /// Returns whether a type that the type `node` contains is on a cycle with it.
    fn contains(&self, node: usize, edge: &Contained) -> bool {
        self.0[node] == self.0[edge.target]
    }
}

fn box_fields(item: &mut Item, boxed: &[Span]) {
    let is_boxed = |span: Span| boxed.contains(&span);
    match item {
        Item::Id(_) | Item::Enum(_) => {}
        Item::Struct(object) => {
            let fields = object.fields.iter_mut();
            fields.for_each(|field| field.is_boxed = is_boxed(field.span));
        }
        Item::Union(union) => {
            let variants = union.variants.iter_mut();
            let fields = variants.flat_map(|variant| &mut variant.body.fields);
            fields.for_each(|field| field.is_boxed = is_boxed(field.span));
            let kinds = union.kinds.iter_mut();
            kinds.for_each(|kind| kind.is_boxed = is_boxed(kind.span));
        }
    }
}

/// Boxes the variants of a union that have one of the fields. Returns all fields in them.
fn box_variants(item: &mut Item, fields: &[Span]) -> Vec<Span> {
    let Item::Union(union) = item else {
        return Vec::new();
    };
    let mut boxed = Vec::new();
    for variant in &mut union.variants {
        let spans = variant.body.fields.iter().map(|field| field.span);
        variant.is_boxed = spans.clone().any(|span| fields.contains(&span));
        if variant.is_boxed {
            boxed.extend(spans);
        }
    }
    boxed
}
