//! Responses of operations.

use super::document::Version;
use super::draft::Content;
use super::importer::Importer;
use super::media_type::{content, essence, is_json};
use super::names::Names;
use super::schemas::Object;
use crate::json::Json;

impl<'d> Importer<'d> {
    /// Converts the success response, or the default response if there is none. Returns `None`
    /// for a response without a body.
    pub(super) fn response(&mut self, operation: &'d Json) -> Option<Content> {
        let response = self.main_response(operation)?;
        let response = self.document.resolve(response)?;
        let schema = match self.document.version {
            Version::Swagger2 => response.get("schema"),
            Version::OpenApi3 => {
                let content = content(response);
                let json = content.iter().find(|(it, _)| is_json(&essence(it)));
                let Some((_, json)) = json else {
                    let (media_type, _) = content.first()?;
                    let is_text = essence(media_type).starts_with("text/");
                    let format = if is_text { "text" } else { "bytes" };
                    return Some(Content::Text(format.to_owned()));
                };
                json.get("schema")
            }
        }?;
        let hint = format!("{}Response", self.operation.type_prefix);
        // A referenced object is a declared type already.
        if schema.text("$ref").is_none()
            && let Some(object) = Object::from_schema(self.document, schema)
        {
            let mut scope = Names::default();
            let fields = self.types.fields(&object, &hint, &mut scope, self.report);
            return Some(Content::Fields(fields));
        }
        Some(Content::Type(self.types.convert(
            schema,
            &hint,
            self.report,
        )))
    }

    fn main_response(&mut self, operation: &'d Json) -> Option<&'d Json> {
        let responses = operation.get("responses").map_or(&[][..], Json::members);
        let successes = responses.iter().filter(|(it, _)| it.starts_with('2'));
        let default = || responses.iter().find(|(status, _)| status == "default");
        let first = successes.clone().min_by(|a, b| a.0.cmp(&b.0));
        let (status, response) = first.or_else(default)?;
        let differs = |it: &(String, Json)| it.0 != *status && it.1 != *response;
        if successes.into_iter().any(differs) {
            self.approximate(format!("of the responses only status {status} imported"));
        }
        Some(response)
    }
}
