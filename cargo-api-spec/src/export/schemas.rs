//! Types as schemas.

use std::fmt::Write as _;

use api_spec::model::{Api, Builtin, Enum, Field, Literal, Struct, Type, Union, Variant};
use api_spec::names::{RustName, WireName};

use crate::json::{Json, Members, list, object};

/// The declared types by their names.
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
            schemas.add(variant.body.name.unraw(), structure(&variant.body, tag));
        }
    }
    schemas
}

/// Open: any other word is a string as well.
fn enumeration(item: &Enum) -> Members {
    let words = item.values.iter().map(|value| value.wire.as_str());
    let mut doc = item.doc.clone();
    for value in &item.values {
        let also = value.aliases.iter().map(|word| format!(" (also `{word}`)"));
        let also: String = also.collect();
        if !value.doc.is_empty() || !also.is_empty() {
            let _ = write!(doc, "\n- `{}`{also}: {}", value.wire, value.doc);
        }
    }
    let mut schema = Members::default();
    schema.add_text("description", doc.trim());
    let known = object([("type", "string".into()), ("enum", list(words))]);
    schema.add("anyOf", list([known, object([("type", "string".into())])]));
    schema
}

/// A struct; a variant has the tag of its union, too.
fn structure(item: &Struct, tag: Option<(&WireName, &Variant)>) -> Members {
    let mut schema = fields(&item.fields, tag);
    if !item.doc.is_empty() {
        schema.add("description", item.doc.as_str());
    }
    schema
}

fn union(item: &Union) -> Members {
    let ways = item.variants.iter().map(|variant| to(&variant.body.name));
    let mut schema = Members::default();
    schema.add_text("description", &item.doc);
    schema.add("oneOf", list(ways));
    if let Some(tag) = &item.tag {
        schema.add("discriminator", discriminator(tag, item));
    }
    schema
}

/// Which tag leads to which schema.
fn discriminator(tag: &WireName, item: &Union) -> Json {
    let mut mapping = Members::default();
    for variant in &item.variants {
        let name = reference(&variant.body.name);
        mapping.add(variant.wire.as_str(), name.as_str());
        for word in &variant.aliases {
            mapping.add(word.as_str(), name.as_str());
        }
    }
    object([
        ("propertyName", tag.as_str().into()),
        ("mapping", mapping.into()),
    ])
}

/// An object with these fields.
pub(super) fn fields(fields: &[Field], tag: Option<(&WireName, &Variant)>) -> Members {
    let mut properties = Members::default();
    let mut required = Vec::new();
    if let Some((tag, variant)) = tag {
        let words = std::iter::once(variant.wire.as_str());
        let words = words.chain(variant.aliases.iter().map(String::as_str));
        properties.add(tag.as_str(), object([("enum", list(words))]));
        required.push(tag.as_str());
    }
    of(properties, required, fields, schema)
}

/// A default as it would be sent.
fn on_the_wire(value: Literal, ty: &Type) -> Literal {
    match (value, ty) {
        (Literal::Int(value), Type::Builtin(Builtin::IntText | Builtin::UintText)) => {
            Literal::String(value.to_string())
        }
        (value, _) => value,
    }
}

/// The schema of a field, with what it is where it is left out and what may be sent.
pub(super) fn limited(schema: Json, field: &Field) -> Json {
    let (min, max) = match required(&field.ty) {
        Type::String => ("minLength", "maxLength"),
        Type::List(_) => ("minItems", "maxItems"),
        Type::Map(_) => ("minProperties", "maxProperties"),
        _ => ("minimum", "maximum"),
    };
    let default = field
        .default
        .clone()
        .map(|value| on_the_wire(value, &field.ty));
    let said = [
        ("default", &default),
        (min, &field.bounds.min),
        (max, &field.bounds.max),
    ];
    let mut members = Members::default();
    for (key, value) in said {
        if let Some(value) = value {
            members.add(key, value);
        }
    }
    match (schema, members.keys().is_empty()) {
        (schema, true) => schema,
        (Json::Object(mut schema), false) if schema.iter().all(|(key, _)| key != "$ref") => {
            if let Json::Object(members) = members.into() {
                schema.extend(members);
            }
            Json::Object(schema)
        }
        (schema, false) => object([("allOf", list([schema, members.into()]))]),
    }
}

/// The type without its `?`.
fn required(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => inner,
        ty => ty,
    }
}

/// The fields of a form, where nothing is null.
pub(super) fn flat(fields: &[Field]) -> Members {
    of(Members::default(), Vec::new(), fields, present)
}

fn of<'f>(
    mut properties: Members,
    mut required: Vec<&'f str>,
    fields: &'f [Field],
    schema: fn(&Type) -> Json,
) -> Members {
    for field in fields {
        let mut value = documented(limited(schema(&field.ty), field), &field.doc);
        if let (Json::Object(members), Some(_)) = (&mut value, &field.deprecated) {
            members.push(("deprecated".to_owned(), true.into()));
        }
        properties.add(field.wire.as_str(), value);
        if field.is_required() {
            required.push(field.wire.as_str());
        }
    }
    let mut object = Members::default();
    object.add("type", "object");
    object.add("properties", properties);
    object.add_some("required", list(required));
    object
}

/// A schema with words of its own. In 3.1 they may stand beside a reference.
fn documented(schema: Json, doc: &str) -> Json {
    match schema {
        Json::Object(mut members) if !doc.is_empty() => {
            members.push(("description".to_owned(), doc.into()));
            Json::Object(members)
        }
        schema => schema,
    }
}

/// The schema of a type. What is optional may be null.
pub(super) fn schema(ty: &Type) -> Json {
    match ty {
        Type::String => simple("string", None),
        Type::Bool => simple("boolean", None),
        Type::Int => simple("integer", Some("int64")),
        Type::Float => simple("number", Some("double")),
        Type::Json => object([]),
        Type::File => object([
            ("type", "string".into()),
            ("format", "binary".into()),
            ("contentMediaType", "application/octet-stream".into()),
        ]),
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => to(name),
        Type::Builtin(word) => builtin(*word),
        Type::Optional(inner) | Type::Nullable(inner) => nullable(schema(inner)),
        Type::List(inner) => object([("type", "array".into()), ("items", schema(inner))]),
        Type::Map(inner) => object([
            ("type", "object".into()),
            ("additionalProperties", schema(inner)),
        ]),
    }
}

/// The schema of a value that is there: of a parameter, or of a part.
pub(super) fn present(ty: &Type) -> Json {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => schema(inner),
        ty => schema(ty),
    }
}

fn simple(ty: &str, format: Option<&str>) -> Json {
    let mut schema = Members::default();
    schema.add("type", ty);
    schema.add_text("format", format.unwrap_or_default());
    schema.into()
}

fn builtin(word: Builtin) -> Json {
    match word {
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
        Builtin::Timestamp => simple("string", Some("date-time")),
        Builtin::Duration => simple("string", Some("duration")),
        // Google's own name of it.
        Builtin::SecondsText => simple("string", Some("google-duration")),
        Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis => {
            object([("type", "number".into()), ("x-unit", word.as_str().into())])
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

fn to(name: &RustName) -> Json {
    object([("$ref", reference(name).into())])
}

fn reference(name: &RustName) -> String {
    format!("#/components/schemas/{}", name.unraw())
}
