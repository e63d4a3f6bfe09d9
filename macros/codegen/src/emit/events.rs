//! Responses of items that are read while they arrive.

use api_spec::model::{Endpoint, EventFormat, EventStream, Response};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;

/// Emits the call of an endpoint.
pub(crate) fn call(
    context: &Context<'_>,
    endpoint: &Endpoint,
    events: &EventStream,
) -> TokenStream {
    let (rt, request) = (&context.rt, ident(&endpoint.request));
    let decode = if events.item == Response::Text {
        quote!(#rt::event_text)
    } else {
        quote!(#rt::event_json)
    };
    if events.resume {
        let copy = quote!(::std::boxed::Box::new(::core::clone::Clone::clone(request)));
        return quote!(#rt::call_events_with_resume(client, #request::OPERATION, #copy, #decode));
    }
    quote!(#rt::call_events(client, #request::OPERATION, request, #decode))
}

/// Emits the encoding of the stream for the operation.
pub(crate) fn description(context: &Context<'_>, events: &EventStream) -> TokenStream {
    let rt = &context.rt;
    let format = match events.format {
        EventFormat::ServerSent => quote!(ServerSent),
        EventFormat::Lines => quote!(Lines),
    };
    let end = option(events.end.as_deref());
    let error = option(events.error.as_deref());
    let (is_text, resume) = (events.item == Response::Text, events.resume);
    let named = events.named;
    quote! {
        #rt::EventStream {
            format: #rt::EventFormat::#format,
            is_text: #is_text,
            end: #end,
            error: #error,
            resume: #resume,
            named: #named,
        }
    }
}

fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(
        || quote!(::core::option::Option::None),
        |text| quote!(::core::option::Option::Some(#text)),
    )
}
