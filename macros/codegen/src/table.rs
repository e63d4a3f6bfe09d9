//! The endpoints as data, for programs that call them by name.

use api_spec::model::{Endpoint, Enum, Field, Group, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::ident;
use crate::{Context, types};

/// What the API's errors look like, shared by all endpoints.
pub(crate) fn emit_errors(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let (message, code) = (&context.api.errors.message, &context.api.errors.code);
    let (refused, failed) = (
        &context.api.transient.refused,
        &context.api.transient.failed,
    );
    quote! {
        const ERRORS: &#rt::ErrorShape = &#rt::ErrorShape {
            message: &[#(#message),*],
            code: &[#(#code),*],
            refused: &[#(#refused),*],
            failed: &[#(#failed),*],
        };
    }
}

/// The table of all endpoints.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let rows = context.api.groups.iter().flat_map(|group| {
        group
            .endpoints
            .iter()
            .map(move |endpoint| row(context, group, endpoint))
    });
    quote! {
        /// All endpoints, for programs that call them by name.
        pub static ENDPOINTS: &[#rt::Endpoint] = &[#(#rows),*];
    }
}

fn row(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let (module, request, doc) = (ident(&group.rust), ident(&endpoint.request), &endpoint.doc);
    let query = endpoint.query.iter().map(|item| field(context, item, true));
    let body = endpoint
        .body
        .fields()
        .iter()
        .map(|item| field(context, item, false));
    quote! {
        #rt::Endpoint {
            operation: #module::#request::OPERATION,
            doc: #doc,
            fields: &[#(#query,)* #(#body,)*],
        }
    }
}

fn field(context: &Context<'_>, field: &Field, in_query: bool) -> TokenStream {
    let rt = &context.rt;
    let (name, doc, ty) = (
        field.wire.as_str(),
        doc(context, field),
        types::written(&field.ty),
    );
    let required = !field.ty.is_optional();
    let kind = kind(types::required(&field.ty));
    quote! {
        #rt::Field {
            name: #name,
            doc: #doc,
            ty: #ty,
            kind: #rt::FieldKind::#kind,
            required: #required,
            in_query: #in_query,
        }
    }
}

/// What the field means; where the spec says nothing of it, what it says of its type.
fn doc(context: &Context<'_>, field: &Field) -> String {
    let api = context.api;
    if !field.doc.is_empty() {
        return field.doc.clone();
    }
    match types::required(&field.ty) {
        Type::Id(name) => {
            let id = api.ids.iter().find(|id| id.name == *name);
            id.map(|id| id.doc.clone()).unwrap_or_default()
        }
        Type::Enum(name) => {
            let item = api.enums.iter().find(|item| item.name == *name);
            item.map(values).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What an enumeration is, and its words.
fn values(item: &Enum) -> String {
    let words: Vec<_> = item
        .values
        .iter()
        .map(|value| format!("`{}`", value.wire))
        .collect();
    format!("{} One of {}.", item.doc, words.join(", "))
        .trim_start()
        .to_owned()
}

fn kind(ty: &Type) -> TokenStream {
    match ty {
        Type::String | Type::Id(_) | Type::Enum(_) => quote!(Text),
        Type::Bool => quote!(Bool),
        Type::Int => quote!(Int),
        Type::Float => quote!(Float),
        Type::File => quote!(File),
        Type::Json
        | Type::Struct(_)
        | Type::Union(_)
        | Type::Optional(_)
        | Type::List(_)
        | Type::Map(_) => quote!(Json),
    }
}
