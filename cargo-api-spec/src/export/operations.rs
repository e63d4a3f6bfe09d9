//! Endpoints as operations.

use std::collections::HashMap;

use api_spec::model::{Api, Endpoint, Group, Method};

use super::answers::{self, Answers};
use super::{links, pages, requests};
use crate::json::{Json, Members, list, object};

/// All paths, and the endpoints that could not be told.
pub(super) fn paths(api: &Api) -> (Members, Vec<String>) {
    let mut operations: Vec<Operation<'_>> = Vec::new();
    let mut places: HashMap<(String, &str), usize> = HashMap::new();
    let mut left_out = Vec::new();
    for (group, endpoint) in endpoints(api) {
        if endpoint.path.starts_with('{') {
            let name = format!("{}.{}", group.key, endpoint.key);
            left_out.push(format!(
                "`{name}` is left out: OpenAPI has no calls of a URL that the server gave"
            ));
            continue;
        }
        let new = Operation::new(api, group, endpoint);
        let at = (new.path.clone(), endpoint.method.as_str());
        if let Some(&place) = places.get(&at) {
            left_out.extend(operations[place].merge(new));
        } else {
            places.insert(at, operations.len());
            operations.push(new);
        }
    }
    (by_path(operations), left_out)
}

pub(super) fn endpoints(api: &Api) -> impl Iterator<Item = (&Group, &Endpoint)> {
    let groups = api.groups.iter();
    groups.flat_map(|group| {
        group
            .endpoints
            .iter()
            .map(move |endpoint| (group, endpoint))
    })
}

fn by_path(operations: Vec<Operation<'_>>) -> Members {
    let mut order: Vec<String> = Vec::new();
    let mut paths: HashMap<String, Members> = HashMap::new();
    for operation in operations {
        let path = operation.path.clone();
        let methods = paths.entry(path.clone()).or_insert_with(|| {
            order.push(path);
            Members::default()
        });
        let method = operation.method.as_str().to_lowercase();
        methods.add(method, operation.into_json());
    }
    let mut all = Members::default();
    for path in order {
        let methods = paths.remove(&path).unwrap_or_default();
        all.add(path, methods);
    }
    all
}

/// What is described of a method and a path, which in OpenAPI is one thing: endpoints that differ
/// in the encoding of their bodies alone become one.
struct Operation<'a> {
    id: String,
    tag: &'a str,
    path: String,
    method: Method,
    doc: String,
    retry: &'static str,
    known_by: Option<&'a str>,
    anonymous: bool,
    /// In milliseconds.
    timeout: Option<u64>,
    deprecated: bool,
    pages: Members,
    /// The name and place of each, what is said of it, and whether it is required.
    parameters: Vec<(String, Members, bool)>,
    content: Members,
    answers: Answers,
}

impl<'a> Operation<'a> {
    fn new(api: &Api, group: &'a Group, endpoint: &'a Endpoint) -> Self {
        Self {
            id: format!("{}.{}", group.key, endpoint.key),
            tag: &group.key,
            // A parameter that may hold slashes is none that OpenAPI knows.
            path: endpoint.path.replace("{+", "{"),
            method: endpoint.method,
            doc: endpoint.doc.clone(),
            retry: endpoint.retry.as_str(),
            anonymous: endpoint.unauthenticated,
            timeout: endpoint.timeout,
            known_by: endpoint
                .idempotency_key
                .as_ref()
                .map(|key| key.wire.as_str()),
            deprecated: endpoint.deprecated.is_some(),
            pages: pages::pages(api, endpoint),
            parameters: requests::parameters(endpoint),
            content: requests::content(endpoint),
            answers: answers::answers(endpoint, links::links(api, endpoint)),
        }
    }

    /// Takes in another endpoint of the same method and path, unless nothing tells them apart.
    fn merge(&mut self, other: Self) -> Option<String> {
        let media = self.content.keys();
        if other.content.keys().is_empty()
            || other.content.keys().iter().any(|it| media.contains(it))
        {
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
        self.answers.merge(other.answers);
        self.deprecated &= other.deprecated;
        self.doc = format!("{}\n\nOr `{}`: {}", self.doc, other.id, other.doc);
        None
    }

    fn into_json(self) -> Members {
        let mut operation = Members::default();
        operation.add("operationId", self.id);
        operation.add("tags", list([self.tag]));
        operation.add_text("description", &self.doc);
        if self.deprecated {
            operation.add("deprecated", true);
        }
        operation.add("x-retry", self.retry);
        if let Some(name) = self.known_by {
            operation.add("x-idempotent-with", name);
        }
        if self.anonymous {
            operation.add("security", Json::List(Vec::new()));
        }
        if let Some(millis) = self.timeout {
            operation.add("x-timeout-ms", Json::Number(millis.into()));
        }
        operation.add_some("x-pages", self.pages.into());
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
        operation.add("responses", Json::from(self.answers.into_json()));
        operation
    }
}
