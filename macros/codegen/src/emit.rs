//! Emitters: one file per kind of generated item.

mod access;
mod bodies;
mod call;
mod codec;
mod constructor;
mod deprecation;
mod enums;
mod events;
mod field_path;
mod headers;
mod ids;
mod kinds;
mod names;
mod objects;
mod pages;
mod registry;
mod request;
mod response;
mod serde;
mod stubs;
mod types;
mod unions;
mod values;
mod waiters;

use api_spec::model::{Endpoint, Group, Struct};
use proc_macro2::TokenStream;
use quote::quote;

use self::names::ident;
use crate::context::Context;

/// Emits all items of the client: the functions first, then the types in their signatures.
pub(crate) fn client(context: &Context<'_>) -> TokenStream {
    let api = context.api;
    let mut code = TokenStream::new();
    code.extend(stubs::emit_invalid_type(context));
    code.extend(stubs::emit(context, None));
    code.extend(access::emit(context));
    code.extend(api.groups.iter().map(|item| group(context, item)));
    code.extend(stubs::emit_groups(context));
    code.extend(api.ids.iter().map(|item| ids::emit(context, item)));
    code.extend(api.enums.iter().map(|item| enums::emit(context, item)));
    let is_generated = |item: &&Struct| context.usage.is_generated(item.name.as_str());
    let structs = api.structs.iter().filter(is_generated);
    code.extend(structs.map(|item| objects::emit_named(context, item)));
    code.extend(api.unions.iter().map(|item| unions::emit(context, item)));
    code.extend(registry::emit(context));
    // Without endpoints the constant would be unused.
    if !api.groups.is_empty() {
        code.extend(registry::emit_errors(context));
    }
    code
}

fn group(context: &Context<'_>, group: &Group) -> TokenStream {
    let (module, doc) = (ident(&group.rust), context.docs.group(group));
    let endpoints = group.endpoints.iter();
    let endpoints = endpoints.map(|item| endpoint(context, group, item));
    let stubs = stubs::emit(context, Some(&group.rust));
    quote! {
        #doc
        pub mod #module {
            #(#endpoints)*
            #stubs
        }
    }
}

/// Emits the items of an endpoint, the function before the types in its signature.
fn endpoint(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let request = request::emit(context, group, endpoint);
    let response = response::emit(context, endpoint);
    let call = call::emit(context, group, endpoint);
    let pages = endpoint.pages.as_ref();
    let pages = pages.map(|pages| pages::emit(context, group, endpoint, pages));
    let waiter = endpoint.wait.as_ref();
    let waiter = waiter.map(|waiter| waiters::emit(context, group, endpoint, waiter));
    quote!(#call #request #response #pages #waiter)
}
