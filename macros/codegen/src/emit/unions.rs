//! Objects told apart by a tag, or by their keys.

use api_spec::model::{Field, Struct, Type, Union, Variant};
use api_spec::names::WireName;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::analysis::traits::{Trait, is_private};
use crate::context::Context;
use crate::docs;
use crate::emit::names::ident;
use crate::emit::values::words;
use crate::emit::{objects, serde};

/// The enum, a struct for each variant, and a variant that keeps what the spec does not know.
pub(crate) fn emit(context: &Context<'_>, union: &Union) -> TokenStream {
    let mut code = definition(context, union);
    let fields = union
        .variants
        .iter()
        .flat_map(|variant| &variant.body.fields);
    let told = !is_private(context.api, fields);
    if context.usage.is_sent(union.name.as_str()) || told && context.has(Trait::Serialize) {
        code.extend(encode(context, union));
    }
    if context.usage.is_read(union.name.as_str()) || told && context.has(Trait::Deserialize) {
        code.extend(decode(context, union));
    }
    if told {
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
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let derive = context.derive();
    let doc = context.docs.item(&union.doc, union.span);
    let variants = union.variants.iter().zip(union.unique_keys());
    let variants = variants.map(|(variant, own)| {
        let doc = match &union.tag {
            Some(_) => docs::word(&variant.body.doc, variant.wire.as_str()),
            None => docs::told(&variant.body.doc, &format!("Known by {}.", listed(&own))),
        };
        let (name, body) = (ident(&variant.rust), ident(&variant.body.name));
        quote!(#doc #name(#body))
    });
    let unknown_is = match &union.tag {
        Some(tag) => format!("another `{tag}`, or none"),
        None => "it has none of the keys".to_owned(),
    };
    let kept = docs::attributes(&format!(
        "What the description does not know: {unknown_is}. Kept as it came."
    ));
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #kept
            #unknown(#rt::Value),
        }
    }
}

/// Keys as a text.
fn listed(keys: &[&Field]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{}`", key.wire)).collect();
    keys.join(" or ")
}

fn body(context: &Context<'_>, union: &Union, variant: &Variant, own: &[&Field]) -> TokenStream {
    let name = union.name.as_str();
    let Struct { doc, span, .. } = &variant.body;
    let known_by = match &union.tag {
        Some(tag) => format!("the `{tag}` `{}`", variant.wire),
        None => listed(own),
    };
    let text = match doc.as_str() {
        "" => format!("[`{}`] with {known_by}.", union.name.unraw()),
        doc => doc.to_owned(),
    };
    let doc = context.docs.item(&text, *span);
    let (sent, read) = (context.usage.is_sent(name), context.usage.is_read(name));
    objects::emit(context, &variant.body, &doc, sent, read)
}

fn encode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let arms = union.variants.iter().map(|variant| {
        let (name, wire) = (ident(&variant.rust), variant.wire.as_str());
        let Some(tag) = union.tag.as_ref().map(WireName::as_str) else {
            return quote!(Self::#name(body) => #rt::Encode::encode(body, encoder),);
        };
        quote! {
            Self::#name(body) => {
                encoder.begin_object();
                encoder.field(#tag, &#wire);
                #rt::Request::body(body, encoder);
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

/// The tag or the keys are looked up first, wherever they stand; then the variant is read in place.
fn decode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let found = found(context, union);
    let arms = union.variants.iter().enumerate().map(|(index, variant)| {
        let (index, name) = (Literal::usize_unsuffixed(index), ident(&variant.rust));
        quote! {
            ::core::option::Option::Some(#index) => Self::#name(#rt::Decode::decode(reader)?)
        }
    });
    quote! {
        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                *self = match #found {
                    #(#arms,)*
                    _ => Self::#unknown(reader.json()?),
                };
                ::core::result::Result::Ok(())
            }
        }

        impl #rt::Decode for #name {
            const EMPTY: Self = Self::#unknown(#rt::Value::Null);
        }
    }
}

/// Looks for the variant, and gives its index.
fn found(context: &Context<'_>, union: &Union) -> TokenStream {
    let rt = &context.rt;
    if let Some(tag) = &union.tag {
        let variants = union.variants.iter();
        let words = words(variants.map(|it| (it.wire.as_str(), &*it.aliases)));
        let tag = tag.as_str();
        return quote!(#rt::find_variant_by_tag(reader, #tag, #words)?);
    }
    let variants = union.unique_keys().into_iter().enumerate();
    let rows = variants.flat_map(|(index, own)| {
        let index = Literal::usize_unsuffixed(index);
        own.into_iter().map(move |key| {
            let (key, nullable) = (key.wire.as_str(), key.ty == Type::Json);
            quote!((#key, #index, #nullable))
        })
    });
    quote!(#rt::find_variant_by_key(reader, &[#(#rows),*])?)
}
