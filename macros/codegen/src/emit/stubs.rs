//! Declarations of items with errors.
//!
//! Their types contain a constant that is a compiler error. The compiler reports it once, and no
//! further errors about values of such a type: unknown methods, fields and variants, missing traits.

use api_spec::model::{Stub, StubKind};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::context::Context;
use crate::emit::names::ident;

/// Emits the invalid type, if there are items with errors.
pub(crate) fn emit_invalid_type(context: &Context<'_>) -> Option<TokenStream> {
    let error = &context.stubs.error;
    // The item of an iterator over an array of invalid length. The array itself is not invalid in all
    // respects.
    (!context.stubs.list.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            pub type __Invalid = <[(); #error] as ::core::iter::IntoIterator>::Item;
        }
    })
}

/// Emits the items in the module of a group, or in that of the client.
pub(crate) fn emit(context: &Context<'_>, group: Option<&RustName>) -> TokenStream {
    let stubs = context.stubs.list.iter();
    let stubs = stubs.filter(|stub| stub.group.as_ref() == group);
    stubs.map(emit_stub).collect()
}

/// Emits the groups in which all endpoints have errors.
pub(crate) fn emit_groups(context: &Context<'_>) -> TokenStream {
    let mut emitted: Vec<_> = context.api.groups.iter().map(|it| &it.rust).collect();
    let mut code = TokenStream::new();
    for group in context.stubs.list.iter().filter_map(|it| it.group.as_ref()) {
        if emitted.contains(&group) {
            continue;
        }
        emitted.push(group);
        let (module, items) = (ident(group), emit(context, Some(group)));
        code.extend(quote! {
            #[doc(hidden)]
            pub mod #module {
                #items
            }
        });
    }
    code
}

fn emit_stub(stub: &Stub) -> TokenStream {
    let name = ident(&stub.name);
    let invalid = if stub.group.is_some() {
        quote!(super::__Invalid)
    } else {
        quote!(__Invalid)
    };
    match &stub.kind {
        StubKind::Function(parameters) => {
            let parameters = (0..*parameters).map(|_| quote!(_: #invalid));
            quote! {
                #[doc(hidden)]
                pub fn #name(#(#parameters),*) -> #invalid {
                    ::core::unreachable!()
                }
            }
        }
        // Implementations of traits for two aliases of the invalid type would conflict, and patterns
        // need the fields.
        StubKind::Type(fields) => {
            let generic = format_ident!("__{}", stub.name.unraw());
            let fields = fields.iter().map(ident);
            quote! {
                #[doc(hidden)]
                pub struct #generic<T> {
                    __invalid: T,
                    #(pub #fields: T,)*
                }
                #[doc(hidden)]
                pub type #name = #generic<#invalid>;
            }
        }
        StubKind::Constant => quote! {
            #[doc(hidden)]
            pub const #name: #invalid = ();
        },
    }
}
