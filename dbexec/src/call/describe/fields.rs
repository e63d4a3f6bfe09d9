//! Descriptions of fields.

use std::fmt::Write as _;

use api_dynamic::Endpoint;
use api_spec::model::Field;

use crate::columns::align_within;

/// Formats fields, one per line.
pub(in crate::call) fn describe(
    endpoint: Endpoint<'_>,
    fields: &[&Field],
    width: Option<usize>,
) -> String {
    let rows = fields.iter().map(|field| {
        let doc = endpoint.api().field_doc(field);
        [
            field.wire.as_str().to_owned(),
            field.declared_type().to_string(),
            format!("{}{}", first_line(&doc), limits(field)),
        ]
    });
    align_within(&rows.collect::<Vec<_>>(), "  ", width)
}

/// Returns default, bounds and deprecation of a field.
fn limits(field: &Field) -> String {
    let mut text = String::new();
    if let Some(default) = &field.default {
        let _ = write!(text, " Default: `{default}`.");
    }
    let bounds = [
        ("At least", &field.bounds.min),
        ("At most", &field.bounds.max),
    ];
    for (name, bound) in bounds {
        if let Some(bound) = bound {
            let _ = write!(text, " {name} {bound}.");
        }
    }
    if let Some(note) = &field.deprecated {
        let _ = write!(text, " Deprecated: {}", first_line(note));
    }
    text
}

/// Returns the first line of a documentation.
pub(super) fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default()
}
