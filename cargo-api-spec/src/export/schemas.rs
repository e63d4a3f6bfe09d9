//! Types as schemas.

use std::fmt::Write as _;

use api_spec::model::{
    Api, Builtin, Direction, Enum, Field, Literal, Struct, Type, Union, Variant,
};
use api_spec::names::{RustName, WireName};

use super::extensions;
use crate::json::{Json, Members, list, object};

/// Returns the schemas of all declared types, including one for each variant of a union.
pub(super) fn declared(api: &Api) -> Members {
    let mut schemas = Members::default();
    for id in &api.ids {
        let mut schema = Members::default();
        schema.add("type", "string");
        schema.add_text("description", &id.doc);
        schemas.add(id.name.unraw(), schema);
    }
    for item in &api.enums {
        schemas.add(item.name.unraw(), enumeration(item));
    }
    for item in &api.structs {
        schemas.add(item.name.unraw(), structure(item, None));
    }
    for item in &api.unions {
        schemas.add(item.name.unraw(), union(item));
        for variant in &item.variants {
            let tag = item.tag.as_ref().map(|tag| (tag, variant));
            let mut schema = structure(&variant.body, tag);
            schema.merge(extensions::variant(variant));
            schemas.add(variant.body.name.unraw(), schema);
        }
    }
    schemas
}

fn enumeration(item: &Enum) -> Members {
    let values = item.values.iter().map(|value| value.wire.as_str());
    let mut doc = item.doc.clone();
    for value in &item.values {
        let aliases = value.aliases.iter();
        let aliases = aliases.map(|alias| format!(" (alias `{alias}`)"));
        let aliases: String = aliases.collect();
        if !value.doc.is_empty() || !aliases.is_empty() {
            let _ = write!(doc, "\n- `{}`{aliases}: {}", value.wire, value.doc);
        }
    }
    let mut schema = Members::default();
    schema.add_text("description", doc.trim());
    schema.add(extensions::name("doc"), item.doc.as_str());
    schema.add(extensions::name("values"), extensions::values(item));
    let known = object([("type", "string".into()), ("enum", list(values))]);
    // Enums are open: clients accept any other string.
    let unknown = object([("type", "string".into())]);
    schema.add("anyOf", list([known, unknown]));
    schema
}

/// Returns the schema of a struct, or of a variant with the tag of its union.
fn structure(item: &Struct, tag: Option<(&WireName, &Variant)>) -> Members {
    let mut schema = object_of(item.own_fields(), tag);
    if !item.with.is_empty() {
        let shared = item.with.iter().map(|shared| reference(&shared.name));
        let parts: Vec<Json> = shared.chain([schema.into()]).collect();
        schema = Members::default();
        schema.add("allOf", list(parts));
    }
    if !item.doc.is_empty() {
        schema.add("description", item.doc.as_str());
    }
    schema
}

fn union(item: &Union) -> Members {
    if !item.kinds.is_empty() {
        return union_of_kinds(item);
    }
    let variants = item.variants.iter();
    let alternatives = variants.map(|variant| reference(&variant.body.name));
    let mut schema = Members::default();
    schema.add_text("description", &item.doc);
    schema.add("oneOf", list(alternatives));
    if let Some(tag) = &item.tag {
        schema.add("discriminator", discriminator(tag, item));
    }
    schema
}

/// Returns the schema of a union of JSON kinds. The titles of the alternatives are the names of the variants.
fn union_of_kinds(item: &Union) -> Members {
    let alternatives = item.kinds.iter().map(|kind| {
        let mut members = match schema(&kind.ty) {
            Json::Object(members) => members,
            other => return other,
        };
        members.push(("title".to_owned(), kind.name.as_str().into()));
        documented(Json::Object(members), &kind.doc)
    });
    let mut schema = Members::default();
    schema.add_text("description", &item.doc);
    schema.add(extensions::name("kinds"), extensions::kinds(item));
    schema.add("anyOf", list(alternatives));
    schema
}

fn discriminator(tag: &WireName, item: &Union) -> Json {
    let mut mapping = Members::default();
    for variant in &item.variants {
        let pointer = pointer(&variant.body.name);
        mapping.add(variant.wire.as_str(), pointer.as_str());
        for alias in &variant.aliases {
            mapping.add(alias.as_str(), pointer.as_str());
        }
    }
    object([
        ("propertyName", tag.as_str().into()),
        ("mapping", mapping.into()),
    ])
}

/// Returns the schema of an object with these fields, and with the tag of its union if it is a
/// variant.
pub(super) fn object_of(fields: &[Field], tag: Option<(&WireName, &Variant)>) -> Members {
    let mut properties = Members::default();
    let mut required = Vec::new();
    if let Some((tag, variant)) = tag {
        let values = std::iter::once(variant.wire.as_str());
        let values = values.chain(variant.aliases.iter().map(String::as_str));
        properties.add(tag.as_str(), object([("enum", list(values))]));
        required.push(tag.as_str());
    }
    with_fields(properties, required, fields, schema)
}

/// Returns the value that is sent for a default.
fn wire_value(value: Literal, ty: &Type) -> Literal {
    match (value, ty) {
        (
            Literal::Int(value),
            Type::Builtin(Builtin::IntText | Builtin::UintText | Builtin::DecimalText),
        ) => Literal::String(value.to_string()),
        (value, _) => value,
    }
}

/// Adds the default and the bounds of a field to its schema.
pub(super) fn with_limits(schema: Json, field: &Field) -> Json {
    let (min, max) = match field.declared_type().required() {
        Type::String => ("minLength", "maxLength"),
        Type::List(_) => ("minItems", "maxItems"),
        Type::Map(_) => ("minProperties", "maxProperties"),
        _ => ("minimum", "maximum"),
    };
    let default = field
        .default
        .clone()
        .map(|value| wire_value(value, &field.ty));
    let limits = [
        ("default", &default),
        (min, &field.bounds.min),
        (max, &field.bounds.max),
    ];
    let mut members = Members::default();
    for (key, value) in limits {
        if let Some(value) = value {
            members.add(key, value);
        }
    }
    match (schema, members.keys().is_empty()) {
        (schema, true) => schema,
        (Json::Object(mut schema), false) if schema.iter().all(|(key, _)| key != "$ref") => {
            schema.retain(|(key, _)| !members.has(key));
            if let Json::Object(members) = members.into() {
                schema.extend(members);
            }
            Json::Object(schema)
        }
        // Some tools ignore the siblings of `$ref`.
        (schema, false) => object([("allOf", list([schema, members.into()]))]),
    }
}

/// Returns the schema of an object that is only sent. An optional field is omitted, unlike one that
/// distinguishes null.
pub(super) fn sent_object(fields: &[Field]) -> Members {
    let sent = |ty: &Type| match ty {
        Type::Optional(inner) => schema(inner),
        ty => schema(ty),
    };
    with_fields(Members::default(), Vec::new(), fields, sent)
}

/// Returns the schema of a form with these fields.
pub(super) fn form_of(fields: &[Field]) -> Members {
    with_fields(Members::default(), Vec::new(), fields, in_form)
}

/// Returns the schema of a value in a form or a query. There, null is an empty value.
pub(super) fn in_form(ty: &Type) -> Json {
    match ty {
        Type::Nullable(inner) => {
            let empty = object([("type", "string".into()), ("enum", list([""]))]);
            object([("anyOf", list([schema(inner), empty]))])
        }
        ty => non_null(ty),
    }
}

fn with_fields<'f>(
    mut properties: Members,
    mut required: Vec<&'f str>,
    fields: &'f [Field],
    schema: fn(&Type) -> Json,
) -> Members {
    for field in fields {
        let value = schema(field.declared_type());
        let mut value = documented(with_limits(value, field), &field.doc);
        if let Json::Object(members) = &mut value {
            let direction = field.only.map(|only| match only.direction {
                Direction::Request => "writeOnly",
                Direction::Response => "readOnly",
            });
            members.extend(direction.map(|key| (key.to_owned(), true.into())));
            if field.deprecated.is_some() {
                members.push(("deprecated".to_owned(), true.into()));
            }
            let mut extensions = extensions::field(field);
            if let Some(style) = extensions::style(field) {
                extensions.add(extensions::name("style"), style);
            }
            if let Json::Object(extensions) = extensions.into() {
                members.extend(extensions);
            }
        }
        properties.add(field.wire.as_str(), value);
        let mut directions = [Direction::Request, Direction::Response].into_iter();
        if directions.any(|direction| field.is_required_in(direction)) {
            required.push(field.wire.as_str());
        }
    }
    let mut object = Members::default();
    object.add("type", "object");
    object.add("properties", properties);
    object.add_non_empty("required", list(required));
    object
}

/// Adds `description`, which OpenAPI 3.1 allows next to `$ref`.
fn documented(schema: Json, doc: &str) -> Json {
    match schema {
        Json::Object(mut members) if !doc.is_empty() => {
            members.push(("description".to_owned(), doc.into()));
            Json::Object(members)
        }
        schema => schema,
    }
}

/// Returns the schema of a type. Values of optional types may be null.
pub(super) fn schema(ty: &Type) -> Json {
    match ty {
        Type::String => simple("string", None),
        Type::Bool => simple("boolean", None),
        Type::Int => simple("integer", Some("int64")),
        Type::Float => simple("number", Some("double")),
        Type::Json => object([]),
        Type::RawJson => object([("x-api-spec-builtin", "raw".into())]),
        Type::File => object([
            ("type", "string".into()),
            ("format", "binary".into()),
            ("contentMediaType", "application/octet-stream".into()),
        ]),
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
            reference(name)
        }
        Type::Builtin(ty) => builtin(*ty),
        Type::Optional(inner) | Type::Nullable(inner) => nullable(schema(inner)),
        Type::List(inner) => object([("type", "array".into()), ("items", schema(inner))]),
        Type::Map(inner) => object([
            ("type", "object".into()),
            ("additionalProperties", schema(inner)),
        ]),
    }
}

/// Returns the schema of the values of a type other than null.
pub(super) fn non_null(ty: &Type) -> Json {
    schema(ty.required())
}

fn simple(ty: &str, format: Option<&str>) -> Json {
    let mut schema = Members::default();
    schema.add("type", ty);
    schema.add_text("format", format.unwrap_or_default());
    schema.into()
}

fn builtin(ty: Builtin) -> Json {
    match ty {
        Builtin::Uint => object([
            ("type", "integer".into()),
            ("format", "uint64".into()),
            ("minimum", 0.into()),
        ]),
        Builtin::Secret => simple("string", Some("password")),
        Builtin::Base64 => object([
            ("type", "string".into()),
            ("format", "byte".into()),
            ("contentEncoding", "base64".into()),
        ]),
        Builtin::IntText => simple("string", Some("int64")),
        Builtin::UintText => simple("string", Some("uint64")),
        Builtin::Decimal => simple("number", Some("decimal")),
        Builtin::DecimalText => simple("string", Some("decimal")),
        Builtin::Date => simple("string", Some("date")),
        Builtin::Timestamp => simple("string", Some("date-time")),
        Builtin::Duration => simple("string", Some("duration")),
        // The format of the Google API Discovery Service.
        Builtin::SecondsText => simple("string", Some("google-duration")),
        Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis => {
            object([
                ("type", "number".into()),
                ("x-api-spec-builtin", ty.as_str().into()),
            ])
        }
    }
}

fn nullable(schema: Json) -> Json {
    match schema {
        Json::Object(members) if members.is_empty() => Json::Object(members),
        Json::Object(mut members) if members.iter().any(|(key, _)| key == "type") => {
            for (key, value) in &mut members {
                if key == "type" {
                    *value = list([std::mem::take(value), "null".into()]);
                }
            }
            Json::Object(members)
        }
        schema => object([("anyOf", list([schema, object([("type", "null".into())])]))]),
    }
}

fn reference(name: &RustName) -> Json {
    object([("$ref", pointer(name).into())])
}

fn pointer(name: &RustName) -> String {
    format!("#/components/schemas/{}", name.unraw())
}
