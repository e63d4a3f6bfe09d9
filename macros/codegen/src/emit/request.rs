//! Request structs and their operations.

use api_spec::model::{Body, Endpoint, Field, FieldLocation, Group, Response, Retry};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::analysis::traits::{Trait, is_private};
use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::Scope;
use crate::emit::{objects, serde, values};

pub(crate) fn emit(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let fields: Vec<_> = endpoint.fields().collect();
    let doc = context.docs.request(endpoint);
    let name = ident(&endpoint.request);
    let definition = objects::definition(context, Scope::Group, &endpoint.request, &doc, &fields);
    let constructor = objects::constructor(context, Scope::Group, &endpoint.request, &fields);
    let operation = operation(context, group, endpoint);
    let written = written(context, endpoint);
    let allow = objects::allow_deprecated(endpoint.fields());
    let rt = &context.rt;
    // `default()` beside a `new()` without arguments is what clippy and callers expect.
    let default = fields.iter().all(|field| !field.is_required()).then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let serde = (!is_private(context.api, endpoint.fields())).then(|| {
        let encode = objects::encode_flat(context, &endpoint.request, &fields);
        let decode = context
            .has(Trait::Deserialize)
            .then(|| objects::decode(context, Scope::Group, &endpoint.request, &fields, &[]));
        let serde = serde::emit(context, &endpoint.request);
        quote!(#encode #decode #serde)
    });
    quote! {
        #definition
        #constructor
        #default

        impl #name {
            /// The endpoint, for programs that call it by hand.
            pub const OPERATION: &'static #rt::Operation = &#operation;
        }

        #allow
        impl #rt::Request for #name {
            #written
        }

        #serde
    }
}

fn written(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let part = |name: &str, fields: &[Field]| {
        let (name, lines) = (
            Ident::new(name, Span::call_site()),
            objects::write_fields(context, fields),
        );
        (!fields.is_empty()).then(|| quote!(fn #name(&self, encoder: &mut #rt::Encoder) { #lines }))
    };
    let path = part("path", &endpoint.parameters);
    let query = part("query", &endpoint.query);
    let headers = part("headers", &endpoint.headers);
    let body = part("body", endpoint.body.fields());
    quote!(#path #query #headers #body)
}

/// The endpoint as data: what is not as usual.
fn operation(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let name = format!("{}.{}", group.key, endpoint.key);
    let method = Ident::new(endpoint.method.as_str(), Span::call_site());
    let path = &endpoint.path;
    let format = match endpoint.body {
        Body::Empty => None,
        Body::Json(_) => Some(quote!(Json)),
        Body::JsonValue(_) => Some(quote!(JsonValue)),
        Body::Raw(_, ref media) => Some(quote!(Raw(#media))),
        Body::Form(_) => Some(quote!(Form)),
        Body::Multipart(_) => Some(quote!(Multipart)),
    };
    let format = format.map(|format| quote!(format: #rt::BodyFormat::#format,));
    let answer = answer(context, &endpoint.response);
    let behaviour = behaviour(context, endpoint);
    let fixed = endpoint.fixed.iter().map(|fixed| {
        let (wire, value) = (fixed.wire.as_str(), values::literal(context, &fixed.value));
        let place = place(context, fixed.location);
        quote!((#place, #wire, #value))
    });
    let fixed = (!endpoint.fixed.is_empty()).then(|| quote!(fixed: &[#(#fixed),*],));
    quote! {
        #rt::Operation {
            name: #name,
            method: &#rt::Method::#method,
            path: #path,
            #format
            #answer
            #behaviour
            #fixed
            errors: super::ERROR_SHAPE,
            ..#rt::Operation::DEFAULT
        }
    }
}

fn answer(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    let rt = &context.rt;
    let reply = match response {
        Response::Object(_) | Response::Value(_) => return None,
        Response::ByStatus(_) => quote!(ByStatus),
        Response::Nothing => quote!(Ignored),
        Response::Text => quote!(Text),
        Response::Bytes | Response::Stream => quote!(Bytes),
    };
    let statuses = match response {
        Response::ByStatus(cases) => {
            let statuses = cases.cases.iter().map(|case| case.status);
            Some(quote!(statuses: &[#(#statuses),*],))
        }
        _ => None,
    };
    Some(quote!(response: #rt::ResponseBody::#reply, #statuses))
}

/// When it may go again, with whose credentials, and how long it may take.
fn behaviour(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let retry = match endpoint.retry {
        Retry::Safe => None,
        Retry::Idempotent => Some(quote!(retry: #rt::Retry::Idempotent,)),
        Retry::Never => Some(quote!(retry: #rt::Retry::Never,)),
    };
    let key = endpoint.idempotency_key.as_ref().map(|key| {
        let (place, wire) = (place(context, key.location), key.wire.as_str());
        quote!(idempotency_key: ::core::option::Option::Some((#place, #wire)),)
    });
    let anonymous = endpoint
        .unauthenticated
        .then(|| quote!(unauthenticated: true,));
    let timeout = endpoint.timeout.map(|millis| {
        let time = quote!(::core::time::Duration::from_millis(#millis));
        quote!(timeout: ::core::option::Option::Some(#time),)
    });
    quote!(#retry #key #anonymous #timeout)
}

fn place(context: &Context<'_>, place: FieldLocation) -> TokenStream {
    let rt = &context.rt;
    match place {
        FieldLocation::Query => quote!(#rt::FieldLocation::Query),
        FieldLocation::Header => quote!(#rt::FieldLocation::Header),
        FieldLocation::Body => quote!(#rt::FieldLocation::Body),
    }
}
