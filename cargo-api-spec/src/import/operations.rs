//! Operations as endpoints.

use std::collections::HashMap;

use api_spec::model::{Method, Retry};

use super::document::Document;
use super::draft::{Again, Draft, Endpoint, Part};
use super::names::{self, Names};
use super::report::Report;
use super::schemas::Types;
use crate::json::Json;

/// The work in hand.
pub(super) struct Importer<'d> {
    pub(super) document: &'d Document,
    pub(super) types: Types<'d>,
    pub(super) report: &'d mut Report,
    /// Names in each group: functions, and the structs of requests and answers.
    groups: HashMap<String, Names>,
    /// The operation in hand.
    pub(super) origin: String,
    /// What its types are called after.
    pub(super) stem: String,
    /// The fields of its request.
    pub(super) taken: Names,
}

/// Everything that the document describes, as far as the language can.
pub(super) fn draft<'d>(document: &'d Document, report: &'d mut Report) -> Draft {
    let info = document.root.get("info");
    let text = |key: &str| info.and_then(|info| info.text(key)).unwrap_or_default();
    let title = names::line(text("title"));
    let name = if title.is_empty() {
        "API".to_owned()
    } else {
        title
    };
    let doc = names::doc(text("description"));
    let mut importer = Importer {
        document,
        types: Types::new(document),
        report,
        groups: HashMap::new(),
        origin: String::new(),
        stem: String::new(),
        taken: Names::default(),
    };
    let endpoints = importer.endpoints();
    importer.types.settle(importer.report);
    let mut draft = Draft {
        origin: String::new(),
        doc: if doc.is_empty() { name.clone() } else { doc },
        name,
        base_path: document.base_path(),
        groups: groups(document, &endpoints),
        types: importer.types.declared,
        endpoints,
    };
    for key in ["webhooks", "x-webhooks"] {
        let count = document.root.get(key).map_or(0, |it| it.members().len());
        if count > 0 {
            report.loosen(key, format!("{count} calls of the server's are left out"));
        }
    }
    draft.endpoints.retain(|it| !it.http.is_empty());
    draft
}

/// The words about the groups that have endpoints.
fn groups(document: &Document, endpoints: &[Endpoint]) -> Vec<(String, String)> {
    let mut groups: Vec<(String, String)> = Vec::new();
    for endpoint in endpoints {
        if groups.iter().any(|(key, _)| *key == endpoint.group) {
            continue;
        }
        let tags = document.root.list("tags").iter();
        let tag = tags
            .filter(|tag| {
                names::snake_name(tag.text("name").unwrap_or_default(), "api") == endpoint.group
            })
            .find_map(|tag| tag.text("description"));
        groups.push((endpoint.group.clone(), names::doc(tag.unwrap_or_default())));
    }
    groups
}

impl<'d> Importer<'d> {
    fn endpoints(&mut self) -> Vec<Endpoint> {
        let document = self.document;
        let paths = document.root.get("paths").map_or(&[][..], Json::members);
        let mut endpoints = Vec::new();
        for (path, item) in paths {
            let Some(item) = document.resolve(item) else {
                continue;
            };
            for (method, operation) in item.members() {
                if !is_method(method) || !operation.is_object() {
                    continue;
                }
                self.report.operation();
                self.origin = format!("{} {path}", method.to_uppercase());
                match self.endpoint(path, item, method, operation) {
                    Ok(endpoint) => endpoints.push(endpoint),
                    Err(why) => self.report.drop(&self.origin, why),
                }
            }
        }
        endpoints
    }

    fn endpoint(
        &mut self,
        path: &str,
        item: &'d Json,
        method: &str,
        operation: &'d Json,
    ) -> Result<Endpoint, String> {
        let word = method.to_uppercase();
        let method = Method::ALL.into_iter().find(|it| it.as_str() == word);
        let method = method.ok_or_else(|| format!("the method is `{word}`"))?;
        let (group, name) = names_of(path, &word, operation);
        let stem = names::type_name(&name);
        self.stem = format!("{}{stem}", names::type_name(&group));
        self.taken = Names::default();
        let parameters = self.parameters(item, operation);
        let places = self.places(&parameters)?;
        let body = self.body(operation, &parameters)?;
        let bodiless = matches!(method, Method::Get | Method::Head);
        let body = body.filter(|_| !bodiless);
        let response = self.response(operation).filter(|_| method != Method::Head);
        let mut parts = vec![
            ("path", Part::Fields(places.path)),
            ("query", Part::Fields(places.query)),
            ("headers", Part::Fields(places.headers)),
        ];
        parts.retain(|(_, part)| !part.fields().is_empty());
        parts.extend(body);
        let key = self.claim(&group, &name);
        Ok(Endpoint {
            origin: self.origin.clone(),
            doc: doc(operation, &self.origin),
            http: self.origin.clone(),
            retry: again(method, operation),
            deprecated: operation.is("deprecated"),
            anonymous: anonymous(operation),
            timeout: timeout(operation),
            pages: pages(operation),
            group,
            key,
            parts,
            response,
        })
    }

    /// A name that is new in its group, with all that is made of it.
    fn claim(&mut self, group: &str, name: &str) -> String {
        let taken = self.groups.entry(group.to_owned()).or_default();
        taken.claim_all(name, "_", |name| {
            let stem = names::type_name(name);
            vec![name.to_owned(), stem.clone(), format!("{stem}Response")]
        })
    }
}

fn is_method(word: &str) -> bool {
    [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ]
    .contains(&word)
}

/// The group and the name of an operation.
fn names_of(path: &str, method: &str, operation: &Json) -> (String, String) {
    let id = operation.text("operationId").filter(|id| !id.is_empty());
    let tag = operation.list("tags").first().and_then(Json::as_text);
    let segments = || {
        path.split('/')
            .filter(|it| !it.is_empty() && !it.contains('{'))
    };
    let group = match (tag, id.and_then(|id| id.split_once('.'))) {
        (Some(tag), _) => names::snake_name(tag, "api"),
        (None, Some((group, _))) => names::snake_name(group, "api"),
        (None, None) => names::snake_name(segments().next().unwrap_or_default(), "api"),
    };
    let name = id.map_or_else(
        || {
            let words: Vec<_> = segments().collect();
            format!("{} {}", method.to_lowercase(), words.join(" "))
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
    let name = names::snake_name(&name, "call");
    (group, name)
}

fn doc(operation: &Json, origin: &str) -> String {
    let words =
        ["summary", "description"].map(|key| names::doc(operation.text(key).unwrap_or_default()));
    let [summary, description] = words;
    match (summary.is_empty(), description.is_empty()) {
        (true, true) => format!("Calls `{origin}`."),
        (false, true) => summary,
        (true, false) => description,
        (false, false) if description.starts_with(summary.trim_end_matches('.')) => description,
        (false, false) => format!("{summary}\n\n{description}"),
    }
}

/// Whether an operation is the one that wants no credentials of all that want some.
fn anonymous(operation: &Json) -> bool {
    operation.get("security") == Some(&Json::List(Vec::new()))
}

/// The timeout that `export` has written.
fn timeout(operation: &Json) -> Option<u64> {
    match operation.get("x-timeout-ms") {
        // What is beyond a year is no timeout.
        Some(Json::Number(millis)) => millis
            .as_u64()
            .filter(|it| (1..31_536_000_000).contains(it)),
        _ => None,
    }
}

/// The pages that `export` has written.
fn pages(operation: &Json) -> Vec<(&'static str, String)> {
    let keys = ["items", "next", "into", "link", "offset", "page"].into_iter();
    let pages = operation.get("x-pages");
    let text = |key| Some((key, pages?.text(key)?.to_owned()));
    keys.filter_map(text).collect()
}

/// What `export` has written of sending again, where the method does not say it by itself. Of a
/// `POST` it is always said, as the language asks for it.
fn again(method: Method, operation: &Json) -> Option<Again> {
    if let Some(field) = operation.text("x-idempotent-with") {
        return Some(Again::With(field.to_owned()));
    }
    let word = operation.text("x-retry");
    let told = Retry::ALL
        .into_iter()
        .find(|class| Some(class.as_str()) == word);
    let class = told.unwrap_or(Retry::of(method));
    let said = class == Retry::of(method) && method != Method::Post;
    (!said).then(|| Again::Class(class.as_str()))
}
