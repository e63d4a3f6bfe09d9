//! Constructors and setters.

use api_spec::model::{Field, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};
use crate::emit::{deprecation, values};

/// Number of parameters from which clippy warns.
const TOO_MANY_ARGUMENTS: usize = 8;

/// Emits `new` with the required fields, and a setter for each of the others. The
/// documentation refers to the created value as `noun`.
pub(crate) fn methods(
    context: &Context<'_>,
    scope: Scope,
    noun: &str,
    fields: &[&Field],
) -> TokenStream {
    let required: Vec<_> = fields.iter().filter(|field| field.is_required()).collect();
    let arguments = required.iter().map(|field| argument(context, scope, field));
    let allow = (required.len() >= TOO_MANY_ARGUMENTS)
        .then(|| context.allow(&quote!(clippy::too_many_arguments)));
    let doc = context.docs.text(&if required.is_empty() {
        format!("Creates a {noun} without optional fields.")
    } else {
        format!("Creates a {noun} from its required fields.")
    });
    let initial = fields
        .iter()
        .map(|field| initial_value(context, scope, field));
    let optional = fields.iter().filter(|field| field.has_setter());
    let setters = optional.map(|field| setter(context, scope, field));
    quote! {
        #doc
        #[must_use]
        #allow
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#initial),* }
        }

        #(#setters)*
    }
}

/// Emits the field of the struct literal in `new`.
fn initial_value(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    let name = ident(&field.rust);
    if field.is_required() && field.ty.is_optional() {
        let value = if types::is_converted(context, field.ty.required()) {
            quote!(::core::convert::Into::into(#name))
        } else {
            quote!(#name)
        };
        quote!(#name: ::core::option::Option::Some(#value))
    } else if field.ty.is_optional() {
        let absent = types::absent(context, &field.ty);
        quote!(#name: #absent)
    } else if let Some(default) = values::default(context, scope, field) {
        quote!(#name: #default)
    } else if types::is_converted(context, &field.ty) {
        quote!(#name: ::core::convert::Into::into(#name))
    } else {
        quote!(#name)
    }
}

fn setter(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    let (rt, name) = (&context.rt, ident(&field.rust));
    let doc = context.docs.setter(field);
    let deprecated = deprecation::attribute(field.deprecated.as_deref());
    let (argument, set) = if let Type::Nullable(inner) = &field.ty {
        let ty = types::emit(context, scope, inner);
        let boxed = field.is_boxed.then(|| quote!(.map(::std::boxed::Box::new)));
        (
            quote!(#name: ::core::option::Option<#ty>),
            quote!(self.#name = ::core::convert::From::from(#name #boxed);),
        )
    } else {
        // An inline assignment would drop the previous value here, at twice the cost to compile.
        let set = if field.is_boxed && types::is_converted(context, field.ty.required()) {
            let ty = types::emit(context, scope, field.ty.required());
            quote!(#rt::set_some(&mut self.#name, ::core::convert::Into::<#ty>::into(#name));)
        } else if field.ty.is_optional() {
            quote!(#rt::set_some(&mut self.#name, #name);)
        } else {
            quote!(#rt::set(&mut self.#name, #name);)
        };
        (argument(context, scope, field), set)
    };
    quote! {
        #doc
        #deprecated
        #[must_use]
        pub fn #name(mut self, #argument) -> Self {
            #set
            self
        }
    }
}

fn argument(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    let (name, ty) = (ident(&field.rust), field.ty.required());
    let rust = types::emit(context, scope, ty);
    if types::is_converted(context, ty) {
        quote!(#name: impl ::core::convert::Into<#rust>)
    } else {
        quote!(#name: #rust)
    }
}
