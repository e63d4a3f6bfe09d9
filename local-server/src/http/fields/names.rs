//! Names of the fields of the API.

/// Fields of the API. Others, for example `options`, are ignored.
pub(super) const KNOWN_FIELDS: [&str; 5] =
    ["clusterId", "contextId", "commandId", "language", "command"];

/// Returns the known field with a name.
pub(super) fn known(name: &str) -> Option<&'static str> {
    KNOWN_FIELDS.into_iter().find(|known| *known == name)
}
