//! Structs that contain themselves.

use std::collections::HashMap;

use super::draft::{Draft, TypeDecl, TypeExpr, TypeKind};
use crate::import::report::Report;

/// Replaces by `json` each field that closes a cycle of required fields.
///
/// A value of such a struct would never end. The generator boxes other cycles.
pub(super) fn break_cycles(draft: &mut Draft<'_>, report: &mut Report) {
    let edges = containment(draft);
    for (node, edge) in back_edges(&edges) {
        let name = draft.types[node].name.clone();
        let place = draft.types[node].place;
        let mut fields = draft.types[node].fields_mut();
        let Some(field) = fields.get_mut(edge) else {
            continue;
        };
        let note = format!("`{}` is recursive, imported as `json`", field.wire);
        report.approximate(place, &name, note);
        field.ty = field.ty.with_required(TypeExpr::JSON);
    }
}

/// For each type, the type that each of its fields contains directly.
type Graph = Vec<Vec<Option<usize>>>;

fn containment(draft: &Draft<'_>) -> Graph {
    let types = draft.types.iter().enumerate();
    let by_name: HashMap<&str, usize> =
        types.map(|(index, ty)| (ty.name.as_str(), index)).collect();
    let contained = |ty: &TypeExpr| match ty {
        TypeExpr::Named(name) => by_name.get(name.as_str()).copied(),
        _ => None,
    };
    // A union has variants that end the cycle.
    let fields = |ty: &TypeDecl<'_>| match &ty.kind {
        TypeKind::Struct(fields) => fields.iter().map(|field| contained(&field.ty)).collect(),
        _ => Vec::new(),
    };
    draft.types.iter().map(fields).collect()
}

/// Returns the edges that close a cycle, as pairs of a node and the index of its edge.
///
/// The depth-first search keeps its path in a list instead of on the stack, as a document may
/// chain any number of types.
fn back_edges(graph: &Graph) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnPath,
        Done,
    }
    let mut states = vec![State::New; graph.len()];
    let mut found = Vec::new();
    for start in 0..graph.len() {
        let mut path = Vec::new();
        if states[start] == State::New {
            states[start] = State::OnPath;
            path.push((start, 0));
        }
        while let Some((node, next_edge)) = path.last_mut() {
            let (node, edge) = (*node, std::mem::replace(next_edge, *next_edge + 1));
            let Some(target) = graph[node].get(edge) else {
                states[node] = State::Done;
                path.pop();
                continue;
            };
            match target.map(|target| (target, states[target])) {
                Some((_, State::OnPath)) => found.push((node, edge)),
                Some((target, State::New)) => {
                    states[target] = State::OnPath;
                    path.push((target, 0));
                }
                _ => {}
            }
        }
    }
    found
}
