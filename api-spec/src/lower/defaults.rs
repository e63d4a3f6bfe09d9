//! Defaults and bounds of fields.

use std::cmp::Ordering;

use super::context::Context;
use super::types::FieldContext;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::fields as messages;
use crate::diagnostics::messages::fields::{BoundsError, DefaultError};
use crate::model::{Bounds, Builtin, Literal, Type};
use crate::read::raw::Entry;
use crate::source::Span;

/// Lowers the default of a field. Without a valid type it cannot be checked, and the field has an
/// error anyway.
pub(super) fn lower_default(
    cx: &mut Context<'_, '_>,
    field: &Entry,
    ty: Option<&Type>,
    bounds: Option<&Bounds>,
    context: FieldContext,
) -> Result<Option<Literal>, Reported> {
    let default = field.table().and_then(|table| table.literal("default"));
    let (Some((value, at)), Some(ty)) = (default, ty) else {
        return Ok(None);
    };
    let has_default = !matches!(context, FieldContext::Path | FieldContext::ResponseHeader);
    let error = if !has_default {
        DefaultError::Location
    } else if ty.is_optional() {
        DefaultError::Optional
    } else if !fits(value, ty) {
        DefaultError::Type(ty)
    } else if matches!(value, Literal::String(text) if text.contains(char::is_control)) {
        DefaultError::ControlCharacter
    } else if bounds.is_some_and(|bounds| !allows(bounds, value)) {
        DefaultError::Bounds
    } else {
        check_enum_value(cx, value, at, ty)?;
        return Ok(Some(value.clone()));
    };
    Err(cx.report(messages::invalid_default(&field.key, error, at)))
}

/// Checks that the default of an enum is one of its values.
fn check_enum_value(
    cx: &mut Context<'_, '_>,
    value: &Literal,
    at: Span,
    ty: &Type,
) -> Result<(), Reported> {
    let (Literal::String(value), Type::Enum(name)) = (value, ty) else {
        return Ok(());
    };
    let table = cx.symbol(name.unraw()).and_then(|it| it.entry.table());
    let Some(table) = table else {
        return Ok(());
    };
    let values = table.map("values").iter().map(|value| value.key.as_str());
    if values.clone().any(|known| known == value) {
        return Ok(());
    }
    table.complete(&["values"])?;
    let similar = cx.nearest(value, values);
    Err(cx.report(messages::unknown_default(value, name.unraw(), at, similar)))
}

/// Lowers the bounds of a field. Without a valid type they cannot be checked, and the field has an
/// error anyway.
pub(super) fn lower_bounds(
    cx: &mut Context<'_, '_>,
    field: &Entry,
    ty: Option<&Type>,
) -> Result<Bounds, Reported> {
    let Some(table) = field.table() else {
        return Ok(Bounds::default());
    };
    let (min, max) = (table.literal("min"), table.literal("max"));
    if let Some((error, at)) = ty.and_then(|ty| find_error(ty, min, max)) {
        return Err(cx.report(messages::invalid_bounds(&field.key, error, at)));
    }
    let value = |bound: Option<(&Literal, Span)>| bound.map(|(value, _)| value.clone());
    Ok(Bounds {
        min: value(min),
        max: value(max),
    })
}

fn find_error(
    ty: &Type,
    min: Option<(&Literal, Span)>,
    max: Option<(&Literal, Span)>,
) -> Option<(BoundsError, Span)> {
    let measure = measure(ty);
    for (value, at) in min.into_iter().chain(max) {
        if !measure.is_some_and(|measure| is_bound(measure, value)) {
            let error = match measure {
                None => BoundsError::Type,
                Some(Measure::Length) => BoundsError::NotALength,
                Some(Measure::Int | Measure::Float) => BoundsError::NotAnInteger,
            };
            return Some((error, at));
        }
    }
    let ((min, _), (max, at)) = (min?, max?);
    let is_reversed = compare(min, max) == Some(Ordering::Greater);
    is_reversed.then_some((BoundsError::Order, at))
}

/// The quantity that bounds apply to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Int,
    Float,
    Length,
}

fn measure(ty: &Type) -> Option<Measure> {
    Some(match ty {
        Type::Int | Type::Builtin(Builtin::Uint) => Measure::Int,
        Type::Float | Type::Builtin(Builtin::Decimal) => Measure::Float,
        Type::String | Type::List(_) | Type::Map(_) => Measure::Length,
        Type::Optional(inner) | Type::Nullable(inner) => return measure(inner),
        _ => return None,
    })
}

fn is_bound(measure: Measure, value: &Literal) -> bool {
    match (measure, value) {
        (Measure::Length, Literal::Int(value)) => *value >= 0,
        (Measure::Int | Measure::Float, Literal::Int(_)) | (Measure::Float, Literal::Float(_)) => {
            true
        }
        _ => false,
    }
}

/// Returns whether a literal is a value of the type.
pub(super) fn fits(value: &Literal, ty: &Type) -> bool {
    match (value, ty) {
        (Literal::Bool(_), Type::Bool)
        | (
            Literal::Int(_),
            Type::Int
            | Type::Float
            | Type::Builtin(Builtin::IntText | Builtin::Decimal | Builtin::DecimalText),
        )
        | (Literal::Float(_), Type::Float)
        | (Literal::String(_), Type::String | Type::Id(_) | Type::Enum(_)) => true,
        (Literal::Int(value), Type::Builtin(Builtin::Uint | Builtin::UintText)) => *value >= 0,
        _ => false,
    }
}

fn allows(bounds: &Bounds, value: &Literal) -> bool {
    let size = match value {
        Literal::String(text) => {
            Literal::Int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
        }
        other => other.clone(),
    };
    let is_outside = |bound: &Option<Literal>, side| {
        let order = bound.as_ref().and_then(|bound| compare(&size, bound));
        order == Some(side)
    };
    !is_outside(&bounds.min, Ordering::Less) && !is_outside(&bounds.max, Ordering::Greater)
}

/// Compares two numbers. Returns `None` if one of the literals is not a number.
#[expect(
    clippy::cast_precision_loss,
    reason = "only bounds of floating-point numbers have fractions"
)]
fn compare(one: &Literal, other: &Literal) -> Option<Ordering> {
    let float = |literal: &Literal| match literal {
        Literal::Int(value) => Some(*value as f64),
        Literal::Float(value) => Some(value.0),
        Literal::Bool(_) | Literal::String(_) => None,
    };
    match (one, other) {
        (Literal::Int(one), Literal::Int(other)) => Some(one.cmp(other)),
        _ => float(one)?.partial_cmp(&float(other)?),
    }
}
