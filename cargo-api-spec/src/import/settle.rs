//! From a draft to a description that passes the checks.

use std::collections::{HashMap, HashSet};

use api_spec::Source;

use super::draft::{Again, Draft, Endpoint, Ty};
use super::report::Report;
use super::write::{self, Item};

/// The text of a description without faults. What a fault concerns is dropped, and what needs it.
pub(super) fn settle(draft: &mut Draft, report: &mut Report) -> Result<String, String> {
    break_circles(draft, report);
    loop {
        prune(draft);
        let (text, places) = write::write(draft);
        let source = Source::new("import", text);
        let parsed = api_spec::parse(&source);
        let mut faulty = HashMap::new();
        for fault in parsed.diagnostics.iter().filter(|it| it.is_error()) {
            let at = fault.span().start;
            let item = places.iter().rev().find(|(start, _)| *start <= at);
            let item = item.map_or(Item::Whole, |(_, item)| item.clone());
            faulty.entry(item).or_insert_with(|| fault.message.clone());
        }
        if faulty.is_empty() {
            return Ok(source.text().to_owned());
        }
        let before = size(draft);
        drop_items(draft, &faulty, report);
        if size(draft) >= before {
            let why = faulty.into_values().next().unwrap_or_default();
            return Err(format!("what would be written has a fault: {why}"));
        }
    }
}

/// Whatever is dropped makes it smaller.
fn size(draft: &Draft) -> usize {
    let added = draft.endpoints.iter().filter(|it| has_more(it));
    added.count()
        + draft.endpoints.len()
        + draft.types.len()
        + draft.groups.len()
        + draft.base_path.len()
}

/// Whether anything is told that OpenAPI has no words for.
fn has_more(endpoint: &Endpoint) -> bool {
    !endpoint.pages.is_empty() || matches!(endpoint.retry, Some(Again::With(_)))
}

fn drop_items(draft: &mut Draft, faulty: &HashMap<Item, String>, report: &mut Report) {
    let mut index = 0..;
    draft.endpoints.retain_mut(|endpoint| {
        let index = index.next().unwrap_or_default();
        let Some(why) = faulty.get(&Item::Endpoint(index)) else {
            return true;
        };
        // Most of an endpoint may be sound: what is added to it goes first.
        if !has_more(endpoint) {
            report.drop(&endpoint.origin, why.as_str());
            return false;
        }
        endpoint.pages.clear();
        endpoint.retry = endpoint.retry.take().map(|_| Again::Class("never"));
        report.loosen(
            &endpoint.origin,
            format!("without what `x-` keys say: {why}"),
        );
        true
    });
    let mut index = 0..;
    draft.types.retain(|ty| {
        let index = index.next().unwrap_or_default();
        let why = faulty.get(&Item::Type(index));
        if let Some(why) = why {
            report.loosen(&ty.name, format!("the type is left out: {why}"));
        }
        why.is_none()
    });
    if faulty.contains_key(&Item::Whole) {
        report.loosen(
            "the path before all paths",
            format!("it is left out: {}", draft.base_path),
        );
        draft.base_path.clear();
    }
}

/// Drops types that no endpoint mentions, and groups without endpoints.
fn prune(draft: &mut Draft) {
    let by_name: HashMap<&str, usize> = draft
        .types
        .iter()
        .enumerate()
        .map(|(index, ty)| (ty.name.as_str(), index))
        .collect();
    let mut used = vec![false; draft.types.len()];
    let mentioned = draft.endpoints.iter().flat_map(Endpoint::mentions);
    let mut open: Vec<usize> = mentioned
        .filter_map(|ty| by_name.get(ty.name()?))
        .copied()
        .collect();
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut used[index], true) {
            continue;
        }
        let fields = draft.types[index].fields();
        let inner = fields
            .into_iter()
            .filter_map(|field| by_name.get(field.ty.name()?));
        open.extend(inner.copied());
    }
    let mut used = used.into_iter();
    draft.types.retain(|_| used.next().unwrap_or_default());
    let groups: HashSet<&str> = draft.endpoints.iter().map(|it| it.group.as_str()).collect();
    draft
        .groups
        .retain(|(key, _)| groups.contains(key.as_str()));
}

/// A struct that holds itself without a list or a map in between has no size.
fn break_circles(draft: &mut Draft, report: &mut Report) {
    let by_name: HashMap<String, usize> = draft
        .types
        .iter()
        .enumerate()
        .map(|(index, ty)| (ty.name.clone(), index))
        .collect();
    let held = |ty: &Ty| match ty.present() {
        Ty::Named(name) => by_name.get(name).copied(),
        _ => None,
    };
    let edges: Vec<Vec<Option<usize>>> = draft
        .types
        .iter()
        .map(|ty| ty.fields().iter().map(|field| held(&field.ty)).collect())
        .collect();
    for (node, edge) in back_edges(&edges) {
        let name = draft.types[node].name.clone();
        let mut fields = draft.types[node].fields_mut();
        let Some(field) = fields.get_mut(edge) else {
            continue;
        };
        report.loosen(&name, format!("`{}` leads back to it: `json`", field.wire));
        let optional = field.ty.is_optional();
        field.ty = if optional {
            Ty::JSON.optional()
        } else {
            Ty::JSON
        };
    }
}

/// The edges of a graph that close its circles; the walk keeps its path in a list, so that no
/// chain is too long.
fn back_edges(edges: &[Vec<Option<usize>>]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        let mut path = Vec::new();
        if state[start] == State::New {
            state[start] = State::Open;
            path.push((start, 0));
        }
        while let Some((node, edge)) = path.last_mut() {
            let (node_now, edge_now) = (*node, *edge);
            *edge += 1;
            let Some(target) = edges[node_now].get(edge_now) else {
                state[node_now] = State::Done;
                path.pop();
                continue;
            };
            match target.map(|target| (target, state[target])) {
                Some((_, State::Open)) => found.push((node_now, edge_now)),
                Some((target, State::New)) => {
                    state[target] = State::Open;
                    path.push((target, 0));
                }
                _ => {}
            }
        }
    }
    found
}
