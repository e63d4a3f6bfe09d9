//! Options of a run, and the context that emitters share.

use std::collections::BTreeSet;
use std::rc::Rc;

use api_spec::Source;
use api_spec::model::{Api, Stub};
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::index::Index;
use crate::analysis::select::Unmatched;
use crate::analysis::traits::Trait;
use crate::analysis::usage::Usage;
use crate::docs::Docs;
use crate::form::Form;

/// Options for [`generate`](crate::generate).
#[derive(Clone, Debug)]
pub struct Options<'a> {
    pub(crate) source: &'a Source,
    pub(crate) runtime: TokenStream,
    pub(crate) only: Vec<String>,
    pub(crate) traits: BTreeSet<Trait>,
    pub(crate) stubs: Stubs,
}

/// The items with errors, and one of the errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stubs {
    pub(crate) list: Vec<Stub>,
    /// An expression that is a compiler error.
    pub(crate) error: TokenStream,
}

impl<'a> Options<'a> {
    /// Creates the default options: all endpoints, no additional traits, and a dependency named
    /// `api_runtime`.
    ///
    /// `source` is the source that the API was parsed from. Generated documentation refers to its
    /// lines.
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            runtime: quote!(::api_runtime),
            only: Vec::new(),
            traits: BTreeSet::new(),
            stubs: Stubs::default(),
        }
    }

    /// Declares the items with errors as well. `error` is an expression that is a compiler error, e.g.
    /// an invocation of `compile_error!`, which is reported once.
    ///
    /// The types of these items are invalid for the compiler, so that it reports no errors about their
    /// use.
    #[must_use]
    pub fn stubs(mut self, list: Vec<Stub>, error: TokenStream) -> Self {
        self.stubs = Stubs { list, error };
        self
    }

    /// Sets the path of the runtime, e.g. `::my_client::api_runtime`.
    #[must_use]
    pub fn runtime(mut self, path: TokenStream) -> Self {
        self.runtime = path;
        self
    }

    /// Restricts the client to the endpoints that match one of `patterns`, in the syntax of
    /// [`Api::select`]. An empty list selects all endpoints.
    #[must_use]
    pub fn only(mut self, patterns: Vec<String>) -> Self {
        self.only = patterns;
        self
    }

    /// Implements additional traits for the generated types.
    ///
    /// `Serialize` and `Deserialize` use the representation of the API. They are not implemented
    /// for types that contain a secret or a file, for responses by status code, and for responses
    /// that consist of headers and a value.
    #[must_use]
    pub fn derive(mut self, traits: impl IntoIterator<Item = Trait>) -> Self {
        self.traits = traits.into_iter().collect();
        self
    }

    /// Removes all endpoints from `api` that the patterns of [`only`](Self::only) do not select.
    ///
    /// # Errors
    ///
    /// Returns the first pattern that matches no endpoint.
    pub fn select(&self, mut api: Api) -> Result<Api, Unmatched> {
        if !self.only.is_empty() {
            let patterns: Vec<&str> = self.only.iter().map(String::as_str).collect();
            api.select(&patterns).map_err(Unmatched::new)?;
        }
        Ok(api)
    }
}

/// Input and analyses that all emitters read.
pub(crate) struct Context<'a> {
    pub(crate) api: &'a Api,
    pub(crate) index: Rc<Index<'a>>,
    pub(crate) docs: Docs<'a>,
    pub(crate) usage: Usage,
    /// Path of the runtime crate.
    pub(crate) runtime: &'a TokenStream,
    /// Path of the runtime's module for generated code.
    pub(crate) rt: TokenStream,
    pub(crate) stubs: &'a Stubs,
    form: Form,
    traits: &'a BTreeSet<Trait>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(api: &'a Api, options: &'a Options<'_>, form: Form) -> Self {
        let runtime = &options.runtime;
        let index = Rc::new(Index::new(api));
        let mut usage = Usage::of(api);
        if !options.stubs.list.is_empty() {
            usage.add_unused(api);
        }
        Self {
            api,
            docs: Docs::new(options.source, api, Rc::clone(&index), runtime, form),
            index,
            usage,
            runtime,
            rt: quote!(#runtime::rt),
            stubs: &options.stubs,
            form,
            traits: &options.traits,
        }
    }

    /// Returns whether generated types implement this additional trait.
    pub(crate) fn has(&self, item: Trait) -> bool {
        self.traits.contains(&item)
    }

    /// Returns the `derive` attribute of structs and unions.
    pub(crate) fn derive(&self) -> TokenStream {
        let equal = self
            .has(Trait::PartialEq)
            .then(|| quote!(, ::core::cmp::PartialEq));
        quote!(#[derive(::core::clone::Clone, ::core::fmt::Debug #equal)])
    }

    /// Returns an attribute that allows a lint for one item. A file allows it for all items.
    pub(crate) fn allow(&self, lint: &TokenStream) -> Option<TokenStream> {
        (self.form == Form::Macro).then(|| quote!(#[allow(#lint)]))
    }

    /// Emits a string of lines: one literal per line in a file, else a single literal.
    pub(crate) fn lines(&self, lines: &[String]) -> TokenStream {
        let text = lines.join("\n");
        if self.form == Form::Macro || lines.len() < 2 {
            return quote!(#text);
        }
        let lines = text.split_inclusive('\n');
        quote!(::core::concat!(#(#lines),*))
    }
}
