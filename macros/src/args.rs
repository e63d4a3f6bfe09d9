//! What the caller wrote between the parentheses.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// A path or a description, and the path of the runtime if it is not the usual one.
pub(crate) struct Args {
    pub(crate) spec: LitStr,
    pub(crate) runtime: Option<TokenStream>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let spec = input.parse()?;
        let mut runtime = None;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let key: Ident = input.parse()?;
            if key != "runtime" {
                return Err(syn::Error::new(
                    key.span(),
                    "expected `runtime = ::path::to::it`",
                ));
            }
            input.parse::<Token![=]>()?;
            runtime = Some(path(input)?);
            input.parse::<Option<Token![,]>>()?;
        }
        if input.is_empty() {
            Ok(Self { spec, runtime })
        } else {
            Err(input.error("expected `,`"))
        }
    }
}

/// All up to the next comma.
fn path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut path = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        path.extend([input.parse::<TokenTree>()?]);
    }
    if path.is_empty() {
        Err(input.error("expected the path of `api_runtime`"))
    } else {
        Ok(path)
    }
}
