//! Responses as JSON.

use api_runtime::codec::{Decode as _, DecodeInto, ReadError, Reader};
use api_runtime::types::RawJson;
use api_runtime::{Error, rt};
use api_spec::model::{self, Field, ResponseHeaders, Type};
use serde_json::Value;

use crate::scalar;

/// Member for a body that is no object, beside headers.
pub(crate) const BODY: &str = "body";

/// Response of an endpoint, as the generated client returns it, in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    fn with_headers(
        response: &api_runtime::Response<'_>,
        kind: &model::Response,
        body: Option<RawJson>,
        declared: Option<&ResponseHeaders>,
    ) -> Result<Self, Error> {
        let headers = match declared {
            Some(declared) => header_values(response, kind, &declared.headers)?,
            None => Vec::new(),
        };
        let json = match declared {
            Some(_) => beside_headers(kind, body.as_ref(), &headers),
            None => body.unwrap_or_default(),
        };
        Ok(Self {
            status: response.status(),
            bytes: None,
            headers,
            json,
        })
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

/// Returns the headers that the response has. A header with the name of a field of the body has its name
/// in Rust.
fn header_values(
    response: &api_runtime::Response<'_>,
    kind: &model::Response,
    fields: &[Field],
) -> Result<Vec<(String, RawJson)>, Error> {
    let mut values: Vec<_> = fields
        .iter()
        .map(|field| HeaderValue {
            ty: &field.ty,
            value: None,
        })
        .collect();
    let names: Vec<_> = fields
        .iter()
        .map(|field| (field.wire.as_str(), field.ty.is_text()))
        .collect();
    let mut places: Vec<_> = values
        .iter_mut()
        .map(|value| value as &mut dyn DecodeInto)
        .collect();
    rt::decode_headers(response, &names, &mut places)?;
    let in_body = match kind {
        model::Response::Object(object) => object.fields.as_slice(),
        _ => &[],
    };
    let named = fields.iter().zip(values).filter_map(|(field, value)| {
        let is_in_body = in_body.iter().any(|other| other.wire == field.wire);
        let name = if is_in_body {
            field.rust.unraw()
        } else {
            field.wire.as_str()
        };
        Some((name.to_owned(), value.value?))
    });
    Ok(named.collect())
}

/// Value of a header.
struct HeaderValue<'f> {
    ty: &'f Type,
    value: Option<RawJson>,
}

impl DecodeInto for HeaderValue<'_> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        scalar::check(self.ty, reader)?;
        self.value = Some(RawJson::decode(reader)?);
        Ok(())
    }

    fn is_optional(&self) -> bool {
        self.ty.is_optional()
    }
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
