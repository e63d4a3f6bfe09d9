//! When a request may be sent again, and how long its answer may take.

use super::Lowerer;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{Endpoint, Field, FieldLocation, IdempotencyKey, Literal, Method, Retry, Type};
use crate::raw::{self, Text};
use crate::suggest::nearest;

impl Lowerer<'_, '_> {
    pub(super) fn lower_retry(&mut self, raw: &raw::Endpoint, method: Method) -> Retry {
        let text = match &raw.retry {
            None => return Retry::of(method),
            Some(raw::Retry::With(_)) => return Retry::Idempotent,
            Some(raw::Retry::Class(text)) => text,
        };
        let found = Retry::ALL
            .into_iter()
            .find(|retry| retry.as_str() == text.value);
        found.unwrap_or_else(|| {
            let words = Retry::ALL.map(Retry::as_str);
            let meant = nearest(self.diagnostics.len(), &text.value, words);
            let message = format!("unknown retry class `{}`", shown(&text.value));
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownRetry, message, text.inside(), "not a class")
                    .did_you_mean(text.inside(), meant)
                    .help(format!("the classes are `{}`", words.join("`, `"))),
            );
            Retry::Never
        })
    }

    pub(super) fn lower_timeout(&mut self, raw: &raw::Endpoint) -> Option<u64> {
        let (value, at) = raw.timeout.as_ref()?;
        let millis = milliseconds(value);
        if millis.is_none() {
            let message = "no answer takes so long, or so short";
            self.diagnostics.push(
                Diagnostic::new(Code::Timeout, message, *at, "a number of seconds")
                    .help("say from 0.001 to 31536000, which is a year"),
            );
        }
        millis
    }

    /// The field that makes a request idempotent, if there is to be one.
    pub(super) fn lower_idempotency_key(
        &mut self,
        raw: &raw::Endpoint,
        model: &Endpoint,
    ) -> Option<IdempotencyKey> {
        let Some(raw::Retry::With(text)) = &raw.retry else {
            return None;
        };
        let named = |field: &&Field| field.wire.as_str() == text.value;
        let places = [
            (FieldLocation::Query, model.query.as_slice()),
            (FieldLocation::Header, model.headers.as_slice()),
            (FieldLocation::Body, model.body.fields()),
        ];
        let mut places = places.into_iter();
        let found = places.find_map(|(place, fields)| Some((place, fields.iter().find(named)?)));
        let Some((place, field)) = found else {
            self.no_key(text, model);
            return None;
        };
        if !is_text(&field.ty) {
            let message = format!("field `{}` cannot tell requests apart", shown(&text.value));
            self.diagnostics.push(
                Diagnostic::new(Code::KeyField, message, text.inside(), "named here")
                    .label(field.span, "has another type")
                    .help("it must be a text: `string?`, or an id"),
            );
            return None;
        }
        Some(IdempotencyKey {
            location: place,
            wire: field.wire.clone(),
            rust: field.rust.clone(),
        })
    }

    fn no_key(&mut self, text: &Text, model: &Endpoint) {
        let at = text.inside();
        let fields = model.query.iter().chain(&model.headers);
        let fields = fields.chain(model.body.fields());
        let fields = fields.map(|field| field.wire.as_str());
        let meant = nearest(self.diagnostics.len(), &text.value, fields);
        let message = format!("the request has no field `{}`", shown(&text.value));
        self.diagnostics.push(
            Diagnostic::new(Code::KeyField, message, at, "no such field")
                .did_you_mean(at, meant)
                .help("describe it in `query`, `headers` or the body, as `\"string?\"`"),
        );
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is within a year, and not below zero"
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

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Optional(inner) => is_text(inner),
        ty => matches!(ty, Type::String | Type::Id(_)),
    }
}
