//! Encodings of parameters and of the fields of forms.

use api_spec::model::{Field, FieldStyle};

use crate::json::Members;

/// Extension with the exact style, where OpenAPI has only a similar one.
const EXTENSION: &str = "x-api-spec-style";

/// Returns the members that encode a query parameter, or a field of a form.
///
/// Without a style, each item of a list is a separate parameter, which is the default of OpenAPI.
pub(super) fn members(style: &FieldStyle) -> Members {
    let mut members = Members::default();
    match style {
        FieldStyle::Joined(separator) => {
            members.add(
                "style",
                match separator {
                    ' ' => "spaceDelimited",
                    '|' => "pipeDelimited",
                    _ => "form",
                },
            );
            members.add("explode", false);
        }
        // OpenAPI defines `a[key]=1` only, neither lists nor deeper levels.
        FieldStyle::Brackets | FieldStyle::Indices => {
            members.add("style", "deepObject");
            members.add("explode", true);
            members.add_text(EXTENSION, style.keyword().unwrap_or_default());
        }
        // OpenAPI has no such style.
        FieldStyle::Dots => members.add_text(EXTENSION, style.keyword().unwrap_or_default()),
        FieldStyle::Json => members.add("contentType", "application/json"),
        FieldStyle::Part(media_type) => members.add("contentType", media_type.as_str()),
    }
    members
}

/// Returns the encodings of the fields of a form or a multipart body that have one.
pub(super) fn encoding(fields: &[Field]) -> Members {
    let mut encoding = Members::default();
    for field in fields {
        if let Some(style) = &field.style {
            encoding.add(field.wire.as_str(), members(style));
        }
    }
    encoding
}
