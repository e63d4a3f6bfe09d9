//! Documents as drafts, and operations as endpoints.

use std::collections::HashMap;

use api_spec::model::Method;

use super::importer::{Importer, Operation};
use super::parameters::Parameters;
use super::path::PathTemplate;
use super::security::Security;
use super::{base, errors, extensions, groups};
use crate::import::document::{Document, Node};
use crate::import::report::Report;
use crate::import::schema::docs;
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Draft, Endpoint};
use crate::import::types::Types;

/// Names in each group: functions, and the structs of requests and responses.
type GroupNames = HashMap<String, Names>;

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
    let security = Security::new(document);
    let mut importer = Importer {
        document,
        types: Types::new(document),
        report: std::mem::take(report),
        base,
        security,
        error_types: Vec::new(),
        operation: Operation::new(root, String::new()),
    };
    let endpoints = importer.endpoints();
    importer.types.complete(&mut importer.report);
    let auth = importer
        .security
        .default_auth(document, &mut importer.report);
    let errors = errors::exported_layout(root);
    let is_exported = errors.is_some();
    *report = importer.report;
    let mut draft = Draft {
        root,
        document: String::new(),
        doc: if doc.is_empty() { name.clone() } else { doc },
        name,
        groups: groups::groups(document, &endpoints),
        types: importer.types.declared,
        endpoints,
        auth,
        url: importer.base.url,
        base_path: importer.base.path,
        errors,
        error_type: None,
    };
    if !is_exported {
        errors::share(&mut draft);
    }
    draft
}

impl<'d> Importer<'d> {
    fn endpoints(&mut self) -> Vec<Endpoint<'d>> {
        let document = self.document;
        let mut group_names = GroupNames::new();
        let mut endpoints = Vec::new();
        for (path, path_item) in document.root().object("paths") {
            let Some(path_item) = self.report.resolve(document, path_item) else {
                continue;
            };
            for (method, operation) in path_item.members() {
                // A path item has other keys as well, e.g. `parameters` and `summary`.
                if !is_method(method) {
                    continue;
                }
                self.report.count_operation();
                let name = format!("{} {path}", method.to_uppercase());
                let operation = match document.resolve(operation) {
                    Ok(operation) => operation,
                    Err(reason) => {
                        self.report.drop_operation(operation, &name, reason);
                        continue;
                    }
                };
                self.operation = Operation::new(operation, name);
                let (group, name) = groups::endpoint_name(path, method, operation);
                match self.endpoint((&group, &name), method, path, path_item) {
                    Ok(mut endpoint) => {
                        let names = group_names.entry(group).or_default();
                        endpoint.key = reserve_endpoint(names, &name);
                        endpoints.push(endpoint);
                    }
                    Err(reason) => {
                        let Operation { place, name, .. } = &self.operation;
                        self.report.drop_operation(place, name, reason);
                    }
                }
            }
        }
        endpoints
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
        path: &'d str,
        path_item: &'d Node,
    ) -> Result<Endpoint<'d>, String> {
        let operation = self.operation.place;
        let method = method.to_uppercase();
        let known = Method::ALL.into_iter().find(|it| it.as_str() == method);
        let method = known.ok_or_else(|| format!("method `{method}` is not supported"))?;
        self.operation.type_prefix =
            format!("{}{}", names::type_name(group), names::type_name(name));
        let Parameters {
            mut fields,
            in_body,
        } = self.parameters(path_item, operation)?;
        let template = PathTemplate::new(path);
        self.add_path(&template, &mut fields);
        let (prefix, base_path) = self.base_of(path_item, operation, &mut fields);
        fields.body = self.request_body(operation, &in_body)?;
        if matches!(method, Method::Get | Method::Head)
            && let Some(body) = fields.body.take()
        {
            self.omit_body(operation, &body)?;
        }
        let response = self.response(operation, method == Method::Head);
        let error = self.error(operation);
        Ok(Endpoint {
            place: operation,
            group: group.to_owned(),
            key: name.to_owned(),
            doc: groups::doc(path_item, operation, &self.operation.name),
            http: format!("{} {prefix}{}", method.as_str(), template.path()),
            operation: self.operation.name.clone(),
            retry: extensions::retry(method, operation),
            is_deprecated: operation.is_true("deprecated"),
            auth: self
                .security
                .auth(self.document, operation, &mut self.report),
            base_path,
            timeout: extensions::timeout(operation),
            pages: extensions::pages(operation),
            request: fields,
            response: response.body,
            responses: response.by_status,
            response_headers: response.headers,
            headers_by_status: response.headers_by_status,
            stream: response.stream,
            error,
        })
    }
}

/// Reserves the name of an endpoint and the names of its structs.
fn reserve_endpoint(group: &mut Names, name: &str) -> String {
    group.reserve_with(name, "_", |name| {
        let request = names::type_name(name);
        let response = format!("{request}Response");
        vec![name.to_owned(), request, response]
    })
}

/// Returns whether a key of a path item is a method, supported or not.
fn is_method(key: &str) -> bool {
    [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ]
    .contains(&key)
}
