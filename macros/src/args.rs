//! Arguments of the macro.

use api_codegen::Trait;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, bracketed};

pub(crate) struct Args {
    /// The path of a spec file, or an inline spec.
    pub(crate) spec: LitStr,
    /// The path of the runtime, if it is not `::api_runtime`.
    pub(crate) runtime: Option<TokenStream>,
    /// The file with the generated code.
    pub(crate) checked_in: Option<LitStr>,
    /// The endpoints to generate, if not all.
    pub(crate) only: Option<Vec<LitStr>>,
    /// The traits of the generated types beyond the default.
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
        let name = key.to_string();
        let is_duplicate = match name.as_str() {
            "runtime" => self.runtime.is_some(),
            "checked_in" => self.checked_in.is_some(),
            "only" => self.only.is_some(),
            "derive" => self.derive.is_some(),
            _ => return Err(unknown_option(&key)),
        };
        if is_duplicate {
            let message = format!("duplicate argument `{name}`");
            return Err(syn::Error::new(key.span(), message));
        }
        input.parse::<Token![=]>()?;
        match name.as_str() {
            "checked_in" => self.checked_in = Some(input.parse()?),
            "only" => self.only = Some(parse_patterns(input)?),
            "derive" => self.derive = Some(parse_traits(input)?),
            _ => self.runtime = Some(parse_path(input)?),
        }
        Ok(())
    }

    /// Returns the traits of `derive`.
    pub(crate) fn traits(&self) -> impl Iterator<Item = Trait> {
        self.derive.iter().flatten().copied()
    }

    /// Returns the patterns of `only`. Without patterns, all endpoints are generated.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let only = self.only.iter().flatten();
        only.map(LitStr::value).collect()
    }

    /// Returns the span of a pattern of `only`.
    pub(crate) fn span_of(&self, pattern: &str) -> Span {
        let mut only = self.only.iter().flatten();
        let literal = only.find(|literal| literal.value() == pattern);
        literal.map_or_else(Span::call_site, LitStr::span)
    }
}

fn unknown_option(key: &Ident) -> syn::Error {
    let message = format!(
        "unknown argument `{key}`, expected `runtime = ::path`, `checked_in = \"file.rs\"`, \
         `only = [\"group.*\"]` or `derive = [PartialEq]`"
    );
    syn::Error::new(key.span(), message)
}

fn parse_patterns(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let list;
    let brackets = bracketed!(list in input);
    let patterns = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
    if patterns.is_empty() {
        let message = "expected at least one endpoint, e.g. `only = [\"group.*\"]`";
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

/// Parses the tokens up to the next comma. They are parsed as a path where they are used.
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
