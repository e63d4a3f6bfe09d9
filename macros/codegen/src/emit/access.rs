//! The base URL and the client builders.

use api_spec::model::{Auth, Credential, CredentialLocation};
use api_spec::names::RustName;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;

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
    let builders = builders(context, auth.as_ref());
    Some(quote!(#constant #builders))
}

/// Emits a function for each set of credentials that is sufficient.
fn builders(context: &Context<'_>, auth: Option<&Auth>) -> TokenStream {
    let Some(auth) = auth else {
        return builder(context, "builder", &[]);
    };
    let mut names: Vec<String> = Vec::new();
    let builders = auth.sets.iter().map(|set| {
        let name = if auth.sets.len() == 1 || set.is_empty() {
            "builder".to_owned()
        } else {
            let secrets: Vec<_> = set.iter().map(|it| it.name(false)).collect();
            let secrets: Vec<_> = secrets.iter().map(RustName::unraw).collect();
            format!("builder_with_{}", secrets.join("_and_"))
        };
        names.push(unique(&name, &names));
        let name = names.last().map_or("builder", String::as_str);
        let only = auth.sets.len() == 1 && set.len() == 1;
        builder(context, name, &secrets(context, set, only))
    });
    builders.collect()
}

/// A credential as parameters of a function.
struct Secret {
    /// Names and types.
    parameters: Vec<(String, TokenStream)>,
    /// Expression of the credentials.
    expression: TokenStream,
}

fn secrets(context: &Context<'_>, set: &[Credential], only: bool) -> Vec<Secret> {
    let runtime = context.runtime;
    let mut names: Vec<String> = Vec::new();
    let secret = quote!(impl ::core::convert::Into<#runtime::Secret>);
    let secrets = set.iter().map(|credential| {
        if *credential == Credential::Basic {
            names.extend(["user".to_owned(), "password".to_owned()]);
            let user = ("user".to_owned(), quote!(&str));
            return Secret {
                parameters: vec![user, ("password".to_owned(), secret.clone())],
                expression: quote!(#runtime::Credentials::basic(user, password)),
            };
        }
        let name = credential.name(only);
        let name = unique(&ident(&name).to_string(), &names);
        names.push(name.clone());
        let key = parameter(&name);
        let call = match credential.location() {
            _ if *credential == Credential::Bearer => quote!(bearer(#key)),
            CredentialLocation::Header { name, prefix: "" } => quote!(key(#name, #key)),
            CredentialLocation::Header { name, prefix } => {
                quote!(key_with_prefix(#name, #prefix, #key))
            }
            CredentialLocation::Query(name) => quote!(query_key(#name, #key)),
        };
        Secret {
            parameters: vec![(name, secret.clone())],
            expression: quote!(#runtime::Credentials::#call),
        }
    });
    secrets.collect()
}

/// Returns the name, with a number if it is one of `others`.
fn unique(name: &str, others: &[String]) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names
        .find(|name| !others.contains(name))
        .unwrap_or_default()
}

/// Returns the identifier of a parameter, which may be raw.
fn parameter(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Emits a function that creates a client builder.
fn builder(context: &Context<'_>, name: &str, secrets: &[Secret]) -> TokenStream {
    let runtime = context.runtime;
    let (url, base, example) = if context.api.url.is_some() {
        (None, quote!(BASE_URL), None)
    } else {
        let parameter = quote!(url: impl ::core::convert::Into<::std::string::String>,);
        (Some(parameter), quote!(url), Some("https://example.com"))
    };
    let function = Ident::new(name, Span::call_site());
    let names = secrets.iter().flat_map(|secret| &secret.parameters);
    let names = names.map(|(name, _)| name.trim_start_matches("r#"));
    let examples: Vec<_> = example.into_iter().chain(names).collect();
    let doc = context.docs.builder(name, &examples, !secrets.is_empty());
    let expressions: Vec<_> = secrets.iter().map(|secret| &secret.expression).collect();
    let credentials = match expressions.as_slice() {
        [] => {
            return quote! {
                #doc
                pub fn #function(#url) -> #runtime::ClientBuilder {
                    #runtime::Client::builder(#base)
                }
            };
        }
        [single] => quote!(#single?),
        several => quote!(#runtime::Credentials::all([#(#several?),*])?),
    };
    let parameters = secrets.iter().flat_map(|secret| &secret.parameters);
    let parameters = parameters.map(|(name, ty)| {
        let name = parameter(name);
        quote!(#name: #ty)
    });
    quote! {
        #doc
        pub fn #function(
            #url
            #(#parameters,)*
        ) -> ::core::result::Result<#runtime::ClientBuilder, #runtime::Error> {
            let credentials = #credentials;
            ::core::result::Result::Ok(#runtime::Client::builder(#base).credentials(credentials))
        }
    }
}
