//! An endpoint: its request, its answer, the function that calls it.

use api_spec::model::{
    Body, Cases, Endpoint, Field, FieldLocation, Group, Response, ResponseHeaders, Retry, Struct,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::names::ident;
use crate::traits::{Trait, is_private};
use crate::types::{self, Scope};
use crate::{Context, docs, objects, pages, table, waiters};

/// All that an endpoint adds to the module of its group.
pub(crate) fn emit(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let request = request(context, group, endpoint);
    let response = response(context, endpoint);
    let call = call(context, endpoint);
    let pages = endpoint
        .pages
        .as_ref()
        .map(|pages| pages::emit(context, endpoint, pages));
    let wait = endpoint
        .wait
        .as_ref()
        .map(|waiter| waiters::emit(context, group, endpoint, waiter));
    quote!(#request #response #call #pages #wait)
}

fn request(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
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
        let serde = context.serde(&endpoint.request);
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
        (!fields.is_empty()).then(|| quote!(fn #name(&self, to: &mut #rt::Encoder) { #lines }))
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
        Body::JsonValue(_) => Some(quote!(Whole)),
        Body::Raw(_, ref media) => Some(quote!(Raw(#media))),
        Body::Form(_) => Some(quote!(Form)),
        Body::Multipart(_) => Some(quote!(Multipart)),
    };
    let format = format.map(|format| quote!(format: #rt::Format::#format,));
    let answer = answer(context, &endpoint.response);
    let behaviour = behaviour(context, endpoint);
    let fixed = endpoint.fixed.iter().map(|fixed| {
        let (wire, value) = (fixed.wire.as_str(), table::literal(context, &fixed.value));
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
            ..#rt::Operation::USUAL
        }
    }
}

fn answer(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    let rt = &context.rt;
    let reply = match response {
        Response::Object(_) | Response::Value(_) => return None,
        Response::ByStatus(_) => quote!(Any),
        Response::Nothing => quote!(Nothing),
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
    Some(quote!(reply: #rt::Reply::#reply, #statuses))
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
        quote!(key: ::core::option::Option::Some((#place, #wire)),)
    });
    let anonymous = endpoint.unauthenticated.then(|| quote!(anonymous: true,));
    let timeout = endpoint.timeout.map(|millis| {
        let time = quote!(::core::time::Duration::from_millis(#millis));
        quote!(timeout: ::core::option::Option::Some(#time),)
    });
    quote!(#retry #key #anonymous #timeout)
}

fn place(context: &Context<'_>, place: FieldLocation) -> TokenStream {
    let rt = &context.rt;
    match place {
        FieldLocation::Query => quote!(#rt::Place::Query),
        FieldLocation::Header => quote!(#rt::Place::Header),
        FieldLocation::Body => quote!(#rt::Place::Body),
    }
}

fn response(context: &Context<'_>, endpoint: &Endpoint) -> Option<TokenStream> {
    let doc = context.docs.response(endpoint);
    let headers = endpoint
        .response_headers
        .as_ref()
        .map_or(&[][..], |it| &it.headers);
    if let Response::Object(object) = &endpoint.response {
        let body: Vec<_> = object.fields.iter().collect();
        let all: Vec<_> = body.iter().copied().chain(headers).collect();
        let definition = objects::definition(context, Scope::Group, &object.name, &doc, &all);
        let decode = objects::decode(context, Scope::Group, &object.name, &body, headers);
        let serde = answer_serde(context, object, &body);
        return Some(quote!(#definition #decode #serde));
    }
    if let Response::ByStatus(cases) = &endpoint.response {
        return Some(emit_cases(context, cases, &doc));
    }
    let name = &endpoint.response_headers.as_ref()?.name;
    let body =
        beside(context, &endpoint.response).map(|ty| quote!(/** The body. */ pub body: #ty,));
    let fields: Vec<_> = headers.iter().collect();
    let definition =
        objects::definition_with(context, Scope::Group, name, &doc, body.as_ref(), &fields);
    Some(definition)
}

/// The body of an answer for `serde`: headers are no part of it.
fn answer_serde(context: &Context<'_>, object: &Struct, body: &[&Field]) -> Option<TokenStream> {
    (!is_private(context.api, &object.fields)).then(|| {
        let encode = objects::encode_flat(context, &object.name, body);
        let serde = context.serde(&object.name);
        quote!(#encode #serde)
    })
}

/// The type of the body that stands beside headers in a struct.
fn beside(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    match response {
        Response::Value(ty) => Some(types::emit(context, Scope::Group, ty)),
        Response::Text => Some(quote!(::std::string::String)),
        Response::Bytes => Some(quote!(::std::vec::Vec<u8>)),
        Response::Object(object) => {
            let name = ident(&object.name);
            Some(quote!(#name))
        }
        Response::Nothing | Response::Stream | Response::ByStatus(_) => None,
    }
}

/// The enum of answers by their status, and the structs it holds.
fn emit_cases(context: &Context<'_>, cases: &Cases, doc: &TokenStream) -> TokenStream {
    let name = ident(&cases.name);
    let variants = cases.cases.iter().map(|case| {
        let doc = docs::attributes(&format!("The answer with the status {}.", case.status));
        let variant = ident(&case.variant);
        let body = beside(context, &case.response).map(|ty| quote!((#ty)));
        quote!(#doc #variant #body)
    });
    let structs = cases.cases.iter().filter_map(|case| match &case.response {
        Response::Object(object) => {
            let doc = format!(
                "What [`{}::{}`] holds.",
                cases.name.unraw(),
                case.variant.unraw()
            );
            let fields: Vec<_> = object.fields.iter().collect();
            let doc = docs::attributes(&doc);
            let definition =
                objects::definition(context, Scope::Group, &object.name, &doc, &fields);
            let decode = objects::decode(context, Scope::Group, &object.name, &fields, &[]);
            let serde = answer_serde(context, object, &fields);
            Some(quote!(#definition #decode #serde))
        }
        _ => None,
    });
    let derive = context.derive();
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }

        #(#structs)*
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
            _ => return ::core::result::Result::Err(answer.unexpected()),
        })
    }
}

fn call(context: &Context<'_>, endpoint: &Endpoint) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let (name, request) = (ident(&endpoint.rust), ident(&endpoint.request));
    let doc = context.docs.call(endpoint);
    let deprecated = objects::deprecated(endpoint.deprecated.as_deref());
    let (answer, function) = match &endpoint.response {
        Response::Nothing => (quote!(()), quote!(call_unread)),
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
    let to = is_stream.then(|| quote!(to: &mut dyn ::std::io::Write,));
    let (answer, body) = if let Some(headed) = &endpoint.response_headers {
        let answer = ident(&headed.name);
        let body = call_headed(context, endpoint, headed);
        (quote!(#answer), body)
    } else if let Response::ByStatus(cases) = &endpoint.response {
        (answer, call_cases(endpoint, cases))
    } else {
        let to = is_stream.then(|| quote!(, to));
        let body = quote!(#rt::#function(client, #request::OPERATION, request #to));
        (answer, body)
    };
    quote! {
        #doc
        #deprecated
        pub fn #name(
            client: &#runtime::Client,
            request: &#request,
            #to
        ) -> ::core::result::Result<#answer, #runtime::Error> {
            #body
        }
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
    let blank = quote!(#(#names: #rt::Decode::BLANK,)*);
    let value = match &endpoint.response {
        Response::Object(_) => quote!(answer.decode::<#name>()?),
        Response::Value(_) => quote!(#name { body: answer.decode()?, #blank }),
        Response::Text => quote!(#name { body: answer.text()?, #blank }),
        Response::Bytes => quote!(#name { body: answer.body().to_vec(), #blank }),
        Response::Nothing | Response::Stream | Response::ByStatus(_) => quote!(#name { #blank }),
    };
    let answer = if endpoint.response == Response::Stream {
        quote!(client.send_into(#request::OPERATION, request, to)?.0)
    } else {
        quote!(client.send(#request::OPERATION, request)?)
    };
    let allow = objects::allow_deprecated(headed.headers.iter());
    let filled = quote! {
        #rt::fill_headers(&answer, &[#(#wires),*], &mut [#(&mut response.#names),*])?;
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
