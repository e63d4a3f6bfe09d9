//! Warnings of a spec about the generated client.

use std::collections::HashSet;

use api_spec::model::Api;
use api_spec::{Code, Diagnostic};

/// Returns the warnings about the endpoints of `api` without a retry class. Unused types have no effect on
/// the client; `cargo api-spec check` reports them.
pub fn client_warnings<'d>(diagnostics: &'d [Diagnostic], api: &Api) -> Vec<&'d Diagnostic> {
    let missing = diagnostics.iter();
    let mut missing = missing
        .filter(|it| it.code == Code::MissingRetry)
        .peekable();
    if missing.peek().is_none() {
        return Vec::new();
    }
    // The endpoints of the client may be a selection.
    let endpoints = api.groups.iter().flat_map(|group| &group.endpoints);
    let selected: HashSet<_> = endpoints.map(|endpoint| endpoint.span).collect();
    missing.filter(|it| selected.contains(&it.span())).collect()
}
