//! Rust names as tokens.

use api_spec::names::RustName;
use proc_macro2::{Ident, Span};

/// The name, at the place of the macro call.
pub(crate) fn ident(name: &RustName) -> Ident {
    match name.as_str().strip_prefix("r#") {
        Some(word) => Ident::new_raw(word, Span::call_site()),
        None => Ident::new(name.as_str(), Span::call_site()),
    }
}
