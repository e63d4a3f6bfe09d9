//! Waiters as links.

use api_spec::model::{Api, Binding, Endpoint, FieldPath, Waiter};

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
    let statuses: Vec<_> = waiter.until.iter().map(|it| format!("`{it}`")).collect();
    let field = waiter.field.to_string();
    let description = format!("Poll until `{field}` is {}.", statuses.join(", "));
    Some(object([
        ("operationId", format!("{}.{}", group.key, poll.key).into()),
        ("description", description.into()),
        ("parameters", parameters.into()),
    ]))
}

/// Returns the runtime expression of OpenAPI for a binding.
fn expression(endpoint: &Endpoint, binding: &Binding) -> String {
    match binding {
        Binding::Response(path) => match header(endpoint, path) {
            Some(name) => format!("$response.header.{name}"),
            None => format!("$response.body#{}", pointer(path)),
        },
        Binding::Request(path) => parameter_expression(endpoint, path)
            .unwrap_or_else(|| format!("$request.body#{}", pointer(path))),
    }
}

/// Returns the JSON pointer of a field.
fn pointer(path: &FieldPath) -> String {
    let names = path.steps.iter().map(|step| step.wire.as_str());
    let tokens = names.map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1")));
    tokens.collect()
}

/// Returns the name of a response header, if the path is one.
fn header<'a>(endpoint: &'a Endpoint, path: &FieldPath) -> Option<&'a str> {
    let headers = endpoint.response_headers.iter();
    let mut headers = headers.flat_map(|it| &it.headers);
    let first = path.steps.first()?;
    let header = headers.find(|header| !path.in_body && header.rust == first.rust)?;
    Some(header.wire.as_str())
}

/// Returns the expression for a parameter outside of the body.
fn parameter_expression(endpoint: &Endpoint, path: &FieldPath) -> Option<String> {
    let name = &path.steps.first()?.rust;
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
