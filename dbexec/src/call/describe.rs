//! Endpoints, told to people.

use std::fmt::Write as _;

use generated_client::api_runtime::operation::{Endpoint, Field, FieldKind};

/// All endpoints, one a line.
pub(super) fn list(endpoints: &[Endpoint]) -> String {
    let rows = endpoints.iter().map(|endpoint| {
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

/// One endpoint, with its fields.
pub(super) fn whole(endpoint: &Endpoint) -> String {
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

/// The fields of an endpoint, one a line.
pub(super) fn fields(endpoint: &Endpoint) -> String {
    let rows = endpoint
        .fields()
        .map(|field| [field.name, field.ty, first_line(field.doc)]);
    table(&rows.collect::<Vec<_>>(), "  ")
}

/// The command line that calls the endpoint.
pub(super) fn usage(endpoint: &Endpoint) -> String {
    let fields = endpoint.fields().map(|field| usage_of(&field));
    fields.fold(
        format!("dbexec call {}", endpoint.operation.name),
        |usage, field| usage + " " + &field,
    )
}

fn usage_of(field: &Field) -> String {
    let sign = if field.kind == FieldKind::File {
        "@"
    } else {
        ""
    };
    let usage = format!("{}={sign}<{}>", field.name, field.ty.trim_end_matches('?'));
    if field.required {
        usage
    } else {
        format!("[{usage}]")
    }
}

fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default()
}

/// Aligned columns.
fn table<const N: usize>(rows: &[[&str; N]], indent: &str) -> String {
    let width = |at: usize| {
        rows.iter()
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    rows.iter().fold(String::new(), |text, row| {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  "); // a string takes everything
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
    fn usages() {
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
