//! Attributes of deprecated items and of their uses in generated code.

use api_spec::model::Field;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;

/// Emits the attribute of an item that has a replacement.
pub(crate) fn attribute(note: Option<&str>) -> Option<TokenStream> {
    note.map(|note| quote!(#[deprecated(note = #note)]))
}

/// Emits the attribute of an item that uses these fields.
pub(crate) fn allow(context: &Context<'_>, fields: &[&Field]) -> Option<TokenStream> {
    let any = fields.iter().any(|field| field.deprecated.is_some());
    any.then(|| context.allow(&quote!(deprecated)))?
}
