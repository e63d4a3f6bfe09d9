//! Parameters of operations.

use super::bounds;
use super::docs;
use super::document::Version;
use super::draft::{Field, TypeExpr};
use super::importer::Importer;
use super::names;
use crate::json::Json;

/// Fields of a request by location, without those of the body.
#[derive(Default)]
pub(super) struct RequestFields {
    pub(super) path: Vec<Field>,
    pub(super) query: Vec<Field>,
    pub(super) headers: Vec<Field>,
}

/// Header parameters that OpenAPI requires tools to ignore.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'d> Importer<'d> {
    /// Returns the parameters of a path item and an operation. Those of the operation take
    /// precedence.
    pub(super) fn parameters(&self, path_item: &'d Json, operation: &'d Json) -> Vec<&'d Json> {
        let mut all: Vec<&Json> = Vec::new();
        let listed = path_item
            .list("parameters")
            .iter()
            .chain(operation.list("parameters"));
        for parameter in listed.filter_map(|it| self.document.resolve(it)) {
            let is_same = |other: &&Json| {
                other.text("name") == parameter.text("name")
                    && other.text("in") == parameter.text("in")
            };
            match all.iter().position(is_same) {
                Some(at) => all[at] = parameter,
                None => all.push(parameter),
            }
        }
        all
    }

    /// Converts the parameters in the path, the query and the headers.
    ///
    /// # Errors
    ///
    /// If the language cannot express a required one. The operation is dropped.
    pub(super) fn request_fields(
        &mut self,
        parameters: &[&'d Json],
    ) -> Result<RequestFields, String> {
        let mut request = RequestFields::default();
        for parameter in parameters {
            let name = parameter.text("name").unwrap_or_default();
            let location = parameter.text("in").unwrap_or_default();
            let fields = match location {
                "path" => &mut request.path,
                "query" => &mut request.query,
                "header" if IGNORED_HEADERS.contains(&&*name.to_lowercase()) => continue,
                "header" => &mut request.headers,
                // Fields of the body in Swagger 2.
                "body" | "formData" => continue,
                _ => {
                    let reason = format!("it is a {location} parameter");
                    self.omit_parameter(parameter, &reason)?;
                    continue;
                }
            };
            fields.extend(self.parameter(parameter, location)?);
        }
        Ok(request)
    }

    fn omit_parameter(&mut self, parameter: &Json, reason: &str) -> Result<(), String> {
        let name = parameter.text("name").unwrap_or_default();
        let required = parameter.is_true("required");
        self.omit(&format!("parameter `{name}`"), required, reason)
    }

    fn parameter(&mut self, parameter: &'d Json, location: &str) -> Result<Option<Field>, String> {
        let name = parameter.text("name").unwrap_or_default();
        if !names::is_valid_wire_name(name) {
            let reason = "its name is empty or contains control characters";
            self.omit_parameter(parameter, reason)?;
            return Ok(None);
        }
        let schema = match self.document.version {
            Version::Swagger2 => Some(parameter),
            Version::OpenApi3 => parameter.get("schema"),
        };
        let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
        let ty = match schema {
            Some(schema) => self.types.convert(schema, &hint, self.report),
            None => TypeExpr::JSON,
        };
        let is_path = location == "path";
        let ty = if is_path {
            self.types.single_text(&ty)
        } else {
            self.types.sent_as_text(&ty)
        };
        let Some(ty) = ty else {
            self.omit_parameter(parameter, "it cannot be sent as text")?;
            return Ok(None);
        };
        let is_list = matches!(ty, TypeExpr::List(_));
        let bounds = schema.map_or(Vec::new(), |schema| bounds::bounds(schema, &ty));
        Ok(Some(Field {
            wire: name.to_owned(),
            ty: if is_path || parameter.is_true("required") {
                ty
            } else {
                ty.optional()
            },
            rust: names::field(&mut self.operation.fields, name),
            doc: docs::first_paragraph(parameter.text("description").unwrap_or_default()),
            style: list_style(parameter, location).filter(|_| is_list),
            bounds,
        }))
    }
}

/// Returns the value of `style` for a list, or `None` if each item is a separate parameter.
fn list_style(parameter: &Json, location: &str) -> Option<&'static str> {
    if location == "header" {
        return None;
    }
    if let Some(format) = parameter.text("collectionFormat") {
        return match format {
            "multi" => None,
            "ssv" => Some("space"),
            "pipes" => Some("pipe"),
            _ => Some("comma"),
        };
    }
    if parameter.get("schema").is_none() {
        // The default of Swagger 2 is `csv`.
        return Some("comma");
    }
    match parameter.text("style") {
        Some("spaceDelimited") => Some("space"),
        Some("pipeDelimited") => Some("pipe"),
        // The default of OpenAPI 3 is `style: form` with `explode: true`.
        _ => (parameter.get("explode") == Some(&Json::Bool(false))).then_some("comma"),
    }
}
