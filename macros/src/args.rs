//! What the caller wrote between the parentheses.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, bracketed};

/// A path or a description, and the path of the runtime if it is not the usual one.
pub(crate) struct Args {
    pub(crate) spec: LitStr,
    pub(crate) runtime: Option<TokenStream>,
    /// The endpoints that are wanted, if not all are.
    pub(crate) only: Option<Vec<LitStr>>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let spec = input.parse()?;
        let (mut runtime, mut only) = (None, None);
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let mut key: Ident = input.parse()?;
            if key == "only" {
                input.parse::<Token![=]>()?;
                let list;
                bracketed!(list in input);
                let patterns = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
                only = Some(patterns.into_iter().collect());
                if input.parse::<Option<Token![,]>>()?.is_none() || input.is_empty() {
                    return Self::complete(input, spec, runtime, only);
                }
                key = input.parse()?;
            }
            if key != "runtime" {
                return Err(syn::Error::new(
                    key.span(),
                    "expected `runtime = ::path::to::it`",
                ));
            }
            input.parse::<Token![=]>()?;
            if input.is_empty() {
                return Err(input.error("expected the path of `api_runtime`"));
            }
            runtime = Some(input.parse()?);
        }
        Self::complete(input, spec, runtime, only)
    }
}

impl Args {
    fn complete(
        input: ParseStream<'_>,
        spec: LitStr,
        runtime: Option<TokenStream>,
        only: Option<Vec<LitStr>>,
    ) -> syn::Result<Self> {
        if input.is_empty() {
            Ok(Self {
                spec,
                runtime,
                only,
            })
        } else {
            Err(input.error("expected `,`"))
        }
    }
}
