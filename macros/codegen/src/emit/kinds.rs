//! Unions of JSON kinds.

use api_spec::model::{JsonKind, KindVariant, Type, Union};
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::{Trait, are_private};
use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::serde;
use crate::emit::types::{self, Scope};

/// Emits the enum, with a variant for other kinds.
pub(crate) fn emit(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let has_serde = !are_private(context.api, union.types());
    let mut code = definition(context, union);
    if context.usage.is_in_request(union.name.as_str()) {
        let conversions = union
            .kinds
            .iter()
            .map(|kind| conversions(context, union, kind));
        code.extend(conversions);
    }
    if context.usage.is_in_request(union.name.as_str())
        || has_serde && context.has(Trait::Serialize)
    {
        let variants = union.kinds.iter().map(|kind| ident(&kind.rust));
        code.extend(quote!(#rt::encode_kinds!(#name, #(#variants,)* #unknown);));
    }
    if context.usage.is_in_response(union.name.as_str())
        || has_serde && context.has(Trait::Deserialize)
    {
        let variants = union.kinds.iter().map(|kind| {
            let (name, kind_name) = (ident(&kind.rust), json_kind(kind.kind));
            let new = kind.is_boxed.then(box_function);
            quote!(#name #new = #kind_name)
        });
        code.extend(quote!(#rt::decode_kinds!(#name::#unknown #(, #variants)*);));
    }
    if has_serde {
        code.extend(serde::emit(context, &union.name));
    }
    code
}

fn definition(context: &Context<'_>, union: &Union) -> TokenStream {
    let (name, unknown) = (ident(&union.name), ident(&union.unknown));
    let (raw_json, derive) = (types::raw_json(context), context.derive());
    let doc = context.docs.item(&union.doc, union.span);
    let variants = union.kinds.iter().map(|kind| {
        let (name, doc) = (ident(&kind.rust), context.docs.kind(kind));
        let mut ty = types::emit(context, Scope::Root, &kind.ty);
        if kind.is_boxed {
            ty = types::boxed(&ty);
        }
        quote!(#doc #name(#ty))
    });
    let unknown_doc = context.docs.text("A value of another JSON kind.");
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown_doc
            #unknown(#raw_json),
        }
    }
}

/// Emits the conversion of a value into its variant.
fn conversions(context: &Context<'_>, union: &Union, kind: &KindVariant) -> TokenStream {
    let (name, variant) = (ident(&union.name), ident(&kind.rust));
    let ty = types::emit(context, Scope::Root, &kind.ty);
    let new = |value: TokenStream| {
        let boxed = if kind.is_boxed {
            quote!(::std::boxed::Box::new(#value))
        } else {
            value
        };
        quote!(Self::#variant(#boxed))
    };
    let own = new(quote!(value));
    let from_str = (kind.ty == Type::String).then(|| {
        let owned = new(quote!(::std::borrow::ToOwned::to_owned(value)));
        quote! {
            impl ::core::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    #owned
                }
            }
        }
    });
    quote! {
        impl ::core::convert::From<#ty> for #name {
            fn from(value: #ty) -> Self {
                #own
            }
        }

        #from_str
    }
}

/// Emits the function that creates a box, as an index of a variant in the arguments of macros.
pub(crate) fn box_function() -> TokenStream {
    quote!([::std::boxed::Box::new])
}

/// Emits the name of a variant of the runtime's `JsonKind`.
fn json_kind(kind: JsonKind) -> TokenStream {
    match kind {
        JsonKind::Text => quote!(Text),
        JsonKind::Int => quote!(Int),
        JsonKind::Uint => quote!(Uint),
        JsonKind::Number => quote!(Number),
        JsonKind::Bool => quote!(Bool),
        JsonKind::List => quote!(List),
        JsonKind::Object => quote!(Object),
    }
}
