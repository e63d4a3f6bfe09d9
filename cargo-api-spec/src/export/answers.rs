//! What comes back.

use api_spec::model::{Endpoint, Response, Type};

use super::schemas;
use crate::json::{Json, Members, list, object};

/// The answers of an operation by status.
#[derive(Debug, Default)]
pub(super) struct Answers {
    answers: Vec<Answer>,
    /// The schema of the bodies of errors, where it is described.
    error: Option<Json>,
}

#[derive(Debug)]
struct Answer {
    status: String,
    /// Schemas by media type; of one type there may be several.
    content: Vec<(&'static str, Json)>,
    headers: Members,
    links: Members,
}

pub(super) fn answers(endpoint: &Endpoint, links: Members) -> Answers {
    let mut answers = Answers {
        answers: Vec::new(),
        error: endpoint.error.as_ref().map(schemas::schema),
    };
    if let Response::ByStatus(cases) = &endpoint.response {
        for case in &cases.cases {
            answers.add(case.status.to_string(), &case.response);
        }
    } else {
        answers.add("200".to_owned(), &endpoint.response);
    }
    if let Some(first) = answers.answers.first_mut() {
        first.links = links;
        for header in endpoint
            .response_headers
            .iter()
            .flat_map(|headed| &headed.headers)
        {
            let mut told = Members::default();
            told.add_text("description", &header.doc);
            told.add("required", !header.ty.is_optional());
            told.add("schema", schemas::present(&header.ty));
            first.headers.add(header.wire.as_str(), told);
        }
    }
    answers
}

fn content(response: &Response) -> Option<(&'static str, Json)> {
    Some(match response {
        Response::Nothing | Response::ByStatus(_) => return None,
        Response::Object(object) => {
            let schema = schemas::fields(&object.fields, None);
            ("application/json", schema.into())
        }
        Response::Value(ty) => ("application/json", schemas::schema(ty)),
        Response::Text => ("text/plain", schemas::schema(&Type::String)),
        Response::Bytes | Response::Stream => {
            ("application/octet-stream", schemas::schema(&Type::File))
        }
    })
}

impl Answers {
    fn add(&mut self, status: String, response: &Response) {
        self.answers.push(Answer {
            status,
            content: content(response).into_iter().collect(),
            headers: Members::default(),
            links: Members::default(),
        });
    }

    /// Takes in the answers to another body.
    pub(super) fn merge(&mut self, other: Self) {
        for answer in other.answers {
            let known = self
                .answers
                .iter_mut()
                .find(|it| it.status == answer.status);
            let Some(known) = known else {
                self.answers.push(answer);
                continue;
            };
            for content in answer.content {
                if !known.content.contains(&content) {
                    known.content.push(content);
                }
            }
            known.headers.merge(answer.headers);
            known.links.merge(answer.links);
        }
        self.error = self.error.take().or(other.error);
    }

    pub(super) fn into_json(self) -> Members {
        let mut responses = Members::default();
        for answer in self.answers {
            responses.add(answer.status.clone(), answer.into_json());
        }
        let error = match self.error {
            None => object([("$ref", "#/components/responses/Error".into())]),
            Some(schema) => object([
                ("description", "The server refuses, or fails.".into()),
                (
                    "content",
                    object([("application/json", object([("schema", schema)]))]),
                ),
            ]),
        };
        responses.add("default", error);
        responses
    }
}

impl Answer {
    fn into_json(self) -> Members {
        let mut told = Members::default();
        told.add("description", "Done.");
        told.add_some("headers", self.headers.into());
        let mut content = Members::default();
        for (media, _) in &self.content {
            let same = self.content.iter().filter(|(other, _)| other == media);
            let mut schemas: Vec<Json> = same.map(|(_, schema)| schema.clone()).collect();
            let schema = match schemas.len() {
                1 => schemas.pop().unwrap_or_default(),
                _ => object([("anyOf", list(schemas))]),
            };
            if !content.has(media) {
                content.add(*media, object([("schema", schema)]));
            }
        }
        told.add_some("content", content.into());
        told.add_some("links", self.links.into());
        told
    }
}
