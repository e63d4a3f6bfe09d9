//! Iterators over the items of all pages.

use api_spec::model::{Endpoint, FieldPath, Group, Pages, Pagination, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::call;
use crate::emit::field_path::{self, Access};
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
    let response = call::response_type(context, endpoint);
    let item = types::emit(context, Scope::Group, &pages.item);
    let items = field_path::take_list(&quote!(response), &pages.items);
    let Turn { before, next } = turn(context, pages);
    let (more, next) = match &pages.flag {
        Some(flag) => {
            let more = field_path::copied(&field_path::borrow(&quote!(response), &flag.field));
            let not = flag.on_last_page.then(|| quote!(.map(|is_last| !is_last)));
            let more = quote!(#more #not);
            let next = quote!(#rt::check_more(more, #next));
            (Some(quote!(let more = #more;)), next)
        }
        None => (None, next),
    };
    let next_request = if matches!(pages.pagination, Pagination::Url { .. }) {
        quote!(_)
    } else {
        quote!(request)
    };
    quote! {
        #doc
        #allow
        pub fn #function<'a>(
            client: &'a #runtime::Client,
            request: #request,
        ) -> #runtime::Items<'a, #request, #response, #item> {
            // A function may have the name of a parameter, which hides it.
            #runtime::Items::new(client, #request::OPERATION, request, self::#call, |#next_request, response| {
                #before
                #more
                let items = #items;
                let turn = #next;
                (items, turn)
            })
        }
    }
}

/// The selection of the next page.
struct Turn {
    /// Statements before the items are moved out of the response.
    before: Option<TokenStream>,
    /// The position after the page.
    next: TokenStream,
}

fn turn(context: &Context<'_>, pages: &Pages) -> Turn {
    let rt = &context.rt;
    let into = pages.pagination.request_field();
    let into = into.map(|into| field_path::place(&quote!(request), into));
    let response = |path| field_path::borrow(&quote!(response), path);
    let next = match &pages.pagination {
        Pagination::Token { next, .. } => {
            let as_text = as_text(&value_type(next));
            let (before, next) = owned(response(next));
            let next = quote!(#rt::next_by_token(&mut #into, #next, #as_text));
            return Turn { before, next };
        }
        Pagination::Url { url } => {
            let (before, next) = owned(response(url));
            let next = quote!(#rt::next_by_url(#next));
            return Turn { before, next };
        }
        Pagination::Last { last, .. } => {
            let to_text = match value_type(last) {
                Type::String | Type::Id(_) => {
                    quote!(|id| ::std::borrow::ToOwned::to_owned(id.as_str()))
                }
                _ => quote!(|id| ::std::string::ToString::to_string(id)),
            };
            let last = match field_path::borrow(&quote!(item), last) {
                Access::Value(place) => quote!(.map(|item| &#place)),
                Access::Optional(place) => quote!(.and_then(|item| #place.as_ref())),
                Access::Reference(value) => quote!(.and_then(|item| #value)),
            };
            let last = quote!(items.last()#last.cloned());
            quote!(#rt::next_by_last(&mut #into, #last, #to_text, items.is_empty()))
        }
        Pagination::Link {
            link, parameter, ..
        } => {
            let parameter = parameter.as_str();
            let link = match response(link) {
                Access::Value(link) => quote!(::core::option::Option::Some(#link.as_str())),
                Access::Optional(link) => quote!(#link.as_deref()),
                Access::Reference(link) => quote!(#link.map(::std::string::String::as_str)),
            };
            quote!(#rt::next_by_link(&mut #into, #link, #parameter))
        }
        Pagination::Offset { .. } => {
            quote!(#rt::next_by_position(&mut #into, 0, items.len()))
        }
        Pagination::Page { .. } => {
            let or_more = pages
                .flag
                .is_some()
                .then(|| quote!(|| more == ::core::option::Option::Some(true)));
            let count = quote!(::core::convert::From::from(!items.is_empty() #or_more));
            quote!(#rt::next_by_position(&mut #into, 1, #count))
        }
    };
    Turn { before: None, next }
}

/// Returns an expression of the type `Option<T>`, and the statement before it, if any.
fn owned(access: Access) -> (Option<TokenStream>, TokenStream) {
    match access {
        Access::Value(place) => (None, quote!(::core::option::Option::Some(#place))),
        Access::Optional(place) => (None, place),
        // The items may be fields of the same parent, which is moved then.
        Access::Reference(value) => (Some(quote!(let next = #value.cloned();)), quote!(next)),
    }
}

/// Returns the type of the value that selects a page.
fn value_type(path: &FieldPath) -> Type {
    let last = path.steps.last();
    last.map_or(Type::String, |step| step.ty.required().clone())
}

/// Emits the function that borrows a page token as text.
fn as_text(ty: &Type) -> TokenStream {
    if let Type::Id(name) = ty {
        let name = ident(name);
        quote!(super::#name::as_str)
    } else {
        quote!(::std::string::String::as_str)
    }
}
