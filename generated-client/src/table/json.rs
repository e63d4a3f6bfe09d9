//! Tables as JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::Value;

use super::column_type::{ColumnType, TableColumn};
use super::grid::Grid;

pub(super) fn write_array(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut separator = "[\n";
    for_each_row(grid, &mut |row| {
        out.write_all(separator.as_bytes())?;
        separator = ",\n";
        out.write_all(row.as_bytes())
    })?;
    let end = if grid.rows.is_empty() {
        "[]\n"
    } else {
        "\n]\n"
    };
    out.write_all(end.as_bytes())
}

pub(super) fn write_lines(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    for_each_row(grid, &mut |row| {
        row.push('\n');
        out.write_all(row.as_bytes())
    })
}

/// Calls `write` with each row as a JSON object.
fn for_each_row(
    grid: &Grid<'_>,
    write: &mut dyn FnMut(&mut String) -> io::Result<()>,
) -> io::Result<()> {
    let names = unique_names(&grid.columns);
    for row in grid.rows {
        let mut object = String::from("{");
        for (index, (ty, value)) in grid.cells(row).enumerate() {
            push_member(&mut object, index, &names[index], ty, value);
        }
        object.push('}');
        write(&mut object)?;
    }
    Ok(())
}

/// Returns a unique name for each column: most JSON readers drop duplicate keys.
fn unique_names(columns: &[TableColumn]) -> Vec<String> {
    let mut unassigned: HashSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    let mut assigned = HashSet::new();
    let mut names = Vec::new();
    for column in columns {
        // The first column with this name keeps it.
        let name = if unassigned.remove(column.name.as_str()) {
            column.name.clone()
        } else {
            let mut numbered = (2_usize..).map(|n| format!("{}_{n}", column.name));
            let is_free = |name: &String| {
                !assigned.contains(name) && !columns.iter().any(|c| c.name == *name)
            };
            numbered.find(is_free).unwrap_or_default()
        };
        assigned.insert(name.clone());
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

/// Appends a value as JSON. Structs, which the server sends as arrays, become objects.
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

/// Returns the text of a value that is not null: strings without quotes, all other values as JSON.
pub(super) fn cell_text<'a>(ty: &ColumnType, value: &'a Value) -> Cow<'a, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        value => {
            let mut text = String::new();
            push_json(&mut text, ty, value);
            Cow::Owned(text)
        }
    }
}
