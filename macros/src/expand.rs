//! A description becomes items; its faults become errors of the compiler.

use api_codegen::Options;
use api_spec::Source;
use api_spec::render::Style;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::args::Args;
use crate::checked_in;
use crate::load::{self, Loaded};

/// A description, and what is to be made of it.
pub(crate) struct Described<'a> {
    pub(crate) source: &'a Source,
    pub(crate) files: Vec<String>,
    pub(crate) options: Options<'a>,
}

/// The whole expansion.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(|args| client(&args))
        .unwrap_or_else(syn::Error::into_compile_error)
}

fn client(args: &Args) -> syn::Result<TokenStream> {
    let Loaded { source, files } = load::load(&args.spec)?;
    let mut options = Options::new(&source);
    if let Some(runtime) = &args.runtime {
        options = options.runtime(runtime.clone());
    }
    options = options.only(args.patterns());
    let described = Described {
        source: &source,
        files,
        options,
    };
    let code = match &args.checked_in {
        Some(code) => checked_in::client(args, code, &described)?,
        None => generated(args, &described)?,
    };
    // Names the files to the compiler, and so to cargo; their bytes go nowhere.
    let files = described.files;
    let tracked = quote!(#(const _: &[u8] = ::core::include_bytes!(#files);)*);
    Ok(quote!(#tracked #code))
}

/// The faults, and what can be made of the rest.
pub(crate) fn generated(args: &Args, described: &Described<'_>) -> syn::Result<TokenStream> {
    let parsed = api_spec::parse(described.source);
    let errors = errors(args, described.source, &parsed);
    let Some(api) = parsed.api else {
        return Ok(errors);
    };
    let api = match described.options.choose(api) {
        Ok(api) => api,
        // What is faulty is not there to be chosen: the fault says more than its absence.
        Err(_) if !errors.is_empty() => return Ok(errors),
        Err(unmatched) => {
            let span = args.span_of(unmatched.pattern());
            return Err(syn::Error::new(span, unmatched));
        }
    };
    let code = api_codegen::generate(&api, &described.options);
    Ok(quote!(#errors #code))
}

/// The faults alone.
pub(crate) fn faults(args: &Args, source: &Source) -> TokenStream {
    errors(args, source, &api_spec::parse(source))
}

fn errors(args: &Args, source: &Source, parsed: &api_spec::Parsed) -> TokenStream {
    // A warning must not keep anything from being built.
    let errors = parsed
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error());
    let errors = errors.map(|diagnostic| {
        let message = diagnostic.render(source, Style::Plain);
        quote_spanned!(args.spec.span()=> ::core::compile_error! { #message })
    });
    quote!(#(#errors)*)
}
