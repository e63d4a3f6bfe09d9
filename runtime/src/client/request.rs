//! Building HTTP requests from operations and their parameters.

use ureq::http::{HeaderMap, HeaderValue, Request as HttpRequest, Uri, header};

use super::shared::{Settings, Shared};
use crate::codec::encode::{RequestParts, percent_encode};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};
use crate::operation::{BodyFormat, EventFormat, Operation, ResponseBody};
use crate::transport::Body;

/// Larger request bodies are sent after the server has agreed (`expect: 100-continue`), so that a
/// server can reject the request before the whole body is sent.
const EXPECT_CONTINUE_MIN_BYTES: u64 = 1 << 20;

/// Space for the parameters of a typical URL.
const TYPICAL_PARAMETERS_BYTES: usize = 128;

/// Builds the request of an operation. `authenticate` adds the headers of the credentials.
pub(super) fn build(
    shared: &Shared,
    settings: &Settings,
    operation: &Operation<'_>,
    request: &RequestParts<'_>,
    authenticate: impl FnOnce(&mut HeaderMap),
) -> Result<HttpRequest<Body<'static>>, Error> {
    let (body, content_type) = request.body()?;
    let length = body.length();
    let mut http = HttpRequest::new(body);
    *http.method_mut() = operation.method.to_http()?;
    *http.uri_mut() = match &settings.url {
        Some(url) => parse(url.as_bytes().to_vec())?,
        None => uri(shared, operation, request)?,
    };
    *http.headers_mut() = request.headers()?;
    let headers = http.headers_mut();
    // A field of the request.
    let has_media_type = headers.contains_key(header::CONTENT_TYPE);
    add_accept(headers, operation);
    for (name, value) in &shared.headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    authenticate(headers);
    if let Some(usual) = content_type.filter(|_| !has_media_type) {
        let content_type = match operation.content_type {
            // The media type of a multipart body contains the boundary.
            Some(other) if operation.format != BodyFormat::Multipart => media_type(other)?,
            _ => usual,
        };
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if length > EXPECT_CONTINUE_MIN_BYTES {
        headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
    }
    Ok(http)
}

fn media_type(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        let message = format!("invalid media type `{}`", text.escape_debug());
        Error::before_sending(ErrorKind::InvalidInput, message)
    })
}

/// The transport adds `accept: application/json` to requests without the header.
fn add_accept(headers: &mut HeaderMap, operation: &Operation<'_>) {
    let media_types = match (operation.response, operation.events) {
        (_, Some(events)) => match events.format {
            EventFormat::ServerSent => "text/event-stream",
            EventFormat::Lines if events.is_text => "*/*",
            // Servers without a media type for lines reject a request that accepts no JSON.
            EventFormat::Lines => "application/x-ndjson, application/json",
        },
        (ResponseBody::Text | ResponseBody::Bytes | ResponseBody::ByStatus, None) => "*/*",
        (ResponseBody::Ignored | ResponseBody::Json | ResponseBody::Events, None) => return,
    };
    let value = HeaderValue::from_static(media_types);
    headers.entry(header::ACCEPT).or_insert(value);
}

fn uri(
    shared: &Shared,
    operation: &Operation<'_>,
    request: &RequestParts<'_>,
) -> Result<Uri, Error> {
    let url = if operation.is_link() {
        let link = request.link()?;
        shared.base.resolve(&link)?.into_bytes()
    } else {
        let base = shared.base.as_str().as_bytes();
        let length = base.len() + operation.path.len() + TYPICAL_PARAMETERS_BYTES;
        let mut url = Vec::with_capacity(length);
        url.extend_from_slice(base);
        request.path(url)?
    };
    parse(request.query(url)?)
}

/// Sets a query parameter of a URL. It replaces parameters of the same name: servers may repeat
/// credentials in links.
pub(super) fn set_parameter(uri: &mut Uri, name: &str, value: &Secret) -> Result<(), Error> {
    let mut pair = Vec::new();
    percent_encode(&mut pair, name);
    pair.push(b'=');
    let name_len = pair.len();
    percent_encode(&mut pair, value.expose());
    let text = uri.to_string();
    let (path, query) = text.split_once('?').unwrap_or((&text, ""));
    let mut url = path.as_bytes().to_vec();
    let mut separator = b'?';
    let is_other = |other: &&[u8]| !other.is_empty() && !other.starts_with(&pair[..name_len]);
    let others = query.as_bytes().split(|&byte| byte == b'&');
    for pair in others.filter(is_other).chain([&*pair]) {
        url.push(separator);
        url.extend_from_slice(pair);
        separator = b'&';
    }
    *uri = parse(url)?;
    Ok(())
}

fn parse(url: Vec<u8>) -> Result<Uri, Error> {
    Uri::try_from(url).map_err(|error| {
        Error::before_sending(
            ErrorKind::InvalidInput,
            format!("the parameters do not fit into a URL: {error}"),
        )
    })
}
