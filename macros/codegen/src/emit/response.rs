//! Response structs, and enums of responses by status code.

use api_spec::model::{Cases, Endpoint, Field, Response, ResponseHeaders, Struct};
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::is_private;
use crate::context::Context;
use crate::emit::codec::Decoded;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{codec, objects, serde};

/// Emits the type of the response, unless it is a declared or a predefined type.
pub(crate) fn emit(context: &Context<'_>, endpoint: &Endpoint) -> Option<TokenStream> {
    let doc = context.docs.response(endpoint);
    match &endpoint.response {
        Response::ByStatus(cases) => Some(emit_cases(context, cases, &doc)),
        Response::Events(events) => {
            let doc = context.docs.event(endpoint);
            emit_struct(context, &events.item, None, &doc)
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
    let doc_of_body = context.docs.text("The body.");
    let body = body_type(context, response);
    let body = body.map(|ty| quote!(#doc_of_body pub body: #ty,));
    let fields: Vec<_> = fields.iter().collect();
    let (name, scope) = (&headers?.name, Scope::Group);
    let body = body.as_ref();
    Some(objects::definition_with(
        context, scope, name, doc, body, &fields,
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

/// Returns the type of a body beside headers, in a variant, or of an item.
pub(crate) fn body_type(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    match response {
        Response::Value(ty) => Some(types::emit(context, Scope::Group, ty)),
        Response::Text => Some(quote!(::std::string::String)),
        Response::Bytes => Some(quote!(::std::vec::Vec<u8>)),
        Response::Object(object) => {
            let name = ident(&object.name);
            Some(quote!(#name))
        }
        Response::Nothing | Response::Stream | Response::Events(_) | Response::ByStatus(_) => None,
    }
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
