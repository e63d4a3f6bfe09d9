//! Ids: newtypes of strings.

use api_spec::model::Id;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::serde;

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

        #rt::id!(#name);

        #serde
    }
}
