//! Base URL and authentication.

use super::context::Context;
use super::fields::check_request_header;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::document as messages;
use crate::grammar::url::check_base_url;
use crate::language::{API_AUTH_SCHEMES, ENDPOINT_AUTH_SCHEMES};
use crate::model::Auth;
use crate::read::raw::{Spec, Table};

pub(super) fn lower_url(cx: &mut Context<'_, '_>, spec: &Spec) -> Option<String> {
    let text = spec.api()?.string("url")?;
    if let Err(error) = check_base_url(&text.value) {
        cx.report(messages::invalid_url(text, error));
        return None;
    }
    Some(text.value.trim_end_matches('/').to_owned())
}

pub(super) fn lower_auth(cx: &mut Context<'_, '_>, spec: &Spec) -> Option<Auth> {
    let api = spec.api()?;
    if let Some(table) = api.table("auth") {
        let header = table.string("header")?;
        check_request_header(cx, header).ok()?;
        return Some(Auth::Header(header.value.clone()));
    }
    let scheme = api.string("auth")?;
    match scheme.value.as_str() {
        "bearer" => Some(Auth::Bearer),
        "basic" => Some(Auth::Basic),
        unknown => {
            let similar = cx.nearest(unknown, API_AUTH_SCHEMES.iter().copied());
            cx.report(messages::unknown_api_auth(scheme, similar));
            None
        }
    }
}

/// Returns whether the requests of an endpoint are sent without credentials.
pub(super) fn lower_unauthenticated(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
) -> Result<bool, Reported> {
    let Some(scheme) = endpoint.string("auth") else {
        return Ok(false);
    };
    if scheme.value == "none" {
        return Ok(true);
    }
    let similar = cx.nearest(&scheme.value, ENDPOINT_AUTH_SCHEMES.iter().copied());
    Err(cx.report(messages::unknown_endpoint_auth(scheme, similar)))
}
