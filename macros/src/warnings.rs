//! Warnings of a spec as warnings of the compiler.

use std::collections::HashSet;

use api_spec::model::Api;
use api_spec::render::Style;
use api_spec::{Code, Diagnostic, Source};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// Maximum number of warnings in detail.
const MAX_WARNINGS: usize = 10;

/// Emits a warning for each endpoint of `api` without a retry class. Unused types have no effect on the
/// client; `cargo api-spec check` reports them.
pub(crate) fn emit(
    diagnostics: &[Diagnostic],
    api: &Api,
    source: &Source,
    span: Span,
) -> TokenStream {
    let mut missing = diagnostics
        .iter()
        .filter(|it| it.code == Code::MissingRetry)
        .peekable();
    if missing.peek().is_none() {
        return TokenStream::new();
    }
    // The endpoints of the client may be a selection.
    let endpoints = api.groups.iter().flat_map(|group| &group.endpoints);
    let selected: HashSet<_> = endpoints.map(|endpoint| endpoint.span).collect();
    let missing: Vec<_> = missing.filter(|it| selected.contains(&it.span())).collect();
    let (shown, others) = missing.split_at(missing.len().min(MAX_WARNINGS));
    let mut messages: Vec<_> = shown
        .iter()
        .map(|it| it.render(source, Style::Plain))
        .collect();
    if !others.is_empty() {
        let count = others.len();
        messages.push(format!(
            "{count} more endpoints without a retry class; `cargo api-spec check` lists all of them"
        ));
    }
    let warnings = messages.iter().map(|message| warning(message, span));
    quote!(#(#warnings)*)
}

/// Emits a warning. Stable Rust has no other warnings of macros than that of a deprecated item.
fn warning(message: &str, span: Span) -> TokenStream {
    let name = quote_spanned!(span=> SPEC_WARNING);
    quote! {
        const _: () = {
            #[deprecated(note = #message)]
            const #name: () = ();
            #name
        };
    }
}
