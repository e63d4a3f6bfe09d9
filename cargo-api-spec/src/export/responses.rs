//! Responses of operations.

use api_spec::model::{Endpoint, Field, Response, ResponseHeaders, Type};

use super::{extensions, schemas};
use crate::json::{Json, Members, list, object};

/// The responses of an operation.
#[derive(Debug, Default)]
pub(super) struct Responses {
    successes: Vec<Success>,
    /// Schema of the bodies of errors, if the spec has a type for them.
    error: Option<Json>,
}

/// The response with one success status.
#[derive(Debug)]
struct Success {
    status: String,
    /// Pairs of a media type and a schema. A media type may have several schemas.
    content: Vec<(&'static str, Json)>,
    headers: Members,
    links: Members,
    /// `true` if the response is one of several that are selected by the status code.
    is_case: bool,
}

/// Returns the responses of an endpoint. The first one has the links.
pub(super) fn responses(endpoint: &Endpoint, links: Members) -> Responses {
    let mut successes = match &endpoint.response {
        Response::ByStatus(cases) => {
            let cases = cases.cases.iter();
            cases
                .map(|case| Success {
                    is_case: true,
                    ..success(
                        case.status.to_string(),
                        &case.response,
                        case.headers.as_ref(),
                    )
                })
                .collect()
        }
        response => vec![success(
            "200".to_owned(),
            response,
            endpoint.response_headers.as_ref(),
        )],
    };
    if let Some(first) = successes.first_mut() {
        first.links = links;
    }
    Responses {
        successes,
        error: endpoint.error.as_ref().map(schemas::schema),
    }
}

fn success(status: String, response: &Response, headers: Option<&ResponseHeaders>) -> Success {
    let mut members = Members::default();
    for field in headers.map_or(&[][..], |headers| &headers.headers) {
        members.add(field.wire.as_str(), header(field));
    }
    Success {
        status,
        content: content(response).into_iter().collect(),
        headers: members,
        links: Members::default(),
        is_case: false,
    }
}

fn header(field: &Field) -> Members {
    let mut header = Members::default();
    header.add_text("description", &field.doc);
    header.add("required", !field.ty.is_optional());
    header.add("schema", schemas::non_null(&field.ty));
    header.merge(extensions::field(field));
    header
}

fn content(response: &Response) -> Option<(&'static str, Json)> {
    Some(match response {
        Response::Nothing | Response::ByStatus(_) => return None,
        Response::Events(events) => {
            let (_, schema) = content(&events.item)?;
            (events.format.media_type(), schema)
        }
        Response::Object(object) => {
            let schema = schemas::object_of(&object.fields, None);
            ("application/json", schema.into())
        }
        Response::Value(ty) => ("application/json", schemas::schema(ty)),
        Response::Text => ("text/plain", schemas::schema(&Type::String)),
        Response::Bytes | Response::Stream => {
            ("application/octet-stream", schemas::schema(&Type::File))
        }
    })
}

/// Returns the response for error statuses, with a JSON body of this schema.
pub(super) fn error(schema: Json) -> Json {
    let content = object([("application/json", object([("schema", schema)]))]);
    object([
        ("description", "Error response.".into()),
        ("content", content),
    ])
}

impl Responses {
    /// Adds the responses of another endpoint with the same method and path.
    pub(super) fn merge(&mut self, other: Self) {
        for response in other.successes {
            let known = self
                .successes
                .iter_mut()
                .find(|it| it.status == response.status);
            match known {
                Some(known) => known.merge(response),
                None => self.successes.push(response),
            }
        }
        self.error = self.error.take().or(other.error);
    }

    pub(super) fn into_json(self) -> Members {
        let mut responses = Members::default();
        for response in self.successes {
            responses.add(response.status.clone(), response.into_json());
        }
        let shared = || object([("$ref", "#/components/responses/Error".into())]);
        responses.add("default", self.error.map_or_else(shared, error));
        responses
    }
}

impl Success {
    fn merge(&mut self, other: Self) {
        for content in other.content {
            if !self.content.contains(&content) {
                self.content.push(content);
            }
        }
        self.headers.merge(other.headers);
        self.links.merge(other.links);
    }

    fn into_json(self) -> Members {
        let mut content = Members::default();
        for (media_type, _) in &self.content {
            if content.has(media_type) {
                continue;
            }
            let same = self.content.iter().filter(|(it, _)| it == media_type);
            let mut schemas: Vec<Json> = same.map(|(_, schema)| schema.clone()).collect();
            let schema = match schemas.len() {
                1 => schemas.pop().unwrap_or_default(),
                _ => object([("anyOf", list(schemas))]),
            };
            content.add(*media_type, object([("schema", schema)]));
        }
        let mut response = Members::default();
        response.add("description", "Success.");
        if self.is_case {
            response.add(extensions::name("case"), true);
        }
        response.add_non_empty("headers", self.headers.into());
        response.add_non_empty("content", content.into());
        response.add_non_empty("links", self.links.into());
        response
    }
}
