//! Parameters of operations.

use std::collections::HashMap;

use super::header_names::{is_header_name, is_set_by_client};
use super::importer::Importer;
use super::media_type::{Media, is_json};
use super::raw_body::is_media_type;
use super::styles::{Location, SentValue};
use crate::import::document::{Node, Version};
use crate::import::extensions;
use crate::import::schema::keywords::enum_values;
use crate::import::schema::{Object, docs};
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Field, Request, TypeExpr};
use crate::import::types::field;
use crate::toml;

/// The parameters of an operation.
#[derive(Default)]
pub(super) struct Parameters<'d> {
    /// Those in the path, the query and the headers.
    pub(super) fields: Request,
    /// Those of Swagger 2 that describe the body.
    pub(super) in_body: Vec<&'d Node>,
    /// The header with the media type of the body.
    pub(super) media_type: Option<&'d Node>,
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
            let name = parameter.peek_text("name").unwrap_or_default();
            self.operation.fields.enter(match location {
                "path" => "path",
                "query" => "query",
                "header" => "header",
                _ => "body",
            });
            match location {
                "body" | "formData" => parameters.in_body.push(parameter),
                "path" => parameters
                    .fields
                    .path
                    .extend(self.path_parameter(parameter)?),
                "query" | "header"
                    if self
                        .security
                        .sends(self.document, operation, (location, name)) =>
                {
                    self.report.ignore(parameter, "the credentials set it");
                }
                "query" => {
                    let fields = self.query_parameter(parameter)?;
                    parameters.fields.query.extend(fields);
                }
                "header" if is_media_type(name) => parameters.media_type = Some(parameter),
                "header" if is_set_by_client(name) => {
                    self.report.ignore(parameter, "the client sets this header");
                }
                "header" if !is_header_name(name) => {
                    self.report.ignore(parameter, "not a header name");
                }
                "header" => {
                    self.operation.is_conditional |= is_condition(name);
                    let field = self.parameter(parameter, location)?;
                    parameters.fields.headers.extend(field);
                }
                _ => {
                    let reason = format!("it is a {location} parameter");
                    self.omit_parameter(parameter, &reason)?;
                }
            }
        }
        self.remove_repeated(&mut parameters.fields.query);
        Ok(parameters)
    }

    /// Removes fields with the name of another one, e.g. those of several objects that are sent as one
    /// parameter per property. A required one is kept.
    pub(super) fn remove_repeated(&mut self, fields: &mut Vec<Field>) {
        let mut kept: Vec<Field> = Vec::with_capacity(fields.len());
        let mut positions: HashMap<String, usize> = HashMap::new();
        for field in fields.drain(..) {
            let Some(&at) = positions.get(&field.wire) else {
                positions.insert(field.wire.clone(), kept.len());
                kept.push(field);
                continue;
            };
            let note = format!(
                "`{}` omitted: another field of the request has this name",
                field.wire
            );
            self.approximate(note);
            if field.is_required && !kept[at].is_required {
                kept[at] = field;
            }
        }
        *fields = kept;
    }

    /// Returns the parameters of an operation. One of the path item that the operation replaces stays
    /// unread.
    fn listed(&mut self, path_item: &'d Node, operation: &'d Node) -> Vec<&'d Node> {
        // With the items of the lists, which may be references.
        let mut all: Vec<(&Node, &Node)> = Vec::new();
        for item in [path_item, operation] {
            let mut own: Vec<(&Node, &Node)> = Vec::new();
            for listed in item.list("parameters") {
                let Ok(parameter) = self.document.resolve_unread(listed) else {
                    // Records the reason.
                    self.report.resolve(self.document, listed);
                    continue;
                };
                let is_same = |(_, other): &(&Node, &Node)| {
                    other.peek("name") == parameter.peek("name")
                        && other.peek("in") == parameter.peek("in")
                };
                match all.iter().position(is_same) {
                    Some(at) => all[at] = (listed, parameter),
                    None if own.iter().any(is_same) => {
                        self.report.ignore(listed, "declared twice");
                    }
                    None => own.push((listed, parameter)),
                }
            }
            all.extend(own);
        }
        let listed = all.into_iter().map(|(listed, _)| listed);
        listed
            .filter_map(|it| self.report.resolve(self.document, it))
            .collect()
    }

    fn omit_parameter(&mut self, parameter: &'d Node, reason: &str) -> Result<(), String> {
        let name = parameter.text("name").unwrap_or_default();
        let required = parameter.is_true("required");
        self.omit(parameter, &format!("parameter `{name}`"), required, reason)
    }

    fn path_parameter(&mut self, parameter: &'d Node) -> Result<Option<Field>, String> {
        // A value in these styles has a prefix, e.g. `;id=5`, which is not part of the template.
        if let Some(style @ ("label" | "matrix")) = parameter.peek_text("style") {
            let name = parameter.text("name").unwrap_or_default();
            let reason =
                format!("path parameter `{name}` is not supported: its style is `{style}`");
            return Err(reason);
        }
        let field = self.parameter(parameter, "path")?;
        Ok(field.map(|field| Field {
            ty: field.ty.required().clone(),
            is_required: true,
            style: None,
            ..field
        }))
    }

    fn query_parameter(&mut self, parameter: &'d Node) -> Result<Vec<Field>, String> {
        if let Some(schema) = parameter.peek("schema") {
            let value = sent_value(parameter, schema);
            if let Some(fields) = self.exploded(&value)? {
                parameter.get("schema");
                parameter.is_true("required");
                return Ok(fields);
            }
        }
        Ok(self.parameter(parameter, "query")?.into_iter().collect())
    }

    /// Converts an object that is sent as one field per property, or returns `None` if the value is
    /// none.
    pub(super) fn exploded(&mut self, value: &SentValue<'d>) -> Result<Option<Vec<Field>>, String> {
        let schema = Some(value.schema).filter(|_| value.is_exploded());
        let object = schema.and_then(|it| Object::from_schema(self.document, it));
        let Some(object) = object else {
            return Ok(None);
        };
        object.read(self.document);
        let note = "an object, imported as one parameter per property";
        self.report.remark(value.place, note);
        value.read_style();
        let mut fields = Vec::new();
        for (name, schema) in object.properties() {
            let is_required = value.is_required && object.requires(name);
            let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
            let ty = self.convert_sent(schema, &hint);
            let Some(ty) = self.types.sent_as_text(&ty) else {
                let item = format!("property `{name}`");
                self.omit(schema, &item, is_required, "it cannot be sent as text")?;
                continue;
            };
            self.remark_null_items(schema, &ty);
            let property = SentValue {
                name,
                is_required,
                place: schema,
                schema,
                ..*value
            };
            fields.push(Field {
                bounds: self.types.bounds(schema, &ty),
                doc: self.types.field_doc(schema, schema, &ty),
                ty: self.with_presence(&property, ty),
                is_required,
                ..field(name, schema, &mut self.operation.fields)
            });
        }
        Ok(Some(fields))
    }

    pub(super) fn parameter(
        &mut self,
        parameter: &'d Node,
        location: &str,
    ) -> Result<Option<Field>, String> {
        let name = parameter.text("name").unwrap_or_default();
        if !names::is_valid_wire_name(name) {
            let reason = "its name is empty or contains control characters";
            self.omit_parameter(parameter, reason)?;
            return Ok(None);
        }
        if let Some((name, node)) = parameter.object("content").first() {
            let media = Media { name, node };
            return Ok(Some(self.content_parameter(parameter, media, location)));
        }
        if extensions::get(parameter, "value").is_some() {
            // The type is that of the value, and part of the extensions.
            if let Some(schema) = parameter.get("schema") {
                schema.text("type");
                schema.get("const");
            }
            parameter.is_true("required");
            return Ok(Some(Field {
                doc: docs::markdown(parameter.text("description").unwrap_or_default()),
                ..field(name, parameter, &mut Names::default())
            }));
        }
        let schema = match self.document.version {
            Version::Swagger2 => Some(parameter),
            Version::OpenApi3 => parameter.get("schema"),
        };
        let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
        if let Some(field) = schema.and_then(|it| fixed(parameter, it, location)) {
            return Ok(Some(field));
        }
        if let Some(schema) = schema.filter(|_| location == "query") {
            let value = sent_value(parameter, schema);
            return self.styled_parameter(&value, &hint);
        }
        let converted = match schema {
            Some(schema) => self.types.convert(schema, &hint, &mut self.report),
            None => TypeExpr::JSON,
        };
        let ty = if location == "path" {
            self.types.single_text(&converted)
        } else {
            self.types.sent_as_text(&converted)
        };
        self.remark_unknown(schema.unwrap_or(parameter), &converted);
        let ty = match ty {
            Some(ty) => ty,
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
        self.remark_null(schema.unwrap_or(parameter));
        self.remark_null_items(schema.unwrap_or(parameter), &ty);
        // Texts and lists in headers have no other style, and `explode` makes no difference for them.
        let is_simple = matches!(parameter.peek_text("style"), None | Some("simple"));
        if is_simple && !matches!(converted.required(), TypeExpr::List(_) if location == "path") {
            parameter.text("style");
            parameter.bool("explode");
        }
        let is_required = parameter.is_true("required");
        Ok(Some(Field {
            bounds: schema.map_or(Vec::new(), |schema| self.types.bounds(schema, &ty)),
            doc: self
                .types
                .field_doc(parameter, schema.unwrap_or(parameter), &ty),
            ty: if is_required { ty } else { ty.optional() },
            is_required,
            ..field(name, parameter, &mut self.operation.fields)
        }))
    }

    /// Converts a parameter of the query, which has a style.
    fn styled_parameter(
        &mut self,
        value: &SentValue<'d>,
        hint: &str,
    ) -> Result<Option<Field>, String> {
        let converted = self.convert_sent(value.schema, hint);
        let encoded = match self.encode(value, &converted) {
            Ok(encoded) => encoded,
            Err(reason) => {
                self.omit_parameter(value.place, &reason)?;
                return Ok(None);
            }
        };
        value.place.is_true("required");
        let allows_empty = value.place.peek("allowEmptyValue");
        // An empty text is sent with its name in any case.
        if self.types.is_text(&encoded.ty) || allows_empty.and_then(Node::as_bool) == Some(false) {
            value.place.bool("allowEmptyValue");
        }
        Ok(Some(Field {
            bounds: self.types.bounds(value.schema, &encoded.ty),
            doc: self.types.field_doc(value.place, value.schema, &encoded.ty),
            ty: self.with_presence(value, encoded.ty),
            is_required: value.is_required,
            style: encoded.style,
            ..field(value.name, value.place, &mut self.operation.fields)
        }))
    }

    /// Returns a field for a parameter with a media type instead of a style.
    fn content_parameter(
        &mut self,
        parameter: &'d Node,
        content: Media<'d>,
        location: &str,
    ) -> Field {
        let name = parameter.text("name").unwrap_or_default();
        let is_required = parameter.is_true("required");
        let essence = content.essence();
        let mut style = None;
        let mut ty = TypeExpr::Builtin("string");
        if is_json(&essence) && location != "path" {
            let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
            let schema = content.schema();
            let converted = schema.map(|it| self.types.convert(it, &hint, &mut self.report));
            let converted = converted.unwrap_or(TypeExpr::JSON);
            ty = converted.required().clone();
            style = Some("json");
            if let Some(schema) = schema {
                self.remark_null(schema);
            }
        } else {
            let text = format!("`{name}` imported as `string`: the caller writes the `{essence}`");
            self.report.replace(content.node, "", text);
        }
        let schema = content.node.peek("schema").filter(|_| style.is_some());
        Field {
            bounds: schema.map_or(Vec::new(), |it| self.types.bounds(it, &ty)),
            doc: self
                .types
                .field_doc(parameter, schema.unwrap_or(parameter), &ty),
            ty: if is_required { ty } else { ty.optional() },
            is_required,
            style,
            ..field(name, parameter, &mut self.operation.fields)
        }
    }
}

/// Returns a field for a required text that has one value.
fn fixed(parameter: &Node, schema: &Node, location: &str) -> Option<Field> {
    let is_required = parameter.peek("required").and_then(Node::as_bool) == Some(true);
    if !is_required || location == "path" {
        return None;
    }
    let is_single = schema.peek("const").is_some() || schema.peek_list("enum").len() == 1;
    let values = enum_values(schema).filter(|_| is_single)?;
    let [value] = values[..] else {
        return None;
    };
    parameter.is_true("required");
    let name = parameter.peek_text("name").unwrap_or_default();
    Some(Field {
        ty: TypeExpr::Builtin("string"),
        value: Some(toml::string(value)),
        is_required: true,
        doc: docs::markdown(parameter.text("description").unwrap_or_default()),
        ..field(name, parameter, &mut Names::default())
    })
}

/// Returns whether a request with this header may have a response without the resource.
fn is_condition(header: &str) -> bool {
    ["if-none-match", "if-modified-since"].contains(&header.to_lowercase().as_str())
}

fn sent_value<'d>(parameter: &'d Node, schema: &'d Node) -> SentValue<'d> {
    SentValue {
        name: parameter.peek_text("name").unwrap_or_default(),
        location: Location::Query,
        is_required: parameter.peek("required").and_then(Node::as_bool) == Some(true),
        place: parameter,
        schema,
        encoding: Some(parameter),
    }
}
