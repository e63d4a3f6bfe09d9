//! The spec of an invocation as generated code or as compiler errors.

use api_codegen::Options;
use api_spec::render::Style;
use api_spec::{Parsed, Source};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::args::Args;
use crate::warnings;

/// A spec and the options for its code.
pub(crate) struct Spec<'a> {
    pub(crate) args: &'a Args,
    pub(crate) source: &'a Source,
    pub(crate) options: Options<'a>,
}

impl<'a> Spec<'a> {
    pub(crate) fn new(args: &'a Args, source: &'a Source) -> Self {
        let mut options = Options::new(source);
        if let Some(runtime) = &args.runtime {
            options = options.runtime(runtime.clone());
        }
        options = options.only(args.patterns()).derive(args.traits());
        Self {
            args,
            source,
            options,
        }
    }

    /// Returns the errors of the spec, the code for the parts without errors, and declarations of the
    /// other items.
    pub(crate) fn generate(&self) -> TokenStream {
        let parsed = api_spec::parse(self.source);
        let mut errors = self.compile_errors(&parsed);
        let Some(api) = parsed.api else {
            return quote!(#(#errors)*);
        };
        let mut options = self.options.clone();
        // After an error, all endpoints are generated: the program uses those that it meant.
        let api = match options.select(api.clone()) {
            Ok(selected) => selected,
            // The endpoint may be missing because it has an error, which is then reported.
            Err(_) if !errors.is_empty() => api,
            Err(unmatched) => {
                let span = self.args.span_of(unmatched.pattern());
                errors.push(syn::Error::new(span, unmatched).into_compile_error());
                api
            }
        };
        // The stubs contain the last error, so that the errors are in the order of the file.
        if !parsed.stubs.is_empty()
            && let Some(last) = errors.pop()
        {
            options = options.stubs(parsed.stubs, last);
        }
        let code = api_codegen::generate(&api, &options);
        let span = self.args.spec.span();
        let warnings = warnings::emit(&parsed.diagnostics, &api, self.source, span);
        quote!(#(#errors)* #warnings #code)
    }

    /// Returns the errors of the spec as `compile_error!` invocations.
    pub(crate) fn errors(&self) -> TokenStream {
        let errors = self.compile_errors(&api_spec::parse(self.source));
        quote!(#(#errors)*)
    }

    fn compile_errors(&self, parsed: &Parsed) -> Vec<TokenStream> {
        let span = self.args.spec.span();
        let errors = parsed.diagnostics.iter().filter(|it| it.is_error());
        let errors = errors.map(|error| {
            let message = error.render(self.source, Style::Plain);
            quote_spanned!(span=> ::core::compile_error! { #message })
        });
        errors.collect()
    }
}
