//! Functions that wait for what a call began.

use api_spec::model::{Binding, Endpoint, Group, Response, Waiter};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::context::Context;
use crate::docs;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};

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
    let module = module_path(group, waiter);
    let (poll, request, answer) = (
        ident(&waiter.poll),
        ident(&waiter.request),
        ident(&waiter.response),
    );
    let answer = if waiter.declared {
        quote!(super::#answer)
    } else {
        quote!(#module #answer)
    };
    let parameters = parameters(context, endpoint, waiter);
    let values = waiter.bind.iter().map(|binding| {
        let (from, field) = match binding {
            Binding::Request(field) => (format_ident!("request"), ident(field)),
            Binding::Response(field) => (format_ident!("response"), ident(field)),
        };
        quote!(::core::clone::Clone::clone(&#from.#field))
    });
    let operation = format!("{}.{}", group.key, endpoint.key);
    let progress_name = ident(&waiter.progress);
    let progress = progress(context, endpoint, waiter, &answer);
    quote! {
        #doc
        #[allow(deprecated)]
        pub fn #name(
            client: &#runtime::Client,
            #parameters
            wait: #runtime::Wait<impl #runtime::OnPoll<#answer>>,
        ) -> ::core::result::Result<#answer, #runtime::Error> {
            #rt::wait(
                client,
                wait,
                #operation,
                #module #poll,
                &#module #request::new(#(#values),*),
                #progress_name,
            )
        }

        #progress
    }
}

/// Returns the path of the poll's module. The functions of a group may have the names of parameters,
/// so that a path is needed within the group, too.
fn module_path(group: &Group, waiter: &Waiter) -> TokenStream {
    if waiter.group == group.rust {
        quote!(self::)
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

/// Emits the function that classifies a response of the poll.
fn progress(
    context: &Context<'_>,
    endpoint: &Endpoint,
    waiter: &Waiter,
    response: &TokenStream,
) -> TokenStream {
    let (runtime, name) = (context.runtime, ident(&waiter.progress));
    let (field, status) = (ident(&waiter.field), ident(&waiter.status));
    let doc = docs::attributes(&format!(
        "Returns the progress of [`{}`] according to a response of the poll.",
        endpoint.rust.unraw()
    ));
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
        quote!(#fail => #runtime::Progress::Failed(status),)
    });
    let text = if waiter.optional {
        quote!(response.#field.as_ref().map_or("", super::#status::as_str))
    } else {
        quote!(response.#field.as_str())
    };
    quote! {
        #doc
        #[allow(deprecated)]
        #[must_use]
        pub fn #name(response: &#response) -> #runtime::Progress<'_> {
            let status = #text;
            match &response.#field {
                #until => #runtime::Progress::Done,
                #fail
                _ => #runtime::Progress::Pending(status),
            }
        }
    }
}
