//! Implementations of the runtime's encoding and decoding for structs.

use api_spec::model::Field;
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::Trait;
use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{deprecation, values};

/// Emits the statement that encodes fields.
pub(crate) fn encode_fields<'a>(
    context: &Context<'_>,
    fields: impl IntoIterator<Item = &'a Field>,
) -> TokenStream {
    let rt = &context.rt;
    let (keys, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|field| {
            let name = ident(&field.rust);
            let mut value = quote!(&self.#name);
            if let Some(style) = &field.style {
                value = values::styled(context, &value, style);
            }
            if let Some(bounds) = values::bounds(context, &field.bounds) {
                value = quote!(&#rt::Bounded(#value, #bounds));
            }
            (field.wire.as_str(), value)
        })
        .unzip();
    quote!(encoder.fields(&[#(#keys),*], &[#(#values),*]);)
}

/// Emits the encoding of a declared struct.
pub(crate) fn encode(context: &Context<'_>, name: &RustName, fields: &[&Field]) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let statement = encode_fields(context, fields.iter().copied());
    let allow = deprecation::allow(context, fields);
    quote! {
        #rt::encode!(#name);

        #allow
        impl #rt::Request for #name {
            fn body(&self, encoder: &mut #rt::Encoder) {
                #statement
            }
        }
    }
}

/// Emits the encoding of all fields of a request or a response as one object, for serde.
pub(crate) fn encode_flat(
    context: &Context<'_>,
    name: &RustName,
    fields: &[&Field],
) -> Option<TokenStream> {
    let (rt, name) = (&context.rt, ident(name));
    let keys = fields.iter().map(|field| field.wire.as_str());
    let names = fields.iter().map(|field| ident(&field.rust));
    let allow = deprecation::allow(context, fields);
    context.has(Trait::Serialize).then(|| {
        quote! {
            #allow
            impl #rt::Encode for #name {
                fn encode(&self, encoder: &mut #rt::Encoder) {
                    encoder.begin_object();
                    encoder.fields(&[#(#keys),*], &[#(&self.#names),*]);
                    encoder.end_object();
                }
            }
        }
    })
}

/// Emits the decoding of a struct. The fields for `headers` are not part of the object and stay
/// empty.
pub(crate) fn decode(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    fields: &[&Field],
    headers: &[Field],
) -> TokenStream {
    let is_special = |field: &&Field| field.default.is_some() || field.is_boxed;
    if fields.iter().any(is_special) || !headers.is_empty() {
        return decode_with(context, scope, name, fields, headers);
    }
    let (rt, name) = (&context.rt, ident(name));
    let keys = fields.iter().map(|field| field.wire.as_str());
    let names = fields.iter().map(|field| ident(&field.rust));
    quote!(#rt::decode!(#name { #(#names: #keys),* });)
}

/// Emits the decoding of a struct with defaults, boxes or headers.
fn decode_with(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    fields: &[&Field],
    headers: &[Field],
) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let keys = fields.iter().map(|field| field.wire.as_str());
    let defaults = fields.iter().filter_map(|field| {
        let (name, default) = (ident(&field.rust), values::default(context, scope, field)?);
        Some(quote!(self.#name = #default;))
    });
    let places = fields.iter().map(|field| {
        let name = ident(&field.rust);
        if field.is_boxed {
            quote!(&mut #rt::Boxed(&mut self.#name))
        } else if field.default.is_some() {
            quote!(&mut #rt::Defaulted(&mut self.#name))
        } else {
            quote!(&mut self.#name)
        }
    });
    let all: Vec<_> = fields.iter().copied().chain(headers).collect();
    let empty = all.iter().map(|field| {
        let name = ident(&field.rust);
        let value = if field.is_boxed {
            types::absent(context, &field.ty)
        } else {
            quote!(#rt::Decode::empty())
        };
        quote!(#name: #value)
    });
    let allow = deprecation::allow(context, &all);
    quote! {
        #allow
        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                #(#defaults)*
                #rt::decode_fields(reader, &[#(#keys),*], &mut [#(#places),*])
            }
        }

        #allow
        impl #rt::Decode for #name {
            fn empty() -> Self {
                Self { #(#empty),* }
            }
        }
    }
}
