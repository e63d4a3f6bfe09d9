//! Responses of operations.

use api_spec::model::Direction;

use super::importer::{Importer, Streaming};
use super::media_type::{self, Media, SwaggerMedia, content, is_json};
use super::response_media::{
    image_beside_shapeless_json, is_binary, is_bytes, is_kubernetes_watch, is_plain_text,
    is_text_only, raw_keyword, stream_key,
};
use super::successes::UNCHANGED;
use crate::import::document::{Node, Version};
use crate::import::extensions;
use crate::import::schema::Object;
use crate::import::spec::names::Names;
use crate::import::spec::{Content, Field, TypeExpr};

// Status codes of responses without a body.
const NO_CONTENT: &str = "204";
const RESET_CONTENT: &str = "205";

/// The successful responses of an operation.
#[derive(Default)]
pub(super) struct Responses {
    pub(super) body: Option<Content>,
    /// Status codes and bodies, if they differ.
    pub(super) by_status: Vec<(String, Option<Content>)>,
    pub(super) headers: Vec<Field>,
    pub(super) headers_by_status: Vec<(String, Vec<Field>)>,
}

impl<'d> Importer<'d> {
    /// Converts the successful responses, or the default response if there is none.
    pub(super) fn response(&mut self, operation: &'d Node, is_head: bool) -> Responses {
        let mut successes = self.successes(operation);
        let hint = format!("{}Response", self.operation.type_prefix);
        if is_head {
            successes.truncate(1);
        }
        let is_case = |(_, it): &(&str, &Node)| extensions::get(it, "case").is_some();
        let is_redirect = |(status, _): &(&str, &Node)| status.starts_with('3');
        if successes.iter().any(is_case) || successes.iter().any(is_redirect) {
            return self.by_status(operation, &successes, &hint);
        }
        match successes[..] {
            [] => Responses::default(),
            [(status, only)] => {
                let body = self.response_body(operation, (status, only), &hint);
                let body = body.filter(|_| !is_head);
                Responses {
                    headers: self.response_headers(only, body.as_ref()),
                    body,
                    ..Responses::default()
                }
            }
            ref several => {
                // One of several responses is not a stream.
                self.operation.streaming = Streaming::None;
                self.by_status(operation, several, &hint)
            }
        }
    }

    fn by_status(
        &mut self,
        operation: &'d Node,
        responses: &[(&'d str, &'d Node)],
        hint: &str,
    ) -> Responses {
        let mut all = Responses::default();
        for (status, response) in responses {
            let hint = format!("{hint}{status}");
            let body = match self.response_body(operation, (status, response), &hint) {
                // One of several responses is not a stream.
                Some(Content::Stream(..)) => Some(Content::Text("text".to_owned())),
                body => body,
            };
            let headers = self.response_headers(response, body.as_ref());
            all.by_status.push(((*status).to_owned(), body));
            if !headers.is_empty() {
                all.headers_by_status.push(((*status).to_owned(), headers));
            }
        }
        all
    }

    fn response_body(
        &mut self,
        operation: &'d Node,
        (status, response): (&str, &'d Node),
        hint: &str,
    ) -> Option<Content> {
        if [NO_CONTENT, RESET_CONTENT, UNCHANGED].contains(&status)
            && !self.has_body(status, response)
        {
            return None;
        }
        // A response has a description even if its body has none.
        let schema = match self.document.version {
            Version::Swagger2 => {
                let schema = response.get("schema")?;
                if is_kubernetes_watch(operation) {
                    let ty = self.types.convert(schema, hint, &mut self.report);
                    return Some(Content::Stream("lines", ty.required().clone()));
                }
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
                let chosen = self.chosen_response(&content)?;
                let essence = chosen.essence();
                if let Some(key) = stream_key(&essence) {
                    let hint = hint.replace("Response", "Event");
                    let ty = chosen
                        .schema()
                        .map(|it| self.types.convert(it, &hint, &mut self.report));
                    let ty = ty.unwrap_or(TypeExpr::JSON);
                    let ty = match ty.required() {
                        TypeExpr::Builtin("string") => TypeExpr::Builtin("text"),
                        ty => ty.clone(),
                    };
                    return Some(Content::Stream(key, ty));
                }
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
            let direction = Some(Direction::Response);
            let fields = self
                .types
                .fields(&object, hint, direction, &mut scope, &mut self.report);
            return Some(self.object_content(schema, fields));
        }
        Some(Content::Type(self.types.convert(
            schema,
            hint,
            &mut self.report,
        )))
    }

    /// Returns whether a response has a body although its status code excludes it.
    ///
    /// Some documents have a wrong status code. Others declare a body of any type.
    fn has_body(&mut self, status: &str, response: &'d Node) -> bool {
        let is_swagger = self.document.version == Version::Swagger2;
        let key = if is_swagger { "schema" } else { "content" };
        let Some(body) = response.peek(key) else {
            return true;
        };
        let schema = if is_swagger {
            Some(body)
        } else {
            let mut schemas = body.members().iter();
            schemas.find_map(|(_, media)| media.peek("schema"))
        };
        let is_declared = schema.is_some_and(|schema| {
            schema.peek("$ref").is_some() || !schema.peek_object("properties").is_empty()
        });
        let reason = format!("a response with the status code {status} has no body");
        if status != UNCHANGED && is_declared {
            self.report
                .remark(body, format!("imported, although {reason}"));
            return true;
        }
        self.report.ignore(body, reason);
        false
    }

    /// Returns the media type of a response: the stream if the endpoint is that of a stream, and
    /// JSON, text or bytes otherwise.
    fn chosen_response(&mut self, content: &[Media<'d>]) -> Option<Media<'d>> {
        let (streams, others): (Vec<_>, Vec<_>) = content
            .iter()
            .partition(|it| stream_key(&it.essence()).is_some());
        match (self.operation.streaming, streams.first()) {
            (Streaming::Selected, stream) => return stream.copied(),
            (Streaming::Possible, Some(stream)) if !others.is_empty() => {
                self.operation.streaming = Streaming::Separate;
                stream.node.read();
            }
            _ => {}
        }
        if let Some(image) = image_beside_shapeless_json(content) {
            image.node.read();
            media_type::ignore_others(content, image, &mut self.report);
            return Some(image);
        }
        let has_bytes = content.iter().any(|it| is_binary(it.node.peek("schema")));
        let is_raw = |it: &Media<'_>| is_json(&it.essence()) && is_text_only(it.node);
        // Some documents declare JSON beside each other media type.
        let preferences: &[&dyn Fn(&str) -> bool] = if has_bytes && content.iter().any(is_raw) {
            &[&is_bytes]
        } else {
            &[&is_json, &is_plain_text]
        };
        if self.operation.streaming == Streaming::Separate {
            return media_type::choose(&others, preferences, &mut self.report);
        }
        media_type::choose(content, preferences, &mut self.report)
    }

    /// Returns the response for a body that is not JSON: `text` or `bytes`.
    fn raw_response(&mut self, schema: &'d Node, media_type: &str) -> Option<Content> {
        let resolved = self.document.resolve(schema).unwrap_or(schema);
        let is_binary = resolved.peek_text("type") == Some("file") || is_binary(Some(resolved));
        let is_string = resolved.peek_text("type") == Some("string");
        if is_binary || is_string {
            resolved.text("type");
        }
        if is_binary {
            resolved.text("format");
        }
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
