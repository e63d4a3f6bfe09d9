//! Open enumerations.

use api_spec::model::{Enum, Value};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::docs;
use crate::emit::names::ident;
use crate::emit::serde;
use crate::emit::values::words;

/// The enum, with a variant for words that the spec does not know.
pub(crate) fn emit(context: &Context<'_>, item: &Enum) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&item.name), ident(&item.unknown));
    let doc = context.docs.item(&item.doc, item.span);
    let variants = item.values.iter().map(|value| ident(&value.rust));
    let same = variants.clone();
    let wires = item.values.iter().map(|value| value.wire.as_str());
    let texts = item
        .values
        .iter()
        .map(|value| docs::word(&value.doc, value.wire.as_str()));
    let words = words(
        item.values
            .iter()
            .map(|value: &Value| (value.wire.as_str(), &*value.aliases)),
    );
    let found = variants
        .clone()
        .enumerate()
        .map(|(index, variant)| quote!(::core::option::Option::Some(#index) => Self::#variant));
    let serde = serde::emit(context, &item.name);
    quote! {
        #doc
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            ::core::hash::Hash,
        )]
        #[non_exhaustive]
        pub enum #name {
            #(#texts #variants,)*
            /// A word that the description does not know, as it is on the wire.
            #unknown(::std::string::String),
        }

        impl #name {
            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#same => #wires,)*
                    Self::#unknown(word) => word,
                }
            }
        }

        impl ::core::convert::From<&str> for #name {
            /// Known words are found whatever the case of their letters.
            fn from(word: &str) -> Self {
                match #rt::find_enum_value(#words, word) {
                    #(#found,)*
                    _ => Self::#unknown(::std::borrow::ToOwned::to_owned(word)),
                }
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl #rt::Encode for #name {
            fn encode(&self, encoder: &mut #rt::Encoder) {
                encoder.string(self.as_str());
            }
        }

        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                *self = ::core::convert::From::from(&*reader.text()?);
                ::core::result::Result::Ok(())
            }
        }

        impl #rt::Decode for #name {
            const EMPTY: Self = Self::#unknown(::std::string::String::new());
        }

        #serde
    }
}
