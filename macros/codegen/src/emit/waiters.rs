//! Waiters: functions that poll until an operation has completed.

use api_spec::model::{Binding, Endpoint, Group, Type, Waiter};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::call;
use crate::emit::names::ident;

/// Emits the waiter of an endpoint, and the function that classifies responses.
pub(crate) fn emit(
    context: &Context<'_>,
    group: &Group,
    endpoint: &Endpoint,
    waiter: &Waiter,
) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let name = ident(&waiter.function);
    let doc = context.docs.wait(group, endpoint, waiter);
    let allow = context.allow(&quote!(deprecated));
    let module = module_path(group, waiter);
    let (poll, request, response) = (
        ident(&waiter.poll),
        ident(&waiter.request),
        ident(&waiter.response),
    );
    let response = if waiter.declared {
        quote!(super::#response)
    } else {
        quote!(#module #response)
    };
    let parameters = parameters(context, endpoint, waiter);
    let values = bound_values(context, waiter);
    let operation = format!("{}.{}", group.key, endpoint.key);
    let progress_name = ident(&waiter.progress);
    let progress = progress(context, group, endpoint, waiter, &response);
    quote! {
        #doc
        #allow
        pub fn #name(
            client: &#runtime::Client,
            #parameters
            wait: #runtime::Wait<impl #runtime::OnPoll<#response>>,
        ) -> ::core::result::Result<#response, #runtime::Error> {
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

/// Emits the arguments of the poll's request.
fn bound_values(context: &Context<'_>, waiter: &Waiter) -> Vec<TokenStream> {
    let groups = context.api.groups.iter();
    let polled = groups.filter(|group| group.rust == waiter.group);
    let mut polled = polled.flat_map(|group| &group.endpoints);
    let poll = polled.find(|endpoint| endpoint.rust == waiter.poll);
    let fields = poll.into_iter().flat_map(Endpoint::fields);
    let required = fields.filter(|field| field.is_required());
    let values = waiter.bind.iter().zip(required).map(|(binding, field)| {
        let (from, name) = match binding {
            Binding::Request(name) => (quote!(request), ident(name)),
            Binding::Response(name) => (quote!(response), ident(name)),
        };
        match field.ty {
            // The parameter accepts references.
            Type::Id(_) | Type::String => quote!(&#from.#name),
            _ => quote!(::core::clone::Clone::clone(&#from.#name)),
        }
    });
    values.collect()
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

/// Emits the parameters for the first request and its response, if the poll takes values from them.
fn parameters(context: &Context<'_>, endpoint: &Endpoint, waiter: &Waiter) -> TokenStream {
    let binds = |from: fn(&Binding) -> bool| waiter.bind.iter().any(from);
    let request = binds(|from| matches!(from, Binding::Request(_))).then(|| {
        let ty = ident(&endpoint.request);
        quote!(request: &#ty,)
    });
    let response = binds(|from| matches!(from, Binding::Response(_))).then(|| {
        let ty = call::response_type(context, endpoint);
        quote!(response: &#ty,)
    });
    quote!(#request #response)
}

/// Emits the function that classifies a response of the poll.
fn progress(
    context: &Context<'_>,
    group: &Group,
    endpoint: &Endpoint,
    waiter: &Waiter,
    response: &TokenStream,
) -> TokenStream {
    let (runtime, name) = (context.runtime, ident(&waiter.progress));
    let (field, status) = (ident(&waiter.field), ident(&waiter.status));
    let doc = context.docs.progress(group, endpoint, waiter);
    let allow = context.allow(&quote!(deprecated));
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
        #allow
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
