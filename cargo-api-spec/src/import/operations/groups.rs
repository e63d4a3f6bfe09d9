//! Groups, names and documentation of endpoints.

use std::collections::{HashMap, HashSet};

use crate::import::document::{Document, Node};
use crate::import::schema::docs;
use crate::import::spec::Endpoint;
use crate::import::spec::names;

/// Returns the groups of the endpoints, with the descriptions of their tags.
pub(super) fn groups(document: &Document, endpoints: &[Endpoint<'_>]) -> Vec<(String, String)> {
    let mut tags: HashMap<String, &Node> = HashMap::new();
    for tag in document.root().list("tags") {
        let group = names::snake_name(tag.peek_text("name").unwrap_or_default(), "api");
        tags.entry(group).or_insert(tag);
    }
    let mut groups: Vec<(String, String)> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for endpoint in endpoints {
        if !known.insert(&endpoint.group) {
            continue;
        }
        let description = tags.get(&endpoint.group).and_then(|tag| {
            tag.read().text("name");
            tag.text("description")
        });
        let doc = docs::markdown(description.unwrap_or_default());
        groups.push((endpoint.group.clone(), doc));
    }
    groups
}

/// Number of paths by their first segment.
pub(super) fn first_segments(document: &Document) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for (path, _) in document.root().peek_object("paths") {
        *counts.entry(first_segment(path)).or_default() += 1;
    }
    counts
}

pub(super) fn first_segment(path: &str) -> &str {
    segments(path).next().unwrap_or_default()
}

/// Returns the segments of a path that are not parameters.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let segments = path.split('/');
    segments.filter(|it| !it.is_empty() && !it.contains('{'))
}

/// Returns the end of the name of an operation without an id whose path ends with a parameter: `/pets`
/// and `/pets/{id}` are different operations.
fn by_parameter(path: &str) -> String {
    let last = path.rsplit('/').find(|it| !it.is_empty());
    match last.and_then(|it| it.strip_prefix('{')?.strip_suffix('}')) {
        Some(parameter) => format!(" by {parameter}"),
        None => String::new(),
    }
}

/// Returns the group and the name of an operation: from its tag and `operationId`, or from its
/// path and method. `is_alone` means that no other operation has the first segment of the path.
pub(super) fn endpoint_name(
    path: &str,
    method: &str,
    operation: &Node,
    is_alone: bool,
) -> (String, String) {
    let id = operation.text("operationId").filter(|id| !id.is_empty());
    let tag = operation.list("tags").first();
    let tag = tag.and_then(|tag| tag.read().as_text());
    // `export` writes `group.endpoint` as the `operationId`.
    let group = match (tag, id.and_then(|id| id.split_once('.'))) {
        (Some(tag), _) => tag,
        (None, Some((group, _))) => group,
        // A group of one operation would have the name of the operation.
        (None, None) if is_alone => "",
        (None, None) => segments(path).next().unwrap_or_default(),
    };
    let group = names::snake_name(group, "api");
    let name = id.map_or_else(
        || {
            let segments: Vec<_> = segments(path).collect();
            let words = segments.join(" ");
            if is_alone {
                words
            } else {
                format!("{method} {words}{}", by_parameter(path))
            }
        },
        |id| {
            let name = names::snake_name(id, "call");
            let short = name.strip_prefix(&format!("{group}_"));
            short
                .filter(|it| !it.is_empty())
                .unwrap_or(&name)
                .to_owned()
        },
    );
    (group, names::snake_name(&name, "call"))
}

/// Returns the documentation of an operation, or that of its path item.
pub(super) fn doc(path_item: &Node, operation: &Node, operation_name: &str) -> String {
    for described in [operation, path_item] {
        let [summary, description] = ["summary", "description"]
            .map(|key| docs::markdown(described.text(key).unwrap_or_default()));
        match (summary.is_empty(), description.is_empty()) {
            (true, true) => {}
            (false, true) => return summary,
            (true, false) => return description,
            // In many documents, the long text begins with the summary.
            (false, false) if description.starts_with(summary.trim_end_matches('.')) => {
                return description;
            }
            (false, false) => return format!("{summary}\n\n{description}"),
        }
    }
    format!("Calls `{operation_name}`.")
}
