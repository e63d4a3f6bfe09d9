//! Responses of operations.

use super::extensions;
use super::importer::Importer;
use super::media_type::{self, SwaggerMedia, content, is_json, is_text};
use crate::import::document::{Node, Version};
use crate::import::schema::Object;
use crate::import::spec::names::Names;
use crate::import::spec::{Content, Field, Stream, TypeExpr};

/// The successful responses of an operation.
#[derive(Default)]
pub(super) struct Responses {
    pub(super) body: Option<Content>,
    /// Status codes and bodies, if they differ.
    pub(super) by_status: Vec<(String, Option<Content>)>,
    pub(super) headers: Vec<Field>,
    /// Status codes and headers, if there are several responses.
    pub(super) headers_by_status: Vec<(String, Vec<Field>)>,
    pub(super) stream: Option<Stream>,
}

impl<'d> Importer<'d> {
    /// Converts the successful responses, or the default response if there is none.
    pub(super) fn response(&mut self, operation: &'d Node, is_head: bool) -> Responses {
        let mut successes = self.successes(operation);
        let hint = format!("{}Response", self.operation.type_prefix);
        if is_head {
            successes.truncate(1);
        }
        match successes[..] {
            [] => Responses::default(),
            [(_, only)] if self.stream_key(only).is_some() => Responses {
                stream: self.stream(operation, only),
                ..Responses::default()
            },
            [(_, only)] => Responses {
                body: self
                    .response_body(operation, only, &hint)
                    .filter(|_| !is_head),
                headers: self.response_headers(only),
                ..Responses::default()
            },
            ref several if have_same_body(several) => {
                let (_, first) = several[0];
                for (_, other) in &several[1..] {
                    other.mark_reported();
                }
                Responses {
                    body: self.response_body(operation, first, &hint),
                    headers: self.response_headers(first),
                    ..Responses::default()
                }
            }
            ref several => Responses {
                by_status: several
                    .iter()
                    .map(|(status, response)| {
                        let hint = format!("{hint}{status}");
                        let body = self.response_body(operation, response, &hint);
                        ((*status).to_owned(), body)
                    })
                    .collect(),
                headers_by_status: several
                    .iter()
                    .map(|(status, response)| {
                        ((*status).to_owned(), self.response_headers(response))
                    })
                    .filter(|(_, headers)| !headers.is_empty())
                    .collect(),
                ..Responses::default()
            },
        }
    }

    /// Returns the key of a response that has no other body than events or lines.
    fn stream_key(&self, response: &'d Node) -> Option<&'static str> {
        if self.document.version != Version::OpenApi3 {
            return None;
        }
        let mut keys = response.peek_object("content").iter();
        let first = media_type::stream_key(&media_type::essence(&keys.next()?.0))?;
        let is_same =
            |name: &str| media_type::stream_key(&media_type::essence(name)) == Some(first);
        keys.all(|(name, _)| is_same(name)).then_some(first)
    }

    /// Converts the items of a response of events or lines.
    fn stream(&mut self, operation: &'d Node, response: &'d Node) -> Option<Stream> {
        let key = self.stream_key(response)?;
        let chosen = media_type::choose(&content(response), &[], &mut self.report)?;
        for (_, header) in response.object("headers") {
            let reason = "`Events::headers` returns all headers of the response";
            self.report.ignore(header, reason);
        }
        let hint = format!("{}Event", self.operation.type_prefix);
        let item = match chosen.schema() {
            // Text of any format is described as a string.
            Some(schema) if schema.peek_text("type") == Some("string") => {
                schema.mark_reported();
                TypeExpr::Builtin("text")
            }
            Some(schema) => self.types.convert(schema, &hint, &mut self.report),
            None => TypeExpr::JSON,
        };
        Some(Stream {
            key,
            item,
            settings: extensions::events(operation),
        })
    }

    /// Returns the status codes and responses that are successful, in their order.
    fn successes(&mut self, operation: &'d Node) -> Vec<(&'d str, &'d Node)> {
        let responses = operation.object("responses");
        let mut successes: Vec<(&str, &Node)> = Vec::new();
        for (status, response) in responses {
            // A range is exact where it is the only success.
            if status.starts_with('2')
                && let Some(response) = self.report.resolve(self.document, response)
            {
                successes.push((status, response));
            }
        }
        successes.sort_by_key(|(status, _)| *status);
        let is_range = |status: &str| status.parse::<u16>().is_err();
        if successes.len() > 1 {
            successes.retain(|(status, response)| {
                if is_range(status) {
                    let reason = "the responses of single status codes are imported";
                    self.report.ignore(response, reason);
                }
                !is_range(status)
            });
        }
        if successes.is_empty()
            && let Some((status, response)) = responses.iter().find(|(it, _)| &**it == "default")
            && let Some(response) = self.report.resolve(self.document, response)
        {
            successes.push((status, response));
        }
        successes
    }

    fn response_body(
        &mut self,
        operation: &'d Node,
        response: &'d Node,
        hint: &str,
    ) -> Option<Content> {
        // A response has a description even if its body has none.
        let schema = match self.document.version {
            Version::Swagger2 => {
                let schema = response.get("schema")?;
                let produces = SwaggerMedia::new(self.document, operation, "produces");
                let media_type = if produces.has(|it| it == "*/*") {
                    Some("*/*".to_owned())
                } else {
                    produces.raw_response()
                };
                let media_type = media_type.unwrap_or_else(|| "application/json".to_owned());
                if let Some(raw) = self.raw_response(schema, &media_type) {
                    return Some(raw);
                }
                schema
            }
            Version::OpenApi3 => {
                let content = content(response);
                let chosen = media_type::choose(&content, &[&is_json, &is_text], &mut self.report)?;
                let essence = chosen.essence();
                let Some(schema) = chosen.schema() else {
                    return Some(match raw_keyword(&essence) {
                        Some(keyword) => Content::Text(keyword.to_owned()),
                        None => Content::Type(TypeExpr::JSON),
                    });
                };
                if let Some(raw) = self.raw_response(schema, &essence) {
                    return Some(raw);
                }
                schema
            }
        };
        // A referenced object is a declared type already.
        if schema.peek("$ref").is_none()
            && let Some(object) = Object::from_schema(self.document, schema)
        {
            let mut scope = Names::default();
            let fields = self
                .types
                .fields(&object, hint, &mut scope, &mut self.report);
            return Some(Content::Fields(fields));
        }
        Some(Content::Type(self.types.convert(
            schema,
            hint,
            &mut self.report,
        )))
    }

    /// Returns the response for a body that is not JSON: `text` or `bytes`.
    fn raw_response(&mut self, schema: &'d Node, media_type: &str) -> Option<Content> {
        let resolved = self.document.resolve(schema).unwrap_or(schema);
        let is_binary = resolved.peek_text("type") == Some("file")
            || resolved.peek_text("format") == Some("binary");
        let is_string = resolved.peek_text("type") == Some("string");
        let keyword = if is_binary {
            "bytes"
        } else if media_type == "*/*" && is_string {
            "text"
        } else {
            raw_keyword(media_type)?
        };
        let reason = "the body is imported as it is";
        self.report.ignore(schema, reason);
        Some(Content::Text(keyword.to_owned()))
    }
}

/// Returns the keyword for a body of this media type, or `None` if it is JSON.
fn raw_keyword(essence: &str) -> Option<&'static str> {
    if is_json(essence) {
        None
    } else if is_text(essence) {
        Some("text")
    } else {
        Some("bytes")
    }
}

fn have_same_body(responses: &[(&str, &Node)]) -> bool {
    let body =
        |response: &Node| ["content", "schema", "headers"].map(|key| response.peek(key).cloned());
    let mut bodies = responses.iter().map(|(_, response)| body(response));
    let first = bodies.next();
    bodies.all(|it| Some(&it) == first.as_ref())
}
