//! Newtypes over strings.

use api_spec::model::Id;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::serde;

/// The newtype of an id.
pub(crate) fn emit(context: &Context<'_>, id: &Id) -> TokenStream {
    let (rt, name) = (&context.rt, ident(&id.name));
    let doc = context.docs.item(&id.doc, id.span);
    let serde = serde::emit(context, &id.name);
    quote! {
        #doc
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            ::core::cmp::PartialOrd,
            ::core::cmp::Ord,
            ::core::hash::Hash,
        )]
        pub struct #name(::std::string::String);

        impl #name {
            /// The id as it is on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<&str> for #name {
            fn from(id: &str) -> Self {
                Self(::std::borrow::ToOwned::to_owned(id))
            }
        }

        impl ::core::convert::From<::std::string::String> for #name {
            fn from(id: ::std::string::String) -> Self {
                Self(id)
            }
        }

        impl ::core::convert::From<&#name> for #name {
            fn from(id: &#name) -> Self {
                ::core::clone::Clone::clone(id)
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl #rt::Encode for #name {
            fn encode(&self, encoder: &mut #rt::Encoder) {
                encoder.string(&self.0);
            }
        }

        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                self.0 = reader.id()?;
                ::core::result::Result::Ok(())
            }
        }

        impl #rt::Decode for #name {
            const EMPTY: Self = Self(::std::string::String::new());
        }

        #serde
    }
}
