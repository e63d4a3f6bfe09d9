//! Identifiers.

use api_spec::names::RustName;
use proc_macro2::{Ident, Span};

/// Emits a name with the span of the macro call.
pub(crate) fn ident(name: &RustName) -> Ident {
    match name.as_str().strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(name.as_str(), Span::call_site()),
    }
}
