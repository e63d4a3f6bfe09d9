//! Responses as JSON.

use api_runtime::types::RawJson;
use api_runtime::{Error, Events, rt};
use api_spec::model::{self, ResponseHeaders};
use serde_json::Value;

use crate::headers;

/// Member for a body that is no object, beside headers.
pub(crate) const BODY: &str = "body";

/// Response of an endpoint, as the generated client returns it, in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    status: u16,
    /// Bytes of a body that is not JSON.
    bytes: Option<Vec<u8>>,
    headers: Vec<(String, RawJson)>,
    json: RawJson,
}

impl Response {
    /// Returns the status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the body if it is text or bytes, according to the spec.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// Returns the headers that the spec declares and the response has, with their names in the spec.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        self.headers.iter().map(|(name, value)| (&**name, value))
    }

    /// Returns the body with the headers that the spec declares.
    ///
    /// Without headers, it is the body: JSON as it was sent, text and bytes as a string, and null if the
    /// response has no body. Headers are further members of an object, by their names in the spec, and
    /// any other body is the member `body` beside them.
    pub fn json(&self) -> &RawJson {
        &self.json
    }

    /// Converts the response into the JSON.
    pub fn into_json(self) -> RawJson {
        self.json
    }

    /// Decodes a response whose body is in memory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`](api_runtime::ErrorKind::InvalidResponse) if the body is not of the
    /// kind in the spec, a header is missing or invalid, or the spec does not list the status code.
    pub(crate) fn decode(
        response: api_runtime::Response<'_>,
        endpoint: &model::Endpoint,
    ) -> Result<Self, Error> {
        let (kind, headers) = match &endpoint.response {
            model::Response::ByStatus(cases) => {
                let mut cases = cases.cases.iter();
                let case = cases.find(|case| case.status == response.status());
                let case = case.ok_or_else(|| response.unexpected_status())?;
                (&case.response, case.headers.as_ref())
            }
            kind => (kind, endpoint.response_headers.as_ref()),
        };
        let body = body(&response, kind)?;
        let mut decoded = Self::with_headers(&response, kind, body, headers)?;
        let is_json = !matches!(
            kind,
            model::Response::Text | model::Response::Bytes | model::Response::Stream
        );
        decoded.bytes = (!is_json).then(|| response.into_body());
        Ok(decoded)
    }

    /// Decodes the headers of a response whose body was written elsewhere.
    pub(crate) fn decode_headers(
        response: &api_runtime::Response<'_>,
        endpoint: &model::Endpoint,
    ) -> Result<Self, Error> {
        let headers = endpoint.response_headers.as_ref();
        Self::with_headers(response, &endpoint.response, None, headers)
    }

    /// Decodes the headers of a response of items, which follow.
    pub(crate) fn of_events(
        events: &Events<'_, RawJson>,
        endpoint: &model::Endpoint,
    ) -> Result<Self, Error> {
        let declared = endpoint.response_headers.as_ref();
        let headers = match declared {
            Some(declared) => headers::decode(&endpoint.response, declared, |names, fields| {
                rt::decode_event_headers(events, names, fields)
            })?,
            None => Vec::new(),
        };
        Ok(Self {
            status: events.status(),
            bytes: None,
            json: json(&endpoint.response, None, declared, &headers),
            headers,
        })
    }

    /// Adds the list of the items of a response of items.
    pub(crate) fn with_items(self, items: RawJson, endpoint: &model::Endpoint) -> Self {
        let declared = endpoint.response_headers.as_ref();
        let json = json(&endpoint.response, Some(items), declared, &self.headers);
        Self { json, ..self }
    }

    fn with_headers(
        response: &api_runtime::Response<'_>,
        kind: &model::Response,
        body: Option<RawJson>,
        declared: Option<&ResponseHeaders>,
    ) -> Result<Self, Error> {
        let headers = match declared {
            Some(declared) => headers::decode(kind, declared, |names, fields| {
                rt::decode_headers(response, names, fields)
            })?,
            None => Vec::new(),
        };
        Ok(Self {
            status: response.status(),
            bytes: None,
            json: json(kind, body, declared, &headers),
            headers,
        })
    }
}

/// Returns the JSON of a body and of the headers.
fn json(
    kind: &model::Response,
    body: Option<RawJson>,
    declared: Option<&ResponseHeaders>,
    headers: &[(String, RawJson)],
) -> RawJson {
    match declared {
        Some(_) => beside_headers(kind, body.as_ref(), headers),
        None => body.unwrap_or_default(),
    }
}

/// Returns the body, or `None` if the response has none.
fn body(
    response: &api_runtime::Response<'_>,
    kind: &model::Response,
) -> Result<Option<RawJson>, Error> {
    let is_empty = response.body().trim_ascii().is_empty();
    Ok(match kind {
        model::Response::Text => Some(Value::from(response.text()?).into()),
        model::Response::Bytes | model::Response::Stream => {
            let text = String::from_utf8_lossy(response.body());
            Some(Value::from(text).into())
        }
        model::Response::Object(_) | model::Response::Value(_) if !is_empty => {
            Some(response.decode()?)
        }
        _ => None,
    })
}

/// Returns an object of the members of the body, or of the body as a member, and of the headers.
fn beside_headers(
    kind: &model::Response,
    body: Option<&RawJson>,
    headers: &[(String, RawJson)],
) -> RawJson {
    let mut members = match (kind, body) {
        (model::Response::Object(_), Some(body)) => members(body, headers),
        (_, Some(body)) => vec![member(BODY, body.as_str())],
        (_, None) => Vec::new(),
    };
    let headers = headers.iter();
    members.extend(headers.map(|(name, value)| member(name, value.as_str())));
    let object = format!("{{{}}}", members.join(","));
    // All parts of the text were checked.
    object.parse().unwrap_or_default()
}

/// Returns the members of an object, except for those with the name of a header, which the spec does not
/// declare.
fn members(body: &RawJson, headers: &[(String, RawJson)]) -> Vec<String> {
    let mut members = Vec::new();
    let mut reader = body.reader();
    if reader.peek() != Some(b'{') || reader.begin_object().is_err() {
        return vec![member(BODY, body.as_str())];
    }
    while let Ok(Some(name)) = reader.next_entry() {
        let Ok(value) = reader.raw() else { break };
        if !headers.iter().any(|(header, _)| *header == name) {
            members.push(member(&name, value));
        }
    }
    members
}

fn member(name: &str, value: &str) -> String {
    format!("{}:{value}", Value::from(name))
}
