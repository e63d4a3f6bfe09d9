//! What the caller wrote between the parentheses.

use api_codegen::Trait;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, bracketed};

/// A path or a description, and what there is to say about it.
pub(crate) struct Args {
    pub(crate) spec: LitStr,
    /// The path of the runtime, if it is not the usual one.
    pub(crate) runtime: Option<TokenStream>,
    /// The file that holds the client already.
    pub(crate) checked_in: Option<LitStr>,
    /// The endpoints that are wanted, if not all are.
    pub(crate) only: Option<Vec<LitStr>>,
    /// What generated types can do beyond the usual.
    pub(crate) derive: Option<Vec<Trait>>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self {
            spec: input.parse()?,
            runtime: None,
            checked_in: None,
            only: None,
            derive: None,
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
            "only" => self.only.is_some(),
            "derive" => self.derive.is_some(),
            _ => {
                let message = "expected `runtime = ::path::to::it`, `checked_in = \"file.rs\"`, \
                               `only = [\"group.*\"]` or `derive = [PartialEq]`";
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
        } else if key == "only" {
            self.only = Some(parse_patterns(input)?);
        } else if key == "derive" {
            self.derive = Some(parse_traits(input)?);
        } else {
            self.runtime = Some(parse_path(input)?);
        }
        Ok(())
    }

    /// The traits of `derive`.
    pub(crate) fn traits(&self) -> impl Iterator<Item = Trait> {
        self.derive.iter().flatten().copied()
    }

    /// The patterns of `only`; none where all endpoints are wanted.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let only = self.only.iter().flatten();
        only.map(LitStr::value).collect()
    }

    /// Where a pattern of `only` stands.
    pub(crate) fn span_of(&self, pattern: &str) -> Span {
        let mut only = self.only.iter().flatten();
        let literal = only.find(|literal| literal.value() == pattern);
        literal.map_or_else(Span::call_site, LitStr::span)
    }
}

fn parse_patterns(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let list;
    let brackets = bracketed!(list in input);
    let patterns = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
    if patterns.is_empty() {
        let message = "a client without endpoints: name some, as in `only = [\"group.*\"]`";
        return Err(syn::Error::new(brackets.span.join(), message));
    }
    Ok(patterns.into_iter().collect())
}

fn parse_traits(input: ParseStream<'_>) -> syn::Result<Vec<Trait>> {
    let list;
    bracketed!(list in input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated(&list)?;
    let traits = names.into_iter().map(|name| {
        Trait::named(&name.to_string()).ok_or_else(|| {
            let all = Trait::ALL.map(|item| format!("`{item}`")).join(", ");
            syn::Error::new(name.span(), format!("expected one of {all}"))
        })
    });
    traits.collect()
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
