//! Bodies of requests.

use super::bounds;
use super::docs;
use super::document::Version;
use super::draft::{Content, Field, TypeExpr};
use super::importer::Importer;
use super::media_type::{self, FORM, MULTIPART, content, essence, is_json};
use super::names;
use super::schemas::Object;
use crate::json::Json;

/// A key of the language for a body, and its value.
type KeyValue = (&'static str, Content);

impl<'d> Importer<'d> {
    /// Converts the body of a request, if it has one.
    ///
    /// # Errors
    ///
    /// If the language cannot express a required part of it. The operation is dropped.
    pub(super) fn request_body(
        &mut self,
        operation: &'d Json,
        parameters: &[&'d Json],
    ) -> Result<Option<KeyValue>, String> {
        match self.document.version {
            Version::Swagger2 => self.body_of_parameters(operation, parameters),
            Version::OpenApi3 => match operation.get("requestBody") {
                None => Ok(None),
                Some(body) => self.body_of_content(body),
            },
        }
    }

    fn body_of_content(&mut self, body: &'d Json) -> Result<Option<KeyValue>, String> {
        let body = self
            .document
            .resolve(body)
            .ok_or("the request body is not in this document")?;
        let content = content(body);
        let Some((first, _)) = content.first() else {
            return Ok(None);
        };
        let schema_of = |accepts: &dyn Fn(&str) -> bool| {
            let found = content.iter().find(|(it, _)| accepts(&essence(it)));
            found.and_then(|(_, content)| content.get("schema"))
        };
        // In the order of preference.
        let json = schema_of(&is_json).map(|schema| ("json", schema));
        let form = || schema_of(&|it| it == FORM).map(|schema| ("form", schema));
        let multipart = || schema_of(&|it| it == MULTIPART).map(|schema| ("multipart", schema));
        let chosen = json.or_else(form).or_else(multipart);
        let kept = chosen.map_or_else(|| essence(first), |(key, _)| key.to_owned());
        if content.len() > 1 {
            let all = media_type::listed(content);
            self.approximate(format!(
                "of the request bodies {all} only `{kept}` imported"
            ));
        }
        match chosen {
            Some(("json", schema)) => Ok(Some(("json", self.json_body(schema)))),
            Some((key, schema)) => {
                let fields = self.form_body(schema, key == "multipart")?;
                Ok(Some((key, Content::Fields(fields))))
            }
            None => {
                self.reserve_body_field();
                Ok(Some(("body", Content::Text(kept))))
            }
        }
    }

    fn body_of_parameters(
        &mut self,
        operation: &'d Json,
        parameters: &[&'d Json],
    ) -> Result<Option<KeyValue>, String> {
        let located_in = |location: &'static str| {
            let is_there = move |it: &&&'d Json| it.text("in") == Some(location);
            parameters.iter().filter(is_there).copied()
        };
        if let Some(body) = located_in("body").next() {
            let schema = body.get("schema");
            let schema = schema.ok_or("the request body has no schema")?;
            return Ok(Some(("json", self.json_body(schema))));
        }
        let mut fields = Vec::new();
        let mut has_files = false;
        for parameter in located_in("formData") {
            let name = parameter.text("name").unwrap_or_default();
            let is_file = parameter.text("type") == Some("file");
            let is_required = parameter.is_true("required");
            has_files |= is_file;
            fields.extend(self.form_field(name, parameter, is_required, is_file)?);
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let default = self.document.root.list("consumes");
        let own = operation.list("consumes");
        let consumes = if own.is_empty() { default } else { own };
        let is_multipart = has_files || consumes.iter().any(|it| it.as_text() == Some(MULTIPART));
        let key = if is_multipart { "multipart" } else { "form" };
        Ok(Some((key, Content::Fields(fields))))
    }

    fn json_body(&mut self, schema: &'d Json) -> Content {
        let operation = &mut self.operation;
        if let Some(object) = Object::from_schema(self.document, schema) {
            let (prefix, scope) = (&operation.type_prefix, &mut operation.fields);
            return Content::Fields(self.types.fields(&object, prefix, scope, self.report));
        }
        let hint = format!("{}Body", operation.type_prefix);
        let ty = self.types.convert(schema, &hint, self.report);
        self.reserve_body_field();
        Content::Type(ty.required().clone())
    }

    /// Reserves the field of the request that holds a body without named fields.
    fn reserve_body_field(&mut self) {
        self.operation.fields.reserve("body", "_");
    }

    fn form_body(&mut self, schema: &'d Json, is_multipart: bool) -> Result<Vec<Field>, String> {
        let object = Object::from_schema(self.document, schema)
            .ok_or("the request body is not an object with named fields")?;
        let mut fields = Vec::new();
        for (name, schema) in object.properties() {
            let is_file = is_multipart && self.is_file(schema);
            fields.extend(self.form_field(name, schema, object.requires(name), is_file)?);
        }
        Ok(fields)
    }

    fn form_field(
        &mut self,
        name: &str,
        schema: &'d Json,
        required: bool,
        is_file: bool,
    ) -> Result<Option<Field>, String> {
        let ty = if is_file {
            Some(TypeExpr::Builtin("file"))
        } else {
            let prefix = &self.operation.type_prefix;
            let hint = format!("{prefix}{}", names::type_name(name));
            let ty = self.types.convert(schema, &hint, self.report);
            self.types.sent_as_text(&ty)
        };
        let Some(ty) = ty.filter(|_| names::is_valid_wire_name(name)) else {
            let reason = "it cannot be sent as text";
            self.omit(&format!("field `{name}`"), required, reason)?;
            return Ok(None);
        };
        let bounds = bounds::bounds(schema, &ty);
        Ok(Some(Field {
            wire: name.to_owned(),
            ty: if required { ty } else { ty.optional() },
            rust: names::field(&mut self.operation.fields, name),
            doc: docs::first_paragraph(schema.text("description").unwrap_or_default()),
            style: None,
            bounds,
        }))
    }

    fn is_file(&self, schema: &'d Json) -> bool {
        let Some(schema) = self.document.resolve(schema) else {
            return false;
        };
        let media_type = schema.text("contentMediaType");
        schema.text("format") == Some("binary") || media_type == Some("application/octet-stream")
    }
}
