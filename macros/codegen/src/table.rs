//! The endpoints as data, for programs that call them by name.

use api_spec::model::{Endpoint, Field, Group, Type};
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
    let (name, doc, ty) = (field.wire.as_str(), &field.doc, types::written(&field.ty));
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
