//! Parameters and bodies of requests.

use api_spec::model::{Body, Endpoint, Field, FieldLocation, FieldStyle, Fixed, Literal, Type};

use super::{extensions, schemas, styles};
use crate::json::{Json, Members, list, object};

/// A parameter in the path, the query or the headers.
pub(super) struct Parameter {
    /// Location and name, which together are unique in an operation.
    pub(super) id: (&'static str, String),
    pub(super) required: bool,
    members: Members,
}

impl Parameter {
    fn new(location: &'static str, name: &str) -> Self {
        let mut members = Members::default();
        members.add("name", name);
        members.add("in", location);
        Self {
            id: (location, name.to_owned()),
            required: true,
            members,
        }
    }
    pub(super) fn into_json(mut self) -> Members {
        self.members.add("required", self.required);
        self.members
    }
}

pub(super) fn parameters(endpoint: &Endpoint) -> Vec<Parameter> {
    let locations = [
        ("path", &endpoint.parameters),
        ("query", &endpoint.query),
        ("header", &endpoint.headers),
    ];
    let fields = locations
        .into_iter()
        .flat_map(|(location, fields)| fields.iter().map(move |field| parameter(location, field)));
    fields
        .chain(endpoint.fixed.iter().filter_map(fixed_parameter))
        .collect()
}

fn parameter(location: &'static str, field: &Field) -> Parameter {
    let mut parameter = Parameter::new(location, field.wire.as_str());
    parameter.required = field.is_required();
    let members = &mut parameter.members;
    members.add_text("description", &field.doc);
    if field.deprecated.is_some() {
        members.add("deprecated", true);
    }
    let schema = schemas::with_limits(schemas::in_form(&field.ty), field);
    match &field.style {
        Some(FieldStyle::Json) => {
            let content = object([("schema", schema)]);
            members.add("content", object([("application/json", content)]));
        }
        // The list of a header is always joined by commas.
        Some(style) if location == "query" => {
            members.merge(styles::members(style));
            members.add("schema", schema);
        }
        _ => members.add("schema", schema),
    }
    members.merge(extensions::field(field));
    parameter
}

/// Returns a parameter that has the same value in every request.
fn fixed_parameter(fixed: &Fixed) -> Option<Parameter> {
    let location = match fixed.location {
        FieldLocation::Query => "query",
        FieldLocation::Header => "header",
        FieldLocation::Body => return None,
    };
    let mut parameter = Parameter::new(location, fixed.wire.as_str());
    parameter.members.add("schema", constant(&fixed.value));
    parameter.members.merge(extensions::constant(&fixed.value));
    Some(parameter)
}

fn constant(value: &Literal) -> Members {
    let ty = match value {
        Literal::Bool(_) => "boolean",
        Literal::Int(_) => "integer",
        Literal::Float(_) => "number",
        Literal::String(_) => "string",
    };
    let mut members = Members::default();
    members.add("type", ty);
    members.add("const", value);
    members
}

/// Returns the media type of the request body and its schema, if there is a body.
pub(super) fn content(endpoint: &Endpoint) -> Members {
    let mut content = Members::default();
    let (media_type, schema) = match &endpoint.body {
        Body::Empty => return content,
        Body::Json(fields) => ("application/json", schemas::sent_object(fields).into()),
        Body::JsonValue(field) => ("application/json", schemas::non_null(&field.ty)),
        Body::Raw(_, media_type) => (media_type.as_str(), schemas::schema(&Type::File)),
        Body::Form(fields) => (
            "application/x-www-form-urlencoded",
            schemas::form_of(fields).into(),
        ),
        Body::Multipart(fields) => ("multipart/form-data", schemas::form_of(fields).into()),
    };
    let mut body = Members::default();
    body.add("schema", with_fixed_values(schema, endpoint));
    if let Body::Form(fields) | Body::Multipart(fields) = &endpoint.body {
        body.add_non_empty("encoding", styles::encoding(fields).into());
    }
    let media_type = endpoint.content_type.as_deref().unwrap_or(media_type);
    content.add(media_type, body);
    content
}

fn with_fixed_values(schema: Json, endpoint: &Endpoint) -> Json {
    let mut properties = Members::default();
    for fixed in &endpoint.fixed {
        if fixed.location == FieldLocation::Body {
            let mut property = extensions::constant(&fixed.value);
            property.merge(constant(&fixed.value));
            properties.add(fixed.wire.as_str(), property);
        }
    }
    let names = list(properties.keys());
    if names.items().is_empty() {
        return schema;
    }
    let fixed = object([("properties", properties.into()), ("required", names)]);
    object([("allOf", list([schema, fixed]))])
}
