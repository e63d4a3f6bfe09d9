//! Names of headers.

/// Headers that the client sets itself, apart from `Content-Type`.
const CLIENT_HEADERS: [&str; 13] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns whether the client sets a request header itself.
pub(super) fn is_set_by_client(name: &str) -> bool {
    CLIENT_HEADERS.contains(&name.to_lowercase().as_str())
}

/// Returns whether the text is a `token` of RFC 9110, section 5.6.2.
pub(super) fn is_header_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}
