//! Parts of a request that previews and command lines show.

use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::codec::encode::BodyPreview;

/// Returns the headers without those that HTTP libraries add themselves.
pub(super) fn visible(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    let automatic = [header::CONTENT_LENGTH, header::EXPECT];
    headers
        .iter()
        .filter(move |(name, _)| !automatic.contains(name))
}

/// Returns whether the parts are those of a multipart body.
pub(super) fn is_multipart(parts: &[BodyPreview]) -> bool {
    !parts.is_empty() && !matches!(parts, [BodyPreview::Body { .. }])
}

/// Returns the value of a header; of a sensitive one, only the scheme.
pub(super) fn redacted(value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match scheme(value) {
        _ if !value.is_sensitive() => text.into_owned(),
        Some(scheme) => format!("{scheme} ***"),
        None => "***".into(),
    }
}

/// Returns the scheme of an `Authorization` header.
pub(super) fn scheme(value: &HeaderValue) -> Option<&'static str> {
    let has_scheme = |scheme: &&str| {
        let rest = value.as_bytes().strip_prefix(scheme.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b" "))
    };
    ["Basic", "Bearer"].into_iter().find(has_scheme)
}
