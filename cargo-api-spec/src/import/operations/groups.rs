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

/// Group and name of an endpoint.
pub(super) struct EndpointName {
    pub(super) group: String,
    pub(super) name: String,
    /// Name if another endpoint of the group has the same one.
    pub(super) long_name: String,
}

/// Returns the group and the name of an operation: from its tag and `operationId`, or from its
/// path and method. `is_alone` means that no other operation has the first segment of the path.
pub(super) fn endpoint_name(
    path: &str,
    method: &str,
    operation: &Node,
    is_alone: bool,
) -> EndpointName {
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
    let (name, long_name) = if let Some(id) = id {
        (short_id(id, &group, path, method), id.to_owned())
    } else {
        let segments: Vec<_> = segments(path).collect();
        let name = segments.join(" ");
        let name = if is_alone {
            name
        } else {
            format!("{method} {name}{}", by_parameter(path))
        };
        (name, format!("{method} {}", path.replace('{', " by ")))
    };
    EndpointName {
        group,
        name: names::snake_name(&name, "call"),
        long_name: names::snake_name(&long_name, "call"),
    }
}

/// Returns an `operationId` without the words that the group, or the path and the method, have already.
fn short_id(id: &str, group: &str, path: &str, method: &str) -> String {
    // Google: `service.group.method`, or `service.group.subgroup.method`.
    let behind_group = id.split_inclusive('.').position(|it| {
        let segment = it.strip_suffix('.');
        segment.is_some_and(|it| names::snake_name(it, "") == group)
    });
    let short = match behind_group {
        Some(position) => id.splitn(position + 2, '.').last().unwrap_or(id),
        None => id,
    };
    let id = if names::snake_name(short, "").is_empty() {
        id
    } else {
        short
    };
    let name = names::snake_name(id, "call");
    let group_prefix = format!("{group}_");
    // What follows the group is the name that `export` has written.
    let own = Some(name.as_str()).filter(|_| behind_group.is_some());
    let own = own.or_else(|| name.strip_prefix(&group_prefix));
    let name = own.unwrap_or(&name);
    // FastAPI: the function, the path and the method.
    let path_suffix = format!("_{}", names::snake_name(&format!("{path} {method}"), ""));
    let name = name.strip_suffix(&path_suffix).unwrap_or(name);
    name.to_owned()
}

/// Returns the prefix of the types of an operation: its group and its name, unless the name contains the
/// group.
pub(super) fn type_prefix(group: &str, name: &str) -> String {
    let has_group = format!("_{name}_").contains(&format!("_{group}_"));
    if has_group {
        names::type_name(name)
    } else {
        format!("{}{}", names::type_name(group), names::type_name(name))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_ids_lose_the_words_of_their_group_and_path() {
        for (id, group, path, expected) in [
            ("listPets", "pets", "/pets", "list_pets"),
            ("pets.list", "pets", "/pets", "list"),
            ("pets_list", "pets", "/pets", "list"),
            ("pets.pets_list", "pets", "/pets", "pets_list"),
            ("storage.folders.rename", "folders", "/b", "rename"),
            (
                "cloud.projects.operations.get",
                "projects",
                "/b",
                "operations_get",
            ),
            (
                "read_item_items__itemId__get",
                "items",
                "/items/{itemId}",
                "read_item",
            ),
            (
                "items__itemId__get",
                "items",
                "/items/{itemId}",
                "item_id_get",
            ),
            ("pets", "pets", "/pets", "pets"),
            ("pets.", "pets", "/pets", "pets"),
        ] {
            assert_eq!(short_id(id, group, path, "get"), expected, "{id}");
        }
    }

    #[test]
    fn group_is_not_repeated_in_the_names_of_types() {
        assert_eq!(type_prefix("pets", "list_pets"), "ListPets");
        assert_eq!(type_prefix("pets", "list"), "PetsList");
        assert_eq!(type_prefix("pet", "list_pets"), "PetListPets");
    }
}
