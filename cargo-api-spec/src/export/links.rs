//! Waiters as links.

use api_spec::model::{Api, Binding, Endpoint, Field, Response, Waiter};
use api_spec::names::RustName;

use crate::json::{Json, Members, object};

/// Returns the links of an endpoint: one if it has a waiter.
pub(super) fn links(api: &Api, endpoint: &Endpoint) -> Members {
    let mut links = Members::default();
    if let Some(waiter) = &endpoint.wait
        && let Some(link) = link(api, endpoint, waiter)
    {
        links.add(format!("wait_for_{}", endpoint.key), link);
    }
    links
}

fn link(api: &Api, endpoint: &Endpoint, waiter: &Waiter) -> Option<Json> {
    let group = api.groups.iter().find(|it| it.rust == waiter.group)?;
    let poll = group.endpoints.iter().find(|it| it.rust == waiter.poll)?;
    let mut parameters = Members::default();
    let required = poll.fields().filter(|field| field.is_required());
    for (field, binding) in required.zip(&waiter.bind) {
        parameters.add(field.wire.as_str(), expression(endpoint, binding));
    }
    let statuses = waiter.until.iter().map(|it| format!("`{}`", it.unraw()));
    let statuses: Vec<_> = statuses.collect();
    let field = waiter.field.unraw();
    let description = format!("Poll until `{field}` is {}.", statuses.join(", "));
    Some(object([
        ("operationId", format!("{}.{}", group.key, poll.key).into()),
        ("description", description.into()),
        ("parameters", parameters.into()),
    ]))
}

/// Returns the runtime expression of OpenAPI for a binding.
fn expression(endpoint: &Endpoint, binding: &Binding) -> String {
    let pointer = |fields: &[Field], name: &RustName| {
        let field = fields.iter().find(|field| field.rust == *name)?;
        Some(field.wire.as_str().replace('~', "~0").replace('/', "~1"))
    };
    let expression = match (binding, &endpoint.response) {
        (Binding::Response(name), Response::Object(object)) => {
            let pointer = pointer(&object.fields, name);
            pointer.map(|it| format!("$response.body#/{it}"))
        }
        (Binding::Response(_), _) => None,
        (Binding::Request(name), _) => {
            let pointer = pointer(endpoint.body.fields(), name);
            let body = pointer.map(|it| format!("$request.body#/{it}"));
            body.or_else(|| parameter_expression(endpoint, name))
        }
    };
    expression.unwrap_or_default()
}

fn parameter_expression(endpoint: &Endpoint, name: &RustName) -> Option<String> {
    let locations = [
        ("path", &endpoint.parameters),
        ("query", &endpoint.query),
        ("header", &endpoint.headers),
    ];
    locations.into_iter().find_map(|(location, fields)| {
        let field = fields.iter().find(|field| field.rust == *name)?;
        Some(format!("$request.{location}.{}", field.wire))
    })
}
