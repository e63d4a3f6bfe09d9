//! The base URL and the client builder.

use api_spec::model::Auth;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;

/// Emits the items that the spec has the data for.
pub(crate) fn emit(context: &Context<'_>) -> Option<TokenStream> {
    let (url, auth) = (&context.api.url, &context.api.auth);
    if url.is_none() && auth.is_none() {
        return None;
    }
    let constant = url.as_ref().map(|url| {
        let doc = context.docs.base_url();
        quote! {
            #doc
            pub const BASE_URL: &str = #url;
        }
    });
    let builder = builder(context, url.is_some(), auth.as_ref());
    Some(quote!(#constant #builder))
}

/// Emits the function that creates a client builder.
fn builder(context: &Context<'_>, has_url: bool, auth: Option<&Auth>) -> TokenStream {
    let runtime = context.runtime;
    let (url, base, example) = if has_url {
        (None, quote!(BASE_URL), None)
    } else {
        let parameter = quote!(url: impl ::core::convert::Into<::std::string::String>,);
        (Some(parameter), quote!(url), Some("https://example.com"))
    };
    let secret = quote!(impl ::core::convert::Into<#runtime::Secret>);
    let (parameters, credentials, examples): (_, _, &[&str]) = match auth {
        None => {
            let examples: Vec<_> = example.into_iter().collect();
            let doc = context.docs.builder(&examples, false);
            return quote! {
                #doc
                pub fn builder(#url) -> #runtime::ClientBuilder {
                    #runtime::Client::builder(#base)
                }
            };
        }
        Some(Auth::Bearer) => (quote!(token: #secret), quote!(bearer(token)), &["token"]),
        Some(Auth::Basic) => (
            quote!(user: &str, password: #secret),
            quote!(basic(user, password)),
            &["user", "password"],
        ),
        Some(Auth::Header(name)) => (quote!(key: #secret), quote!(key(#name, key)), &["key"]),
    };
    let examples: Vec<_> = example
        .into_iter()
        .chain(examples.iter().copied())
        .collect();
    let doc = context.docs.builder(&examples, true);
    quote! {
        #doc
        pub fn builder(
            #url
            #parameters
        ) -> ::core::result::Result<#runtime::ClientBuilder, #runtime::Error> {
            let credentials = #runtime::Credentials::#credentials?;
            ::core::result::Result::Ok(#runtime::Client::builder(#base).credentials(credentials))
        }
    }
}
