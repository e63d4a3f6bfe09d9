//! Tables that have the structure of another format: a part of `S103`.

use super::quote::{excerpt, quote};
use crate::diagnostics::codes::Code;
use crate::diagnostics::diagnostic::Diagnostic;
use crate::source::text::Text;

/// An endpoint in place of a group.
pub(crate) fn endpoint_without_group(key: &Text) -> Diagnostic {
    let name = excerpt(&key.value);
    let message = format!("endpoint `{name}` is in no group");
    Diagnostic::new(Code::WrongKind, message, key.span, "expected a group").help(format!(
        "write the name of a group first: `[endpoints.group.{name}]`"
    ))
}

/// Status codes as the names of fields. `key` is `response` or `response_headers`.
pub(crate) fn status_codes(key: &Text) -> Diagnostic {
    let message = format!("{} contains status codes", quote(&key.value));
    let by_status = match key.as_str() {
        "response" => "responses",
        _ => "headers_by_status",
    };
    Diagnostic::new(Code::WrongKind, message, key.span, "expected fields").help(format!(
        "what depends on the status code is declared as `{by_status}`"
    ))
}

/// `responses` in place of `response`.
pub(crate) fn no_status_codes(key: &Text) -> Diagnostic {
    let message = "`responses` contains no status codes";
    Diagnostic::new(Code::WrongKind, message, key.span, "expected status codes")
        .help("the fields of the only response are declared as `response`")
        .suggest(key.span, "response")
}

pub(crate) fn json_schema(key: &Text) -> Diagnostic {
    let name = excerpt(&key.value);
    let message = format!("`{name}` contains a JSON schema");
    Diagnostic::new(Code::WrongKind, message, key.span, "expected fields").help(format!(
        "write the fields without a schema, e.g. `{name} = {{ id = \"string\" }}`, or a type, e.g. \
         `{name} = \"[string]\"`"
    ))
}

/// A body and headers in place of a body. `key` is a status code.
pub(crate) fn body_and_headers(key: &Text) -> Diagnostic {
    let status = excerpt(&key.value);
    let message = format!("the response `{status}` must be a body");
    Diagnostic::new(Code::WrongKind, message, key.span, "expected fields").help(format!(
        "write the body without a key, e.g. `responses.{status} = {{ id = \"string\" }}`, and its headers as \
         `headers_by_status.{status} = {{ … }}`"
    ))
}
