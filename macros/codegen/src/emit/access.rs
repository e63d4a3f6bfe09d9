//! Where the API is, and how callers say who they are.

use api_spec::model::Auth;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;

/// A way to a client, as far as the description knows it.
pub(crate) fn emit(context: &Context<'_>) -> Option<TokenStream> {
    let (url, auth) = (&context.api.url, &context.api.auth);
    if url.is_none() && auth.is_none() {
        return None;
    }
    let runtime = context.runtime;
    let constant = url.as_ref().map(|url| {
        quote! {
            /// Where the API is.
            pub const BASE_URL: &str = #url;
        }
    });
    let (place, base) = match url {
        Some(_) => (None, quote!(BASE_URL)),
        None => (
            Some(quote!(url: impl ::core::convert::Into<::std::string::String>,)),
            quote!(url),
        ),
    };
    let secret = quote!(impl ::core::convert::Into<#runtime::Secret>);
    let (arguments, credentials) = match auth {
        None => (TokenStream::new(), None),
        Some(Auth::Bearer) => (quote!(token: #secret), Some(quote!(bearer(token)))),
        Some(Auth::Basic) => (
            quote!(user: &str, password: #secret),
            Some(quote!(basic(user, password))),
        ),
        Some(Auth::Header(name)) => (quote!(key: #secret), Some(quote!(key(#name, key)))),
    };
    let function = match credentials {
        None => quote! {
            /// A client that is to be, of the API where it is.
            pub fn builder(#place #arguments) -> #runtime::ClientBuilder {
                #runtime::Client::builder(#base)
            }
        },
        Some(credentials) => quote! {
            /// A client that is to be, of a caller who says who he is.
            ///
            /// # Errors
            ///
            /// When invalid credentials.
            pub fn builder(
                #place
                #arguments
            ) -> ::core::result::Result<#runtime::ClientBuilder, #runtime::Error> {
                let credentials = #runtime::Credentials::#credentials?;
                ::core::result::Result::Ok(#runtime::Client::builder(#base).credentials(credentials))
            }
        },
    };
    Some(quote!(#constant #function))
}
