//! Paths in a list of tokens.

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Keywords that precede a path in generated code.
const KEYWORDS: [&str; 6] = ["impl", "for", "static", "mut", "dyn", "as"];

/// A path without generic arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) is_global: bool,
    pub(super) segments: Vec<String>,
}

impl Path {
    /// Parses the longest path at the start of the tokens, and removes its tokens.
    pub(super) fn parse(tokens: &mut &[TokenTree]) -> Self {
        let is_global = take_separator(tokens);
        let mut segments = Vec::new();
        while let Some((TokenTree::Ident(ident), rest)) = tokens.split_first() {
            segments.push(ident.to_string());
            *tokens = rest;
            // `Vec::<T>` ends before its arguments.
            let is_followed = matches!(rest, [first, second, TokenTree::Ident(_), ..] if is_separator(first, second));
            if !is_followed {
                break;
            }
            take_separator(tokens);
        }
        Self {
            is_global,
            segments,
        }
    }

    pub(super) fn relative<'s>(segments: impl IntoIterator<Item = &'s str>) -> Self {
        Self {
            is_global: false,
            segments: segments.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Returns the segments after `prefix`.
    pub(super) fn strip_prefix(&self, prefix: &Self) -> Option<&[String]> {
        (self.is_global == prefix.is_global)
            .then(|| self.segments.strip_prefix(prefix.segments.as_slice()))?
    }
}

impl ToTokens for Path {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let segments = self
            .segments
            .iter()
            .map(|text| match text.strip_prefix("r#") {
                Some(text) => Ident::new_raw(text, Span::call_site()),
                None => Ident::new(text, Span::call_site()),
            });
        let start = self.is_global.then(|| quote!(::));
        tokens.extend(quote!(#start #(#segments)::*));
    }
}

fn is_separator(first: &TokenTree, second: &TokenTree) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ':');
    let is_joint = matches!(first, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    is_colon(first) && is_colon(second) && is_joint
}

fn take_separator(tokens: &mut &[TokenTree]) -> bool {
    match tokens {
        [first, second, rest @ ..] if is_separator(first, second) => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

/// Returns whether a path starts here, given the punctuation marks before.
pub(super) fn starts_path(previous: [Option<char>; 2], rest: &[TokenTree]) -> bool {
    match rest {
        [
            TokenTree::Ident(ident),
            first,
            second,
            TokenTree::Ident(_),
            ..,
        ] => {
            // `impl ::NAME` and `impl::NAME` are the same tokens.
            let is_keyword = KEYWORDS.iter().any(|keyword| ident == keyword);
            is_separator(first, second) && !is_keyword && previous != [Some(':'), Some(':')]
        }
        [first, second, TokenTree::Ident(_), ..] => {
            // `<T as Trait>::NAME` continues a path; `-> ::NAME` and `=> ::NAME` start one.
            let is_arrow = matches!(previous, [Some('-' | '='), Some('>')]);
            is_separator(first, second) && (previous[1] != Some('>') || is_arrow)
        }
        _ => false,
    }
}
