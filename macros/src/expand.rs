//! A description becomes items; its faults become errors of the compiler.

use api_codegen::Options;
use api_spec::model::Api;
use api_spec::render::Style;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::args::Args;
use crate::load::{self, Loaded};

/// The whole expansion.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(|args| client(&args))
        .unwrap_or_else(syn::Error::into_compile_error)
}

/// Keeps the endpoints that are wanted.
fn choose(api: &mut Api, only: &[LitStr]) -> syn::Result<()> {
    let patterns: Vec<String> = only.iter().map(LitStr::value).collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    api.choose(&patterns).map_err(|pattern| {
        let literal = only.iter().find(|literal| literal.value() == pattern);
        let span = literal.map_or_else(Span::call_site, LitStr::span);
        let help = "say an endpoint, as in `jobs.get`, or all of a group, as in `jobs.*`";
        syn::Error::new(span, format!("no endpoint is `{pattern}`: {help}"))
    })
}

fn client(args: &Args) -> syn::Result<TokenStream> {
    let Loaded { source, file } = load::load(&args.spec)?;
    let mut parsed = api_spec::parse(&source);
    if let (Some(api), Some(only)) = (&mut parsed.api, &args.only) {
        choose(api, only)?;
    }
    let mut options = Options::new(&source);
    if let Some(runtime) = &args.runtime {
        options = options.runtime(runtime.clone());
    }
    let code = parsed
        .api
        .as_ref()
        .map(|api| api_codegen::generate(api, &options));
    // A warning must not keep anything from being built.
    let errors = parsed
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error());
    let errors = errors.map(|diagnostic| {
        let message = diagnostic.render(&source, Style::Plain);
        quote_spanned!(args.spec.span()=> ::core::compile_error! { #message })
    });
    // Names the file to the compiler, and so to cargo; its bytes go nowhere.
    let tracked = file.map(|file| {
        quote!(
            const _: &[u8] = ::core::include_bytes!(#file);
        )
    });
    Ok(quote!(#tracked #(#errors)* #code))
}
