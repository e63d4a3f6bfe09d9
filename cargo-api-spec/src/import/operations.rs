//! Operations as endpoints.

use std::collections::{HashMap, HashSet};

use api_spec::model::Method;

use super::docs;
use super::document::Document;
use super::draft::{Content, Draft, Endpoint};
use super::extensions;
use super::importer::{Importer, Operation};
use super::names::{self, Names};
use super::report::Report;
use crate::console::count;
use crate::json::Json;

/// Converts a document to a draft, and records in `report` what the draft does not express.
pub(super) fn draft<'d>(document: &'d Document, report: &'d mut Report) -> Draft {
    for key in ["webhooks", "x-webhooks"] {
        let webhooks = document.root.get(key).map_or(0, |it| it.members().len());
        if webhooks > 0 {
            report.approximate(key, format!("{} omitted", count(webhooks, "webhook")));
        }
    }
    let info = document.root.get("info");
    let text = |key: &str| info.and_then(|info| info.text(key)).unwrap_or_default();
    let title = docs::first_paragraph(text("title"));
    let name = if title.is_empty() {
        "API".to_owned()
    } else {
        title
    };
    let doc = docs::markdown(text("description"));
    let mut importer = Importer::new(document, report);
    let endpoints = importer.endpoints();
    importer.types.complete(importer.report);
    Draft {
        document: String::new(),
        doc: if doc.is_empty() { name.clone() } else { doc },
        name,
        base_path: document.base_path(),
        groups: groups(document, &endpoints),
        types: importer.types.declared,
        endpoints,
    }
}

/// Returns the groups of the endpoints, with the descriptions of their tags.
fn groups(document: &Document, endpoints: &[Endpoint]) -> Vec<(String, String)> {
    let mut descriptions: HashMap<String, &str> = HashMap::new();
    for tag in document.root.list("tags") {
        if let Some(description) = tag.text("description") {
            let name = tag.text("name").unwrap_or_default();
            let group = names::snake_name(name, "api");
            descriptions.entry(group).or_insert(description);
        }
    }
    let mut groups: Vec<(String, String)> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for endpoint in endpoints {
        if !known.insert(&endpoint.group) {
            continue;
        }
        let doc = descriptions.get(&endpoint.group).copied();
        let doc = docs::markdown(doc.unwrap_or_default());
        groups.push((endpoint.group.clone(), doc));
    }
    groups
}

/// Names in each group: functions, and the structs of requests and responses.
type GroupNames = HashMap<String, Names>;

impl<'d> Importer<'d> {
    fn endpoints(&mut self) -> Vec<Endpoint> {
        let document = self.document;
        let paths = document.root.get("paths").map_or(&[][..], Json::members);
        let mut group_names = GroupNames::new();
        let mut endpoints = Vec::new();
        for (path, path_item) in paths {
            let Some(path_item) = document.resolve(path_item) else {
                continue;
            };
            for (method, operation) in path_item.members() {
                // A path item has other keys as well, e.g. `parameters` and `summary`.
                if !is_method(method) || !operation.is_object() {
                    continue;
                }
                self.report.count_operation();
                let method = method.to_uppercase();
                self.operation = Operation {
                    name: format!("{method} {path}"),
                    ..Operation::default()
                };
                let (group, name) = endpoint_name(path, &method, operation);
                match self.endpoint(&group, &name, &method, path_item, operation) {
                    Ok(mut endpoint) => {
                        let names = group_names.entry(group).or_default();
                        endpoint.key = reserve_endpoint(names, &name);
                        endpoints.push(endpoint);
                    }
                    Err(reason) => self.report.drop_operation(&self.operation.name, reason),
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
        group: &str,
        name: &str,
        method: &str,
        path_item: &'d Json,
        operation: &'d Json,
    ) -> Result<Endpoint, String> {
        let known = Method::ALL.into_iter().find(|it| it.as_str() == method);
        let method = known.ok_or_else(|| format!("method `{method}` is not supported"))?;
        self.operation.type_prefix =
            format!("{}{}", names::type_name(group), names::type_name(name));
        let parameters = self.parameters(path_item, operation);
        let fields = self.request_fields(&parameters)?;
        // The body is converted even if it is dropped: an unsupported one drops the operation.
        let body = self.request_body(operation, &parameters)?;
        let body = body.filter(|_| !matches!(method, Method::Get | Method::Head));
        let response = self.response(operation).filter(|_| method != Method::Head);
        let mut request = vec![
            ("path", Content::Fields(fields.path)),
            ("query", Content::Fields(fields.query)),
            ("headers", Content::Fields(fields.headers)),
        ];
        request.retain(|(_, content)| !content.fields().is_empty());
        request.extend(body);
        let operation_name = self.operation.name.clone();
        Ok(Endpoint {
            group: group.to_owned(),
            key: name.to_owned(),
            doc: doc(operation, &operation_name),
            http: operation_name.clone(),
            operation: operation_name,
            retry: extensions::retry(method, operation),
            deprecated: operation.is_true("deprecated"),
            // An empty list of requirements overrides those of the document.
            unauthenticated: operation.get("security") == Some(&Json::List(Vec::new())),
            timeout: extensions::timeout(operation),
            pages: extensions::pages(operation),
            request,
            response,
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

/// Returns the group and the name of an operation: from its tag and `operationId`, or from its
/// path and method.
fn endpoint_name(path: &str, method: &str, operation: &Json) -> (String, String) {
    let id = operation.text("operationId").filter(|id| !id.is_empty());
    let tag = operation.list("tags").first().and_then(Json::as_text);
    let segments = || {
        path.split('/')
            .filter(|it| !it.is_empty() && !it.contains('{'))
    };
    // `export` writes `group.endpoint` as the `operationId`.
    let group = match (tag, id.and_then(|id| id.split_once('.'))) {
        (Some(tag), _) => tag,
        (None, Some((group, _))) => group,
        (None, None) => segments().next().unwrap_or_default(),
    };
    let group = names::snake_name(group, "api");
    let name = id.map_or_else(
        || {
            let segments: Vec<_> = segments().collect();
            format!("{} {}", method.to_lowercase(), segments.join(" "))
        },
        |id| {
            let name = names::snake_name(id, "call");
            let short = name.strip_prefix(&format!("{group}_"));
            short
                .filter(|it| !it.is_empty())
                .unwrap_or(&name)
                .to_owned()
        },
    );
    (group, names::snake_name(&name, "call"))
}

fn doc(operation: &Json, operation_name: &str) -> String {
    let [summary, description] = ["summary", "description"]
        .map(|key| docs::markdown(operation.text(key).unwrap_or_default()));
    match (summary.is_empty(), description.is_empty()) {
        (true, true) => format!("Calls `{operation_name}`."),
        (false, true) => summary,
        (true, false) => description,
        // In many documents, the long text begins with the summary.
        (false, false) if description.starts_with(summary.trim_end_matches('.')) => description,
        (false, false) => format!("{summary}\n\n{description}"),
    }
}
