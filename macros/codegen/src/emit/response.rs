//! Response structs, and enums of responses by status code.

use api_spec::model::{Cases, Endpoint, Field, Response, ResponseHeaders, Struct};
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::is_private;
use crate::context::Context;
use crate::emit::bodies::body_type;
use crate::emit::codec::Decoded;
use crate::emit::names::ident;
use crate::emit::types::Scope;
use crate::emit::{codec, objects, serde};

/// Emits the type of the response, unless it is a declared or a predefined type.
pub(crate) fn emit(context: &Context<'_>, endpoint: &Endpoint) -> Option<TokenStream> {
    let doc = context.docs.response(endpoint);
    match &endpoint.response {
        Response::ByStatus(cases) => Some(emit_cases(context, cases, &doc)),
        Response::Events(events) => {
            let item = emit_struct(context, &events.item, None, &context.docs.event(endpoint));
            let headers = endpoint.response_headers.as_ref();
            let response = emit_struct(context, &endpoint.response, headers, &doc);
            (item.is_some() || response.is_some()).then(|| quote!(#item #response))
        }
        response => emit_struct(context, response, endpoint.response_headers.as_ref(), &doc),
    }
}

/// Emits the struct of a body and of headers, unless the response is a body without a struct.
fn emit_struct(
    context: &Context<'_>,
    response: &Response,
    headers: Option<&ResponseHeaders>,
    doc: &TokenStream,
) -> Option<TokenStream> {
    let fields = headers.map_or(&[][..], |headers| &headers.headers);
    if let Response::Object(object) = response {
        return Some(emit_object(context, object, doc, fields));
    }
    let (derive, doc_of_body) = match response {
        // An iterator cannot be copied or compared.
        Response::Events(_) => (
            quote!(#[derive(::core::fmt::Debug)]),
            "The items, as they arrive.",
        ),
        _ => (context.derive(), "The body."),
    };
    let doc_of_body = context.docs.text(doc_of_body);
    let body = body_type(context, response);
    let body = body.map(|ty| quote!(#doc_of_body pub body: #ty,));
    let fields: Vec<_> = fields.iter().collect();
    let (name, scope) = (&headers?.name, Scope::Group);
    let body = body.as_ref();
    Some(objects::definition_with(
        context, scope, name, doc, body, &fields, &derive,
    ))
}

/// Emits a struct of the fields of an object and of headers.
fn emit_object(
    context: &Context<'_>,
    object: &Struct,
    doc: &TokenStream,
    headers: &[Field],
) -> TokenStream {
    let body: Vec<_> = object.fields.iter().collect();
    let all: Vec<_> = body.iter().copied().chain(headers).collect();
    let definition = objects::definition(context, Scope::Group, &object.name, doc, &all);
    let decoded = Decoded {
        headers,
        ..Decoded::of_object(&body)
    };
    let decode = codec::decode(context, Scope::Group, &object.name, &decoded);
    // Headers are not part of the body, and so not of its representation in serde.
    let serde = (!is_private(context.api, &object.fields)).then(|| {
        let encode = codec::encode_flat(context, &object.name, &body);
        let serde = serde::emit(context, &object.name);
        quote!(#encode #serde)
    });
    quote!(#definition #decode #serde)
}

/// Emits the enum of responses by status code, and the structs in its variants.
fn emit_cases(context: &Context<'_>, cases: &Cases, doc: &TokenStream) -> TokenStream {
    let (name, derive) = (ident(&cases.name), context.derive());
    let variants = cases.cases.iter().map(|case| {
        let (doc, variant) = (context.docs.case(case), ident(&case.variant));
        let body = match &case.headers {
            Some(headers) => {
                let name = ident(&headers.name);
                Some(quote!(#name))
            }
            None => body_type(context, &case.response),
        };
        let body = body.map(|ty| quote!((#ty)));
        quote!(#doc #variant #body)
    });
    let structs = cases.cases.iter().filter_map(|case| {
        let doc = context.docs.case_struct(cases, case);
        emit_struct(context, &case.response, case.headers.as_ref(), &doc)
    });
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }

        #(#structs)*
    }
}
