//! Responses that include headers.

use api_spec::model::{Response, ResponseHeaders};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::deprecation;
use crate::emit::names::ident;

/// Emits the statements that decode the body of `response`, then the headers, into `decoded`.
pub(crate) fn decode(
    context: &Context<'_>,
    body: &Response,
    headers: &ResponseHeaders,
) -> TokenStream {
    let (rt, name) = (&context.rt, ident(&headers.name));
    let fields: Vec<_> = headers.headers.iter().collect();
    let names: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
    let keys = fields.iter().map(|field| {
        let (wire, is_text) = (field.wire.as_str(), field.ty.is_text());
        quote!((#wire, #is_text))
    });
    let empty = quote!(#(#names: #rt::Decode::empty(),)*);
    let decoded = match body {
        Response::Object(_) => quote!(response.decode::<#name>()?),
        Response::Value(_) => quote!(#name { body: response.decode()?, #empty }),
        Response::Text => quote!(#name { body: response.text()?, #empty }),
        Response::Bytes => quote!(#name { body: response.body().to_vec(), #empty }),
        Response::Events(_) => quote!(#name { body: response, #empty }),
        Response::Nothing | Response::Stream | Response::ByStatus(_) => quote!(#name { #empty }),
    };
    let (function, response) = match body {
        Response::Events(_) => (quote!(decode_event_headers), quote!(&decoded.body)),
        _ => (quote!(decode_headers), quote!(&response)),
    };
    let decode_headers = quote! {
        #rt::#function(#response, &[#(#keys),*], &mut [#(&mut decoded.#names),*])?;
    };
    let allow = deprecation::allow(context, &fields);
    // Attributes are not allowed on expression statements, but on blocks.
    let decode_headers = match &allow {
        Some(allow) => quote!(#allow { #decode_headers }),
        None => decode_headers,
    };
    quote! {
        #allow
        let mut decoded = #decoded;
        #decode_headers
    }
}
