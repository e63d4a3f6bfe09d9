//! The file form: items in a private module, with short paths.
//!
//! Emitters write absolute paths, which mean the same in any scope. The scope of a file is known, so
//! this pass over the tokens shortens every path whose short form has the same meaning there.

mod path;

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use self::path::{Path, starts_path};

/// Name of the private module, unless an item has it.
const MODULE: &str = "generated";

/// Parameters of generated functions. They hide functions of the same name.
const PARAMETERS: [&str; 4] = ["client", "request", "response", "wait"];

/// Paths of items in the prelude of the standard library, or of derive macros in it. The short form
/// is the last segment.
const PRELUDE: [&[&str]; 22] = [
    &["std", "borrow", "ToOwned"],
    &["std", "boxed", "Box"],
    &["core", "option", "Option", "Some"],
    &["core", "option", "Option", "None"],
    &["core", "option", "Option"],
    &["core", "result", "Result", "Ok"],
    &["core", "result", "Result", "Err"],
    &["core", "result", "Result"],
    &["core", "clone", "Clone"],
    &["core", "cmp", "PartialEq"],
    &["core", "cmp", "Eq"],
    &["core", "cmp", "PartialOrd"],
    &["core", "cmp", "Ord"],
    &["core", "fmt", "Debug"],
    &["core", "hash", "Hash"],
    &["core", "convert", "From"],
    &["core", "convert", "Into"],
    &["core", "default", "Default"],
    &["core", "concat"],
    &["std", "string", "String"],
    &["std", "string", "ToString"],
    &["std", "vec", "Vec"],
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
                let known = PRELUDE.iter().find(|known| segments.starts_with(known));
                let skipped = known.map_or(0, |known| known.len() - 1);
                let short = &segments[skipped..];
                if is_taken(short[0]) {
                    return path;
                }
                Path::relative(short.iter().copied())
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

/// Returns whether the last tokens are `mod name`.
fn is_module_body(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] = before else {
        return false;
    };
    *keyword == "mod"
}
