//! The file form: items in a private module, with short paths.
//!
//! Emitters write absolute paths, which mean the same in any scope. The scope of a file is known, so
//! this pass over the tokens shortens every path whose short form has the same meaning there.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Name of the private module, unless an item has it.
const MODULE: &str = "generated";

/// Parameters of generated functions. They hide functions of the same name.
const PARAMETERS: [&str; 4] = ["client", "request", "response", "wait"];

/// Keywords that precede a path in generated code.
const KEYWORDS: [&str; 6] = ["impl", "for", "static", "mut", "dyn", "as"];

/// Paths of the standard library, and the names that the prelude has for them.
const PRELUDE: &[(&[&str], &[&str])] = &[
    (&["core", "option", "Option", "Some"], &["Some"]),
    (&["core", "option", "Option", "None"], &["None"]),
    (&["core", "option", "Option"], &["Option"]),
    (&["core", "result", "Result", "Ok"], &["Ok"]),
    (&["core", "result", "Result", "Err"], &["Err"]),
    (&["core", "result", "Result"], &["Result"]),
    (&["core", "clone", "Clone"], &["Clone"]),
    (&["core", "cmp", "PartialEq"], &["PartialEq"]),
    (&["core", "cmp", "Eq"], &["Eq"]),
    (&["core", "cmp", "PartialOrd"], &["PartialOrd"]),
    (&["core", "cmp", "Ord"], &["Ord"]),
    // In a `derive`; the prelude has these two as macros only.
    (&["core", "fmt", "Debug"], &["Debug"]),
    (&["core", "hash", "Hash"], &["Hash"]),
    (&["core", "convert", "From"], &["From"]),
    (&["core", "convert", "Into"], &["Into"]),
    (&["core", "default", "Default"], &["Default"]),
    (&["core", "primitive", "usize"], &["usize"]),
    (&["core", "concat"], &["concat"]),
    (&["std", "string", "String"], &["String"]),
    (&["std", "vec", "Vec"], &["Vec"]),
];

/// Wraps the items of a client in a private module whose items are re-exported.
pub(crate) fn wrap(items: TokenStream, runtime: &TokenStream) -> TokenStream {
    let root = item_names(&items);
    let mut shortener = Shortener {
        runtime: Path::parse(&mut runtime.clone().into_iter().collect::<Vec<_>>().as_slice()),
        root: &root,
        imports: BTreeSet::new(),
    };
    let items = shortener.module(items, None);
    let imports = shortener.use_lines();
    let mut name = MODULE.to_owned();
    while root.contains(&name) {
        name.push('_');
    }
    let module = Ident::new(&name, Span::call_site());
    // A private module that uses only a part of the client would cause warnings for the rest.
    // `warnings` covers every lint at the level `warn`, and unlike `unused`, it does not conflict
    // with a `forbid(unused)` of the crate.
    quote! {
        #[allow(warnings, clippy::useless_attribute)]
        pub use self::#module::*;

        #[allow(warnings, deprecated, clippy::all, clippy::pedantic)]
        mod #module {
            #imports
            #items
        }
    }
}

/// Returns the names of the items at the top level of a module.
fn item_names(items: &TokenStream) -> HashSet<String> {
    const ITEMS: [&str; 6] = ["struct", "enum", "fn", "const", "static", "mod"];
    let mut names = HashSet::new();
    let mut after_keyword = false;
    for token in items.clone() {
        let TokenTree::Ident(ident) = token else {
            after_keyword = false;
            continue;
        };
        let text = ident.to_string();
        let is_keyword = ITEMS.contains(&text.as_str());
        if after_keyword {
            names.insert(text);
        }
        after_keyword = is_keyword;
    }
    names
}

/// A path without generic arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
    is_global: bool,
    segments: Vec<String>,
}

impl Path {
    /// Parses the longest path at the start of the tokens, and removes its tokens.
    fn parse(tokens: &mut &[TokenTree]) -> Self {
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

    fn relative<'s>(segments: impl IntoIterator<Item = &'s str>) -> Self {
        Self {
            is_global: false,
            segments: segments.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Returns the segments after `prefix`.
    fn strip_prefix(&self, prefix: &Self) -> Option<&[String]> {
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

struct Shortener<'a> {
    runtime: Path,
    root: &'a HashSet<String>,
    /// Items of the runtime that short paths refer to.
    imports: BTreeSet<String>,
}

impl Shortener<'_> {
    /// Shortens the paths of a module: the root, or a group with items of these names.
    fn module(&mut self, items: TokenStream, group: Option<&HashSet<String>>) -> TokenStream {
        let tokens: Vec<_> = items.into_iter().collect();
        let mut rest = tokens.as_slice();
        let mut code = TokenStream::new();
        let mut previous = [None, None];
        while let Some((token, after)) = rest.split_first() {
            if starts_path(previous, rest) {
                let path = Path::parse(&mut rest);
                self.shorten(path, group).to_tokens(&mut code);
                previous = [None, None];
                continue;
            }
            let is_module = group.is_none() && is_module_body(&tokens[..tokens.len() - rest.len()]);
            code.extend([match token {
                TokenTree::Group(body) => self.delimited(body, group, is_module),
                token => token.clone(),
            }]);
            let mark = match token {
                TokenTree::Punct(punct) => Some(punct.as_char()),
                _ => None,
            };
            previous = [previous[1], mark];
            rest = after;
        }
        code
    }

    fn delimited(
        &mut self,
        body: &Group,
        group: Option<&HashSet<String>>,
        is_module: bool,
    ) -> TokenTree {
        let code = if is_module && body.delimiter() == Delimiter::Brace {
            let names = item_names(&body.stream());
            let items = self.module(body.stream(), Some(&names));
            quote!(use super::*; #items)
        } else {
            self.module(body.stream(), group)
        };
        TokenTree::Group(Group::new(body.delimiter(), code))
    }

    /// Returns the short form of a path if its first segment has the same meaning in the scope.
    fn shorten(&mut self, path: Path, group: Option<&HashSet<String>>) -> Path {
        let is_local = |name: &str| group.is_some_and(|names| names.contains(name));
        let is_taken = |name: &str| is_local(name) || self.root.contains(name);
        if let Some([first, ..]) = path.strip_prefix(&self.runtime) {
            if is_taken(first) {
                return path;
            }
            self.imports.insert(first.clone());
            let rest = path.strip_prefix(&self.runtime).unwrap_or_default();
            return Path::relative(rest.iter().map(String::as_str));
        }
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            // A group imports the items of the root.
            ["super", rest @ ..] if !is_local(rest[0]) => Path::relative(rest.iter().copied()),
            ["self", rest @ ..] if group.is_some() && !PARAMETERS.contains(&rest[0]) => {
                Path::relative(rest.iter().copied())
            }
            segments if path.is_global => {
                let known = PRELUDE.iter().find(|(long, _)| segments.starts_with(long));
                let short = match known {
                    Some((long, short)) => [short, &segments[long.len()..]].concat(),
                    None => segments.to_vec(),
                };
                if is_taken(short[0]) {
                    return path;
                }
                Path::relative(short)
            }
            _ => path,
        }
    }

    /// Returns the imports of the root: the module for generated code, and the other items.
    fn use_lines(&self) -> TokenStream {
        let mut runtime = self.runtime.clone();
        let first = runtime.segments.first();
        if first.is_some_and(|first| !self.root.contains(first)) {
            runtime.is_global = false;
        }
        let (rt, others): (Vec<_>, Vec<_>) = self.imports.iter().partition(|name| *name == "rt");
        let others: Vec<_> = others
            .iter()
            .map(|name| Path::relative([name.as_str()]))
            .collect();
        let rt = (!rt.is_empty()).then(|| quote!(use #runtime::rt;));
        let others = match others.as_slice() {
            [] => None,
            [item] => Some(quote!(use #runtime::#item;)),
            items => Some(quote!(use #runtime::{#(#items),*};)),
        };
        quote!(#rt #others)
    }
}

/// Returns whether a path starts here, given the punctuation marks before.
fn starts_path(previous: [Option<char>; 2], rest: &[TokenTree]) -> bool {
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

/// Returns whether the last tokens are `mod name`.
fn is_module_body(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] = before else {
        return false;
    };
    *keyword == "mod"
}
