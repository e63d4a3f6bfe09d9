//! Bodies of requests.

use api_spec::model::Direction;

use super::importer::Importer;
use super::media_type::{
    self, FORM, JSON, MERGE_PATCH, MULTIPART, Media, RELATED, SwaggerMedia, content, is_json,
};
use super::styles::{Location, SentValue};
use crate::import::document::{Node, Text, Version, component_name};
use crate::import::extensions;
use crate::import::schema::Object;
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Content, Field, TypeExpr};
use crate::import::types::field;

/// A key of the language for a body, and its value.
pub(super) type KeyValue = (&'static str, Content);

/// Reason for an ignored schema of a body.
pub(super) const RAW: &str = "the body is sent unchanged";

/// Reason for a body that is optional in the document.
const OPTIONAL: &str = "an optional body is always sent";

/// Reason for a body that is omitted.
const NO_FIELDS: &str = "a body without fields is not sent";

impl<'d> Importer<'d> {
    /// Converts the body of a request, if it has one.
    ///
    /// # Errors
    ///
    /// If the language cannot express a required part of it. The operation is dropped.
    pub(super) fn request_body(
        &mut self,
        operation: &'d Node,
        parameters: &[&'d Node],
    ) -> Result<Option<KeyValue>, String> {
        self.operation.fields.enter("body");
        match self.document.version {
            Version::Swagger2 => self.body_of_parameters(operation, parameters),
            Version::OpenApi3 => match operation.get("requestBody") {
                None => Ok(None),
                Some(body) => {
                    let body = self.document.resolve(body)?;
                    let content = self.body_of_content(body)?;
                    let is_optional = !body.is_true("required");
                    match content {
                        None => self.report.remark(body, NO_FIELDS),
                        Some(_) if is_optional => self.report.remark(body, OPTIONAL),
                        Some(_) => {}
                    }
                    Ok(content)
                }
            },
        }
    }

    fn body_of_content(&mut self, body: &'d Node) -> Result<Option<KeyValue>, String> {
        if extensions::get(self.operation.place, "body").is_some() {
            self.report.ignore(body, RAW);
            self.reserve_body_field();
            return Ok(Some(("body", Content::Text(String::new()))));
        }
        let is_form = |it: &str| it == FORM;
        let is_multipart = |it: &str| it == MULTIPART;
        let is_related = |it: &str| it == RELATED;
        let is_usual = |it: &str| it == JSON;
        let is_merge = |it: &str| it == MERGE_PATCH;
        let preferences: [&dyn Fn(&str) -> bool; 6] = [
            &is_usual,
            &is_merge,
            &is_json,
            &is_form,
            &is_multipart,
            &is_related,
        ];
        let all = content(body);
        let Some(chosen) = self.chosen_body(&all, &preferences) else {
            return Ok(None);
        };
        let essence = chosen.essence();
        if self.is_raw(chosen) {
            let raw = self.raw_media(&all);
            self.remark_invalid(&raw);
            let media_types: Vec<&str> = raw.iter().map(|it| it.name).collect();
            return Ok(Some(self.raw_body(&media_types)));
        }
        if is_json(&essence) {
            self.set_content_type(&essence);
            if essence == "*/*" {
                let note = "a body of any media type, sent as JSON";
                self.report.remark(chosen.node, note);
            }
            let schema = chosen.schema();
            let content = schema.map(|it| self.json_body(it));
            let content = content.unwrap_or(Content::Type(TypeExpr::JSON));
            return Ok(Some(("json", content)));
        }
        let is_multipart = essence == MULTIPART || essence == RELATED;
        if essence == RELATED {
            self.set_content_type(&essence);
        }
        if essence == FORM && !self.has_fields(chosen) {
            let note = "a form without named fields: the caller encodes the body";
            self.report.replace(chosen.node, "", note);
            return Ok(Some(self.raw_body(&[FORM])));
        }
        let key = if is_multipart { "multipart" } else { "form" };
        let Some(schema) = chosen.schema() else {
            return Err(format!(
                "the fields of the body `{essence}` are not declared"
            ));
        };
        let encodings = chosen.node.object("encoding");
        let fields = self.form_body(schema, is_multipart, encodings)?;
        Ok((!fields.is_empty()).then_some((key, Content::Fields(fields))))
    }

    /// Returns whether a form is an object, whose properties are fields.
    fn has_fields(&self, form: Media<'d>) -> bool {
        let schema = form.node.peek("schema");
        schema.is_some_and(|it| Object::without_properties(self.document, it).is_some())
    }

    /// Returns the media type of the endpoint. Those of further endpoints are recorded.
    fn chosen_body(
        &mut self,
        content: &[Media<'d>],
        preferences: &[&dyn Fn(&str) -> bool],
    ) -> Option<Media<'d>> {
        if let Some(chosen) = self.operation.body {
            return Some(chosen);
        }
        let chosen = media_type::preferred(content, preferences)?;
        self.operation.other_bodies =
            media_type::other_bodies(content, chosen, &|it| self.has_files(it));
        let mut has_raw = false;
        for media in self.operation.other_bodies.iter().chain([&chosen]) {
            media.node.read();
            has_raw |= self.is_raw(*media);
        }
        if has_raw {
            self.read_raw_media(content);
        }
        media_type::ignore_others(content, chosen, &mut self.report);
        Some(chosen)
    }

    fn body_of_parameters(
        &mut self,
        operation: &'d Node,
        parameters: &[&'d Node],
    ) -> Result<Option<KeyValue>, String> {
        let located_in = |location: &'static str| {
            let is_there = move |it: &&&'d Node| it.peek_text("in") == Some(location);
            parameters.iter().filter(is_there).copied()
        };
        let consumes = SwaggerMedia::new(self.document, operation, "consumes");
        if let Some(body) = located_in("body").next() {
            if !body.is_true("required") {
                self.report.remark(body, OPTIONAL);
            }
            let schema = body.get("schema");
            let schema = schema.ok_or("the request body has no schema")?;
            let raw = consumes.raw_request(self.is_file(schema));
            if !raw.is_empty() {
                self.report.ignore(schema, RAW);
                return Ok(Some(self.raw_body(&raw)));
            }
            if let Some(media_type) = consumes.json() {
                self.set_content_type(&media_type);
            }
            return Ok(Some(("json", self.json_body(schema))));
        }
        let has_files = located_in("formData").any(|it| it.peek_text("type") == Some("file"));
        let is_multipart = has_files || consumes.has(|it| it == MULTIPART);
        let mut fields = Vec::new();
        for parameter in located_in("formData") {
            fields.extend(self.form_field(&SentValue {
                name: parameter.text("name").unwrap_or_default(),
                location: form_location(is_multipart),
                is_required: parameter.is_true("required"),
                place: parameter,
                schema: parameter,
                encoding: Some(parameter),
            })?);
        }
        self.remove_repeated(&mut fields);
        let key = if is_multipart { "multipart" } else { "form" };
        Ok((!fields.is_empty()).then_some((key, Content::Fields(fields))))
    }

    fn set_content_type(&mut self, media_type: &str) {
        let is_usual = [JSON, "*/*"].contains(&media_type);
        self.operation.content_type = (!is_usual).then(|| media_type.to_owned());
    }

    fn json_body(&mut self, schema: &'d Node) -> Content {
        let is_value = extensions::get(self.operation.place, "json").is_some();
        let object = Object::from_schema(self.document, schema).filter(|_| !is_value);
        if let Some(object) = object {
            let operation = &mut self.operation;
            // The types in a component are named after it, as it may occur in several operations.
            let component = schema.peek_text("$ref").map(component_name);
            let component = component.map(|it| names::type_name(&it));
            let prefix = component.as_ref().unwrap_or(&operation.type_prefix);
            let scope = &mut operation.fields;
            let direction = Some(Direction::Request);
            let fields = self
                .types
                .fields(&object, prefix, direction, scope, &mut self.report);
            let content = self.object_content(schema, fields);
            if let Content::Type(_) = content {
                self.reserve_body_field();
            }
            return content;
        }
        let hint = format!("{}Body", self.operation.type_prefix);
        let ty = self.types.convert(schema, &hint, &mut self.report);
        self.reserve_body_field();
        Content::Type(ty.required().clone())
    }

    /// Returns the content of an object, whose fields may all be those of the other direction.
    pub(super) fn object_content(&mut self, schema: &'d Node, fields: Vec<Field>) -> Content {
        if !fields.is_empty() {
            return Content::Fields(fields);
        }
        let note = "all properties are those of the other direction, imported as `json`";
        self.report.approximate(schema, "", note);
        Content::Type(TypeExpr::JSON)
    }

    /// Reserves the field of the request that holds a body without named fields.
    pub(super) fn reserve_body_field(&mut self) {
        self.operation.fields.reserve("body", "_");
    }

    fn form_body(
        &mut self,
        schema: &'d Node,
        is_multipart: bool,
        encodings: &'d [(Text, Node)],
    ) -> Result<Vec<Field>, String> {
        let Some(object) = Object::without_properties(self.document, schema) else {
            if is_multipart && self.file_type(schema).is_some() {
                let note = "field name `file` assumed: the body is not an object";
                self.report.replace(schema, "", note);
                return Ok(vec![Field {
                    wire: "file".to_owned(),
                    ty: self.file_type(schema).unwrap_or(TypeExpr::Builtin("file")),
                    rust: names::field(&mut self.operation.fields, "file"),
                    is_required: true,
                    ..Field::default()
                }]);
            }
            return Err("the request body is not an object with named fields".to_owned());
        };
        object.read(self.document);
        let mut fields = Vec::new();
        for (name, schema) in object.properties() {
            let encoding = encodings.iter().find(|(key, _)| **key == *name);
            if object.read_direction(self.document, name) == Some(Direction::Response) {
                self.types.convert(schema, name, &mut self.report);
                field(name, schema, &mut Names::default());
                continue;
            }
            fields.extend(self.form_field(&SentValue {
                name,
                location: form_location(is_multipart),
                is_required: object.requires(name),
                place: schema,
                schema,
                encoding: encoding.map(|(_, encoding)| encoding.read()),
            })?);
        }
        self.remove_repeated(&mut fields);
        Ok(fields)
    }

    fn form_field(&mut self, value: &SentValue<'d>) -> Result<Vec<Field>, String> {
        let SentValue { name, schema, .. } = *value;
        // A parameter of Swagger 2 is its own schema, and has no objects.
        if self.document.version == Version::OpenApi3
            && let Some(fields) = self.exploded(value)?
        {
            return Ok(fields);
        }
        let is_multipart = value.location == Location::Multipart;
        let file = self.file_type(schema).filter(|_| is_multipart);
        let encoded = if !names::is_valid_wire_name(name) {
            Err("its name is empty or contains control characters".to_owned())
        } else if let Some(ty) = file {
            self.encode(value, &ty)
        } else {
            let prefix = &self.operation.type_prefix;
            let hint = format!("{prefix}{}", names::type_name(name));
            let converted = self.convert_sent(schema, &hint);
            self.encode(value, &converted)
        };
        let encoded = match encoded {
            Ok(encoded) => encoded,
            Err(reason) => {
                let item = format!("field `{name}`");
                self.omit(schema, &item, value.is_required, &reason)?;
                return Ok(Vec::new());
            }
        };
        Ok(vec![Field {
            bounds: self.types.bounds(schema, &encoded.ty),
            doc: self.types.field_doc(value.place, schema, &encoded.ty),
            ty: self.with_presence(value, encoded.ty),
            is_required: value.is_required,
            style: encoded.style,
            content_type: encoded.content_type,
            ..field(name, schema, &mut self.operation.fields)
        }])
    }

    /// Returns the type of a part of a multipart body with one or several files.
    pub(super) fn file_type(&self, schema: &'d Node) -> Option<TypeExpr> {
        let file = self.file_schema(schema)?;
        for key in ["type", "format", "contentMediaType"] {
            file.text(key);
        }
        let ty = TypeExpr::Builtin("file");
        let schema = self.document.resolve(schema).ok()?;
        if is_file(schema) {
            return Some(ty);
        }
        schema.text("type");
        schema.get("items");
        Some(TypeExpr::List(Box::new(ty)))
    }

    /// Returns the schema of a file, or of each file in a list.
    fn file_schema(&self, schema: &'d Node) -> Option<&'d Node> {
        let schema = self.document.resolve(schema).ok()?;
        if is_file(schema) {
            return Some(schema);
        }
        let item = self.document.resolve(schema.peek("items")?).ok()?;
        (schema.peek_text("type") == Some("array") && is_file(item)).then_some(item)
    }

    /// Returns whether a schema is that of one file.
    pub(super) fn is_file(&self, schema: &'d Node) -> bool {
        self.document.resolve(schema).is_ok_and(is_file)
    }

    /// Returns whether a part of a multipart body is a file.
    fn has_files(&self, media: Media<'d>) -> bool {
        let schema = media.node.peek("schema");
        let object = schema.filter(|_| media.essence() == MULTIPART);
        let object = object.and_then(|it| Object::without_properties(self.document, it));
        object.is_some_and(|object| {
            let mut properties = object.properties();
            properties.any(|(_, schema)| self.file_schema(schema).is_some())
        })
    }
}

/// Returns whether a schema is that of a file.
fn is_file(schema: &Node) -> bool {
    schema.peek_text("format") == Some("binary")
        || schema.peek_text("type") == Some("file")
        || schema.peek_text("contentMediaType") == Some("application/octet-stream")
}

const fn form_location(is_multipart: bool) -> Location {
    if is_multipart {
        Location::Multipart
    } else {
        Location::Form
    }
}
