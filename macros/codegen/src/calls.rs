//! An endpoint: its request, its answer, the function that calls it.

use api_spec::model::{Body, Endpoint, Field, Group, Response, Retry};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::names::ident;
use crate::types::{self, Scope};
use crate::{Context, objects, waiters};

/// All that an endpoint adds to the module of its group.
pub(crate) fn emit(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let request = request(context, group, endpoint);
    let response = response(context, endpoint);
    let call = call(context, endpoint);
    let wait = endpoint
        .wait
        .as_ref()
        .map(|waiter| waiters::emit(context, group, endpoint, waiter));
    quote!(#request #response #call #wait)
}

fn request(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let fields: Vec<_> = endpoint.fields().collect();
    let doc = context.docs.request(endpoint);
    let name = ident(&endpoint.request);
    let definition = objects::definition(context, Scope::Group, &endpoint.request, &doc, &fields);
    let constructor = objects::constructor(context, Scope::Group, &endpoint.request, &fields);
    let operation = operation(context, group, endpoint);
    let written = written(context, endpoint);
    let rt = &context.rt;
    // `default()` beside a `new()` without arguments is what clippy and callers expect.
    let default = fields.iter().all(|field| field.ty.is_optional()).then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #definition
        #constructor
        #default

        impl #name {
            /// The endpoint, for programs that call it by hand.
            pub const OPERATION: &'static #rt::Operation = &#operation;
        }

        impl #rt::Request for #name {
            #written
        }
    }
}

fn written(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let part = |name: &str, fields: &[Field]| {
        let (name, lines) = (
            Ident::new(name, Span::call_site()),
            objects::write_fields(fields),
        );
        (!fields.is_empty()).then(|| quote!(fn #name(&self, to: &mut #rt::Encoder) { #lines }))
    };
    let query = part("query", &endpoint.query);
    let body = part("body", endpoint.body.fields());
    quote!(#query #body)
}

fn operation(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let name = format!("{}.{}", group.key, endpoint.key);
    let method = Ident::new(endpoint.method.as_str(), Span::call_site());
    let path = &endpoint.path;
    let format = match endpoint.body {
        Body::Empty => quote!(Empty),
        Body::Json(_) => quote!(Json),
        Body::Form(_) => quote!(Form),
        Body::Multipart(_) => quote!(Multipart),
    };
    let retry = match endpoint.retry {
        Retry::Safe => quote!(Safe),
        Retry::Idempotent => quote!(Idempotent),
        Retry::Never => quote!(Never),
    };
    quote! {
        #rt::Operation {
            name: #name,
            method: &#rt::Method::#method,
            path: #path,
            format: #rt::Format::#format,
            retry: #rt::Retry::#retry,
            errors: super::ERRORS,
        }
    }
}

fn response(context: &Context<'_>, endpoint: &Endpoint) -> Option<TokenStream> {
    let Response::Object(object) = &endpoint.response else {
        return None;
    };
    let doc = context.docs.response(endpoint);
    let fields: Vec<_> = object.fields.iter().collect();
    let definition = objects::definition(context, Scope::Group, &object.name, &doc, &fields);
    let decode = objects::decode(context, &object.name, &fields);
    Some(quote!(#definition #decode))
}

fn call(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let (name, request) = (ident(&endpoint.rust), ident(&endpoint.request));
    let doc = context.docs.call(endpoint);
    let (answer, function) = match &endpoint.response {
        Response::Nothing => (quote!(()), quote!(call_unread)),
        Response::Object(object) => {
            let name = ident(&object.name);
            (quote!(#name), quote!(call))
        }
        Response::Value(ty) => (types::emit(context, Scope::Group, ty), quote!(call)),
    };
    quote! {
        #doc
        pub fn #name(
            client: &#runtime::Client,
            request: &#request,
        ) -> ::core::result::Result<#answer, #runtime::Error> {
            #rt::#function(client, #request::OPERATION, request)
        }
    }
}
