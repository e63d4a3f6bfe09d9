//! What requests carry.

use api_spec::model::{Body, Endpoint, Field, FieldLocation, Fixed, Literal, Type};

use super::schemas;
use crate::json::{Json, Members, list, object};

/// Everything beside the body: the name, the parameter, whether it is required.
pub(super) fn parameters(endpoint: &Endpoint) -> Vec<(String, Members, bool)> {
    let places = [
        ("path", &endpoint.parameters),
        ("query", &endpoint.query),
        ("header", &endpoint.headers),
    ];
    let fields = places
        .into_iter()
        .flat_map(|(place, fields)| fields.iter().map(move |field| parameter(place, field)));
    fields
        .chain(endpoint.fixed.iter().filter_map(fixed))
        .collect()
}

fn parameter(place: &'static str, field: &Field) -> (String, Members, bool) {
    let mut parameter = head(place, field.wire.as_str());
    parameter.add_text("description", &field.doc);
    if field.deprecated.is_some() {
        parameter.add("deprecated", true);
    }
    // Without a word, each item of a list is sent by itself: the default of OpenAPI.
    if let (Some(join), "query") = (field.join, place) {
        let style = match join {
            ' ' => "spaceDelimited",
            '|' => "pipeDelimited",
            _ => "form",
        };
        parameter.add("style", style);
        parameter.add("explode", false);
    }
    parameter.add(
        "schema",
        schemas::limited(schemas::present(&field.ty), field),
    );
    let name = format!("{place} {}", field.wire);
    (name, parameter, field.is_required())
}

/// A value that is the same in every request.
fn fixed(fixed: &Fixed) -> Option<(String, Members, bool)> {
    let place = match fixed.location {
        FieldLocation::Query => "query",
        FieldLocation::Header => "header",
        FieldLocation::Body => return None,
    };
    let mut parameter = head(place, fixed.wire.as_str());
    parameter.add("schema", constant(&fixed.value));
    Some((format!("{place} {}", fixed.wire), parameter, true))
}

fn head(place: &str, name: &str) -> Members {
    let mut parameter = Members::default();
    parameter.add("name", name);
    parameter.add("in", place);
    parameter
}

fn constant(value: &Literal) -> Json {
    let ty = match value {
        Literal::Bool(_) => "boolean",
        Literal::Int(_) => "integer",
        Literal::Float(_) => "number",
        Literal::String(_) => "string",
    };
    object([("type", ty.into()), ("const", value.into())])
}

/// The body by its media type.
pub(super) fn content(endpoint: &Endpoint) -> Members {
    let mut content = Members::default();
    let (media, schema) = match &endpoint.body {
        Body::Empty => return content,
        Body::Json(fields) => ("application/json", schemas::fields(fields, None).into()),
        Body::JsonValue(field) => ("application/json", schemas::present(&field.ty)),
        Body::Raw(_, media) => (media.as_str(), schemas::schema(&Type::File)),
        Body::Form(fields) => (
            "application/x-www-form-urlencoded",
            schemas::flat(fields).into(),
        ),
        Body::Multipart(fields) => ("multipart/form-data", schemas::flat(fields).into()),
    };
    let schema = with_fixed(schema, endpoint);
    content.add(media, object([("schema", schema)]));
    content
}

/// The schema of an object, with its fixed values.
fn with_fixed(schema: Json, endpoint: &Endpoint) -> Json {
    let fixed = endpoint
        .fixed
        .iter()
        .filter(|it| it.location == FieldLocation::Body);
    let values: Vec<_> = fixed
        .map(|it| (it.wire.as_str(), constant(&it.value)))
        .collect();
    if values.is_empty() {
        return schema;
    }
    let names = list(values.iter().map(|(name, _)| *name));
    let mut properties = Members::default();
    for (name, value) in values {
        properties.add(name, value);
    }
    let same = object([("properties", properties.into()), ("required", names)]);
    object([("allOf", list([schema, same]))])
}
