//! Unions: objects that are distinguished by a tag or by their keys.

use api_spec::model::{Field, Struct, Type, Union, Variant};
use api_spec::names::WireName;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::analysis::traits::{Trait, are_private};
use crate::context::Context;
use crate::emit::kinds::{self, box_function};
use crate::emit::names::ident;
use crate::emit::{objects, serde, types, values};

/// Emits the enum, with a variant for other objects, and a struct for each variant.
pub(crate) fn emit(context: &Context<'_>, union: &Union) -> TokenStream {
    if !union.kinds.is_empty() {
        return kinds::emit(context, union);
    }
    let mut code = definition(context, union);
    let has_serde = !are_private(context.api, union.types());
    if context.usage.is_in_request(union.name.as_str())
        || has_serde && context.has(Trait::Serialize)
    {
        code.extend(encode(context, union));
    }
    if context.usage.is_in_response(union.name.as_str())
        || has_serde && context.has(Trait::Deserialize)
    {
        code.extend(decode(context, union));
    }
    if has_serde {
        code.extend(serde::emit(context, &union.name));
    }
    code.extend(
        union
            .variants
            .iter()
            .zip(union.unique_keys())
            .map(|(variant, own)| body(context, union, variant, &own)),
    );
    code
}

fn definition(context: &Context<'_>, union: &Union) -> TokenStream {
    let (name, unknown) = (ident(&union.name), ident(&union.unknown));
    let raw_json = types::raw_json(context);
    let derive = context.derive();
    let doc = context.docs.item(&union.doc, union.span);
    let variants = union.variants.iter().zip(union.unique_keys());
    let variants = variants.map(|(variant, own)| {
        let doc = match (variant.body.doc.as_str(), &union.tag) {
            ("", Some(_)) => context.docs.value("", variant.wire.as_str()),
            ("", None) => context
                .docs
                .text(&format!("An object with {}.", keys(&own))),
            (doc, _) => context.docs.text(doc),
        };
        let (name, body) = (ident(&variant.rust), ident(&variant.body.name));
        let mut body = quote!(#body);
        if variant.is_boxed {
            body = types::boxed(&body);
        }
        quote!(#doc #name(#body))
    });
    let unknown_doc = context.docs.text(&match &union.tag {
        Some(tag) => format!("An object without `{tag}`, or with a value that is not in the spec."),
        None => "An object without a key of another variant.".to_owned(),
    });
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

/// Lists keys for the documentation.
fn keys(fields: &[&Field]) -> String {
    let keys: Vec<_> = fields.iter().map(|it| format!("`{}`", it.wire)).collect();
    keys.join(" or ")
}

/// Emits the struct in a variant.
fn body(context: &Context<'_>, union: &Union, variant: &Variant, own: &[&Field]) -> TokenStream {
    let name = union.name.as_str();
    let Struct { doc, span, .. } = &variant.body;
    let text = match (doc.as_str(), &union.tag) {
        ("", Some(tag)) => {
            let (name, wire) = (union.name.unraw(), &variant.wire);
            format!("Variant of [`{name}`] with the `{tag}` `{wire}`.")
        }
        ("", None) => format!("Variant of [`{}`] with {}.", union.name.unraw(), keys(own)),
        (doc, _) => doc.to_owned(),
    };
    let doc = context.docs.item(&text, *span);
    let (sent, read) = (
        context.usage.is_in_request(name),
        context.usage.is_in_response(name),
    );
    objects::emit(context, &variant.body, &doc, sent, read)
}

fn encode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let arms = union.variants.iter().map(|variant| {
        let (name, wire) = (ident(&variant.rust), variant.wire.as_str());
        let Some(tag) = union.tag.as_ref().map(WireName::as_str) else {
            return quote!(Self::#name(body) => #rt::Encode::encode(body, encoder),);
        };
        let dereference = variant.is_boxed.then(|| quote!(&**));
        quote! {
            Self::#name(body) => {
                encoder.begin_object();
                encoder.field(#tag, &#wire);
                #rt::Request::body(#dereference body, encoder);
                encoder.end_object();
            }
        }
    });
    quote! {
        impl #rt::Encode for #name {
            fn encode(&self, encoder: &mut #rt::Encoder) {
                match self {
                    #(#arms)*
                    Self::#unknown(value) => #rt::Encode::encode(value, encoder),
                }
            }
        }
    }
}

/// Emits decoding: the variant is found by its tag or keys at any position in the object, then
/// decoded.
fn decode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let Some(tag) = union.tag.as_ref().map(WireName::as_str) else {
        return decode_by_keys(context, union);
    };
    let variants = union.variants.iter().map(|variant| {
        let name = ident(&variant.rust);
        let tags = values::alternatives(&variant.wire, &variant.aliases);
        let new = variant.is_boxed.then(box_function);
        quote!(#name #new = #tags)
    });
    quote!(#rt::decode_union!(#name::#unknown, tag = #tag #(, #variants)*);)
}

fn decode_by_keys(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let raw_json = types::raw_json(context);
    let own_keys = union.unique_keys().into_iter().enumerate();
    let keys = own_keys.flat_map(|(index, own)| {
        let index = Literal::usize_unsuffixed(index);
        own.into_iter().map(move |key| {
            let (key, nullable) = (key.wire.as_str(), accepts_null(&key.ty));
            quote!((#key, #index, #nullable))
        })
    });
    let arms = union.variants.iter().enumerate().map(|(index, variant)| {
        let (index, name) = (Literal::usize_unsuffixed(index), ident(&variant.rust));
        let mut body = quote!(#rt::Decode::decode(reader)?);
        if variant.is_boxed {
            body = quote!(::std::boxed::Box::new(#body));
        }
        quote!(::core::option::Option::Some(#index) => Self::#name(#body))
    });
    quote! {
        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                *self = match #rt::find_variant_by_key(reader, &[#(#keys),*])? {
                    #(#arms,)*
                    _ => Self::#unknown(#rt::Decode::decode(reader)?),
                };
                ::core::result::Result::Ok(())
            }
        }

        impl #rt::Decode for #name {
            fn empty() -> Self {
                Self::#unknown(#raw_json::NULL)
            }
        }
    }
}

/// Returns whether null is a value of a required field of this type.
fn accepts_null(ty: &Type) -> bool {
    matches!(ty, Type::Json | Type::RawJson)
}
