//! What the caller wrote between the parentheses.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// A path or a description, and what there is to say about it.
pub(crate) struct Args {
    pub(crate) spec: LitStr,
    /// The path of the runtime, if it is not the usual one.
    pub(crate) runtime: Option<TokenStream>,
    /// The file that holds the client already.
    pub(crate) checked_in: Option<LitStr>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self {
            spec: input.parse()?,
            runtime: None,
            checked_in: None,
        };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                args.parse_option(input)?;
            }
        }
        Ok(args)
    }
}

impl Args {
    fn parse_option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        let taken = match key.to_string().as_str() {
            "runtime" => self.runtime.is_some(),
            "checked_in" => self.checked_in.is_some(),
            _ => {
                let message = "expected `runtime = ::path::to::it` or `checked_in = \"file.rs\"`";
                return Err(syn::Error::new(key.span(), message));
            }
        };
        if taken {
            return Err(syn::Error::new(
                key.span(),
                format!("`{key}` is there twice"),
            ));
        }
        input.parse::<Token![=]>()?;
        if key == "checked_in" {
            self.checked_in = Some(input.parse()?);
        } else {
            self.runtime = Some(parse_path(input)?);
        }
        Ok(())
    }
}

/// Everything up to the next comma.
fn parse_path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(input.error("expected the path of `api_runtime`"));
    }
    let mut path = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        path.extend([input.parse::<TokenTree>()?]);
    }
    Ok(path)
}
