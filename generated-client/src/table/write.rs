//! Tables as CSV and JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::Value;

use super::{ColumnType, Table};

pub(super) fn csv(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names = table
        .columns()
        .iter()
        .map(|column| Some(Cow::from(&column.name)));
    csv_line(names, out)?;
    for row in table.values() {
        let cells = table.cells(row).map(|(ty, value)| match value {
            Value::Null => None,
            value => Some(text(ty, value)),
        });
        csv_line(cells, out)?;
    }
    Ok(())
}

fn csv_line<'a>(
    cells: impl Iterator<Item = Option<Cow<'a, str>>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::new();
    let mut count = 0;
    for cell in cells {
        if count > 0 {
            line.push(',');
        }
        count += 1;
        if let Some(cell) = cell {
            push_csv(&mut line, &cell);
        }
    }
    // An empty line would be no row at all.
    if count == 1 && line.is_empty() {
        line.push_str("\"\"");
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn push_csv(line: &mut String, cell: &str) {
    if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

/// A value that is not null as text: strings as they are, all else as JSON.
pub(super) fn text<'a>(ty: &ColumnType, value: &'a Value) -> Cow<'a, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        value => {
            let mut text = String::new();
            push_json(&mut text, ty, value);
            Cow::Owned(text)
        }
    }
}

pub(super) fn json(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut before = "[\n";
    json_rows(table, &mut |row| {
        out.write_all(before.as_bytes())?;
        before = ",\n";
        out.write_all(row.as_bytes())
    })?;
    let end = if table.is_empty() { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes())
}

pub(super) fn json_lines(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    json_rows(table, &mut |row| {
        row.push('\n');
        out.write_all(row.as_bytes())
    })
}

fn json_rows(
    table: &Table<'_>,
    write: &mut dyn FnMut(&mut String) -> io::Result<()>,
) -> io::Result<()> {
    let names = unique_names(table);
    for row in table.values() {
        let mut object = String::from("{");
        for (index, (ty, value)) in table.cells(row).enumerate() {
            push_member(&mut object, index, &names[index], ty, value);
        }
        object.push('}');
        write(&mut object)?;
    }
    Ok(())
}

/// An object with two members of one name would lose one of them at its reader.
fn unique_names(table: &Table<'_>) -> Vec<String> {
    let mut taken: HashSet<&str> = table.columns().iter().map(|c| c.name.as_str()).collect();
    let mut made = HashSet::new();
    let mut names = Vec::new();
    for column in table.columns() {
        // Taken once, by the first of that name.
        let name = if taken.remove(column.name.as_str()) {
            column.name.clone()
        } else {
            let mut numbered = (2_usize..).map(|n| format!("{}_{n}", column.name));
            let is_free = |name: &String| {
                !made.contains(name) && !table.columns().iter().any(|c| c.name == *name)
            };
            numbered.find(is_free).unwrap_or_default()
        };
        made.insert(name.clone());
        names.push(name);
    }
    names
}

fn push_member(json: &mut String, index: usize, name: &str, ty: &ColumnType, value: &Value) {
    if index > 0 {
        json.push(',');
    }
    json.push_str(&Value::from(name).to_string());
    json.push(':');
    push_json(json, ty, value);
}

/// JSON in which structs have the names of their fields.
fn push_json(json: &mut String, ty: &ColumnType, value: &Value) {
    match (ty, value) {
        (ColumnType::Struct(fields), Value::Array(cells)) if fields.len() == cells.len() => {
            json.push('{');
            for (index, (field, cell)) in fields.iter().zip(cells).enumerate() {
                push_member(json, index, &field.name, &field.ty, cell);
            }
            json.push('}');
        }
        (ColumnType::Array(ty), Value::Array(items)) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                push_json(json, ty, item);
            }
            json.push(']');
        }
        (ColumnType::Map(_, ty), Value::Object(entries)) => {
            json.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                push_member(json, index, name, ty, value);
            }
            json.push('}');
        }
        (_, value) => json.push_str(&value.to_string()),
    }
}
