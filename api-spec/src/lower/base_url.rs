//! Base URL.

use super::context::Context;
use crate::diagnostics::messages::document as messages;
use crate::grammar::url::check_base_url;
use crate::read::raw::Spec;

pub(super) fn lower_url(cx: &mut Context<'_, '_>, spec: &Spec) -> Option<String> {
    let text = spec.api()?.string("url")?;
    if let Err(error) = check_base_url(&text.value) {
        cx.report(messages::invalid_url(text, error));
        return None;
    }
    Some(text.value.trim_end_matches('/').to_owned())
}
