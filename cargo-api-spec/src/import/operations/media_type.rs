//! Media types of request and response bodies.

use crate::import::document::Node;
use crate::import::report::Report;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const MULTIPART: &str = "multipart/form-data";

/// An entry of `content`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Media<'d> {
    pub(super) name: &'d str,
    pub(super) node: &'d Node,
}

impl<'d> Media<'d> {
    pub(super) fn schema(self) -> Option<&'d Node> {
        self.node.read().get("schema")
    }

    pub(super) fn essence(self) -> String {
        essence(self.name)
    }
}

/// Returns a media type in lower case, without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "*/*" || essence.ends_with("+json")
}

/// Returns the key of the language for a body of items that arrive one by one.
pub(super) fn stream_key(essence: &str) -> Option<&'static str> {
    match essence {
        "text/event-stream" => Some("events"),
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines" => Some("lines"),
        _ => None,
    }
}

/// Returns whether a body of this media type is text for a reader.
pub(super) fn is_text(essence: &str) -> bool {
    essence.starts_with("text/") || essence.ends_with("/xml") || essence.ends_with("+xml")
}

/// Returns the entries of `content`.
pub(super) fn content(body: &Node) -> Vec<Media<'_>> {
    let entries = body.object("content").iter();
    entries.map(|(name, node)| Media { name, node }).collect()
}

/// Returns the entry that the first matching predicate accepts, preferably one with a schema, and
/// records the others.
pub(super) fn choose<'d>(
    content: &[Media<'d>],
    preferences: &[&dyn Fn(&str) -> bool],
    report: &mut Report,
) -> Option<Media<'d>> {
    let with_schema = |it: &&Media<'_>| it.node.peek("schema").is_some();
    let find = |accepts: &&dyn Fn(&str) -> bool, needs_schema: bool| {
        let mut matching = content.iter().filter(|it| accepts(&it.essence()));
        matching
            .find(|it| !needs_schema || with_schema(it))
            .copied()
    };
    let preferred = preferences.iter().find_map(|it| find(it, true));
    let preferred = preferred.or_else(|| preferences.iter().find_map(|it| find(it, false)));
    let chosen = preferred.or_else(|| content.first().copied())?;
    for other in content {
        if other.name != chosen.name {
            let reason = format!("the body is imported as `{}`", chosen.essence());
            report.ignore(other.node, reason);
        }
    }
    chosen.node.read();
    Some(chosen)
}
