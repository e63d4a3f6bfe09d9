//! Types of strings and numbers by their formats.

use crate::import::document::Node;
use crate::import::report::Report;

/// Returns the builtin type of a schema of type `string`.
pub(in crate::import) fn string(schema: &Node, report: &mut Report) -> &'static str {
    let ty = match schema.peek_text("format") {
        Some("date-time") => "timestamp",
        Some("date") => "date",
        Some("decimal") => "decimal_text",
        Some("duration") => "duration",
        Some("google-duration") => "seconds_text",
        Some("byte") => "base64",
        Some("password") => "secret",
        Some("int64") => "int_text",
        Some("uint64") => "uint_text",
        Some("string") => {
            schema.text("format");
            "string"
        }
        Some(other) => {
            let reason = format!("a string of the format `{other}`");
            ignore(schema, "format", &reason, report);
            "string"
        }
        None if schema.peek_text("contentEncoding") == Some("base64") => "base64",
        None => "string",
    };
    if ty != "string" {
        schema.text("format");
    }
    if ty == "base64" {
        schema.text("contentEncoding");
    }
    ty
}

/// Returns the builtin type that `export` has written, where OpenAPI has no format.
pub(in crate::import) fn exported(schema: &Node) -> Option<&'static str> {
    let found = schema.peek("x-api-spec-builtin")?;
    let known = ["unix_seconds", "unix_millis", "seconds", "millis", "raw"];
    let ty = known.into_iter().find(|it| found.as_text() == Some(it))?;
    found.read();
    schema.text("type");
    Some(ty)
}

/// Returns the builtin type of a schema of type `integer`.
pub(in crate::import) fn integer(schema: &Node) -> &'static str {
    let format = schema.peek_text("format");
    let ty = match format {
        Some("uint64") => "uint",
        // Not in the registry of formats, but in several public documents.
        Some("unix-time" | "unixtime") => "unix_seconds",
        _ => "int",
    };
    // The ranges of smaller integers are not checked.
    if ty != "int" || format == Some("int64") {
        schema.text("format");
    }
    ty
}

/// Returns the builtin type of a schema of type `number`.
pub(in crate::import) fn number(schema: &Node) -> &'static str {
    let ty = match schema.peek_text("format") {
        Some("decimal") => "decimal",
        _ => "float",
    };
    if matches!(schema.peek_text("format"), Some("double" | "decimal")) {
        schema.text("format");
    }
    ty
}

fn ignore(schema: &Node, key: &str, reason: &str, report: &mut Report) {
    if let Some(value) = schema.peek(key) {
        report.ignore(value, reason);
    }
}
