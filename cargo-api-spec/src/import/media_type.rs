//! Media types of request and response bodies.

use crate::json::Json;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const MULTIPART: &str = "multipart/form-data";

/// Returns a media type in lower case, without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "*/*" || essence.ends_with("+json")
}

/// Returns the entries of `content`: media types and their schemas.
pub(super) fn content(body: &Json) -> &[(String, Json)] {
    body.get("content").map_or(&[], Json::members)
}

/// Returns the media types of `content` as a list for messages.
pub(super) fn listed(content: &[(String, Json)]) -> String {
    let media_types: Vec<_> = content.iter().map(|(it, _)| it.as_str()).collect();
    format!("`{}`", media_types.join("`, `"))
}
