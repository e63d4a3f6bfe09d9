//! Generates the code of a blocking client from a checked [`Api`].
//!
//! [`generate`] is a pure function from an API to tokens. It opens no files and does not depend on
//! the `proc_macro` crate; the macro and the command line both call it.
//!
//! Generated code is thin: types, documentation, and one call into the runtime per function. All
//! paths in it are absolute, so that it compiles in any scope.
//!
//! | file | contents |
//! | --- | --- |
//! | `context.rs` | options, and the context that emitters share |
//! | `analysis/` | index of types, their use, selected endpoints, additional traits |
//! | `emit/{ids,enums,objects,unions,kinds}.rs` | types |
//! | `emit/{request,response,headers,call}.rs` | request and response structs, functions |
//! | `emit/{pages,waiters}.rs` | iterators over pages, waiters |
//! | `emit/registry.rs` | the table of endpoints |
//! | `emit/stubs.rs` | declarations of items with errors |
//! | `emit/access.rs` | base URL and client builder |
//! | `emit/{constructor,codec,serde}.rs` | methods and traits of structs |
//! | `emit/{types,values,names,deprecation}.rs` | tokens that several emitters need |
//! | `file.rs` | the form of a file: a private module, short paths |
//! | `docs.rs`, `docs/{examples,markdown}.rs` | doc comments |
//! | `stamp.rs` | the line that identifies the input of a generated file |
//!
//! # Examples
//!
//! ```
//! use api_codegen::{Options, generate};
//!
//! let source = api_spec::Source::new("clock.toml", r#"
//!     [api]
//!     name = "Clock"
//!     doc = "Time service."
//!
//!     [endpoints.time.show]
//!     doc = "Returns the current time."
//!     http = "GET /time"
//!     response = { now = "string" }
//! "#);
//! let api = api_spec::parse(&source).api.expect("the spec is valid");
//! let code = generate(&api, &Options::new(&source)).to_string();
//! assert!(code.contains("pub fn show"));
//! ```

mod analysis;
mod context;
mod docs;
mod emit;
mod file;
mod form;
mod stamp;
mod warnings;

use api_spec::model::Api;
use proc_macro2::TokenStream;

use crate::context::Context;
use crate::form::Form;

pub use crate::analysis::select::Unmatched;
pub use crate::analysis::traits::Trait;
pub use crate::analysis::usage::Usage;
pub use crate::context::Options;
pub use crate::stamp::Stamp;
pub use crate::warnings::client_warnings;

/// Generates the client of an API as the items of a module, with absolute paths.
pub fn generate(api: &Api, options: &Options<'_>) -> TokenStream {
    emit::client(&Context::new(api, options, Form::Macro))
}

/// Generates the client of an API as the items of a file: in a private module whose items are
/// re-exported, with short paths, and with an attribute that allows lints.
pub fn generate_file(api: &Api, options: &Options<'_>) -> TokenStream {
    let items = emit::client(&Context::new(api, options, Form::File));
    file::wrap(items, &options.runtime)
}
