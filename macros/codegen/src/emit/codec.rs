//! Implementations of the runtime's encoding and decoding for structs.

use api_spec::model::{Direction, Field};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::Trait;
use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{deprecation, values};

/// Emits the statement that encodes fields. Those of responses are part of the representation in serde
/// only, which `serialized` selects.
pub(crate) fn encode_fields<'a>(
    context: &Context<'_>,
    fields: impl IntoIterator<Item = &'a Field>,
    serialized: bool,
) -> TokenStream {
    let rt = &context.rt;
    let (keys, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .filter(|field| serialized || field.partial() != Some(Direction::Response))
        .map(|field| {
            let name = ident(&field.rust);
            let mut value = quote!(&self.#name);
            if let Some(style) = &field.style {
                value = values::styled(context, &value, style);
            }
            if let Some(bounds) = values::bounds(context, &field.bounds) {
                value = quote!(&#rt::Bounded(#value, #bounds));
            }
            match field.partial() {
                Some(Direction::Response) => value = quote!(&#rt::ResponseOnly(#value)),
                Some(Direction::Request) if field.is_required() => {
                    value = quote!(&#rt::RequestOnly(#value));
                }
                _ => {}
            }
            (field.wire.as_str(), value)
        })
        .unzip();
    quote!(encoder.fields(&[#(#keys),*], &[#(#values),*]);)
}

/// Emits the encoding of a declared struct.
pub(crate) fn encode(
    context: &Context<'_>,
    name: &RustName,
    fields: &[&Field],
    serialized: bool,
) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let statement = encode_fields(context, fields.iter().copied(), serialized);
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

/// The fields of a struct that is decoded.
pub(crate) struct Decoded<'f> {
    /// The fields of the object.
    pub(crate) fields: &'f [&'f Field],
    /// The fields for headers, which are not part of the object and stay empty.
    pub(crate) headers: &'f [Field],
    /// `true` if the struct implements serde's `Deserialize`.
    pub(crate) deserialized: bool,
}

impl<'f> Decoded<'f> {
    /// Returns the fields of an object without fields of one direction.
    pub(crate) const fn of_object(fields: &'f [&'f Field]) -> Self {
        Self {
            fields,
            headers: &[],
            deserialized: false,
        }
    }
}

/// Emits the decoding of a struct.
pub(crate) fn decode(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    decoded: &Decoded<'_>,
) -> TokenStream {
    let is_special =
        |field: &&Field| field.default.is_some() || field.is_boxed || field.partial().is_some();
    if decoded.fields.iter().any(is_special) || !decoded.headers.is_empty() {
        return decode_with(context, scope, name, decoded);
    }
    let (rt, name) = (&context.rt, ident(name));
    let keys = decoded.fields.iter().map(|field| field.wire.as_str());
    let names = decoded.fields.iter().map(|field| ident(&field.rust));
    quote!(#rt::decode!(#name { #(#names: #keys),* });)
}

/// Emits the decoding of a struct with defaults, boxes, headers, or fields of one direction.
fn decode_with(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    decoded: &Decoded<'_>,
) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let fields = decoded.fields.iter().copied();
    let defaults = fields.clone().filter_map(|field| {
        let (name, default) = (ident(&field.rust), values::default(context, scope, field)?);
        Some(quote!(self.#name = #default;))
    });
    // Without serde, the members for fields of requests are skipped as unknown ones are.
    let is_read =
        |field: &&Field| decoded.deserialized || field.partial() != Some(Direction::Request);
    let (keys, places): (Vec<_>, Vec<_>) = fields
        .clone()
        .filter(is_read)
        .map(|field| {
            (
                field.wire.as_str(),
                place(context, field, decoded.deserialized),
            )
        })
        .unzip();
    let has_partial = fields.clone().any(|field| field.partial().is_some());
    let all_fields = (decoded.deserialized && has_partial)
        .then(|| quote!(let all_fields = reader.reads_all_fields();));
    let all: Vec<_> = fields.chain(decoded.headers).collect();
    let empty = all.iter().map(|field| {
        let name = ident(&field.rust);
        let value = if field.is_boxed || field.partial().is_some() && field.ty.is_optional() {
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
                #all_fields
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

/// Emits the place into which a field is decoded.
fn place(context: &Context<'_>, field: &Field, deserialized: bool) -> TokenStream {
    let (rt, name) = (&context.rt, ident(&field.rust));
    let place = if field.is_boxed {
        quote!(&mut #rt::Boxed(&mut self.#name))
    } else if field.default.is_some() {
        quote!(&mut #rt::Defaulted(&mut self.#name))
    } else {
        quote!(&mut self.#name)
    };
    match field.partial() {
        Some(Direction::Request) => quote!(&mut #rt::RequestPlace(#place, all_fields)),
        Some(Direction::Response) if field.is_required_in(Direction::Response) => {
            let is_optional = if deserialized {
                quote!(all_fields)
            } else {
                quote!(false)
            };
            quote!(&mut #rt::ResponsePlace(#place, #is_optional))
        }
        _ => place,
    }
}
