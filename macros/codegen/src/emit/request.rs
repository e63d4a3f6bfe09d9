//! Request structs and their operations.

use api_spec::model::{
    Auth, Body, CredentialLocation, Endpoint, Field, FieldLocation, Group, Method, Response, Retry,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::analysis::traits::{Trait, is_private};
use crate::context::Context;
use crate::emit::codec::Decoded;
use crate::emit::names::ident;
use crate::emit::types::Scope;
use crate::emit::{codec, constructor, deprecation, events, objects, serde, values};

/// Emits the request struct, its operation, its constructor and its encoding.
pub(crate) fn emit(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let (rt, name) = (&context.rt, ident(&endpoint.request));
    let fields: Vec<_> = endpoint.fields().collect();
    let doc = context.docs.request(endpoint);
    let definition = objects::definition(context, Scope::Group, &endpoint.request, &doc, &fields);
    let operation_doc = context
        .docs
        .text("Operation of this request, for `Client::send`.");
    let operation = operation(context, group, endpoint);
    let methods = constructor::methods(context, Scope::Group, "request", &fields);
    let default = default(&name, &fields);
    let encode = encode(context, endpoint);
    let serde = serde(context, endpoint, &fields);
    let allow = deprecation::allow(context, &fields);
    quote! {
        #definition

        #allow
        impl #name {
            #operation_doc
            pub const OPERATION: &'static #rt::Operation<'static> = &#operation;

            #methods
        }

        #default

        #allow
        impl #rt::Request for #name {
            #encode
        }

        #serde
    }
}

/// Emits `Default` for a request whose `new` has no parameters: clippy expects it.
fn default(name: &Ident, fields: &[&Field]) -> Option<TokenStream> {
    let all_optional = fields.iter().all(|field| !field.is_required());
    all_optional.then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    })
}

/// Emits the requested traits of serde, unless a field is a secret or a file.
fn serde(context: &Context<'_>, endpoint: &Endpoint, fields: &[&Field]) -> Option<TokenStream> {
    (!is_private(context.api, endpoint.fields())).then(|| {
        let name = &endpoint.request;
        let encode = codec::encode_flat(context, name, fields);
        let decode = context
            .has(Trait::Deserialize)
            .then(|| codec::decode(context, Scope::Group, name, &Decoded::of_object(fields)));
        let serde = serde::emit(context, name);
        quote!(#encode #decode #serde)
    })
}

/// Emits one method for each part of the request that has fields.
fn encode(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let part = |name: &str, fields: &[Field]| {
        let name = Ident::new(name, Span::call_site());
        let statement = codec::encode_fields(context, fields, false);
        (!fields.is_empty())
            .then(|| quote!(fn #name(&self, encoder: &mut #rt::Encoder) { #statement }))
    };
    let path = part("path", &endpoint.parameters);
    let query = part("query", &endpoint.query);
    let headers = part("headers", &endpoint.headers);
    let body = part("body", endpoint.body.fields());
    quote!(#path #query #headers #body)
}

/// Emits the fields of the operation that differ from the default.
fn operation(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let name = format!("{}.{}", group.key, endpoint.key);
    let method = method(context, &endpoint.method);
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
    let content_type = endpoint.content_type.as_ref();
    let content_type =
        content_type.map(|text| quote!(content_type: ::core::option::Option::Some(#text),));
    let response = response(context, &endpoint.response);
    let policy = policy(context, endpoint);
    let fixed = endpoint.fixed.iter().map(|fixed| {
        let (wire, value) = (fixed.wire.as_str(), values::literal(context, &fixed.value));
        let location = location(context, fixed.location);
        quote!((#location, #wire, #value))
    });
    let fixed = (!endpoint.fixed.is_empty()).then(|| quote!(fixed: &[#(#fixed),*],));
    quote! {
        #rt::Operation {
            name: #name,
            method: &#method,
            path: #path,
            #format
            #content_type
            #response
            #policy
            #fixed
            errors: super::ERROR_SHAPE,
            ..#rt::Operation::DEFAULT
        }
    }
}

/// Emits the kind of the response's body, and the status codes that the spec lists.
fn response(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    let rt = &context.rt;
    let body = match response {
        Response::Object(_) | Response::Value(_) => return None,
        Response::ByStatus(_) => quote!(ByStatus),
        Response::Events(events) => {
            let events = events::description(context, events);
            return Some(quote! {
                response: #rt::ResponseBody::Events,
                events: ::core::option::Option::Some(#events),
            });
        }
        Response::Nothing => quote!(Ignored),
        Response::Text => quote!(Text),
        Response::Bytes | Response::Stream => quote!(Bytes),
    };
    let statuses = match response {
        Response::ByStatus(cases) => {
            let statuses = cases.cases.iter();
            let statuses = statuses.map(|case| Literal::u16_unsuffixed(case.status));
            Some(quote!(statuses: &[#(#statuses),*],))
        }
        _ => None,
    };
    Some(quote!(response: #rt::ResponseBody::#body, #statuses))
}

/// Emits retries, credentials and timeout.
fn policy(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let retry = match endpoint.retry {
        Retry::Safe => None,
        Retry::Idempotent => Some(quote!(retry: #rt::Retry::Idempotent,)),
        Retry::Never => Some(quote!(retry: #rt::Retry::Never,)),
    };
    let key = endpoint.idempotency_key.as_ref().map(|key| {
        let (location, wire) = (location(context, key.location), key.wire.as_str());
        quote!(idempotency_key: ::core::option::Option::Some((#location, #wire)),)
    });
    let credentials = endpoint
        .auth
        .as_ref()
        .map(|auth| credentials(context, auth));
    let timeout = endpoint.timeout.map(|millis| {
        let millis = Literal::u64_unsuffixed(millis);
        let time = quote!(::core::time::Duration::from_millis(#millis));
        quote!(timeout: ::core::option::Option::Some(#time),)
    });
    quote!(#retry #key #credentials #timeout)
}

fn method(context: &Context<'_>, method: &Method) -> TokenStream {
    let (rt, name) = (&context.rt, method.as_str());
    if let Method::Options | Method::Other(_) = method {
        return quote!(#rt::Method::new(#name));
    }
    let name = Ident::new(name, Span::call_site());
    quote!(#rt::Method::#name)
}

/// Emits the credentials of an endpoint that are not those of the API.
fn credentials(context: &Context<'_>, auth: &Auth) -> TokenStream {
    let rt = &context.rt;
    let sets = auth.sets.iter().map(|set| {
        let locations = set.iter().map(|credential| match credential.location() {
            CredentialLocation::Header { name, prefix } => {
                quote!(#rt::CredentialLocation::Header { name: #name, prefix: #prefix })
            }
            CredentialLocation::Query(name) => quote!(#rt::CredentialLocation::Query(#name)),
        });
        quote!(&[#(#locations),*])
    });
    quote!(credentials: ::core::option::Option::Some(&[#(#sets),*]),)
}

fn location(context: &Context<'_>, location: FieldLocation) -> TokenStream {
    let rt = &context.rt;
    match location {
        FieldLocation::Query => quote!(#rt::FieldLocation::Query),
        FieldLocation::Header => quote!(#rt::FieldLocation::Header),
        FieldLocation::Body => quote!(#rt::FieldLocation::Body),
    }
}
