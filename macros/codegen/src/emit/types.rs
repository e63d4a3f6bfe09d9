//! Rust types for types of the spec.

use api_spec::model::{Builtin, Field, Type};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::context::Context;
use crate::emit::names::ident;

/// Module that contains a reference to a type: the root, which contains the declared types, or the
/// module of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Root,
    Group,
}

impl Scope {
    /// Returns the path of the root.
    pub(crate) fn root(self) -> TokenStream {
        match self {
            Self::Root => TokenStream::new(),
            Self::Group => quote!(super::),
        }
    }
}

/// Emits a type.
pub(crate) fn emit(context: &Context<'_>, scope: Scope, ty: &Type) -> TokenStream {
    let inner = |ty: &Type| emit(context, scope, ty);
    match ty {
        Type::String => quote!(::std::string::String),
        Type::Bool => quote!(bool),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Json => {
            let rt = &context.rt;
            quote!(#rt::Value)
        }
        Type::RawJson => raw_json(context),
        Type::Builtin(Builtin::Uint) => quote!(u64),
        Type::Builtin(builtin) => {
            let runtime = context.runtime;
            let name = match builtin {
                Builtin::Secret => quote!(Secret),
                Builtin::Base64 => quote!(types::Base64),
                Builtin::IntText => quote!(types::IntText),
                Builtin::UintText => quote!(types::UintText),
                Builtin::Decimal => quote!(types::Decimal),
                Builtin::DecimalText => quote!(types::DecimalText),
                Builtin::Date => quote!(types::Date),
                Builtin::Timestamp => quote!(types::Timestamp),
                Builtin::UnixSeconds => quote!(types::UnixSeconds),
                Builtin::UnixMillis => quote!(types::UnixMillis),
                Builtin::Seconds => quote!(types::Seconds),
                Builtin::Duration => quote!(types::IsoDuration),
                Builtin::SecondsText => quote!(types::SecondsText),
                Builtin::Millis | Builtin::Uint => quote!(types::Millis),
            };
            quote!(#runtime::#name)
        }
        Type::Nullable(ty) => {
            let (runtime, ty) = (context.runtime, inner(ty));
            quote!(#runtime::types::Nullable<#ty>)
        }
        Type::File => {
            let runtime = context.runtime;
            quote!(#runtime::Upload)
        }
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
            let (root, name) = (scope.root(), ident(name));
            quote!(#root #name)
        }
        Type::Optional(ty) => {
            let ty = inner(ty);
            quote!(::core::option::Option<#ty>)
        }
        Type::List(ty) => {
            let ty = inner(ty);
            quote!(::std::vec::Vec<#ty>)
        }
        Type::Map(ty) => {
            let ty = inner(ty);
            quote!(::std::collections::BTreeMap<::std::string::String, #ty>)
        }
    }
}

/// Emits the type of a field.
pub(crate) fn emit_field(context: &Context<'_>, scope: Scope, field: &Field) -> TokenStream {
    if !field.is_boxed {
        return emit(context, scope, &field.ty);
    }
    let ty = boxed(&emit(context, scope, field.ty.required()));
    if let Type::Nullable(_) = field.ty {
        let runtime = context.runtime;
        quote!(#runtime::types::Nullable<#ty>)
    } else {
        quote!(::core::option::Option<#ty>)
    }
}

/// Emits a type in a `Box`.
pub(crate) fn boxed(ty: &TokenStream) -> TokenStream {
    quote!(::std::boxed::Box<#ty>)
}

/// Emits the value of a field that is absent.
pub(crate) fn absent(context: &Context<'_>, ty: &Type) -> TokenStream {
    if let Type::Nullable(_) = ty {
        let runtime = context.runtime;
        quote!(#runtime::types::Nullable::Absent)
    } else {
        quote!(::core::option::Option::None)
    }
}

/// Emits the type of JSON that is kept as text.
pub(crate) fn raw_json(context: &Context<'_>) -> TokenStream {
    let runtime = context.runtime;
    quote!(#runtime::types::RawJson)
}

/// Returns whether an argument of this type is `impl Into<T>`: callers often have a `&str`, a path
/// or a reference, and a value of one of the kinds of a union.
pub(crate) fn is_converted(context: &Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Union(name) => {
            let union = context.index.union_named(name);
            union.is_some_and(|union| !union.kinds.is_empty())
        }
        Type::String | Type::RawJson | Type::Id(_) | Type::File => true,
        Type::Builtin(builtin) => *builtin != Builtin::Uint,
        _ => false,
    }
}

/// Emits an optional value.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}
