//! Endpoints as operations.

use api_spec::model::{Api, Endpoint, Group, Method};

use super::requests::Parameter;
use super::responses::{self, Responses};
use super::{extensions, links, requests, security};
use crate::json::{Json, Members, list, object};

/// The operation of a method and a path.
///
/// Several endpoints are one operation if they differ only in the media types of their bodies.
pub(super) struct Operation<'a> {
    id: String,
    tag: &'a str,
    pub(super) path: String,
    pub(super) method: Method,
    doc: String,
    security: Option<Json>,
    deprecated: bool,
    extensions: Members,
    /// `true` if several endpoints have been merged.
    pub(super) is_merged: bool,
    /// Method and path in the syntax of the spec.
    http: String,
    parameters: Vec<Parameter>,
    /// Media types of the request body and their schemas.
    content: Members,
    responses: Responses,
}

impl<'a> Operation<'a> {
    pub(super) fn new(api: &Api, group: &'a Group, endpoint: &'a Endpoint) -> Self {
        Self {
            id: format!("{}.{}", group.key, endpoint.key),
            tag: &group.key,
            // OpenAPI does not distinguish parameters whose values may contain slashes.
            path: endpoint.path.replace("{+", "{"),
            method: endpoint.method,
            doc: endpoint.doc.clone(),
            security: endpoint
                .auth
                .as_ref()
                .map(|auth| security::requirements(api, auth)),
            deprecated: endpoint.deprecated.is_some(),
            extensions: extensions::endpoint(api, endpoint),
            is_merged: false,
            http: format!("{} {}", endpoint.method.as_str(), endpoint.path),
            parameters: requests::parameters(endpoint),
            content: requests::content(endpoint),
            responses: responses::responses(endpoint, links::links(api, endpoint)),
        }
    }

    /// Adds an endpoint with the same method and path. Returns a warning if that is not possible.
    pub(super) fn merge(&mut self, other: Self) -> Option<String> {
        let media_types = self.content.keys();
        let other_types = other.content.keys();
        // Endpoints with the same media type, or without a body, cannot be distinguished.
        if other_types.is_empty() || other_types.iter().any(|it| media_types.contains(it)) {
            return Some(format!(
                "`{}` omitted: same method, path and media type as `{}`",
                other.id, self.id
            ));
        }
        self.is_merged = true;
        self.merge_parameters(other.parameters);
        self.content.merge(other.content);
        self.responses.merge(other.responses);
        self.deprecated &= other.deprecated;
        self.doc = format!("{}\n\n`{}`: {}", self.doc, other.id, other.doc);
        None
    }

    /// Adds parameters. A parameter that an endpoint does not require becomes optional.
    fn merge_parameters(&mut self, others: Vec<Parameter>) {
        for known in &mut self.parameters {
            known.required &= others.iter().any(|it| it.id == known.id && it.required);
        }
        for mut other in others {
            if self.parameters.iter().all(|it| it.id != other.id) {
                other.required = false;
                self.parameters.push(other);
            }
        }
    }

    /// Returns the operation with its method and path, outside of the paths of the document.
    pub(super) fn into_separate_json(self) -> Members {
        let mut operation = Members::default();
        operation.add(extensions::name("http"), self.http.as_str());
        operation.merge(self.into_json());
        operation
    }

    pub(super) fn into_json(self) -> Members {
        let mut operation = Members::default();
        operation.add("operationId", self.id);
        operation.add("tags", list([self.tag]));
        operation.add_text("description", &self.doc);
        if self.deprecated {
            operation.add("deprecated", true);
        }
        if let Some(security) = self.security {
            operation.add("security", security);
        }
        if self.is_merged {
            operation.add(extensions::name("merged"), true);
        } else if self.http.contains("{+") {
            operation.add(extensions::name("http"), self.http);
        }
        operation.merge(self.extensions);
        let parameters = self.parameters.into_iter().map(Parameter::into_json);
        operation.add_non_empty("parameters", list(parameters));
        if !self.content.keys().is_empty() {
            let body = object([("required", true.into()), ("content", self.content.into())]);
            operation.add("requestBody", body);
        }
        operation.add("responses", self.responses.into_json());
        operation
    }
}
