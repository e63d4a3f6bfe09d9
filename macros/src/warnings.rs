//! Warnings of a spec as warnings of the compiler.

use api_spec::model::Api;
use api_spec::render::Style;
use api_spec::{Diagnostic, Source};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// Maximum number of warnings in detail.
const MAX_WARNINGS: usize = 10;

/// Emits the warnings of the spec about the endpoints of `api`.
pub(crate) fn emit(
    diagnostics: &[Diagnostic],
    api: &Api,
    source: &Source,
    span: Span,
) -> TokenStream {
    let missing = api_codegen::client_warnings(diagnostics, api);
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
