//! Structs with fields.

use api_spec::model::{Field, Struct};
use api_spec::names::RustName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::traits::{Trait, is_private};
use crate::context::Context;
use crate::emit::codec::Decoded;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{codec, constructor, deprecation, serde};

/// Emits a declared struct, with a constructor if a request contains it.
pub(crate) fn emit_named(context: &Context<'_>, object: &Struct) -> TokenStream {
    let name = object.name.as_str();
    let doc = context.docs.item(&object.doc, object.span);
    emit(
        context,
        object,
        &doc,
        context.usage.is_in_request(name),
        context.usage.is_in_response(name),
    )
}

/// Emits a struct of the root module.
pub(crate) fn emit(
    context: &Context<'_>,
    object: &Struct,
    doc: &TokenStream,
    sent: bool,
    read: bool,
) -> TokenStream {
    let fields: Vec<_> = object.fields.iter().filter(|it| it.is_used()).collect();
    let has_serde = !is_private(context.api, fields.iter().copied());
    let mut code = definition(context, Scope::Root, &object.name, doc, &fields);
    if sent {
        let name = ident(&object.name);
        let methods = constructor::methods(context, Scope::Root, "value", &fields);
        let allow = deprecation::allow(context, &fields);
        code.extend(quote! {
            #allow
            impl #name {
                #methods
            }
        });
    }
    let serialized = has_serde && context.has(Trait::Serialize);
    if sent || serialized {
        code.extend(codec::encode(context, &object.name, &fields, serialized));
    }
    let deserialized = has_serde && context.has(Trait::Deserialize);
    if read || deserialized {
        let decoded = Decoded {
            fields: &fields,
            headers: &[],
            deserialized,
        };
        code.extend(codec::decode(context, Scope::Root, &object.name, &decoded));
    }
    if has_serde {
        code.extend(serde::emit(context, &object.name));
    }
    code
}

/// Emits the definition of a struct.
pub(crate) fn definition(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    doc: &TokenStream,
    fields: &[&Field],
) -> TokenStream {
    definition_with(context, scope, name, doc, None, fields, &context.derive())
}

/// Emits the definition of a struct with these traits, and with another field in front of those of the spec.
pub(crate) fn definition_with(
    context: &Context<'_>,
    scope: Scope,
    name: &RustName,
    doc: &TokenStream,
    first: Option<&TokenStream>,
    fields: &[&Field],
    derive: &TokenStream,
) -> TokenStream {
    let name = ident(name);
    let fields = fields.iter().map(|field| {
        let (doc, name) = (context.docs.field(field), ident(&field.rust));
        let ty = types::emit_field(context, scope, field);
        let deprecated = deprecation::attribute(field.deprecated.as_deref());
        quote!(#doc #deprecated pub #name: #ty)
    });
    quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub struct #name {
            #first
            #(#fields,)*
        }
    }
}
