//! Functions that wait for what a call began.

use api_spec::model::{Binding, Endpoint, Group, Response, Waiter};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::Context;
use crate::names::ident;
use crate::types::{self, Scope};

/// The waiter of an endpoint.
pub(crate) fn emit(
    context: &Context<'_>,
    group: &Group,
    endpoint: &Endpoint,
    waiter: &Waiter,
) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let name = ident(&waiter.function);
    let doc = context.docs.wait(endpoint, waiter);
    let place = place(group, waiter);
    let (poll, request, answer) = (
        ident(&waiter.poll),
        ident(&waiter.request),
        ident(&waiter.response),
    );
    let answer = if waiter.declared {
        quote!(super::#answer)
    } else {
        quote!(#place #answer)
    };
    let parameters = parameters(context, endpoint, waiter);
    let values = waiter.bind.iter().map(|binding| {
        let (from, field) = match binding {
            Binding::Request(field) => (format_ident!("request"), ident(field)),
            Binding::Response(field) => (format_ident!("response"), ident(field)),
        };
        quote!(::core::clone::Clone::clone(&#from.#field))
    });
    let progress = progress(context, waiter);
    let operation = format!("{}.{}", group.key, endpoint.key);
    quote! {
        #doc
        #[allow(deprecated)]
        pub fn #name(
            client: &#runtime::Client,
            #parameters
            wait: #runtime::Wait,
        ) -> ::core::result::Result<#answer, #runtime::Error> {
            let poll = #place #request::new(#(#values),*);
            #rt::wait(
                client,
                wait,
                #operation,
                &mut || #place #poll(client, &poll),
                |answer| #progress,
            )
        }
    }
}

/// What stands before names of the poll's module.
fn place(group: &Group, waiter: &Waiter) -> TokenStream {
    if waiter.group == group.rust {
        TokenStream::new()
    } else {
        let module = ident(&waiter.group);
        quote!(super::#module::)
    }
}

/// The request and the answer of the first call, as far as the poll takes from them.
fn parameters(context: &Context<'_>, endpoint: &Endpoint, waiter: &Waiter) -> TokenStream {
    let from_request = waiter
        .bind
        .iter()
        .any(|from| matches!(from, Binding::Request(_)));
    let from_response = waiter
        .bind
        .iter()
        .any(|from| matches!(from, Binding::Response(_)));
    let request = from_request.then(|| {
        let ty = ident(&endpoint.request);
        quote!(request: &#ty,)
    });
    let response = from_response.then(|| {
        let ty = match &endpoint.response {
            Response::Object(object) => {
                let name = ident(&object.name);
                quote!(#name)
            }
            Response::Nothing if endpoint.response_headers.is_none() => quote!(()),
            _ if endpoint.response_headers.is_some() => {
                let name = endpoint
                    .response_headers
                    .as_ref()
                    .map(|headed| ident(&headed.name));
                quote!(#name)
            }
            Response::Value(ty) => types::emit(context, Scope::Group, ty),
            // Nothing in them can be bound.
            Response::Nothing
            | Response::Text
            | Response::Bytes
            | Response::Stream
            | Response::ByStatus(_) => quote!(()),
        };
        quote!(response: &#ty,)
    });
    quote!(#request #response)
}

/// Every value of the status, and what it means for the wait.
fn progress(context: &Context<'_>, waiter: &Waiter) -> TokenStream {
    let (rt, field, status) = (&context.rt, ident(&waiter.field), ident(&waiter.status));
    let pattern = |variants: &[RustName]| {
        let variants = variants.iter().map(ident);
        let any = quote!(#(super::#status::#variants)|*);
        if waiter.optional {
            quote!(::core::option::Option::Some(#any))
        } else {
            any
        }
    };
    let until = pattern(&waiter.until);
    let fail = (!waiter.fail.is_empty()).then(|| {
        let fail = pattern(&waiter.fail);
        quote!(#fail => #rt::Progress::Failed(word),)
    });
    let word = if waiter.optional {
        quote! {
            match &answer.#field {
                ::core::option::Option::Some(status) => status.as_str(),
                ::core::option::Option::None => "",
            }
        }
    } else {
        quote!(answer.#field.as_str())
    };
    quote! {
        {
            let word = #word;
            match &answer.#field {
                #until => #rt::Progress::Done,
                #fail
                _ => #rt::Progress::Pending(word),
            }
        }
    }
}
