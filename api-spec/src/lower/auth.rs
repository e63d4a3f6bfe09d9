//! Credentials of the API and of endpoints.

use super::context::Context;
use super::fields::check_request_header;
use crate::diagnostics::messages::auth as messages;
use crate::diagnostics::{Reported, collect_all};
use crate::language::{AUTH_SCHEMES, OPTIONAL_AUTH_SCHEMES, foreign_scheme};
use crate::model::{Auth, Credential, CredentialLocation};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::Span;
use crate::source::text::Text;

/// Credentials of the API, unless they have an error.
pub(super) type ApiAuth = Result<Option<Auth>, Reported>;

/// Lowers the credentials of the API.
pub(super) fn lower_api_auth(cx: &mut Context<'_, '_>, spec: &Spec) -> ApiAuth {
    let Some(api) = spec.api() else {
        return Ok(None);
    };
    let Some(entry) = api.entry("auth") else {
        return Ok(None);
    };
    let auth = lower_auth(cx, entry, AUTH_SCHEMES)?;
    check_parameters(cx, api, &auth)?;
    Ok(Some(auth))
}

/// Lowers the credentials of an endpoint. Returns `None` if they are those of the API.
pub(super) fn lower_endpoint_auth(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    api: &ApiAuth,
) -> Result<Option<Auth>, Reported> {
    let Some(entry) = endpoint.entry("auth") else {
        if let Ok(Some(auth)) = api {
            check_parameters(cx, endpoint, auth)?;
        }
        return Ok(None);
    };
    let auth = lower_auth(cx, entry, OPTIONAL_AUTH_SCHEMES)?;
    check_parameters(cx, endpoint, &auth)?;
    let api = api.as_ref().map_err(|reported| *reported)?;
    let declared = api.as_ref().map_or_else(Vec::new, Auth::credentials);
    if !auth.credentials().iter().all(|it| declared.contains(it)) {
        return Err(cx.report_cause(messages::undeclared_auth(entry.span)));
    }
    Ok(Some(auth).filter(|auth| Some(auth) != api.as_ref()))
}

/// Lowers the value of `auth`. A single string is one of `schemes`.
fn lower_auth(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    schemes: &[&'static str],
) -> Result<Auth, Reported> {
    let any = entry.table().and_then(|table| table.entry("any"));
    let Some(any) = any else {
        let set = lower_set(cx, entry, schemes)?;
        return Ok(Auth { sets: vec![set] });
    };
    if let Some(table) = entry.table()
        && let Some(other) = table
            .entries
            .iter()
            .find(|other| other.key.as_str() != "any")
    {
        return Err(cx.report(messages::keys_conflict(&other.key, &any.key)));
    }
    let Some(items) = any.list() else {
        return Err(cx.invalid(any));
    };
    if items.is_empty() {
        return Err(cx.report(messages::no_credentials(any.span)));
    }
    let items = items.iter();
    let sets = items.map(|item| lower_set(cx, item, OPTIONAL_AUTH_SCHEMES));
    let mut sets: Vec<Vec<Credential>> = collect_all(sets)?;
    // A key of the table that the reader has reported.
    entry.status?;
    // The client sends the first set that it has, and it always has an empty one.
    sets.sort_by_key(Vec::is_empty);
    Ok(Auth { sets })
}

/// Lowers a credential, or a list of credentials that are sent together.
fn lower_set(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    schemes: &[&'static str],
) -> Result<Vec<Credential>, Reported> {
    let Some(items) = entry.list() else {
        return lower_credential(cx, entry, schemes).map(Vec::from_iter);
    };
    if items.is_empty() {
        return Err(cx.report(messages::no_credentials(entry.span)));
    }
    let mut set: Vec<(Credential, Span)> = Vec::new();
    let mut status = Ok(());
    for item in items {
        match lower_credential(cx, item, AUTH_SCHEMES) {
            Err(reported) => status = Err(reported),
            Ok(None) => {}
            Ok(Some(credential)) => {
                let location = credential.location();
                let mut others = set.iter();
                match others.find(|(other, _)| other.location().overlaps(&location)) {
                    Some((_, first)) => {
                        status =
                            Err(cx.report(messages::same_location(location, item.span, *first)));
                    }
                    None => set.push((credential, item.span)),
                }
            }
        }
    }
    status?;
    Ok(set.into_iter().map(|(credential, _)| credential).collect())
}

/// Lowers a credential. `None` is `"none"`.
fn lower_credential(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    schemes: &[&'static str],
) -> Result<Option<Credential>, Reported> {
    if let Some(text) = entry.string() {
        return match text.as_str() {
            "bearer" => Ok(Some(Credential::Bearer)),
            "basic" => Ok(Some(Credential::Basic)),
            "none" if schemes.contains(&"none") => Ok(None),
            unknown => {
                let similar = cx.nearest(unknown, schemes.iter().copied());
                let foreign = foreign_scheme(unknown);
                let diagnostic = messages::unknown_scheme(text, schemes, similar, foreign);
                Err(cx.report(diagnostic))
            }
        };
    }
    let Some(table) = entry.table() else {
        return Err(cx.invalid(entry));
    };
    entry.status?;
    let (header, prefix) = (table.string("header"), table.string("prefix"));
    match (header, table.string("query"), prefix) {
        (Some(header), None, prefix) => {
            check_auth_header(cx, header)?;
            let prefix = prefix.map_or(Ok(""), |text| check_prefix(cx, text))?;
            Ok(Some(header_credential(&header.value, prefix)))
        }
        (None, Some(query), None) => Ok(Some(Credential::Query(query.as_str().to_owned()))),
        (Some(one), Some(other), _) => {
            let keys = |text: &Text| {
                table
                    .entries
                    .iter()
                    .find(|entry| entry.string().is_some_and(|it| it.span == text.span))
            };
            match (keys(one), keys(other)) {
                (Some(one), Some(other)) => {
                    Err(cx.report(messages::keys_conflict(&other.key, &one.key)))
                }
                _ => Err(cx.invalid(entry)),
            }
        }
        (None, _, Some(prefix)) => Err(cx.report(messages::prefix_without_header(prefix))),
        (None, None, None) => Err(cx.report(messages::no_location(entry.span))),
    }
}

/// Returns the credential in a header. A bearer token may be written in either form.
fn header_credential(name: &str, prefix: &str) -> Credential {
    if name.eq_ignore_ascii_case("authorization") && prefix == "Bearer " {
        return Credential::Bearer;
    }
    Credential::Header {
        name: name.to_owned(),
        prefix: prefix.to_owned(),
    }
}

fn check_auth_header(cx: &mut Context<'_, '_>, name: &Text) -> Result<(), Reported> {
    if name.value.eq_ignore_ascii_case("authorization") {
        return Ok(());
    }
    check_request_header(cx, name)
}

/// Checks that a prefix can be sent, and that it is separated from the key.
fn check_prefix<'t>(cx: &mut Context<'_, '_>, text: &'t Text) -> Result<&'t str, Reported> {
    let prefix = text.as_str();
    let is_valid = prefix.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if !is_valid || prefix.starts_with(' ') {
        return Err(cx.report(messages::invalid_prefix(text)));
    }
    if prefix.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(cx.report(messages::prefix_without_space(text)));
    }
    Ok(prefix)
}

/// Checks that no header and no query parameter in `table`, the API or an endpoint, has the place of a
/// credential.
fn check_parameters(cx: &mut Context<'_, '_>, table: &Table, auth: &Auth) -> Result<(), Reported> {
    let credentials = auth.credentials();
    let mut status = Ok(());
    for entry in table.map("headers") {
        let (name, prefix) = (entry.key.as_str(), "");
        let location = CredentialLocation::Header { name, prefix };
        // `Authorization` is an error in every case.
        let is_reported = name.eq_ignore_ascii_case("authorization");
        if !is_reported
            && credentials
                .iter()
                .any(|it| it.location().overlaps(&location))
        {
            status = Err(cx.report(messages::parameter_of_credentials(&entry.key, location)));
        }
    }
    for entry in table.map("query") {
        let location = CredentialLocation::Query(entry.key.as_str());
        if credentials
            .iter()
            .any(|it| it.location().overlaps(&location))
        {
            status = Err(cx.report(messages::parameter_of_credentials(&entry.key, location)));
        }
    }
    status
}
