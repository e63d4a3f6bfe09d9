//! Endpoints as operations.

use std::collections::HashMap;

use api_spec::model::{Api, Binding, Body, Endpoint, Field, Group, Method, Response, Waiter};
use api_spec::names::RustName;

use super::schemas;
use crate::json::{Json, Members, list, object};

/// All paths, and the endpoints that could not be told.
pub(super) fn paths(api: &Api) -> (Members, Vec<String>) {
    let mut operations: Vec<Operation<'_>> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut left_out = Vec::new();
    for (group, endpoint) in endpoints(api) {
        let new = Operation::new(api, group, endpoint);
        let at = (endpoint.path.as_str(), endpoint.method.as_str());
        if let Some(&place) = places.get(&at) {
            left_out.extend(operations[place].merge(new));
        } else {
            places.insert(at, operations.len());
            operations.push(new);
        }
    }
    (by_path(operations), left_out)
}

fn endpoints(api: &Api) -> impl Iterator<Item = (&Group, &Endpoint)> {
    let groups = api.groups.iter();
    groups.flat_map(|group| {
        group
            .endpoints
            .iter()
            .map(move |endpoint| (group, endpoint))
    })
}

fn by_path(operations: Vec<Operation<'_>>) -> Members {
    let mut order: Vec<&str> = Vec::new();
    let mut paths: HashMap<&str, Members> = HashMap::new();
    for operation in operations {
        let path = operation.path;
        let methods = paths.entry(path).or_insert_with(|| {
            order.push(path);
            Members::default()
        });
        methods.add(
            operation.method.as_str().to_lowercase(),
            operation.into_json(),
        );
    }
    let mut all = Members::default();
    for path in order {
        all.add(path, paths.remove(path).unwrap_or_default());
    }
    all
}

/// What is described of a method and a path, which in OpenAPI is one thing: endpoints that differ
/// in the encoding of their bodies alone become one.
struct Operation<'a> {
    id: String,
    tag: &'a str,
    path: &'a str,
    method: Method,
    doc: String,
    retry: &'static str,
    /// The name and place of each, what is said of it, and whether it is required.
    parameters: Vec<(String, Members, bool)>,
    content: Members,
    responses: Vec<Json>,
    links: Members,
}

impl<'a> Operation<'a> {
    fn new(api: &Api, group: &'a Group, endpoint: &'a Endpoint) -> Self {
        let mut links = Members::default();
        if let Some(waiter) = &endpoint.wait {
            links.merge(link(api, endpoint, waiter));
        }
        Self {
            id: format!("{}.{}", group.key, endpoint.key),
            tag: &group.key,
            path: &endpoint.path,
            method: endpoint.method,
            doc: endpoint.doc.clone(),
            retry: endpoint.retry.as_str(),
            parameters: parameters(endpoint),
            content: content(&endpoint.body),
            responses: response(&endpoint.response).into_iter().collect(),
            links,
        }
    }

    /// Takes in another endpoint of the same method and path, unless nothing tells them apart.
    fn merge(&mut self, other: Self) -> Option<String> {
        let Json::Object(content) = Json::from(other.content.clone()) else {
            return None;
        };
        if content.is_empty() || content.iter().any(|(media, _)| self.content.has(media)) {
            return Some(format!(
                "`{}` is left out: for OpenAPI it is the same as `{}`",
                other.id, self.id
            ));
        }
        for (name, _, required) in &mut self.parameters {
            *required &= other.parameters.iter().any(|it| it.0 == *name && it.2);
        }
        for (name, schema, _) in other.parameters {
            if self.parameters.iter().all(|it| it.0 != name) {
                self.parameters.push((name, schema, false));
            }
        }
        self.content.merge(other.content);
        for response in other.responses {
            if !self.responses.contains(&response) {
                self.responses.push(response);
            }
        }
        self.links.merge(other.links);
        self.doc = format!("{}\n\nOr `{}`: {}", self.doc, other.id, other.doc);
        None
    }

    fn into_json(self) -> Members {
        let mut operation = Members::default();
        operation.add("operationId", self.id);
        operation.add("tags", list([self.tag]));
        operation.add_text("description", &self.doc);
        operation.add("x-retry", self.retry);
        let parameters = self
            .parameters
            .into_iter()
            .map(|(_, mut parameter, required)| {
                parameter.add("required", required);
                parameter
            });
        operation.add_some("parameters", list(parameters));
        if self.content != Members::default() {
            let body = object([("required", true.into()), ("content", self.content.into())]);
            operation.add("requestBody", body);
        }
        let error = object([("$ref", "#/components/responses/Error".into())]);
        let done = success(self.responses, self.links);
        operation.add(
            "responses",
            object([("200", done.into()), ("default", error)]),
        );
        operation
    }
}

fn success(mut responses: Vec<Json>, links: Members) -> Members {
    let mut done = Members::default();
    done.add("description", "Done.");
    let schema = match responses.len() {
        0 => None,
        1 => responses.pop(),
        _ => Some(object([("anyOf", Json::List(responses))])),
    };
    if let Some(schema) = schema {
        let content = object([("application/json", object([("schema", schema)]))]);
        done.add("content", content);
    }
    done.add_some("links", links.into());
    done
}

/// Everything beside the body: the name, the parameter, whether it is required.
fn parameters(endpoint: &Endpoint) -> Vec<(String, Members, bool)> {
    let places = [("query", &endpoint.query)];
    let all = places
        .into_iter()
        .flat_map(|(place, fields)| fields.iter().map(move |field| (place, field)));
    all.map(|(place, field)| {
        let mut parameter = Members::default();
        parameter.add("name", field.wire.as_str());
        parameter.add("in", place);
        parameter.add_text("description", &field.doc);
        parameter.add("schema", schemas::present(&field.ty));
        let name = format!("{place} {}", field.wire);
        (name, parameter, !field.ty.is_optional())
    })
    .collect()
}

fn content(body: &Body) -> Members {
    let mut content = Members::default();
    let (media, schema) = match body {
        Body::Empty => return content,
        Body::Json(fields) => ("application/json", schemas::fields(fields, None)),
        Body::Form(fields) => ("application/x-www-form-urlencoded", schemas::flat(fields)),
        Body::Multipart(fields) => ("multipart/form-data", schemas::flat(fields)),
    };
    content.add(media, object([("schema", schema.into())]));
    content
}

fn response(response: &Response) -> Option<Json> {
    match response {
        Response::Nothing => None,
        Response::Object(object) => Some(schemas::fields(&object.fields, None).into()),
        Response::Value(ty) => Some(schemas::schema(ty)),
    }
}

/// How one asks for what the call began.
fn link(api: &Api, endpoint: &Endpoint, waiter: &Waiter) -> Members {
    let mut link = Members::default();
    let poll =
        endpoints(api).find(|(group, poll)| group.rust == waiter.group && poll.rust == waiter.poll);
    let Some((group, poll)) = poll else {
        return link;
    };
    let mut parameters = Members::default();
    let required = poll.fields().filter(|field| !field.ty.is_optional());
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
                let field = endpoint.query.iter().find(|field| field.rust == *name);
                field.map(|field| format!("$request.query.{}", field.wire))
            }),
    }
    .unwrap_or_default()
}

fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
