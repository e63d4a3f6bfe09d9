//! Encodings of values in queries, forms and multipart bodies.

use api_spec::is_json_media_type;

use super::header_names::is_header_name;
use super::importer::Importer;
use super::media_type::{JSON, essence};
use crate::import::document::{Node, Version};
use crate::import::extensions;
use crate::import::schema::Object;
use crate::import::schema::keywords::{accepts_empty, alternatives, is_empty_text, kind};
use crate::import::spec::TypeExpr;

/// Reason for an omitted value.
const NO_TEXT: &str = "it cannot be sent as text";

/// Reason for an omitted list.
const JSON_ITEMS: &str = "each item is a field with JSON";

/// Maximum number of nested alternatives that are followed to an object.
const MAX_ALTERNATIVES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Query,
    Form,
    Multipart,
}

/// A value outside of JSON, with its settings in the document.
#[derive(Clone, Copy)]
pub(super) struct SentValue<'d> {
    pub(super) name: &'d str,
    pub(super) location: Location,
    pub(super) is_required: bool,
    /// The parameter, or the property of a form.
    pub(super) place: &'d Node,
    pub(super) schema: &'d Node,
    /// Object with `style` and `explode`: the parameter, or the encoding of the property.
    pub(super) encoding: Option<&'d Node>,
}

/// Type and encoding of a field.
pub(super) struct Encoded {
    pub(super) ty: TypeExpr,
    pub(super) style: Option<&'static str>,
    pub(super) content_type: Option<String>,
}

impl Encoded {
    fn new(ty: TypeExpr, style: Option<&'static str>) -> Self {
        Self {
            ty,
            style,
            content_type: None,
        }
    }
}

impl<'d> SentValue<'d> {
    fn has_exported_style(&self) -> bool {
        extensions::get(self.place, "style").is_some()
    }

    fn is_deep_object(&self) -> bool {
        let style = self.encoding.and_then(|it| it.peek_text("style"));
        style == Some("deepObject")
    }

    /// Returns whether the document selects a style. Otherwise the media type is decisive in a form.
    fn has_style(&self) -> bool {
        let keys = ["style", "explode", "allowReserved"];
        let has = |it: &Node| keys.iter().any(|key| it.peek(key).is_some());
        self.location == Location::Query || self.encoding.is_some_and(has)
    }

    /// Reads the default style, in which `explode` makes no difference for a single text.
    pub(super) fn read_style(&self) {
        if let Some(encoding) = self.encoding
            && matches!(encoding.peek_text("style"), None | Some("form"))
        {
            encoding.text("style");
            encoding.bool("explode");
        }
    }

    /// Returns whether each property of an object is a separate field.
    pub(super) fn is_exploded(&self) -> bool {
        let setting = |key| self.encoding.and_then(|it: &'d Node| it.peek(key));
        self.location != Location::Multipart
            && self.has_style()
            && !self.has_exported_style()
            && matches!(
                setting("style").and_then(Node::as_text),
                None | Some("form")
            )
            && setting("explode").and_then(Node::as_bool) != Some(false)
    }
}

impl<'d> Importer<'d> {
    /// Converts the schema of a value in which an empty text is null.
    pub(super) fn convert_sent(&mut self, schema: &'d Node, hint: &str) -> TypeExpr {
        self.types.is_form = true;
        let ty = self.types.convert(schema, hint, &mut self.report);
        self.types.is_form = false;
        ty
    }

    /// Records that a value without a type becomes a string.
    pub(super) fn remark_unknown(&mut self, schema: &'d Node, ty: &TypeExpr) {
        let has_type = schema.peek("type").is_some() || schema.peek("$ref").is_some();
        if *ty.required() == TypeExpr::JSON && !has_type {
            self.report
                .remark(schema, "a value without a type, sent as text");
        }
    }

    /// Returns the type of a field, which may be absent or null.
    pub(super) fn with_presence(&mut self, value: &SentValue<'d>, ty: TypeExpr) -> TypeExpr {
        if !accepts_empty(value.schema) {
            self.remark_null(value.schema);
            return if value.is_required { ty } else { ty.optional() };
        }
        if value.is_required {
            let note = format!(
                "`{}` is required and may be null, imported as optional: set it in each request",
                value.name
            );
            self.report.approximate(value.place, "", note);
        }
        TypeExpr::Optional(Box::new(ty.optional()))
    }

    /// Returns how a value of the type `ty` is sent.
    ///
    /// # Errors
    ///
    /// If the language cannot send it, with the reason.
    pub(super) fn encode(
        &mut self,
        value: &SentValue<'d>,
        ty: &TypeExpr,
    ) -> Result<Encoded, String> {
        let ty = ty.required();
        if value.has_exported_style() {
            for key in ["style", "explode", "contentType"] {
                value.encoding.and_then(|it| it.get(key));
            }
            return Ok(Encoded::new(ty.clone(), None));
        }
        if value.location == Location::Multipart {
            return self.encode_part(value, ty);
        }
        if value.is_deep_object() {
            return Ok(self.deep_object(value, ty));
        }
        if !value.has_style()
            && let Some(encoded) = self.encode_content(value, ty)?
        {
            return Ok(encoded);
        }
        self.remark_unknown(value.schema, ty);
        let ty = self.types.sent_as_text(ty).ok_or(NO_TEXT)?;
        self.remark_null_items(value.schema, &ty);
        if matches!(ty, TypeExpr::List(_)) {
            let style = value.encoding.and_then(|it| list_style(it, "form"));
            return Ok(Encoded::new(ty, style));
        }
        value.read_style();
        Ok(Encoded::new(ty, None))
    }

    /// Encodes a field of a form without a style by its media type, or returns `None` if it is text.
    ///
    /// Texts are `text/plain`, objects are JSON, and a list is a field for each of its items.
    fn encode_content(
        &mut self,
        value: &SentValue<'d>,
        ty: &TypeExpr,
    ) -> Result<Option<Encoded>, String> {
        let is_list = matches!(ty, TypeExpr::List(_));
        let is_text = self.types.sent_as_text(ty).is_some();
        match self.media_type(value) {
            Some(media_type) if is_json_media_type(&media_type) && !is_list => {
                return Ok(Some(Encoded::new(ty.clone(), Some("json"))));
            }
            Some(media_type) if is_json_media_type(&media_type) => {
                return Err(JSON_ITEMS.to_owned());
            }
            Some(media_type) if !is_text => return Err(format!("it is sent as `{media_type}`")),
            _ if is_text => return Ok(None),
            _ if is_list => return Err(JSON_ITEMS.to_owned()),
            _ => {}
        }
        if self.types.has_kinds(ty) {
            return Err("its values are texts or JSON".to_owned());
        }
        let note = "sent as JSON, which is the default since OpenAPI 3.0.4 and 3.1.1";
        self.report.remark(value.schema, note);
        Ok(Some(Encoded::new(ty.clone(), Some("json"))))
    }

    /// Encodes a value in the style `deepObject`, which OpenAPI defines for objects of scalars only.
    fn deep_object(&mut self, value: &SentValue<'d>, ty: &TypeExpr) -> Encoded {
        let encoding = value.encoding.unwrap_or(value.place);
        if !encoding.is_true("explode") {
            let note = "OpenAPI defines `deepObject` with `explode` only: sent as with it";
            self.report.remark(encoding, note);
        }
        let style = encoding.get("style").unwrap_or(encoding);
        let text = self.types.single_text(ty).filter(|_| *ty != TypeExpr::JSON);
        if let Some(text) = text {
            let note = "OpenAPI defines `deepObject` for objects only: sent as one text";
            self.report.remark(style, note);
            return Encoded::new(text, None);
        }
        if !self.is_flat(value.schema) {
            let note = "OpenAPI defines `deepObject` for objects of scalars only: sent in the style \
                        `indices`";
            self.report.remark(style, note);
            return Encoded::new(ty.clone(), Some("indices"));
        }
        Encoded::new(ty.clone(), Some("brackets"))
    }

    /// Encodes a part of a multipart body. Parts with objects are JSON, unless the document has
    /// another media type.
    fn encode_part(&mut self, value: &SentValue<'d>, ty: &TypeExpr) -> Result<Encoded, String> {
        if value.is_deep_object() {
            let encoded = self.deep_object(value, ty);
            let version = self.document.root().peek_text("openapi");
            let is_ignored = version.is_some_and(|it| it.starts_with("3.0"));
            if is_ignored {
                let note = "multipart bodies have no styles in OpenAPI 3.0: sent as in OpenAPI 3.1";
                self.report.remark(value.place, note);
            }
            return Ok(encoded);
        }
        let media_type = self.media_type(value);
        let has_json = media_type.as_deref().is_some_and(is_json_media_type);
        let text = self.types.sent_as_text(ty);
        if let Some(text) = text.filter(|_| !has_json) {
            self.remark_unknown(value.schema, ty);
            self.remark_null_items(value.schema, &text);
            self.read_part_format(value, &text);
            return Ok(Encoded {
                ty: text,
                style: None,
                content_type: media_type,
            });
        }
        if media_type.is_none() && self.types.has_kinds(ty) {
            return Err("its values are texts or JSON".to_owned());
        }
        let media_type = media_type.unwrap_or_else(|| JSON.to_owned());
        if !is_json_media_type(&media_type) {
            return Err(format!("it is sent as `{media_type}`"));
        }
        Ok(Encoded {
            ty: ty.clone(),
            style: None,
            content_type: Some(media_type),
        })
    }

    /// Reads the format of a list in Swagger 2, which is sent as several parts.
    fn read_part_format(&mut self, value: &SentValue<'d>, ty: &TypeExpr) {
        let is_swagger = self.document.version == Version::Swagger2;
        if !is_swagger || !matches!(ty, TypeExpr::List(_)) || *ty == file_list() {
            return;
        }
        if value.place.text("collectionFormat") != Some("multi") {
            let note = "a list in one part, sent as one part for each item";
            self.report.remark(value.place, note);
        }
    }

    /// Returns the media type of a field. A list of them, or a range, leaves the choice to the caller.
    pub(super) fn media_type(&mut self, value: &SentValue<'d>) -> Option<String> {
        let encoding = value
            .encoding
            .filter(|_| self.document.version == Version::OpenApi3)?;
        if let Some(headers) = encoding.peek("headers") {
            self.report.ignore(headers, "headers of a part");
        }
        let node = encoding.peek("contentType")?;
        let text = node.as_text()?.trim();
        let essence = essence(text);
        let (main, sub) = essence.split_once('/').unwrap_or_default();
        let is_single = [main, sub]
            .iter()
            .all(|it| is_header_name(it) && !it.contains('*'));
        if !is_single || text.contains(',') || text.contains(char::is_control) {
            self.report.ignore(node, "not a single media type");
            return None;
        }
        node.read();
        Some(text.to_owned())
    }

    /// Returns whether a schema is an object whose values are texts, numbers or Booleans.
    fn is_flat(&self, schema: &'d Node) -> bool {
        let mut schema = schema;
        for _ in 0..MAX_ALTERNATIVES {
            let Ok(resolved) = self.document.resolve(schema) else {
                return false;
            };
            let mut found = alternatives(resolved);
            found.retain(|it| !is_empty_text(it));
            match found[..] {
                [] => {
                    let object = Object::without_properties(self.document, resolved);
                    let values = resolved.peek("additionalProperties");
                    let values = values.filter(|it| it.is_object());
                    return object.is_some_and(|object| {
                        let properties = object.properties().map(|(_, schema)| schema);
                        properties.chain(values).all(|it| self.is_text(it))
                    });
                }
                [only] => schema = only,
                _ => return false,
            }
        }
        false
    }

    fn is_text(&self, schema: &'d Node) -> bool {
        let is_scalar = |schema: &'d Node| {
            let schema = self.document.resolve(schema).ok();
            let kind = schema.and_then(kind);
            matches!(kind, Some("string" | "integer" | "number" | "boolean"))
        };
        let found = self
            .document
            .resolve(schema)
            .map_or(Vec::new(), alternatives);
        is_scalar(schema) || (!found.is_empty() && found.into_iter().all(is_scalar))
    }
}

fn file_list() -> TypeExpr {
    TypeExpr::List(Box::new(TypeExpr::Builtin("file")))
}

const LIST_STYLES: [&str; 4] = ["form", "simple", "spaceDelimited", "pipeDelimited"];

/// Returns the value of `style` for a list, or `None` if each item is a separate parameter.
fn list_style(parameter: &Node, location: &str) -> Option<&'static str> {
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
    let style = parameter.peek_text("style");
    // Other styles are not valid here. They stay unread, and are reported.
    if LIST_STYLES.iter().any(|it| style == Some(it)) {
        parameter.text("style");
    }
    match style {
        Some("spaceDelimited" | "pipeDelimited") if explode == Some(true) => None,
        Some("spaceDelimited") => Some("space"),
        Some("pipeDelimited") => Some("pipe"),
        // The default of OpenAPI 3 is `style: form` with `explode: true`.
        _ => (explode == Some(false)).then_some("comma"),
    }
}
