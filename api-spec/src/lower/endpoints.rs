//! Endpoints.

use super::auth::{ApiAuth, lower_endpoint_auth};
use super::bodies::{check_bodies, lower_body, lower_content_type};
use super::context::Context;
use super::draft::{EndpointDraft, GeneratedNames, Role};
use super::fields::{FieldNames, lower_fields};
use super::names::{check_snake_name, lower_name};
use super::paths::{lower_base_path, lower_http, lower_path};
use super::responses::{lower_error, lower_response};
use super::retry::{lower_idempotency_key, lower_retry, lower_timeout};
use super::shared::Shared;
use super::types::FieldContext;
use crate::diagnostics::{Checked, Reported};
use crate::model::names::{Case, RustName};
use crate::model::{Body, Endpoint, FieldLocation, Method, Response, Retry};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::text::Text;

/// The keys with the fields of the request.
pub(super) const REQUEST_PARTS: [&str; 7] = [
    "path",
    "query",
    "headers",
    "json",
    "form",
    "multipart",
    "body",
];

pub(super) fn lower_endpoints<'r>(
    cx: &mut Context<'r, '_>,
    spec: &'r Spec,
    auth: &ApiAuth,
) -> Vec<EndpointDraft<'r>> {
    let shared = Shared::new(cx, spec, auth);
    spec.endpoints()
        .map(|(group, entry)| lower_endpoint(cx, &shared, group, entry))
        .collect()
}

fn lower_endpoint<'r>(
    cx: &mut Context<'r, '_>,
    shared: &Shared<'r>,
    group: &'r Text,
    entry: &'r Entry,
) -> EndpointDraft<'r> {
    let mut generated = GeneratedNames {
        stem: String::new(),
        span: entry.key.span,
        list: Vec::new(),
    };
    let (model, response) = if let Some(table) = entry.table() {
        lower_table(cx, shared, group, entry, table, &mut generated)
    } else {
        let reported = cx.invalid(entry);
        (Checked::or(Err(reported), empty(entry)), Err(reported))
    };
    let collected = cx.take_collected();
    EndpointDraft {
        group,
        entry,
        model: model.value,
        status: shared.check_group(group).and(model.status),
        response,
        invalid: collected.invalid,
        names: generated.list,
        uses: collected.all,
    }
}

/// Lowers the keys of an endpoint. Returns the errors of the response, except for those of its fields,
/// as well.
fn lower_table<'r>(
    cx: &mut Context<'r, '_>,
    shared: &Shared<'r>,
    group: &Text,
    entry: &'r Entry,
    table: &'r Table,
    generated: &mut GeneratedNames,
) -> (Checked<Endpoint>, Result<(), Reported>) {
    let rust = lower_function_name(cx, entry, table, generated);
    let mut names = FieldNames::default();
    let base_path = lower_base_path(cx, Some(table), shared.base_path(group));
    let http = match table.string("http") {
        Some(text) => lower_http(cx, text),
        None => Err(cx.invalid(entry)),
    };
    let method = http.and_then(|http| http.method);
    let allowed = method.map_or(Ok(()), |method| check_bodies(cx, table, method));
    let path = lower_path(cx, table, http, base_path, &mut names);
    let query = lower_fields(cx, table.map("query"), FieldContext::Query, &mut names);
    let in_headers = FieldContext::Header {
        with_media_type: table.entry("body").is_some(),
    };
    let headers = lower_fields(cx, table.map("headers"), in_headers, &mut names);
    let body = lower_body(cx, table, &mut names);
    let content_type = lower_content_type(cx, table);
    let response = lower_response(cx, table, method.ok(), generated);
    let error = lower_error(cx, table, shared);
    let own_retry = lower_retry(cx, table);
    let auth = lower_endpoint_auth(cx, table, shared.auth());
    let timeout = lower_timeout(cx, table);
    let idempotency_key = lower_idempotency_key(
        cx,
        table,
        table.complete(&REQUEST_PARTS),
        [
            (FieldLocation::Query, &query.value.fields),
            (FieldLocation::Header, &headers.value.fields),
            (FieldLocation::Body, body.value.0.fields()),
        ],
    );
    // An endpoint with an invalid waiter or pages is generated without them.
    let mut status = table.status_without(&["pages", "wait"]).and(allowed);
    let mut add = |part: Result<(), Reported>| status = status.and(part);
    add(path.status);
    add(query.status);
    add(headers.status);
    add(body.status);
    add(response.status);
    add(method.map(|_| ()));
    let (path, parameters) = path.value;
    let (query, headers, (body, fixed)) = (query.value, headers.value, body.value);
    let (response_status, (response, response_headers)) = (response.status, response.value);
    let method = method.unwrap_or(Method::Get);
    let mut endpoint = Endpoint {
        request: RustName::escape(generated.stem.clone()),
        doc: table.doc(),
        method,
        path,
        parameters,
        query: query.fields,
        headers: headers.fields,
        body,
        response,
        response_headers,
        fixed: [query.fixed, headers.fixed, fixed].concat(),
        deprecated: table
            .string("deprecated")
            .map(|text| text.as_str().to_owned()),
        retry: Retry::of(method),
        ..empty(entry)
    };
    let settings = rust
        .map(|rust| endpoint.rust = rust)
        .and(error.map(|error| endpoint.error = error))
        .and(own_retry.map(|retry| endpoint.retry = retry.unwrap_or(endpoint.retry)))
        .and(content_type.map(|it| endpoint.content_type = it))
        .and(auth.map(|auth| endpoint.auth = auth))
        .and(timeout.map(|timeout| endpoint.timeout = timeout))
        .and(idempotency_key.map(|key| endpoint.idempotency_key = key));
    shared.add_fixed(&mut endpoint);
    let response = match endpoint.response {
        Response::Nothing => response_status,
        _ => Ok(()),
    };
    let checked = Checked {
        value: endpoint,
        status: status.and(settings),
    };
    (checked, table.complete(&["response"]).and(response))
}

/// Returns an endpoint without any parts.
fn empty(entry: &Entry) -> Endpoint {
    Endpoint {
        key: entry.key.as_str().to_owned(),
        rust: RustName::escape(String::new()),
        request: RustName::escape(String::new()),
        doc: String::new(),
        method: Method::Get,
        path: String::new(),
        parameters: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Empty,
        content_type: None,
        response: Response::Nothing,
        response_headers: None,
        error: None,
        fixed: Vec::new(),
        retry: Retry::Never,
        auth: None,
        timeout: None,
        idempotency_key: None,
        deprecated: None,
        pages: None,
        wait: None,
        span: entry.key.span,
    }
}

/// Returns the function of an endpoint, and adds the names that are derived from it.
fn lower_function_name(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    table: &Table,
    generated: &mut GeneratedNames,
) -> Result<RustName, Reported> {
    let checked = check_snake_name(cx, "endpoint", &entry.key);
    let rust = lower_name(cx, &entry.key, checked, table.string("rust"), Case::Snake)?;
    generated.add(rust.clone(), Role::Function);
    if table.table("pages").is_some() {
        generated.add(rust.pager(), Role::Pager);
    }
    if table.table("wait").is_some() {
        generated.add(rust.waiter(), Role::Waiter);
        generated.add(rust.progress(), Role::Progress);
    }
    // A name of underscores has no letters to convert.
    let stem = Case::Camel.apply(rust.unraw());
    generated.stem = stem.unwrap_or_else(|| "Request".to_owned());
    generated.add_type("", Role::Request);
    checked.map(|()| rust)
}
