//! Documents as drafts, and operations as endpoints.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::importer::{Importer, Operation, Streaming};
use super::media_type::{BodyKind, Media};
use super::parameters::Parameters;
use super::path::PathTemplate;
use super::security::{Security, Set};
use super::{base, errors, groups, streams};
use crate::import::document::{Document, Node};
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::schema::docs;
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Content, Draft, Endpoint};
use crate::import::types::Types;

#[derive(Default)]
struct Endpoints<'d> {
    all: Vec<Endpoint<'d>>,
    /// Alternatives of the credentials of each endpoint.
    alternatives: Vec<Vec<Set>>,
    /// Names in each group: functions, and the structs of requests and responses.
    names: HashMap<String, Names>,
    /// Number of paths by their first segment.
    first_segments: HashMap<&'d str, usize>,
}

/// Converts a document to a draft, and records in `report` what the draft does not express.
pub(in crate::import) fn draft<'d>(document: &'d Document, report: &mut Report) -> Draft<'d> {
    let root = document.root();
    let info = root.get("info");
    let mut text = |key: &str| {
        let text = info.and_then(|info| info.get(key));
        let text = text.and_then(|it| report.resolve(document, it));
        text.and_then(Node::as_text).unwrap_or_default()
    };
    let title = docs::first_paragraph(text("title"));
    let doc = docs::markdown(text("description"));
    let name = if title.is_empty() {
        "API".to_owned()
    } else {
        title
    };
    let base = base::base(document, report);
    let security = Security::new(document, report);
    let mut importer = Importer {
        document,
        types: Types::new(document),
        report: std::mem::take(report),
        base,
        security,
        error_types: Vec::new(),
        stream_end: OnceCell::new(),
        operation: Operation::new(root, String::new()),
    };
    let Endpoints {
        all: mut endpoints,
        alternatives,
        ..
    } = importer.endpoints();
    for (endpoint, alternatives) in endpoints.iter_mut().zip(&alternatives) {
        // All operations are known now, and so are the credentials of the API.
        endpoint.auth = importer.security.endpoint_auth(alternatives);
    }
    importer.types.complete(&mut importer.report);
    let extensions = extensions::read(root, "api");
    let is_exported = importer.types.is_exported;
    // The paths of such a document contain the base path.
    let has_url = extensions.iter().any(|(key, _)| *key == "url");
    *report = importer.report;
    let mut draft = Draft {
        root,
        document: String::new(),
        doc: if doc.is_empty() { name.clone() } else { doc },
        name,
        groups: groups::groups(document, &endpoints),
        types: importer.types.declared,
        endpoints,
        auth: importer.security.api_auth(),
        url: importer.base.url,
        base_path: if has_url {
            String::new()
        } else {
            importer.base.path
        },
        errors: None,
        extensions,
        error_type: None,
    };
    if !is_exported {
        errors::share(&mut draft, report);
    }
    draft
}

impl<'d> Importer<'d> {
    fn endpoints(&mut self) -> Endpoints<'d> {
        let document = self.document;
        let mut endpoints = Endpoints {
            first_segments: groups::first_segments(document),
            ..Endpoints::default()
        };
        for (path, path_item) in document.root().object("paths") {
            let Some(path_item) = self.report.resolve(document, path_item) else {
                continue;
            };
            let others = extensions::get(path_item, "operations");
            for (method, operation) in path_item.members() {
                // A path item has other keys as well, e.g. `parameters` and `summary`.
                if is_method(method) {
                    self.add((method, path), path_item, operation, &mut endpoints);
                }
            }
            for (method, operation) in others.map_or(&[][..], Node::members) {
                self.add((method, path), path_item, operation, &mut endpoints);
            }
        }
        let separate = extensions::get(document.root(), "operations");
        for operation in separate.map_or(&[][..], Node::items) {
            let http = extensions::get(operation, "http").and_then(Node::as_text);
            if let Some((method, path)) = http.and_then(|it| it.split_once(' ')) {
                let method = method.to_lowercase();
                let path = path.replace("{+", "{");
                self.add((&method, &path), operation, operation, &mut endpoints);
            }
        }
        endpoints
    }

    /// Adds the endpoint of an operation, or records why there is none.
    fn add(
        &mut self,
        (method, path): (&str, &str),
        path_item: &'d Node,
        operation: &'d Node,
        endpoints: &mut Endpoints<'d>,
    ) {
        // The endpoints of such an operation are beside the paths.
        if extensions::get(operation, "merged").is_some() {
            return self.report.ignore(operation, "its endpoints are imported");
        }
        self.report.count_operation();
        let name = format!("{} {path}", method.to_uppercase());
        let operation = match self.document.resolve(operation) {
            Ok(operation) => operation,
            Err(reason) => return self.report.drop_operation(operation, &name, reason),
        };
        self.operation = Operation::new(operation, name);
        let first = endpoints.first_segments.get(groups::first_segment(path));
        let has_one_method = path_item
            .members()
            .iter()
            .filter(|(it, _)| is_method(it))
            .count()
            == 1;
        let is_alone = has_one_method && first.is_none_or(|paths| *paths == 1);
        let names = groups::endpoint_name(path, method, operation, is_alone);
        let group = endpoints.names.entry(names.group.clone()).or_default();
        let is_free = is_free_endpoint(group, &names.name);
        let name = if is_free { names.name } else { names.long_name };
        let names = (names.group, name);
        match self.endpoint((&names.0, &names.1), method, path, path_item) {
            Ok(endpoint) => self.push(endpoint, &names.1, endpoints),
            Err(reason) => {
                let Operation { place, name, .. } = &self.operation;
                return self.report.drop_operation(place, name, reason);
            }
        }
        let others = std::mem::take(&mut self.operation.other_bodies);
        if self.operation.streaming == Streaming::Separate {
            self.add_stream(&names, None, (method, path), path_item, endpoints);
        }
        for body in others {
            self.add_body(&names, body, (method, path), path_item, endpoints);
        }
    }

    /// Adds the endpoint of another request body of the current operation.
    fn add_body(
        &mut self,
        (group, name): &(String, String),
        body: Media<'d>,
        (method, path): (&str, &str),
        path_item: &'d Node,
        endpoints: &mut Endpoints<'d>,
    ) {
        let essence = body.essence();
        let name = format!("{name}_{}", BodyKind::of(&essence).suffix());
        self.operation = Operation {
            body: Some(body),
            ..Operation::new(self.operation.place, self.operation.name.clone())
        };
        match self.endpoint((group, &name), method, path, path_item) {
            Ok(endpoint) => {
                let doc = format!("{}\n\nThe body is `{essence}`.", endpoint.doc);
                self.push(Endpoint { doc, ..endpoint }, &name, endpoints);
            }
            Err(reason) => return self.report.ignore(body.node, reason),
        }
        if self.operation.streaming == Streaming::Separate {
            let names = (group.clone(), name);
            self.add_stream(&names, Some(body), (method, path), path_item, endpoints);
        }
    }

    /// Adds the endpoint of the stream that the current operation can respond with.
    fn add_stream(
        &mut self,
        (group, name): &(String, String),
        body: Option<Media<'d>>,
        (method, path): (&str, &str),
        path_item: &'d Node,
        endpoints: &mut Endpoints<'d>,
    ) {
        let name = format!("{name}_stream");
        self.operation = Operation {
            body,
            streaming: Streaming::Selected,
            ..Operation::new(self.operation.place, self.operation.name.clone())
        };
        // The first endpoint of the operation has the same parameters and body.
        if let Ok(endpoint) = self.endpoint((group, &name), method, path, path_item) {
            self.push(endpoint, &name, endpoints);
        }
    }

    /// Converts the current operation.
    ///
    /// # Errors
    ///
    /// If the language cannot express a required part of it.
    fn endpoint(
        &mut self,
        (group, name): (&str, &str),
        method: &str,
        path: &str,
        path_item: &'d Node,
    ) -> Result<Endpoint<'d>, String> {
        let operation = self.operation.place;
        let method = method.to_uppercase();
        self.operation.group_prefix = names::type_name(group);
        self.operation.type_prefix = groups::type_prefix(group, name);
        let Parameters {
            mut fields,
            in_body,
            media_type,
        } = self.parameters(path_item, operation)?;
        let template = PathTemplate::new(path);
        self.add_path(&template, &mut fields);
        let (prefix, base_path) = self.base_of(path_item, operation, &mut fields);
        fields.body = self.request_body(operation, &in_body)?;
        let is_raw = matches!(fields.body, Some(("body", _)));
        let media_type = self.media_type_header(media_type, is_raw)?;
        fields.headers.extend(media_type);
        let has_body = fields.body.is_some();
        if method == "HEAD" && has_body {
            fields.body = None;
            let body = operation.peek("requestBody").unwrap_or(operation);
            let note = "body omitted: a `HEAD` request has none";
            self.report.approximate(body, "", note);
        }
        let has_switch = streams::switch(&mut fields).is_some();
        if has_switch && self.operation.streaming == Streaming::None {
            self.operation.streaming = Streaming::Possible;
        }
        let response = self.response(operation, method == "HEAD");
        match self.operation.streaming {
            Streaming::Separate => streams::set(&mut fields, false),
            Streaming::Selected => streams::set(&mut fields, true),
            Streaming::None | Streaming::Possible => {}
        }
        let is_stream = matches!(response.body, Some(Content::Stream("events", _)));
        let error = self.error(operation);
        Ok(Endpoint {
            place: operation,
            group: group.to_owned(),
            key: name.to_owned(),
            doc: groups::doc(path_item, operation, &self.operation.name),
            http: format!("{method} {prefix}{}", template.path()),
            operation: self.operation.name.clone(),
            // The language requires it for each `POST`.
            needs_retry: method == "POST",
            has_body_with_get: method == "GET" && has_body,
            content_type: self.operation.content_type.take(),
            extensions: extensions::read(operation, "endpoint"),
            is_deprecated: operation.is_true("deprecated"),
            auth: None,
            base_path,
            request: fields,
            response: response.body,
            responses: response.by_status,
            response_headers: response.headers,
            headers_by_status: response.headers_by_status,
            error,
            stream_end: is_stream.then(|| self.stream_end()).flatten(),
        })
    }

    /// Adds an endpoint of the current operation, and gives it and its structs unique names.
    fn push(&mut self, mut endpoint: Endpoint<'d>, name: &str, endpoints: &mut Endpoints<'d>) {
        let names = endpoints.names.entry(endpoint.group.clone()).or_default();
        endpoint.key = reserve_endpoint(names, name);
        endpoints.all.push(endpoint);
        let place = self.operation.place;
        let alternatives = self
            .security
            .of_operation(self.document, place, &mut self.report);
        endpoints.alternatives.push(alternatives);
    }
}

/// Reserves the name of an endpoint and the names of its structs.
fn reserve_endpoint(group: &mut Names, name: &str) -> String {
    group.reserve_with(name, "_", names_of_endpoint)
}

fn is_free_endpoint(group: &Names, name: &str) -> bool {
    !group.is_used(&names_of_endpoint(name))
}

/// Returns the name of an endpoint and those of its structs.
fn names_of_endpoint(name: &str) -> Vec<String> {
    let request = names::type_name(name);
    let response = format!("{request}Response");
    vec![name.to_owned(), request, response]
}

/// Returns whether a key of a path item is a method, supported or not.
fn is_method(key: &str) -> bool {
    [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ]
    .contains(&key)
}
