//! Media types of response bodies.

use super::media_type::{Media, is_json, is_text};
use crate::import::document::Node;
use crate::import::schema::keywords::{adds_shape, is_plain_string};

/// Returns the first image of a body, if nothing is known of the JSON beside it.
pub(super) fn image_beside_shapeless_json<'d>(content: &[Media<'d>]) -> Option<Media<'d>> {
    let is_shapeless = |it: &Media<'_>| {
        let schema = it.node.peek("schema");
        schema.is_none_or(|schema| {
            let is_object = schema.peek_text("type").is_none_or(|it| it == "object");
            is_object && !adds_shape(schema)
        })
    };
    let mut json = content.iter().filter(|it| is_json(&it.essence()));
    let mut images = content.iter().copied();
    let image = images.find(|it| it.essence().starts_with("image/"));
    image.filter(|_| json.all(is_shapeless))
}

/// Returns whether a body is text, and no stream of events.
pub(super) fn is_plain_text(essence: &str) -> bool {
    is_text(essence) && stream_key(essence).is_none()
}

/// Returns whether a body is neither JSON nor text.
pub(super) fn is_bytes(essence: &str) -> bool {
    !is_json(essence) && !is_text(essence)
}

pub(super) fn is_binary(schema: Option<&Node>) -> bool {
    schema.and_then(|it| it.peek_text("format")) == Some("binary")
}

/// Returns whether the schema of a media type is a text without further keywords.
pub(super) fn is_text_only(media: &Node) -> bool {
    media.peek("schema").is_some_and(is_plain_string)
}

/// Returns the key of the language for a body of items.
pub(super) fn stream_key(essence: &str) -> Option<&'static str> {
    match essence {
        "text/event-stream" => Some("events"),
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/json-lines" => Some("lines"),
        _ => None,
    }
}

/// Returns whether an operation of Kubernetes responds with changes, one per line.
///
/// The operations that list objects have the same media types, and one object as a response.
pub(super) fn is_kubernetes_watch(operation: &Node) -> bool {
    let action = operation.peek_text("x-kubernetes-action");
    let mut produces = operation.peek_list("produces").iter();
    let stream = produces.find(|it| it.as_text() == Some("application/json;stream=watch"));
    let Some(stream) = stream.filter(|_| matches!(action, Some("watch" | "watchlist"))) else {
        return false;
    };
    operation.text("x-kubernetes-action");
    operation.list("produces");
    stream.read();
    true
}

/// Returns the keyword for a body of this media type, or `None` if it is JSON.
pub(super) fn raw_keyword(essence: &str) -> Option<&'static str> {
    if is_json(essence) {
        None
    } else if is_text(essence) {
        Some("text")
    } else {
        Some("bytes")
    }
}
