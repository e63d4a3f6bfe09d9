//! Waiters: functions that poll until an operation has completed.

use api_spec::model::{Binding, Endpoint, Group, Status, StatusType, Type, Waiter};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::call;
use crate::emit::field_path::{self, Access};
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
    let operation = format!("{}.{}", group.key, endpoint.key);
    let values = bound_values(context, waiter, &operation);
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
fn bound_values(context: &Context<'_>, waiter: &Waiter, operation: &str) -> Vec<TokenStream> {
    let groups = context.api.groups.iter();
    let polled = groups.filter(|group| group.rust == waiter.group);
    let mut polled = polled.flat_map(|group| &group.endpoints);
    let poll = polled.find(|endpoint| endpoint.rust == waiter.poll);
    let fields = poll.into_iter().flat_map(Endpoint::fields);
    let required = fields.filter(|field| field.is_required());
    let values = waiter.bind.iter().zip(required).map(|(binding, field)| {
        let (from, path) = match binding {
            Binding::Request(path) => (quote!(request), path),
            Binding::Response(path) => (quote!(response), path),
        };
        let reference = match field_path::borrow(&from, path) {
            Access::Value(value) => quote!(&#value),
            // A field of one direction is required, but not in all values of its struct.
            access => {
                let (rt, name) = (&context.rt, format!("{from}.{}", path.wire()));
                let value = field_path::reference(access);
                quote!(#rt::bound(#operation, #name, #value)?)
            }
        };
        match field.ty {
            // The parameter accepts references.
            Type::Id(_) | Type::String => reference,
            _ => quote!(::core::clone::Clone::clone(#reference)),
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
    let doc = context.docs.progress(group, endpoint, waiter);
    let allow = context.allow(&quote!(deprecated));
    let Scrutinee {
        before,
        text,
        value,
        is_option,
    } = scrutinee(context, waiter);
    let pattern = |values: &[Status]| {
        let values = values.iter().map(|value| match (value, &waiter.status) {
            (Status::Variant(variant), StatusType::Enum(status)) => {
                let (status, variant) = (ident(status), ident(variant));
                quote!(super::#status::#variant)
            }
            (Status::Bool(true), _) => quote!(true),
            _ => quote!(false),
        });
        let any = quote!(#(#values)|*);
        if is_option {
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
    quote! {
        #doc
        #allow
        #[must_use]
        pub fn #name(response: &#response) -> #runtime::Progress<'_> {
            #before
            let status = #text;
            match #value {
                #until => #runtime::Progress::Done,
                #fail
                _ => #runtime::Progress::Pending(status),
            }
        }
    }
}

/// The status that is matched.
struct Scrutinee {
    /// Statement before it.
    before: Option<TokenStream>,
    /// The status as text.
    text: TokenStream,
    value: TokenStream,
    is_option: bool,
}

fn scrutinee(context: &Context<'_>, waiter: &Waiter) -> Scrutinee {
    let access = field_path::borrow(&quote!(response), &waiter.field);
    let StatusType::Enum(name) = &waiter.status else {
        let (rt, value) = (&context.rt, field_path::copied(&access));
        return Scrutinee {
            before: Some(quote!(let value = #value;)),
            text: quote!(#rt::bool_status(value)),
            value: quote!(value),
            is_option: true,
        };
    };
    let name = ident(name);
    let (before, text, value, is_option) = match access {
        Access::Value(place) => (None, quote!(#place.as_str()), quote!(&#place), false),
        Access::Optional(place) => {
            let text = quote!(#place.as_ref().map_or("", super::#name::as_str));
            (None, text, quote!(&#place), true)
        }
        Access::Reference(value) => {
            let text = quote!(value.map_or("", super::#name::as_str));
            let before = quote!(let value = #value;);
            (Some(before), text, quote!(value), true)
        }
    };
    Scrutinee {
        before,
        text,
        value,
        is_option,
    }
}
