//! Turns a checked [`Api`] into the tokens of a blocking client.
//!
//! A pure function: a description in, tokens out. It opens no file and knows nothing of macros.
//!
//! What comes out is thin: names, types, documentation and one call into the runtime each. All
//! paths in it are absolute, so that it means the same in any scope.
//!
//! | file | what it writes |
//! | --- | --- |
//! | `ids.rs`, `enums.rs`, `objects.rs`, `unions.rs` | types |
//! | `calls.rs`, `pages.rs`, `waiters.rs` | request structs, functions, their pages and waiters |
//! | `access.rs` | a way to a client |
//! | `table.rs` | the endpoints as data |
//! | `limits.rs` | what fields are where they are left out, and what may be sent |
//! | `types.rs`, `docs.rs`, `names.rs` | what the others share |
//! | `only.rs` | which endpoints there is a client for |
//! | `stamp.rs` | what a file of generated code was made from |
//!
//! # Example
//!
//! ```
//! use api_codegen::{Options, generate};
//!
//! let source = api_spec::Source::new("clock.toml", r#"
//!     [api]
//!     name = "Clock"
//!     doc = "Tells the time."
//!
//!     [endpoints.time.show]
//!     doc = "Shows the time."
//!     http = "GET /time"
//!     response = { now = "string" }
//! "#);
//! let api = api_spec::parse(&source).api.expect("the description has no faults");
//! let code = generate(&api, &Options::new(&source)).to_string();
//! assert!(code.contains("pub fn show"));
//! ```

mod access;
mod calls;
mod docs;
mod enums;
mod ids;
mod limits;
mod names;
mod objects;
mod only;
mod pages;
mod stamp;
mod table;
mod types;
mod unions;
mod usage;
mod waiters;

use api_spec::Source;
use api_spec::model::{Api, Group};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::Docs;
use crate::names::ident;

pub use crate::only::Unmatched;
pub use crate::stamp::Stamp;
pub use crate::usage::Usage;

/// What the generated code depends on beside the description.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    source: &'a Source,
    runtime: TokenStream,
    only: Vec<String>,
}

impl<'a> Options<'a> {
    /// Code for a crate that depends on `api-runtime` by this name. `source` is what the
    /// description was parsed from; documentation names its lines.
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            runtime: quote!(::api_runtime),
            only: Vec::new(),
        }
    }

    /// Code that finds the runtime under another path, as in `::my_client::api_runtime`.
    #[must_use]
    pub fn runtime(mut self, path: TokenStream) -> Self {
        self.runtime = path;
        self
    }
}

/// What every part of the generator may ask.
struct Context<'a> {
    docs: Docs<'a>,
    usage: Usage,
    /// The path of the runtime.
    runtime: &'a TokenStream,
    /// The path of what generated code names in the runtime.
    rt: TokenStream,
    api: &'a Api,
}

/// The client of an API, as the items of a module.
pub fn generate(api: &Api, options: &Options<'_>) -> TokenStream {
    let runtime = &options.runtime;
    let context = Context {
        docs: Docs::new(options.source),
        usage: Usage::of(api),
        runtime,
        rt: quote!(#runtime::rt),
        api,
    };
    let mut code = TokenStream::new();
    code.extend(api.ids.iter().map(|id| ids::emit(&context, id)));
    code.extend(api.enums.iter().map(|item| enums::emit(&context, item)));
    code.extend(
        api.structs
            .iter()
            .map(|item| objects::emit_named(&context, item)),
    );
    code.extend(api.unions.iter().map(|item| unions::emit(&context, item)));
    code.extend(api.groups.iter().map(|group| emit_group(&context, group)));
    // Without endpoints nothing would use it.
    if !api.groups.is_empty() {
        code.extend(table::emit_errors(&context));
    }
    code.extend(table::emit(&context));
    code.extend(access::emit(&context));
    code
}

fn emit_group(context: &Context<'_>, group: &Group) -> TokenStream {
    let module = ident(&group.rust);
    let doc = docs::group(group);
    let endpoints = group
        .endpoints
        .iter()
        .map(|endpoint| calls::emit(context, group, endpoint));
    quote! {
        #doc
        pub mod #module {
            #(#endpoints)*
        }
    }
}
