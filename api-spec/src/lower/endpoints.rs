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
use crate::diagnostics::{Reported, as_ref};
use crate::model::names::{Case, RustName};
use crate::model::{Endpoint, FieldLocation, Retry};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::text::Text;

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
    let model = match entry.table() {
        Some(table) => lower_table(cx, shared, group, entry, table, &mut generated),
        None => Err(cx.invalid(entry)),
    };
    EndpointDraft {
        group,
        entry,
        model: shared.check_group(group).and(model),
        names: generated.list,
        uses: cx.take_used().all,
    }
}

/// Lowers the keys of an endpoint. All of them are lowered before the first error is returned.
fn lower_table<'r>(
    cx: &mut Context<'r, '_>,
    shared: &Shared<'r>,
    group: &Text,
    entry: &'r Entry,
    table: &'r Table,
    generated: &mut GeneratedNames,
) -> Result<Endpoint, Reported> {
    let rust = lower_function_name(cx, entry, table, generated);
    let mut names = FieldNames::default();
    let base_path = lower_base_path(cx, table.string("base_path"), shared.base_path(group));
    let http = match table.string("http") {
        Some(text) => lower_http(cx, text),
        None => Err(cx.invalid(entry)),
    };
    let allowed = http.map_or(Ok(()), |http| check_bodies(cx, table, http.method));
    let path = lower_path(cx, table, http, base_path, &mut names);
    let query = lower_fields(cx, table.map("query"), FieldContext::Query, &mut names);
    let headers = lower_fields(cx, table.map("headers"), FieldContext::Header, &mut names);
    let body = lower_body(cx, table, &mut names);
    let content_type = lower_content_type(cx, table);
    let response = lower_response(cx, table, generated);
    let error = lower_error(cx, table, shared);
    let own_retry = lower_retry(cx, table);
    let auth = lower_endpoint_auth(cx, table, shared.auth());
    let timeout = lower_timeout(cx, table);
    let idempotency_key = lower_idempotency_key(
        cx,
        table,
        [
            (
                FieldLocation::Query,
                as_ref(&query).map(|it| it.fields.as_slice()),
            ),
            (
                FieldLocation::Header,
                as_ref(&headers).map(|it| it.fields.as_slice()),
            ),
            (
                FieldLocation::Body,
                as_ref(&body).map(|(body, _)| body.fields()),
            ),
        ],
    );
    // An endpoint with an invalid waiter or pages is generated without them.
    table.status_without(&["pages", "wait"])?;
    allowed?;
    let (http, (path, parameters), query, headers) = (http?, path?, query?, headers?);
    let (body, fixed) = body?;
    let (response, response_headers) = response?;
    let mut endpoint = Endpoint {
        key: entry.key.value.clone(),
        rust: rust?,
        request: RustName::escape(generated.stem.clone()),
        doc: table.doc(),
        method: http.method,
        path,
        parameters,
        query: query.fields,
        headers: headers.fields,
        body,
        content_type: content_type?,
        response,
        response_headers,
        error: error?,
        fixed: [query.fixed, headers.fixed, fixed].concat(),
        retry: own_retry?.unwrap_or(Retry::of(http.method)),
        auth: auth?,
        timeout: timeout?,
        idempotency_key: idempotency_key?,
        deprecated: table.string("deprecated").map(|text| text.value.clone()),
        pages: None,
        wait: None,
        span: entry.key.span,
    };
    shared.add_fixed(&mut endpoint);
    Ok(endpoint)
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
