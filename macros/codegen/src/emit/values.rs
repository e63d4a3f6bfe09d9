//! Values of the spec as expressions.

use api_spec::model::{Bounds, Builtin, Field, FieldStyle, Literal, Type};
use api_spec::names::WireName;
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::types::{self, Scope};

/// Emits the default of a field, if it has one.
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
        (Literal::Int(value), Type::Builtin(Builtin::Decimal | Builtin::DecimalText)) => {
            let ty = types::emit(context, scope, &field.ty);
            quote!(<#ty as ::core::convert::From<i64>>::from(#value))
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
            let item = context.index.enum_named(name)?;
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

/// Emits a value with a style.
pub(crate) fn styled(
    context: &Context<'_>,
    value: &TokenStream,
    style: &FieldStyle,
) -> TokenStream {
    let rt = &context.rt;
    let style = match style {
        FieldStyle::Joined(separator) => return quote!(&#rt::Joined(#value, #separator)),
        FieldStyle::Brackets => quote!(Brackets),
        FieldStyle::Indices => quote!(Indices),
        FieldStyle::Dots => quote!(Dots),
        FieldStyle::Json => quote!(Json),
        FieldStyle::Part(media_type) => quote!(Part(#media_type)),
    };
    quote!(&#rt::Styled(#value, #rt::FieldStyle::#style))
}

/// Emits the bounds of a field, if it has any.
pub(crate) fn bounds(context: &Context<'_>, bounds: &Bounds) -> Option<TokenStream> {
    if bounds.is_empty() {
        return None;
    }
    let rt = &context.rt;
    let size = |bound: &Option<Literal>| {
        types::option(bound.as_ref().map(|bound| match bound {
            Literal::Float(value) => {
                let value = value.0;
                quote!(#rt::Size::Float(#value))
            }
            Literal::Int(value) => {
                let value = i128::from(*value);
                quote!(#rt::Size::Int(#value))
            }
            // Bounds are numbers.
            Literal::Bool(_) | Literal::String(_) => quote!(#rt::Size::Int(0)),
        }))
    };
    let (min, max) = (size(&bounds.min), size(&bounds.max));
    Some(quote!(#rt::Bounds { min: #min, max: #max }))
}

/// Emits a literal as the runtime's type for literals.
pub(crate) fn literal(context: &Context<'_>, value: &Literal) -> TokenStream {
    let rt = &context.rt;
    match value {
        Literal::Bool(value) => quote!(#rt::Literal::Bool(#value)),
        Literal::Int(value) => quote!(#rt::Literal::Int(#value)),
        Literal::Float(value) => {
            let value = value.0;
            quote!(#rt::Literal::Float(#value))
        }
        Literal::String(value) => quote!(#rt::Literal::String(#value)),
    }
}

/// Emits the name that is encoded, then its aliases, as alternatives.
pub(crate) fn alternatives(wire: &WireName, aliases: &[String]) -> TokenStream {
    let wire = wire.as_str();
    quote!(#wire #(| #aliases)*)
}
