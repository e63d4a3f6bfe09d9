//! Keys of the spec that OpenAPI has no words for, as extensions `x-api-spec-…` with their values.

use api_spec::model::{
    Api, Binding, Body, Endpoint, Enum, EventFormat, EventStream, Field, FieldStyle,
    IdempotencyKey, Literal, Response, Status, StatusType, Transient, Type, Union, Variant, Waiter,
};
use api_spec::names::RustName;

use super::pages;
use crate::json::{Json, Members, list, object};

/// Returns the extension for a key of the spec.
pub(super) fn name(key: &str) -> String {
    format!("x-api-spec-{key}")
}

/// Returns the extensions of a field.
pub(super) fn field(field: &Field) -> Members {
    let mut members = Members::default();
    let default_name = RustName::snake(field.wire.as_str());
    if default_name.as_ref() != Some(&field.rust) || field.rust.as_str() == "new" {
        members.add(name("rust"), field.rust.unraw());
    }
    // Schemas do not distinguish absent from null in requests, and a default is not optional.
    if field.default.is_some() || matches!(field.ty, Type::Nullable(_)) {
        members.add(name("type"), field.ty.to_string());
    }
    if let Some(default) = &field.default {
        members.add(name("default"), default);
    }
    if let Some(text) = field.deprecated.as_deref().filter(|it| !it.is_empty()) {
        members.add(name("deprecated"), text);
    }
    members
}

/// Returns the extensions of a field with the same value in every request.
pub(super) fn constant(value: &Literal) -> Members {
    let ty = match value {
        Literal::Bool(_) => "bool",
        Literal::Int(_) => "int",
        Literal::Float(_) => "float",
        Literal::String(_) => "string",
    };
    let mut members = Members::default();
    members.add(name("type"), ty);
    members.add(name("value"), value);
    members
}

/// Returns the messages of transient errors.
pub(super) fn transient(transient: &Transient) -> Members {
    let mut members = Members::default();
    for (key, texts) in [
        ("refused", &transient.refused),
        ("failed", &transient.failed),
    ] {
        members.add_non_empty(key, list(texts.iter().map(String::as_str)));
    }
    members
}

/// Returns the style of a field of a form.
pub(super) fn style(field: &Field) -> Option<&'static str> {
    match field.style.as_ref()? {
        FieldStyle::Joined(' ') => Some("space"),
        FieldStyle::Joined('|') => Some("pipe"),
        FieldStyle::Joined(_) => Some("comma"),
        style => style.keyword(),
    }
}

/// Returns the names of a variant.
pub(super) fn variant(variant: &Variant) -> Members {
    let mut members = Members::default();
    members.add(name("variant"), variant.wire.as_str());
    if RustName::camel(variant.wire.as_str()).as_ref() != Some(&variant.rust) {
        members.add(name("rust"), variant.rust.unraw());
    }
    members
}

/// Returns the documentation, aliases and names of the values of an enum.
pub(super) fn values(item: &Enum) -> Members {
    let mut values = Members::default();
    for value in &item.values {
        let mut members = Members::default();
        members.add("doc", value.doc.as_str());
        members.add_non_empty("also", list(value.aliases.iter().map(String::as_str)));
        if RustName::camel(value.wire.as_str()).as_ref() != Some(&value.rust) {
            members.add("rust", value.rust.unraw());
        }
        values.add(value.wire.as_str(), members);
    }
    values
}

/// Returns the variants of a union of JSON kinds.
pub(super) fn kinds(item: &Union) -> Members {
    let mut kinds = Members::default();
    for kind in &item.kinds {
        let mut members = Members::default();
        members.add("type", kind.ty.to_string());
        members.add_text("doc", &kind.doc);
        if RustName::camel(kind.name.as_str()).as_ref() != Some(&kind.rust) {
            members.add("rust", kind.rust.unraw());
        }
        kinds.add(kind.name.as_str(), members);
    }
    kinds
}

/// Returns the extensions of an endpoint.
pub(super) fn endpoint(api: &Api, endpoint: &Endpoint) -> Members {
    let mut members = Members::default();
    let retry = match &endpoint.idempotency_key {
        Some(IdempotencyKey { wire, .. }) => object([("idempotent_with", wire.as_str().into())]),
        None => endpoint.retry.as_str().into(),
    };
    members.add(name("retry"), retry);
    if RustName::snake(&endpoint.key).as_ref() != Some(&endpoint.rust) {
        members.add(name("rust"), endpoint.rust.unraw());
    }
    if let Some(text) = endpoint.deprecated.as_deref().filter(|it| !it.is_empty()) {
        members.add(name("deprecated"), text);
    }
    if let Some(millis) = endpoint.timeout {
        members.add(name("timeout"), seconds(millis));
    }
    members.add_non_empty(&name("pages"), pages::pages(endpoint).into());
    if let Some(waiter) = endpoint.wait.as_ref().and_then(|it| wait(api, it)) {
        members.add(name("wait"), waiter);
    }
    if let Some(media_type) = &endpoint.content_type {
        members.add(name("content_type"), media_type.as_str());
    }
    match &endpoint.body {
        Body::Raw(_, media_type) => members.add(name("body"), media_type.as_str()),
        Body::JsonValue(field) => {
            members.add(name("json"), field.ty.to_string());
        }
        _ => {}
    }
    match &endpoint.response {
        Response::Stream => members.add(name("response"), "stream"),
        Response::Events(events) => members.add(name(format_key(events)), stream(events)),
        _ => {}
    }
    members
}

fn seconds(millis: u64) -> Json {
    let seconds = std::time::Duration::from_millis(millis).as_secs_f64();
    match serde_json::Number::from_f64(seconds) {
        Some(number) if !millis.is_multiple_of(1000) => Json::Number(number),
        _ => Json::Number((millis / 1000).into()),
    }
}

fn format_key(events: &EventStream) -> &'static str {
    match events.format {
        EventFormat::Lines => "lines",
        EventFormat::ServerSent => "events",
    }
}

fn stream(events: &EventStream) -> Members {
    let mut members = Members::default();
    let item = match &events.item {
        Response::Value(ty) => ty.to_string().into(),
        Response::Object(object) => {
            let mut fields = Members::default();
            for item in &object.fields {
                let mut members = field(item);
                members.add("type", item.ty.to_string());
                members.add_text("doc", &item.doc);
                fields.add(item.wire.as_str(), unprefixed(members));
            }
            fields.into()
        }
        _ => Json::from("text"),
    };
    members.add("item", item);
    members.add_text("end", events.end.as_deref().unwrap_or_default());
    members.add_text("error", events.error.as_deref().unwrap_or_default());
    if events.resume {
        members.add("resume", true);
    }
    if events.named {
        members.add("named", true);
    }
    members
}

fn unprefixed(members: Members) -> Members {
    let mut unprefixed = Members::default();
    if let Json::Object(members) = Json::from(members) {
        for (key, value) in members {
            let key = key.strip_prefix("x-api-spec-").unwrap_or(&key).to_owned();
            if !unprefixed.has(&key) {
                unprefixed.add(key, value);
            }
        }
    }
    unprefixed
}

/// Returns the value of `wait`.
fn wait(api: &Api, waiter: &Waiter) -> Option<Members> {
    let group = api.groups.iter().find(|it| it.rust == waiter.group)?;
    let poll = group.endpoints.iter().find(|it| it.rust == waiter.poll)?;
    let mut bind = Members::default();
    let required = poll.fields().filter(|field| field.is_required());
    for (field, binding) in required.zip(&waiter.bind) {
        let source = match binding {
            Binding::Request(path) => format!("request.{}", path.wire()),
            Binding::Response(path) => format!("response.{}", path.wire()),
        };
        bind.add(field.wire.as_str(), source);
    }
    let mut members = Members::default();
    members.add("poll", format!("{}.{}", group.key, poll.key));
    members.add("bind", bind);
    members.add("field", waiter.field.wire());
    let lists = [
        ("until", &waiter.until),
        ("fail", &waiter.fail),
        ("pending", &waiter.pending),
    ];
    for (key, statuses) in lists {
        let statuses = statuses.iter().map(|it| status(api, waiter, it));
        members.add_non_empty(key, list(statuses));
    }
    Some(members)
}

/// Returns a status as sent in JSON.
fn status(api: &Api, waiter: &Waiter, status: &Status) -> Json {
    match (status, &waiter.status) {
        (Status::Variant(rust), StatusType::Enum(name)) => {
            let values = api.enum_named(name).map_or(&[][..], |it| &it.values);
            let value = values.iter().find(|value| value.rust == *rust);
            value.map_or(Json::Null, |value| value.wire.as_str().into())
        }
        (Status::Bool(value), _) => (*value).into(),
        (Status::Variant(name), StatusType::Bool) => name.unraw().into(),
    }
}
