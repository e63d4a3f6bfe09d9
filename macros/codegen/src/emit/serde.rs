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
    let serialize = context.has(Trait::Serialize).then(|| {
        quote! {
            impl #rt::serde::Serialize for #name {
                fn serialize<S: #rt::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    #rt::serialize(self, serializer)
                }
            }
        }
    });
    let deserialize = context.has(Trait::Deserialize).then(|| {
        quote! {
            impl<'de> #rt::serde::Deserialize<'de> for #name {
                fn deserialize<D: #rt::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    #rt::deserialize(deserializer)
                }
            }
        }
    });
    quote!(#serialize #deserialize)
}
