//! The table of endpoints, for calls by name.

use api_spec::model::{Endpoint, Group, Test};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::values;

/// Emits the shape of error responses, which all operations share. Types cannot have a name of this
/// form.
pub(crate) fn emit_errors(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let errors = &context.api.errors;
    let (message, code, expired) = (&errors.message, &errors.code, &errors.expired);
    let (refused, failed) = (
        &context.api.transient.refused,
        &context.api.transient.failed,
    );
    let conditions = errors.conditions.iter().map(|condition| {
        let key = &condition.key;
        let literal = |value| values::literal(context, value);
        let test = match &condition.test {
            Test::Equal(value) => {
                let value = literal(value);
                quote!(Equal(#value))
            }
            Test::Different(value) => {
                let value = literal(value);
                quote!(Different(#value))
            }
            Test::Present => quote!(Present),
        };
        quote!(#rt::Condition { key: #key, test: #rt::Test::#test })
    });
    quote! {
        const ERROR_SHAPE: &#rt::ErrorShape<'static> = &#rt::ErrorShape {
            message: &[#(#message),*],
            code: &[#(#code),*],
            expired: &[#(#expired),*],
            conditions: &[#(#conditions),*],
            refused: &[#(#refused),*],
            failed: &[#(#failed),*],
        };
    }
}

/// Emits the table.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let doc = context.docs.text("All endpoints, for calls by name.");
    let rows = context.api.groups.iter().flat_map(|group| {
        let endpoints = group.endpoints.iter();
        endpoints.map(move |endpoint| row(context, group, endpoint))
    });
    quote! {
        #doc
        pub static ENDPOINTS: &[#rt::Endpoint<'static>] = &[#(#rows),*];
    }
}

fn row(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let (module, request, doc) = (ident(&group.rust), ident(&endpoint.request), &endpoint.doc);
    let table = context.lines(&context.api.field_table(endpoint));
    quote! {
        #rt::Endpoint {
            operation: #module::#request::OPERATION,
            doc: #doc,
            table: #table,
        }
    }
}
