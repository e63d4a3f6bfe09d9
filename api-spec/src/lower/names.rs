//! Names of fields, values, functions and types.

use super::context::Context;
use crate::diagnostics::Reported;
use crate::diagnostics::messages::{fields as header_messages, names as messages};
use crate::grammar::header;
use crate::model::names::{Case, NameError, RustName, is_snake_name, is_type_name};
use crate::source::text::Text;

/// Returns the Rust name of a wire name: the value of the key `rust`, or the derived name. `checked` is
/// the result of earlier checks of the wire name.
pub(super) fn lower_name(
    cx: &mut Context<'_, '_>,
    wire: &Text,
    checked: Result<(), Reported>,
    rust: Option<&Text>,
    case: Case,
) -> Result<RustName, Reported> {
    if let Some(text) = rust {
        return RustName::parse(&text.value, case)
            .map_err(|error| report_invalid_name(cx, text, error, case));
    }
    let name = match case {
        Case::Snake => RustName::snake(&wire.value),
        Case::Camel => RustName::camel(&wire.value),
    };
    name.ok_or_else(|| match checked {
        // Empty names and control characters have been reported by now.
        Err(reported) if is_unprintable(&wire.value) => reported,
        _ => cx.report(messages::no_rust_name(wire, case)),
    })
}

fn report_invalid_name(
    cx: &mut Context<'_, '_>,
    text: &Text,
    error: NameError,
    case: Case,
) -> Reported {
    let similar = match error {
        NameError::Reserved => Some(format!("{}_", text.value.trim_start_matches("r#"))),
        NameError::NotIdentifier | NameError::WrongCase => case.apply(&text.value),
    };
    let similar = similar.filter(|similar| RustName::parse(similar, case).is_ok());
    cx.report(messages::invalid_rust_name(
        text,
        error,
        case,
        similar.as_deref(),
    ))
}

/// Checks the name of a `group` or an `endpoint`.
pub(super) fn check_snake_name(
    cx: &mut Context<'_, '_>,
    kind: &str,
    name: &Text,
) -> Result<(), Reported> {
    if is_snake_name(&name.value) {
        return Ok(());
    }
    let similar = Case::Snake.apply(&name.value);
    let similar = similar.filter(|similar| is_snake_name(similar));
    Err(cx.report(messages::snake_name(kind, name, similar.as_deref())))
}

/// Checks the name of a declared type.
pub(super) fn check_type_name(cx: &mut Context<'_, '_>, name: &Text) -> Result<(), Reported> {
    if is_type_name(&name.value) {
        return Ok(());
    }
    if name.as_str() == "Self" {
        return Err(cx.report(messages::type_name_self(name)));
    }
    let similar = Case::Camel.apply(&name.value);
    let similar = similar.filter(|similar| is_type_name(similar));
    Err(cx.report(messages::type_name_case(name, similar.as_deref())))
}

/// Checks that HTTP allows the name of a header.
pub(super) fn check_header_name(cx: &mut Context<'_, '_>, name: &Text) -> Result<(), Reported> {
    // The reader has reported empty names and control characters.
    if is_unprintable(&name.value) || header::is_token(&name.value) {
        return Ok(());
    }
    Err(cx.report(header_messages::invalid_header_name(name)))
}

fn is_unprintable(name: &str) -> bool {
    name.is_empty() || name.contains(char::is_control)
}

/// Returns the module of a group.
pub(super) fn module_name(group: &Text) -> RustName {
    RustName::escape(group.as_str().to_owned())
}
