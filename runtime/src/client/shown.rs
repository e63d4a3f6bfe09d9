//! Parts of a request that previews and command lines show.

use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::auth::RequestCredentials;
use crate::codec::encode::{BodyPreview, percent_encode};
use crate::operation::CredentialLocation;

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

/// Returns the media type of a multipart body without its parameters, unless it is the usual one.
pub(super) fn unusual_multipart(value: &HeaderValue) -> Option<&str> {
    let media_type = value.to_str().ok()?.split(';').next()?.trim();
    (media_type != "multipart/form-data").then_some(media_type)
}

/// Returns the value of a header; of credentials, only the prefix.
pub(super) fn redacted(
    name: &HeaderName,
    value: &HeaderValue,
    credentials: &RequestCredentials,
) -> String {
    if value.is_sensitive() {
        return format!("{}***", prefix(name, credentials));
    }
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// Returns the part of a header of credentials in front of the secret, e.g. `Bearer `.
pub(super) fn prefix<'a>(name: &HeaderName, credentials: &'a RequestCredentials) -> &'a str {
    let prefix = credentials.locations().find_map(|location| match location {
        CredentialLocation::Header {
            name: other,
            prefix,
        } if other == name.as_str() => Some(prefix),
        _ => None,
    });
    prefix.unwrap_or_default()
}

/// Returns the names of the query parameters with credentials.
pub(super) fn query_names(credentials: &RequestCredentials) -> impl Iterator<Item = &str> {
    credentials.query().map(|(name, _)| name)
}

/// Returns a URL with one more parameter. Its value is not encoded.
pub(super) fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let mut encoded = Vec::new();
    percent_encode(&mut encoded, name);
    let separator = if url.contains('?') { '&' } else { '?' };
    format!(
        "{url}{separator}{}={value}",
        String::from_utf8_lossy(&encoded)
    )
}
