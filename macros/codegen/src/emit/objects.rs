//! Structs with fields: what they hold, how they are made, sent and read.

use api_spec::model::{Field, Struct, Type};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::{Trait, is_private};
use crate::context::Context;
use crate::docs;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{serde, values};

/// A struct that is declared by name, with what its uses call for.
pub(crate) fn emit_named(context: &Context<'_>, object: &Struct) -> TokenStream {
    let name = object.name.as_str();
    let doc = context.docs.item(&object.doc, object.span);
    emit(
        context,
        object,
        &doc,
        context.usage.is_sent(name),
        context.usage.is_read(name),
    )
}

/// A struct in the root.
pub(crate) fn emit(
    context: &Context<'_>,
    object: &Struct,
    doc: &TokenStream,
    sent: bool,
    read: bool,
) -> TokenStream {
    let fields: Vec<_> = object.fields.iter().collect();
    let told = !is_private(context.api, &object.fields);
    let mut code = definition(context, Scope::Root, &object.name, doc, &fields);
    if sent {
        code.extend(constructor(context, Scope::Root, &object.name, &fields));
    }
    if sent || told && context.has(Trait::Serialize) {
        code.extend(encode(context, &object.name, &fields));
    }
    if read || told && context.has(Trait::Deserialize) {
        code.extend(decode(context, Scope::Root, &object.name, &fields, &[]));
    }
    if told {
        code.extend(serde::emit(context, &object.name));
    }
    code
}

/// The struct itself.
pub(crate) fn definition(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    doc: &TokenStream,
    fields: &[&Field],
) -> TokenStream {
    definition_with(context, scope, name, doc, None, fields)
}

/// A struct with a member in front of its fields.
pub(crate) fn definition_with(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    doc: &TokenStream,
    first: Option<&TokenStream>,
    fields: &[&Field],
) -> TokenStream {
    let (name, derive) = (ident(name), context.derive());
    let members = fields.iter().map(|field| {
        let (doc, name) = (docs::field(field), ident(&field.rust));
        let ty = types::emit(context, scope, &field.ty);
        let deprecated = deprecated(field.deprecated.as_deref());
        quote!(#doc #deprecated pub #name: #ty)
    });
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub struct #name {
            #first
            #(#members,)*
        }
    }
}

/// `new` with the required fields, and a setter for each of the others.
pub(crate) fn constructor(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    fields: &[&Field],
) -> TokenStream {
    let name = ident(name);
    let required = || fields.iter().filter(|field| field.is_required());
    let arguments = required().map(|field| argument(context, scope, field));
    // A long list of required fields is the spec's doing, not the caller's.
    let many = (required().count() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let values = fields.iter().map(|field| {
        let name = ident(&field.rust);
        if matches!(field.ty, Type::Nullable(_)) {
            let runtime = context.runtime;
            quote!(#name: #runtime::types::Nullable::Absent)
        } else if field.ty.is_optional() {
            quote!(#name: ::core::option::Option::None)
        } else if let Some(default) = values::default(context, scope, field) {
            quote!(#name: #default)
        } else {
            member(field)
        }
    });
    let setters = fields
        .iter()
        .filter(|field| !field.is_required())
        .map(|field| setter(context, scope, field));
    let allow = allow_deprecated(fields.iter().copied());
    quote! {
        #allow
        impl #name {
            /// With the required fields; the others are left out.
            #[must_use]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }

            #(#setters)*
        }
    }
}

fn setter(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    let (doc, name) = (docs::field(field), ident(&field.rust));
    let deprecated = deprecated(field.deprecated.as_deref());
    if let Type::Nullable(inner) = &field.ty {
        let ty = types::emit(context, scope, inner);
        return quote! {
            #doc
            #deprecated
            #[must_use]
            pub fn #name(mut self, #name: ::core::option::Option<#ty>) -> Self {
                self.#name = ::core::convert::From::from(#name);
                self
            }
        };
    }
    let (rt, argument) = (&context.rt, argument(context, scope, field));
    // An assignment in its place drops the field before, which costs the compiler twice as much.
    let set = if field.ty.is_optional() {
        quote!(set_some)
    } else {
        quote!(set)
    };
    quote! {
        #doc
        #deprecated
        #[must_use]
        pub fn #name(mut self, #argument) -> Self {
            #rt::#set(&mut self.#name, #name);
            self
        }
    }
}

/// The attribute of what one should not use any more.
pub(crate) fn deprecated(text: Option<&str>) -> Option<TokenStream> {
    text.map(|text| quote!(#[deprecated(note = #text)]))
}

/// What stands before items that use such a thing themselves.
pub(crate) fn allow_deprecated<'f>(
    mut fields: impl Iterator<Item = &'f Field>,
) -> Option<TokenStream> {
    let any = fields.any(|field| field.deprecated.is_some());
    any.then(|| quote!(#[allow(deprecated)]))
}

fn argument(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    let (name, ty) = (ident(&field.rust), types::required(&field.ty));
    let rust = types::emit(context, scope, ty);
    if types::is_converted(ty) {
        quote!(#name: impl ::core::convert::Into<#rust>)
    } else {
        quote!(#name: #rust)
    }
}

/// The member of a struct literal that an argument of the same name becomes.
fn member(field: &Field) -> TokenStream {
    let name = ident(&field.rust);
    if types::is_converted(&field.ty) {
        let value = converted(field);
        quote!(#name: #value)
    } else {
        quote!(#name)
    }
}

fn converted(field: &Field) -> TokenStream {
    let name = ident(&field.rust);
    if types::is_converted(types::required(&field.ty)) {
        quote!(::core::convert::Into::into(#name))
    } else {
        quote!(#name)
    }
}

/// The statement that writes all fields.
pub(crate) fn write_fields<'a>(
    context: &Context<'_>,
    fields: impl IntoIterator<Item = &'a Field>,
) -> TokenStream {
    let rt = &context.rt;
    let (wires, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|field| {
            let name = ident(&field.rust);
            let joined = field
                .join
                .map(|join| quote!(&#rt::Joined(&self.#name, #join)));
            let value = joined.unwrap_or_else(|| quote!(&self.#name));
            let value = match values::bounds(context, &field.bounds) {
                Some(bounds) => quote!(&#rt::Bounded(#value, #bounds)),
                None => value,
            };
            (field.wire.as_str(), value)
        })
        .unzip();
    quote!(encoder.fields(&[#(#wires),*], &[#(#values),*]);)
}

fn encode(context: &Context<'_>, name: &RustName, fields: &[&Field]) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let lines = write_fields(context, fields.iter().copied());
    let allow = allow_deprecated(fields.iter().copied());
    quote! {
        impl #rt::Encode for #name {
            fn encode(&self, encoder: &mut #rt::Encoder) {
                encoder.begin_object();
                #rt::Request::body(self, encoder);
                encoder.end_object();
            }
        }

        #allow
        impl #rt::Request for #name {
            fn body(&self, encoder: &mut #rt::Encoder) {
                #lines
            }
        }
    }
}

/// For the traits of `serde` on what is no part of a body: all fields as one object.
pub(crate) fn encode_flat(
    context: &Context<'_>,
    name: &RustName,
    fields: &[&Field],
) -> Option<TokenStream> {
    let (rt, name) = (&context.rt, ident(name));
    let wires = fields.iter().map(|field| field.wire.as_str());
    let names = fields.iter().map(|field| ident(&field.rust));
    let allow = allow_deprecated(fields.iter().copied());
    context.has(Trait::Serialize).then(|| {
        quote! {
            #allow
            impl #rt::Encode for #name {
                fn encode(&self, encoder: &mut #rt::Encoder) {
                    encoder.begin_object();
                    encoder.fields(&[#(#wires),*], &[#(&self.#names),*]);
                    encoder.end_object();
                }
            }
        }
    })
}

/// A blank one, and the places in it that an object's members go to. Other fields stay blank.
pub(crate) fn decode(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    fields: &[&Field],
    others: &[Field],
) -> TokenStream {
    let (rt, name) = (&context.rt, ident(name));
    let wires = fields.iter().map(|field| field.wire.as_str());
    let names: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
    let defaults = fields.iter().filter_map(|field| {
        let (name, default) = (ident(&field.rust), values::default(context, scope, field)?);
        Some(quote!(self.#name = #default;))
    });
    let places = fields.iter().map(|field| {
        let name = ident(&field.rust);
        if field.default.is_some() {
            quote!(&mut #rt::Defaulted(&mut self.#name))
        } else {
            quote!(&mut self.#name)
        }
    });
    let all = names
        .iter()
        .cloned()
        .chain(others.iter().map(|field| ident(&field.rust)));
    let allow = allow_deprecated(fields.iter().copied().chain(others));
    quote! {
        #allow
        impl #rt::DecodeInto for #name {
            fn decode_into(
                &mut self,
                reader: &mut #rt::Reader<'_>,
            ) -> ::core::result::Result<(), #rt::ReadError> {
                #(#defaults)*
                #rt::decode_fields(reader, &[#(#wires),*], &mut [#(#places),*])
            }
        }

        #allow
        impl #rt::Decode for #name {
            const EMPTY: Self = Self { #(#all: #rt::Decode::EMPTY),* };
        }
    }
}
