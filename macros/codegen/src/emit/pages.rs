//! Iterators over the items of all pages.

use api_spec::model::{Endpoint, Group, Pages, Pagination, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};

/// Emits the function.
pub(crate) fn emit(
    context: &Context<'_>,
    group: &Group,
    endpoint: &Endpoint,
    pages: &Pages,
) -> TokenStream {
    let (runtime, rt) = (context.runtime, &context.rt);
    let doc = context.docs.pages(group, endpoint, pages);
    let allow = context.allow(&quote!(deprecated));
    let function = ident(&pages.function);
    let (call, request) = (ident(&endpoint.rust), ident(&endpoint.request));
    let root = pages.declared.then(|| quote!(super::));
    let response = ident(&pages.response);
    let item = types::emit(context, Scope::Group, &pages.item);
    let (items, into) = (ident(&pages.items), ident(&pages.request_field));
    let all = pages.optional.then(|| quote!(.unwrap_or_default()));
    let turn = match &pages.pagination {
        Pagination::Token { next, optional } => {
            let next = ident(next);
            let next = if *optional {
                quote!(response.#next)
            } else {
                quote!(::core::option::Option::Some(response.#next))
            };
            let as_text = as_text(endpoint, pages);
            quote!(#rt::next_by_token(&mut request.#into, #next, #as_text))
        }
        Pagination::Link {
            link,
            optional,
            parameter,
        } => {
            let (link, parameter) = (ident(link), parameter.as_str());
            let link = if *optional {
                quote!(response.#link.as_deref())
            } else {
                quote!(::core::option::Option::Some(response.#link.as_str()))
            };
            quote!(#rt::next_by_link(&mut request.#into, #link, #parameter))
        }
        Pagination::Offset => quote!(#rt::next_by_position(&mut request.#into, 0, items.len())),
        Pagination::Page => {
            quote!(#rt::next_by_position(&mut request.#into, 1, ::core::convert::From::from(!items.is_empty())))
        }
    };
    quote! {
        #doc
        #allow
        pub fn #function<'a>(
            client: &'a #runtime::Client,
            request: #request,
        ) -> #runtime::Items<'a, #request, #root #response, #item> {
            // A function may have the name of a parameter, which hides it.
            #runtime::Items::new(client, request, self::#call, |request, response| {
                let items = response.#items #all;
                let turn = #turn;
                (items, turn)
            })
        }
    }
}

/// Emits the function that borrows a page token as text.
fn as_text(endpoint: &Endpoint, pages: &Pages) -> TokenStream {
    let field = endpoint
        .fields()
        .find(|field| field.rust == pages.request_field);
    if let Some(Type::Id(name)) = field.map(|field| field.ty.required()) {
        let name = ident(name);
        quote!(super::#name::as_str)
    } else {
        quote!(::std::string::String::as_str)
    }
}
