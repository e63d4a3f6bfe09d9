//! Response structs, and enums of responses by status code.

use api_spec::model::{Cases, Endpoint, Field, Response, Struct};
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::is_private;
use crate::context::Context;
use crate::docs;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{objects, serde};

pub(crate) fn emit(context: &Context<'_>, endpoint: &Endpoint) -> Option<TokenStream> {
    let doc = context.docs.response(endpoint);
    let headers = endpoint
        .response_headers
        .as_ref()
        .map_or(&[][..], |it| &it.headers);
    if let Response::Object(object) = &endpoint.response {
        let body: Vec<_> = object.fields.iter().collect();
        let all: Vec<_> = body.iter().copied().chain(headers).collect();
        let definition = objects::definition(context, Scope::Group, &object.name, &doc, &all);
        let decode = objects::decode(context, Scope::Group, &object.name, &body, headers);
        let serde = answer_serde(context, object, &body);
        return Some(quote!(#definition #decode #serde));
    }
    if let Response::ByStatus(cases) = &endpoint.response {
        return Some(emit_cases(context, cases, &doc));
    }
    let name = &endpoint.response_headers.as_ref()?.name;
    let body =
        beside(context, &endpoint.response).map(|ty| quote!(/** The body. */ pub body: #ty,));
    let fields: Vec<_> = headers.iter().collect();
    let definition =
        objects::definition_with(context, Scope::Group, name, &doc, body.as_ref(), &fields);
    Some(definition)
}

/// The body of an answer for `serde`: headers are no part of it.
fn answer_serde(context: &Context<'_>, object: &Struct, body: &[&Field]) -> Option<TokenStream> {
    (!is_private(context.api, &object.fields)).then(|| {
        let encode = objects::encode_flat(context, &object.name, body);
        let serde = serde::emit(context, &object.name);
        quote!(#encode #serde)
    })
}

/// The type of the body that stands beside headers in a struct.
fn beside(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    match response {
        Response::Value(ty) => Some(types::emit(context, Scope::Group, ty)),
        Response::Text => Some(quote!(::std::string::String)),
        Response::Bytes => Some(quote!(::std::vec::Vec<u8>)),
        Response::Object(object) => {
            let name = ident(&object.name);
            Some(quote!(#name))
        }
        Response::Nothing | Response::Stream | Response::ByStatus(_) => None,
    }
}

/// The enum of answers by their status, and the structs it holds.
fn emit_cases(context: &Context<'_>, cases: &Cases, doc: &TokenStream) -> TokenStream {
    let name = ident(&cases.name);
    let variants = cases.cases.iter().map(|case| {
        let doc = docs::attributes(&format!("The answer with the status {}.", case.status));
        let variant = ident(&case.variant);
        let body = beside(context, &case.response).map(|ty| quote!((#ty)));
        quote!(#doc #variant #body)
    });
    let structs = cases.cases.iter().filter_map(|case| match &case.response {
        Response::Object(object) => {
            let doc = format!(
                "What [`{}::{}`] holds.",
                cases.name.unraw(),
                case.variant.unraw()
            );
            let fields: Vec<_> = object.fields.iter().collect();
            let doc = docs::attributes(&doc);
            let definition =
                objects::definition(context, Scope::Group, &object.name, &doc, &fields);
            let decode = objects::decode(context, Scope::Group, &object.name, &fields, &[]);
            let serde = answer_serde(context, object, &fields);
            Some(quote!(#definition #decode #serde))
        }
        _ => None,
    });
    let derive = context.derive();
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
