//! Objects told apart by a tag.

use api_spec::model::{Struct, Union, Variant};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::enums::words;
use crate::names::ident;
use crate::traits::{Trait, is_private};
use crate::{Context, docs, objects};

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
        code.extend(context.serde(&union.name));
    }
    code.extend(
        union
            .variants
            .iter()
            .map(|variant| body(context, union, variant)),
    );
    code
}

fn definition(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let derive = context.derive();
    let doc = context.docs.item(&union.doc, union.span);
    let variants = union.variants.iter().map(|variant| {
        let doc = docs::word(&variant.body.doc, variant.wire.as_str());
        let (name, body) = (ident(&variant.rust), ident(&variant.body.name));
        quote!(#doc #name(#body))
    });
    let kept = docs::attributes(&format!(
        "What the description does not know: another `{}`, or none. Kept as it came.",
        union.tag
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

fn body(context: &Context<'_>, union: &Union, variant: &Variant) -> TokenStream {
    let name = union.name.as_str();
    let Struct { doc, span, .. } = &variant.body;
    let text = if doc.is_empty() {
        format!(
            "[`{}`] with the `{}` `{}`.",
            union.name.unraw(),
            union.tag,
            variant.wire
        )
    } else {
        doc.clone()
    };
    let doc = context.docs.item(&text, *span);
    let (sent, read) = (context.usage.is_sent(name), context.usage.is_read(name));
    objects::emit(context, &variant.body, &doc, sent, read)
}

fn encode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let tag = union.tag.as_str();
    let arms = union.variants.iter().map(|variant| {
        let (name, wire) = (ident(&variant.rust), variant.wire.as_str());
        quote! {
            Self::#name(body) => {
                to.begin();
                to.field(#tag, &#wire);
                #rt::Request::body(body, to);
                to.end();
            }
        }
    });
    quote! {
        impl #rt::Encode for #name {
            fn encode(&self, to: &mut #rt::Encoder) {
                match self {
                    #(#arms)*
                    Self::#unknown(value) => #rt::Encode::encode(value, to),
                }
            }
        }
    }
}

/// The tag is looked up first, wherever it stands; then the variant is read in place.
fn decode(context: &Context<'_>, union: &Union) -> TokenStream {
    let (rt, name, unknown) = (&context.rt, ident(&union.name), ident(&union.unknown));
    let tag = union.tag.as_str();
    let rows = union
        .variants
        .iter()
        .map(|variant| (variant.wire.as_str(), &*variant.also));
    let words = words(rows);
    let arms = union.variants.iter().enumerate().map(|(index, variant)| {
        let (index, name) = (Literal::usize_unsuffixed(index), ident(&variant.rust));
        quote! {
            ::core::option::Option::Some(#index) => Self::#name(#rt::Decode::decode(reader)?)
        }
    });
    quote! {
        impl #rt::Fill for #name {
            fn fill(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                *self = match #rt::find_tag(reader, #tag, #words)? {
                    #(#arms,)*
                    _ => Self::#unknown(reader.json()?),
                };
                ::core::result::Result::Ok(())
            }
        }

        impl #rt::Decode for #name {
            const BLANK: Self = Self::#unknown(#rt::Value::Null);
        }
    }
}
