//! Types of response bodies.

use api_spec::model::Response;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};

/// Returns the type of a body beside headers, in a variant, or of an item. A response of items is an
/// iterator over them.
pub(crate) fn body_type(context: &Context<'_>, response: &Response) -> Option<TokenStream> {
    match response {
        Response::Value(ty) => Some(types::emit(context, Scope::Group, ty)),
        Response::Text => Some(quote!(::std::string::String)),
        Response::Bytes => Some(quote!(::std::vec::Vec<u8>)),
        Response::Object(object) => {
            let name = ident(&object.name);
            Some(quote!(#name))
        }
        Response::Events(events) => {
            let (runtime, item) = (context.runtime, body_type(context, &events.item));
            Some(quote!(#runtime::Events<'static, #item>))
        }
        Response::Nothing | Response::Stream | Response::ByStatus(_) => None,
    }
}
