//! Descriptions of endpoints for terminal output.

use std::fmt::Write as _;

use generated_client::api_runtime::operation::{Endpoint, Field, FieldKind};

/// Formats a list of endpoints, one per line.
pub(super) fn list(endpoints: impl Iterator<Item = &'static Endpoint<'static>>) -> String {
    let rows = endpoints.map(|endpoint| {
        let operation = endpoint.operation;
        [
            operation.name,
            operation.method.as_str(),
            operation.path,
            first_line(endpoint.doc),
        ]
    });
    table(&rows.collect::<Vec<_>>(), "")
}

/// Formats an endpoint, with its fields.
pub(super) fn endpoint(endpoint: &Endpoint<'_>) -> String {
    let operation = endpoint.operation;
    format!(
        "{}  {} {}\n{}\n\n{}\nUsage: {}\n",
        operation.name,
        operation.method,
        operation.path,
        endpoint.doc.trim_end(),
        fields(endpoint),
        usage(endpoint)
    )
}

/// Formats the fields of an endpoint, one per line.
pub(super) fn fields(endpoint: &Endpoint<'_>) -> String {
    let rows = endpoint
        .fields()
        .map(|field| [field.name, field.ty, first_line(field.doc)]);
    table(&rows.collect::<Vec<_>>(), "  ")
}

/// Formats the command line that calls an endpoint.
pub(super) fn usage(endpoint: &Endpoint<'_>) -> String {
    let fields = endpoint.fields().map(|field| usage_of(&field));
    fields.fold(
        format!("dbexec call {}", endpoint.operation.name),
        |usage, field| usage + " " + &field,
    )
}

fn usage_of(field: &Field<'_>) -> String {
    let prefix = if field.kind == FieldKind::File {
        "@"
    } else {
        ""
    };
    let usage = format!(
        "{}={prefix}<{}>",
        field.name,
        field.ty.trim_end_matches('?')
    );
    if field.required {
        usage
    } else {
        format!("[{usage}]")
    }
}

fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default()
}

/// Formats rows with aligned columns.
fn table<const N: usize>(rows: &[[&str; N]], indent: &str) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    rows.iter().fold(String::new(), |text, row| {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  "); // writing to a `String` cannot fail
        }
        text + line.trim_end() + "\n"
    })
}

#[cfg(test)]
mod tests {
    use generated_client::api_runtime::operation::FieldLocation;

    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "bc", "d"], ["äöü", "", "e"], ["x", "y", ""]];
        assert_eq!(table(&rows, " "), " a    bc  d\n äöü      e\n x    y\n");
        assert_eq!(table::<2>(&[], ""), "");
    }

    #[test]
    fn usage_marks_optional_fields_and_files() {
        let field = Field {
            name: "zone",
            doc: "",
            ty: "string?",
            kind: FieldKind::Text,
            required: false,
            location: FieldLocation::Query,
            join: None,
            default: None,
            bounds: None,
        };
        assert_eq!(usage_of(&field), "[zone=<string>]");
        let file = Field {
            ty: "file",
            kind: FieldKind::File,
            required: true,
            ..field
        };
        assert_eq!(usage_of(&file), "zone=@<file>");
    }
}
