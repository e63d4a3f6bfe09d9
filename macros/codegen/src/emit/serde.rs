//! Implementations of serde's traits.

use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::Trait;
use crate::context::Context;
use crate::emit::names::ident;

/// Emits the requested traits of serde for a type that can be encoded and decoded.
pub(crate) fn emit(context: &Context<'_>, name: &RustName) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let serialize = context
        .has(Trait::Serialize)
        .then(|| quote!(#rt::serialize!(#name);));
    let deserialize = context
        .has(Trait::Deserialize)
        .then(|| quote!(#rt::deserialize!(#name);));
    quote!(#serialize #deserialize)
}
