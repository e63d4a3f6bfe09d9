//! Waiters as links.

use api_spec::model::{Api, Binding, Endpoint, Field, Response};
use api_spec::names::RustName;

use super::operations;
use crate::json::{Members, object};

/// How one asks for what the call began.
pub(super) fn links(api: &Api, endpoint: &Endpoint) -> Members {
    let mut link = Members::default();
    let Some(waiter) = &endpoint.wait else {
        return link;
    };
    let poll = operations::endpoints(api)
        .find(|(group, poll)| group.rust == waiter.group && poll.rust == waiter.poll);
    let Some((group, poll)) = poll else {
        return link;
    };
    let mut parameters = Members::default();
    let required = poll.fields().filter(|field| field.is_required());
    for (field, binding) in required.zip(&waiter.bind) {
        parameters.add(field.wire.as_str(), expression(endpoint, binding));
    }
    let words = |names: &[RustName]| {
        let words: Vec<_> = names
            .iter()
            .map(|name| format!("`{}`", name.unraw()))
            .collect();
        words.join(", ")
    };
    let name = format!("{}.{}", group.key, poll.key);
    let doc = format!(
        "Until `{}` is {}.",
        waiter.field.unraw(),
        words(&waiter.until)
    );
    let to = object([
        ("operationId", name.into()),
        ("description", doc.into()),
        ("parameters", parameters.into()),
    ]);
    link.add(format!("wait_for_{}", endpoint.key), to);
    link
}

/// Where a value is taken from, as OpenAPI writes it.
fn expression(endpoint: &Endpoint, binding: &Binding) -> String {
    let wire = |fields: &[Field], name: &RustName| {
        let field = fields.iter().find(|field| field.rust == *name);
        field.map(|field| pointer(field.wire.as_str()))
    };
    match binding {
        Binding::Response(name) => match &endpoint.response {
            Response::Object(object) => wire(&object.fields, name),
            _ => None,
        }
        .map(|key| format!("$response.body#/{key}")),
        Binding::Request(name) => wire(endpoint.body.fields(), name)
            .map(|key| format!("$request.body#/{key}"))
            .or_else(|| {
                let places = [
                    ("path", &endpoint.parameters),
                    ("query", &endpoint.query),
                    ("header", &endpoint.headers),
                ];
                places.into_iter().find_map(|(place, fields)| {
                    let field = fields.iter().find(|field| field.rust == *name)?;
                    Some(format!("$request.{place}.{}", field.wire))
                })
            }),
    }
    .unwrap_or_default()
}

fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
