//! What a field is where it is left out, and what may be sent for it.

use std::cmp::Ordering;

use super::{Lowerer, Place};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{Bounds, Builtin, Literal, Type};
use crate::raw;
use crate::source::Span;
use crate::suggest::nearest;

impl Lowerer<'_, '_> {
    pub(super) fn lower_default(
        &mut self,
        raw: &raw::Field,
        ty: Option<&Type>,
        bounds: &Bounds,
        place: Place,
    ) -> Option<Literal> {
        let ((value, at), ty) = (raw.default.as_ref()?, ty?);
        let name = shown(&raw.wire.value);
        let fault = if matches!(place, Place::Path | Place::ResponseHeader) {
            Some("defaults are for the query, for headers of requests and for fields of bodies")
        } else if ty.is_optional() {
            Some("a field with a default is never absent: drop its `?`")
        } else if !fits(value, ty) {
            Some("a default is a text, a number or a boolean, and of the type of its field")
        } else if matches!(value, Literal::String(text) if text.contains(char::is_control)) {
            Some("a default is a single line without tabs")
        } else if !allows(bounds, value) {
            Some("it is not within the bounds of the field itself")
        } else {
            return self.known_word(value, *at, ty).then(|| value.clone());
        };
        if let Some(help) = fault {
            let message = format!("`{name}` cannot have this default");
            self.diagnostics
                .push(Diagnostic::new(Code::DefaultValue, message, *at, "the default").help(help));
        }
        None
    }

    /// Whether the value is a word of the enumeration, if the type is one.
    fn known_word(&mut self, value: &Literal, at: Span, ty: &Type) -> bool {
        let (Literal::String(word), Type::Enum(name)) = (value, ty) else {
            return true;
        };
        let Some(words) = self.words.get(name.unraw()) else {
            return true;
        };
        if words.contains(&word.as_str()) {
            return true;
        }
        let meant = nearest(self.diagnostics.len(), word, words.iter().copied());
        let message = format!("`{}` is not a value of `{}`", shown(word), name.unraw());
        self.diagnostics.push(
            Diagnostic::new(Code::DefaultValue, message, at, "the default").did_you_mean(at, meant),
        );
        false
    }

    pub(super) fn lower_bounds(&mut self, raw: &raw::Field, ty: Option<&Type>) -> Bounds {
        let value = |bound: &Option<raw::Scalar>| bound.as_ref().map(|(value, _)| value.clone());
        let bounds = Bounds {
            min: value(&raw.min),
            max: value(&raw.max),
        };
        if let Some(ty) = ty {
            self.check_bounds(raw, ty);
        }
        bounds
    }

    fn check_bounds(&mut self, raw: &raw::Field, ty: &Type) {
        let mut given = [&raw.min, &raw.max].into_iter().flatten();
        let measure = measure(ty);
        let odd = given.find(|(value, _)| !measure.is_some_and(|it| is_bound(it, value)));
        if let Some((_, at)) = odd {
            let help = match measure {
                None => "bounds are for numbers, the length of texts, and the items of lists",
                Some(Measure::Length) => "a length is a whole number, and not below zero",
                Some(Measure::Int | Measure::Float) => "the field is a whole number",
            };
            return self.bad_bound(raw, *at, "a bound", help);
        }
        if let (Some((min, _)), Some((max, at))) = (&raw.min, &raw.max)
            && compare(min, max) == Some(Ordering::Greater)
        {
            let help = "nothing is at least `min` and at most `max`";
            self.bad_bound(raw, *at, "less than `min`", help);
        }
    }

    fn bad_bound(&mut self, raw: &raw::Field, at: Span, label: &str, help: &str) {
        let message = format!("`{}` cannot have these bounds", shown(&raw.wire.value));
        self.diagnostics
            .push(Diagnostic::new(Code::Bounds, message, at, label).help(help));
    }
}

/// What of a value is within bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Int,
    Float,
    Length,
}

fn measure(ty: &Type) -> Option<Measure> {
    Some(match ty {
        Type::Int | Type::Builtin(Builtin::Uint) => Measure::Int,
        Type::Float => Measure::Float,
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

/// Whether a value is of a type.
pub(super) fn fits(value: &Literal, ty: &Type) -> bool {
    match (value, ty) {
        (Literal::Bool(_), Type::Bool)
        | (Literal::Int(_), Type::Int | Type::Float | Type::Builtin(Builtin::IntText))
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
    let outside = |bound: &Option<Literal>, side| {
        let order = bound.as_ref().and_then(|bound| compare(&size, bound));
        order == Some(side)
    };
    !outside(&bounds.min, Ordering::Less) && !outside(&bounds.max, Ordering::Greater)
}

/// The order of two numbers; `None` where one of them is none.
#[expect(
    clippy::cast_precision_loss,
    reason = "bounds with fractions are for floats"
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
