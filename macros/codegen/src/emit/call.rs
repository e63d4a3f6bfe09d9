//! Functions that call an endpoint.

use api_spec::model::{Cases, Endpoint, Group, Response, ResponseHeaders};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::{bodies, deprecation, events, headers};

/// Emits the function.
pub(crate) fn emit(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let runtime = context.runtime;
    let (name, request) = (ident(&endpoint.rust), ident(&endpoint.request));
    let doc = context.docs.call(group, endpoint);
    let deprecated = deprecation::attribute(endpoint.deprecated.as_deref());
    let response = response_type(context, endpoint);
    let body = match (&endpoint.response_headers, &endpoint.response) {
        (Some(headers), _) => call_with_headers(context, endpoint, headers),
        (None, Response::ByStatus(cases)) => call_by_status(context, endpoint, cases),
        (None, response) => call(context, endpoint, response),
    };
    let writer =
        (endpoint.response == Response::Stream).then(|| quote!(writer: &mut dyn ::std::io::Write,));
    quote! {
        #doc
        #deprecated
        pub fn #name(
            client: &#runtime::Client,
            request: &#request,
            #writer
        ) -> ::core::result::Result<#response, #runtime::Error> {
            #body
        }
    }
}

/// Returns the type of the decoded response.
pub(crate) fn response_type(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let named = match (&endpoint.response_headers, &endpoint.response) {
        (Some(ResponseHeaders { name, .. }), _) => name,
        (None, Response::ByStatus(cases)) => &cases.name,
        (None, Response::Stream) => return quote!(u64),
        (None, response) => {
            return bodies::body_type(context, response).unwrap_or_else(|| quote!(()));
        }
    };
    let name = ident(named);
    quote!(#name)
}

/// Emits a call of the runtime's function for this kind of response.
fn call(context: &Context<'_>, endpoint: &Endpoint, response: &Response) -> TokenStream {
    let (rt, request) = (&context.rt, ident(&endpoint.request));
    let function = match response {
        Response::Nothing => quote!(call_discard),
        Response::Text => quote!(call_text),
        Response::Bytes => quote!(call_bytes),
        Response::Stream => {
            return quote!(#rt::call_into(client, #request::OPERATION, request, writer));
        }
        Response::Events(stream) => return events::call(context, endpoint, stream),
        Response::Object(_) | Response::Value(_) | Response::ByStatus(_) => quote!(call),
    };
    quote!(#rt::#function(client, #request::OPERATION, request))
}

/// Emits a call that decodes the body, then the headers.
fn call_with_headers(
    context: &Context<'_>,
    endpoint: &Endpoint,
    headers: &ResponseHeaders,
) -> TokenStream {
    let request = ident(&endpoint.request);
    let response = match &endpoint.response {
        Response::Stream => quote!(client.send_into(#request::OPERATION, request, writer)?.0),
        Response::Events(stream) => {
            let call = events::call(context, endpoint, stream);
            quote!(#call?)
        }
        _ => quote!(client.send(#request::OPERATION, request)?),
    };
    let decode = headers::decode(context, &endpoint.response, headers);
    quote! {
        let response = #response;
        #decode
        ::core::result::Result::Ok(decoded)
    }
}

/// Emits a call whose response is decoded according to the status code.
fn call_by_status(context: &Context<'_>, endpoint: &Endpoint, cases: &Cases) -> TokenStream {
    let (name, request) = (ident(&cases.name), ident(&endpoint.request));
    let arms = cases.cases.iter().map(|case| {
        let (status, variant) = (Literal::u16_unsuffixed(case.status), ident(&case.variant));
        if let Some(headers) = &case.headers {
            let decode = headers::decode(context, &case.response, headers);
            return quote!(#status => { #decode #name::#variant(decoded) });
        }
        let body = match &case.response {
            Response::Text => Some(quote!((response.text()?))),
            Response::Bytes => Some(quote!((response.into_body()))),
            Response::Object(_) | Response::Value(_) => Some(quote!((response.decode()?))),
            Response::Nothing | Response::Stream | Response::Events(_) | Response::ByStatus(_) => {
                None
            }
        };
        quote!(#status => #name::#variant #body,)
    });
    quote! {
        let response = client.send(#request::OPERATION, request)?;
        ::core::result::Result::Ok(match response.status() {
            #(#arms)*
            _ => return ::core::result::Result::Err(response.unexpected_status()),
        })
    }
}
