//! Parameters of operations.

use super::headers::{is_header_name, is_set_by_client};
use super::importer::Importer;
use crate::import::document::{Node, Version};
use crate::import::spec::names;
use crate::import::spec::{Field, Request, TypeExpr};
use crate::import::types::field;

/// The parameters of an operation.
#[derive(Default)]
pub(super) struct Parameters<'d> {
    /// Those in the path, the query and the headers.
    pub(super) fields: Request,
    /// Those of Swagger 2 that describe the body.
    pub(super) in_body: Vec<&'d Node>,
}

impl<'d> Importer<'d> {
    /// Converts the parameters of a path item and an operation. Those of the operation take
    /// precedence.
    ///
    /// # Errors
    ///
    /// If the language cannot express a required one. The operation is dropped.
    pub(super) fn parameters(
        &mut self,
        path_item: &'d Node,
        operation: &'d Node,
    ) -> Result<Parameters<'d>, String> {
        let mut parameters = Parameters::default();
        for parameter in self.listed(path_item, operation) {
            let location = parameter.text("in").unwrap_or_default();
            let name = parameter.text("name").unwrap_or_default();
            match location {
                "body" | "formData" => parameters.in_body.push(parameter),
                "path" => parameters
                    .fields
                    .path
                    .extend(self.path_parameter(parameter)?),
                "query" => {
                    let field = self.parameter(parameter, location)?;
                    parameters.fields.query.extend(field);
                }
                "header" if is_set_by_client(name) => {
                    self.report.ignore(parameter, "the client sets this header");
                }
                "header" if !is_header_name(name) => {
                    self.report.ignore(parameter, "not a header name");
                }
                "header" => {
                    let field = self.parameter(parameter, location)?;
                    parameters.fields.headers.extend(field);
                }
                _ => {
                    let reason = format!("it is a {location} parameter");
                    self.omit_parameter(parameter, &reason)?;
                }
            }
        }
        Ok(parameters)
    }

    fn listed(&mut self, path_item: &'d Node, operation: &'d Node) -> Vec<&'d Node> {
        let mut all: Vec<&Node> = Vec::new();
        for item in [path_item, operation] {
            let mut own: Vec<&Node> = Vec::new();
            for parameter in item.list("parameters") {
                let Some(parameter) = self.report.resolve(self.document, parameter) else {
                    continue;
                };
                let is_same = |other: &&Node| {
                    other.peek("name") == parameter.peek("name")
                        && other.peek("in") == parameter.peek("in")
                };
                match all.iter().position(is_same) {
                    Some(at) => all[at] = parameter,
                    None if own.iter().any(is_same) => {
                        self.report.ignore(parameter, "declared twice");
                    }
                    None => own.push(parameter),
                }
            }
            all.extend(own);
        }
        all
    }

    fn omit_parameter(&mut self, parameter: &'d Node, reason: &str) -> Result<(), String> {
        let name = parameter.text("name").unwrap_or_default();
        let required = parameter.is_true("required");
        self.omit(parameter, &format!("parameter `{name}`"), required, reason)
    }

    fn path_parameter(&mut self, parameter: &'d Node) -> Result<Option<Field>, String> {
        let field = self.parameter(parameter, "path")?;
        Ok(field.map(|field| Field {
            ty: field.ty.required().clone(),
            is_required: true,
            style: None,
            ..field
        }))
    }

    fn parameter(&mut self, parameter: &'d Node, location: &str) -> Result<Option<Field>, String> {
        let name = parameter.text("name").unwrap_or_default();
        if !names::is_valid_wire_name(name) {
            let reason = "its name is empty or contains control characters";
            self.omit_parameter(parameter, reason)?;
            return Ok(None);
        }
        let (schema, is_json) = self.parameter_schema(parameter);
        let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
        let converted = match schema {
            Some(schema) => self.types.convert(schema, &hint, &mut self.report),
            None => TypeExpr::JSON,
        };
        let ty = if location == "path" {
            self.types.single_text(&converted)
        } else {
            self.types.sent_as_text(&converted)
        };
        let ty = match ty {
            Some(ty) => ty,
            None if is_json => {
                let note = format!("`{name}` imported as `string`: the caller writes the JSON");
                self.report.approximate(parameter, "", note);
                TypeExpr::Builtin("string")
            }
            // The caller joins the items, in whatever style the document has.
            None if location == "path" && matches!(converted.required(), TypeExpr::List(_)) => {
                let note = format!("`{name}` imported as `string`: a list, joined by the caller");
                self.report.approximate(parameter, "", note);
                TypeExpr::Builtin("string")
            }
            None => {
                self.omit_parameter(parameter, "it cannot be sent as text")?;
                return Ok(None);
            }
        };
        let is_list = matches!(ty, TypeExpr::List(_));
        let is_required = parameter.is_true("required");
        Ok(Some(Field {
            bounds: schema.map_or(Vec::new(), |schema| self.types.bounds(schema, &ty)),
            ty: if is_required { ty } else { ty.optional() },
            is_required,
            style: if is_list {
                list_style(parameter, location)
            } else {
                None
            },
            ..field(name, parameter, &mut self.operation.fields)
        }))
    }

    /// Returns the schema of a parameter, and whether its value is JSON.
    fn parameter_schema(&self, parameter: &'d Node) -> (Option<&'d Node>, bool) {
        if self.document.version == Version::Swagger2 {
            return (Some(parameter), false);
        }
        match parameter.object("content").first() {
            Some((_, content)) => (content.read().get("schema"), true),
            None => (parameter.get("schema"), false),
        }
    }
}

/// Returns the value of `style` for a list, or `None` if each item is a separate parameter.
pub(super) fn list_style(parameter: &Node, location: &str) -> Option<&'static str> {
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
    if parameter.peek("schema").is_none() && parameter.peek("in").is_some() {
        // The default of Swagger 2 is `csv`.
        return Some("comma");
    }
    let explode = parameter.bool("explode");
    match parameter.text("style") {
        Some("spaceDelimited") => Some("space"),
        Some("pipeDelimited") => Some("pipe"),
        // The default of OpenAPI 3 is `style: form` with `explode: true`.
        _ => (explode == Some(false)).then_some("comma"),
    }
}
