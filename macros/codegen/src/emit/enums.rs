//! Open enums of strings.

use api_spec::model::Enum;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::{serde, values};

/// Emits the enum, with a variant for values that are not in the spec.
pub(crate) fn emit(context: &Context<'_>, item: &Enum) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&item.name), ident(&item.unknown));
    let doc = context.docs.item(&item.doc, item.span);
    let values = item.values.iter();
    let variants = values.clone().map(|value| {
        let doc = context.docs.value(&value.doc, value.wire.as_str());
        let variant = ident(&value.rust);
        quote!(#doc #variant)
    });
    let names = values.map(|value| {
        let variant = ident(&value.rust);
        let names = values::alternatives(&value.wire, &value.aliases);
        quote!(#variant = #names)
    });
    let unknown_doc = context
        .docs
        .text("A value that is not in the spec, as received.");
    let serde = serde::emit(context, &item.name);
    quote! {
        #doc
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
        )]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown_doc
            #unknown(::std::string::String),
        }

        #rt::open_enum!(#name::#unknown #(, #names)*);

        #serde
    }
}
