//! Functions that call an endpoint.

use api_spec::model::{Cases, Endpoint, Response, ResponseHeaders};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::objects;
use crate::emit::types::{self, Scope};

pub(crate) fn emit(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let (name, request) = (ident(&endpoint.rust), ident(&endpoint.request));
    let doc = context.docs.call(endpoint);
    let deprecated = objects::deprecated(endpoint.deprecated.as_deref());
    let (answer, function) = match &endpoint.response {
        Response::Nothing => (quote!(()), quote!(call_discard)),
        Response::Object(object) => {
            let name = ident(&object.name);
            (quote!(#name), quote!(call))
        }
        Response::Value(ty) => (types::emit(context, Scope::Group, ty), quote!(call)),
        Response::Text => (quote!(::std::string::String), quote!(call_text)),
        Response::Bytes => (quote!(::std::vec::Vec<u8>), quote!(call_bytes)),
        Response::Stream => (quote!(u64), quote!(call_into)),
        Response::ByStatus(cases) => {
            let name = ident(&cases.name);
            (quote!(#name), TokenStream::new())
        }
    };
    let is_stream = endpoint.response == Response::Stream;
    let writer = is_stream.then(|| quote!(writer: &mut dyn ::std::io::Write,));
    let (answer, body) = if let Some(headed) = &endpoint.response_headers {
        let answer = ident(&headed.name);
        let body = call_headed(context, endpoint, headed);
        (quote!(#answer), body)
    } else if let Response::ByStatus(cases) = &endpoint.response {
        (answer, call_cases(endpoint, cases))
    } else {
        let writer = is_stream.then(|| quote!(, writer));
        let body = quote!(#rt::#function(client, #request::OPERATION, request #writer));
        (answer, body)
    };
    quote! {
        #doc
        #deprecated
        pub fn #name(
            client: &#runtime::Client,
            request: &#request,
            #writer
        ) -> ::core::result::Result<#answer, #runtime::Error> {
            #body
        }
    }
}

/// Calls, and reads what the status says.
fn call_cases(endpoint: &Endpoint, cases: &Cases) -> TokenStream {
    let (name, request) = (ident(&cases.name), ident(&endpoint.request));
    let arms = cases.cases.iter().map(|case| {
        let (status, variant) = (case.status, ident(&case.variant));
        let body = match &case.response {
            Response::Text => Some(quote!((answer.text()?))),
            Response::Bytes => Some(quote!((answer.into_body()))),
            Response::Object(_) | Response::Value(_) => Some(quote!((answer.decode()?))),
            Response::Nothing | Response::Stream | Response::ByStatus(_) => None,
        };
        quote!(#status => #name::#variant #body,)
    });
    quote! {
        let answer = client.send(#request::OPERATION, request)?;
        ::core::result::Result::Ok(match answer.status() {
            #(#arms)*
            _ => return ::core::result::Result::Err(answer.unexpected_status()),
        })
    }
}

/// Calls, and reads the headers after the body.
fn call_headed(
    context: &Context<'_>,
    endpoint: &Endpoint,
    headed: &ResponseHeaders,
) -> TokenStream {
    let rt = &context.rt;
    let (name, request) = (ident(&headed.name), ident(&endpoint.request));
    let names: Vec<_> = headed
        .headers
        .iter()
        .map(|field| ident(&field.rust))
        .collect();
    let wires = headed.headers.iter().map(|field| {
        let (wire, is_text) = (field.wire.as_str(), types::is_text(&field.ty));
        quote!((#wire, #is_text))
    });
    let blank = quote!(#(#names: #rt::Decode::EMPTY,)*);
    let value = match &endpoint.response {
        Response::Object(_) => quote!(answer.decode::<#name>()?),
        Response::Value(_) => quote!(#name { body: answer.decode()?, #blank }),
        Response::Text => quote!(#name { body: answer.text()?, #blank }),
        Response::Bytes => quote!(#name { body: answer.body().to_vec(), #blank }),
        Response::Nothing | Response::Stream | Response::ByStatus(_) => quote!(#name { #blank }),
    };
    let answer = if endpoint.response == Response::Stream {
        quote!(client.send_into(#request::OPERATION, request, writer)?.0)
    } else {
        quote!(client.send(#request::OPERATION, request)?)
    };
    let allow = objects::allow_deprecated(headed.headers.iter());
    let filled = quote! {
        #rt::decode_headers(&answer, &[#(#wires),*], &mut [#(&mut response.#names),*])?;
    };
    let filled = match allow {
        Some(allow) => quote!(#allow { #filled }),
        None => filled,
    };
    quote! {
        let answer = #answer;
        let mut response = #value;
        #filled
        ::core::result::Result::Ok(response)
    }
}
