//! Retry classes, idempotency keys and timeouts.

use super::context::Context;
use super::draft::Part;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::retry as messages;
use crate::language::RETRY_CLASSES;
use crate::model::{Field, FieldLocation, IdempotencyKey, Literal, Retry, Type};
use crate::read::raw::Table;

/// Returns the retry class of an endpoint, unless it is that of its method.
pub(super) fn lower_retry(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
) -> Result<Option<Retry>, Reported> {
    if endpoint.table("retry").is_some() {
        return Ok(Some(Retry::Idempotent));
    }
    let Some(text) = endpoint.string("retry") else {
        return Ok(None);
    };
    let mut classes = Retry::ALL.into_iter();
    if let Some(class) = classes.find(|class| class.as_str() == text.as_str()) {
        return Ok(Some(class));
    }
    let similar = cx.nearest(&text.value, RETRY_CLASSES.iter().copied());
    Err(cx.report(messages::unknown_retry(text, similar)))
}

/// Returns the field named by `retry = { idempotent_with = … }`, from the fields of each part of the
/// request. `complete` is an error if the request may have further fields.
pub(super) fn lower_idempotency_key(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    complete: Result<(), Reported>,
    parts: [(FieldLocation, &[Field]); 3],
) -> Result<Option<IdempotencyKey>, Reported> {
    let retry = endpoint.table("retry");
    let Some(text) = retry.and_then(|retry| retry.string("idempotent_with")) else {
        return Ok(None);
    };
    for (location, fields) in parts {
        let Some(field) = fields
            .iter()
            .find(|field| field.wire.as_str() == text.as_str())
        else {
            continue;
        };
        if !is_string(&field.ty) {
            let diagnostic = messages::idempotency_key_type(text, field.span, &field.ty);
            return Err(cx.report(diagnostic));
        }
        return Ok(Some(IdempotencyKey {
            location,
            wire: field.wire.clone(),
            rust: field.rust.clone(),
        }));
    }
    cx.check_invalid(Part::Request, &text.value)?;
    complete?;
    let fields = parts.iter().flat_map(|(_, fields)| *fields);
    let names: Vec<&str> = fields.map(|field| field.wire.as_str()).collect();
    let similar = cx.nearest(&text.value, names);
    Err(cx.report(messages::unknown_idempotency_key(text, similar)))
}

/// Returns the timeout of an endpoint in milliseconds.
pub(super) fn lower_timeout(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
) -> Result<Option<u64>, Reported> {
    let Some((value, at)) = endpoint.literal("timeout") else {
        return Ok(None);
    };
    match milliseconds(value) {
        Some(millis) => Ok(Some(millis)),
        None => Err(cx.report(messages::timeout_out_of_range(at))),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is not negative and at most a year"
)]
fn milliseconds(value: &Literal) -> Option<u64> {
    const YEAR: u64 = 31_536_000_000;
    let millis = match value {
        Literal::Int(seconds) => u64::try_from(*seconds).ok()?.checked_mul(1000)?,
        Literal::Float(seconds) if seconds.0 >= 0.0 && seconds.0 < 1e9 => {
            (seconds.0 * 1000.0).round() as u64
        }
        _ => return None,
    };
    (1..=YEAR).contains(&millis).then_some(millis)
}

fn is_string(ty: &Type) -> bool {
    match ty {
        Type::Optional(inner) => is_string(inner),
        ty => matches!(ty, Type::String | Type::Id(_)),
    }
}
