//! What a field is where it is left out, and what may be sent for it.

use api_spec::model::{Bounds, Builtin, Field, Literal, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::ident;
use crate::types::{self, Scope};
use crate::{Context, docs};

/// The value of a field with a default.
pub(crate) fn default(context: &Context<'_>, scope: Scope, field: &Field) -> Option<TokenStream> {
    Some(match (field.default.as_ref()?, &field.ty) {
        (Literal::Bool(value), _) => quote!(#value),
        #[expect(clippy::cast_precision_loss, reason = "the field is a float")]
        (Literal::Int(value), Type::Float) => {
            let value = *value as f64;
            quote!(#value)
        }
        (Literal::Int(value), Type::Int) => quote!(#value),
        (Literal::Int(value), Type::Builtin(Builtin::IntText)) => {
            let ty = types::emit(context, scope, &field.ty);
            quote!(#ty(#value))
        }
        (Literal::Int(value), ty) => {
            let value = value.unsigned_abs();
            let text =
                (*ty == Type::Builtin(Builtin::UintText)).then(|| types::emit(context, scope, ty));
            quote!(#text(#value))
        }
        (Literal::Float(value), _) => {
            let value = value.0;
            quote!(#value)
        }
        (Literal::String(text), Type::Enum(name)) => {
            let item = context.api.enum_named(name)?;
            let values = &mut item.values.iter();
            let variant = ident(&values.find(|value| value.wire.as_str() == text)?.rust);
            let (root, name) = (scope.root(), ident(name));
            quote!(#root #name::#variant)
        }
        (Literal::String(text), ty) => {
            let ty = types::emit(context, scope, ty);
            quote!(<#ty as ::core::convert::From<&str>>::from(#text))
        }
    })
}

/// The default as a text, for people and for programs that call by name.
pub(crate) fn written(field: &Field) -> Option<String> {
    field.default.as_ref().map(text)
}

fn text(value: &Literal) -> String {
    match value {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => value.0.to_string(),
        Literal::String(text) => text.clone(),
    }
}

/// What may be sent, if anything is said of it.
pub(crate) fn bounds(context: &Context<'_>, bounds: &Bounds) -> Option<TokenStream> {
    let rt = &context.rt;
    let size = |bound: &Option<Literal>| {
        types::option(bound.as_ref().map(|bound| match bound {
            Literal::Float(value) => {
                let value = value.0;
                quote!(#rt::Size::Float(#value))
            }
            Literal::Int(value) => {
                let value = i128::from(*value);
                quote!(#rt::Size::Whole(#value))
            }
            // No bound is one of these.
            Literal::Bool(_) | Literal::String(_) => quote!(#rt::Size::Whole(0)),
        }))
    };
    let (min, max) = (size(&bounds.min), size(&bounds.max));
    (!bounds.is_empty()).then(|| quote!(#rt::Bounds { min: #min, max: #max }))
}

/// The bounds as texts, empty where there is none; those of floats look like floats.
pub(crate) fn columns(bounds: &Bounds) -> (String, String) {
    let column = |bound: &Option<Literal>| match bound {
        Some(Literal::Float(value)) => format!("{:?}", value.0),
        Some(bound) => text(bound),
        None => String::new(),
    };
    (column(&bounds.min), column(&bounds.max))
}

/// What people should know of the two.
pub(crate) fn doc(field: &Field) -> String {
    let default = written(field).map(|text| format!("{} where it is left out.", docs::code(&text)));
    let what = match types::required(&field.ty) {
        Type::String => " characters",
        Type::List(_) | Type::Map(_) => " items",
        _ => "",
    };
    let bounds = match (&field.bounds.min, &field.bounds.max) {
        (Some(min), Some(max)) => Some(format!("From {} to {}{what}.", text(min), text(max))),
        (Some(min), None) => Some(format!("At least {}{what}.", text(min))),
        (None, Some(max)) => Some(format!("At most {}{what}.", text(max))),
        (None, None) => None,
    };
    let parts: Vec<_> = default.into_iter().chain(bounds).collect();
    parts.join(" ")
}
