//! Expansion of the macro.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::Args;
use crate::checked_in;
use crate::load::{self, Loaded};
use crate::spec::Spec;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(|args| expand_args(&args))
        .unwrap_or_else(syn::Error::into_compile_error)
}

fn expand_args(args: &Args) -> syn::Result<TokenStream> {
    let Loaded { source, files } = load::load(&args.spec)?;
    let spec = Spec::new(args, &source);
    let code = match &args.checked_in {
        None => spec.generate(),
        Some(file) if files.is_empty() => {
            let message = "`checked_in` requires a spec file, not an inline spec";
            return Err(syn::Error::new(file.span(), message));
        }
        Some(file) => checked_in::include(&spec, file)?,
    };
    // `include_bytes!` makes cargo rebuild the crate when a file changes. An unnamed constant is
    // not compiled into the program.
    let tracked = quote!(#(const _: &[u8] = ::core::include_bytes!(#files);)*);
    Ok(quote!(#tracked #code))
}
