//! Tables as JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use api_runtime::codec::Reader;
use api_runtime::types::RawJson;

use super::cells::Cells;
use super::column_type::{ColumnType, TableColumn};
use super::columns::{Columns, UNTYPED};
use super::grid::Grid;
use super::write_error::WriteError;

pub(super) fn write_array(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    // A row may be long: cells are written one by one.
    let mut out = BufWriter::new(out);
    let mut separator = "[\n";
    let names = Names::new(grid.columns());
    grid.for_each_row::<WriteError>(|cells| {
        out.write_all(separator.as_bytes())?;
        separator = ",\n";
        write_row(&mut out, &names, cells)
    })?;
    let end: &[u8] = if grid.len() == 0 { b"[]\n" } else { b"\n]\n" };
    out.write_all(end)?;
    out.flush()
}

pub(super) fn write_lines(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let names = Names::new(grid.columns());
    grid.for_each_row::<WriteError>(|cells| {
        write_row(&mut out, &names, cells)?;
        out.write_all(b"\n")?;
        Ok(())
    })?;
    out.flush()
}

/// Writes a row as an object.
fn write_row(
    out: &mut dyn Write,
    names: &Names<'_>,
    cells: &mut Cells<'_, '_>,
) -> Result<(), WriteError> {
    let mut begin = "{";
    while let Some(cell) = cells.next_raw()? {
        let index = cells.count - 1;
        out.write_all(begin.as_bytes())?;
        begin = ",";
        write_string(out, &names.name(index))?;
        out.write_all(b":")?;
        write_value(out, names.columns.ty(index), &mut Reader::of_text(cell))?;
    }
    out.write_all(if begin == "{" { b"{}" } else { b"}" })?;
    Ok(())
}

/// Unique names of the columns: most JSON readers drop duplicate keys.
struct Names<'t> {
    columns: Columns<'t>,
    /// Names of the columns of the schema.
    of_schema: Vec<Cow<'t, str>>,
    assigned: HashSet<Cow<'t, str>>,
}

impl<'t> Names<'t> {
    fn new(columns: Columns<'t>) -> Self {
        let of_schema = unique_names(columns.schema);
        Self {
            columns,
            assigned: of_schema.iter().cloned().collect(),
            of_schema,
        }
    }

    fn name(&self, index: usize) -> Cow<'_, str> {
        if let Some(name) = self.of_schema.get(index) {
            return Cow::Borrowed(name);
        }
        // The names of additional columns differ, but the schema may have one of them.
        let name = self.columns.name(index);
        if !self.assigned.contains(&name) {
            return name;
        }
        let mut numbered = (2_usize..).map(|n| Cow::from(format!("{name}_{n}")));
        let free = numbered.find(|name| !self.assigned.contains(name));
        free.unwrap_or_default()
    }
}

fn unique_names(columns: &[TableColumn]) -> Vec<Cow<'_, str>> {
    let all: HashSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    let mut unassigned = all.clone();
    let mut assigned = HashSet::new();
    let mut names = Vec::new();
    for column in columns {
        // The first column with this name keeps it.
        let name = if unassigned.remove(column.name.as_str()) {
            Cow::Borrowed(column.name.as_str())
        } else {
            let mut numbered = (2_usize..).map(|n| format!("{}_{n}", column.name));
            let is_free =
                |name: &String| !assigned.contains(name.as_str()) && !all.contains(name.as_str());
            numbered.find(is_free).unwrap_or_default().into()
        };
        assigned.insert(name.clone());
        names.push(name);
    }
    names
}

/// Writes the value that is next without white space. Structs, which the server sends as arrays,
/// become objects.
fn write_value(
    out: &mut dyn Write,
    ty: &ColumnType,
    reader: &mut Reader<'_>,
) -> Result<(), WriteError> {
    match (reader.peek(), ty) {
        (Some(b'['), ColumnType::Struct(fields))
            if reader.clone().count_items()? == fields.len() =>
        {
            write_struct(out, fields, reader)
        }
        (Some(b'['), ColumnType::Array(element)) => write_list(out, element, reader),
        (Some(b'['), _) => write_list(out, &UNTYPED, reader),
        (Some(b'{'), ColumnType::Map(_, value)) => write_object(out, value, reader),
        (Some(b'{'), _) => write_object(out, &UNTYPED, reader),
        (Some(b'"'), _) => write_string(out, &reader.text()?),
        _ => Ok(out.write_all(reader.raw()?.as_bytes())?),
    }
}

fn write_struct(
    out: &mut dyn Write,
    fields: &[TableColumn],
    reader: &mut Reader<'_>,
) -> Result<(), WriteError> {
    out.write_all(b"{")?;
    reader.begin_list()?;
    for (index, field) in fields.iter().enumerate() {
        reader.next_item()?;
        write_separator(out, index)?;
        write_string(out, &field.name)?;
        out.write_all(b":")?;
        write_value(out, &field.ty, reader)?;
    }
    reader.next_item()?;
    Ok(out.write_all(b"}")?)
}

fn write_list(
    out: &mut dyn Write,
    element: &ColumnType,
    reader: &mut Reader<'_>,
) -> Result<(), WriteError> {
    let mut index = 0;
    out.write_all(b"[")?;
    reader.begin_list()?;
    while reader.next_item()? {
        write_separator(out, index)?;
        write_value(out, element, reader)?;
        index += 1;
    }
    Ok(out.write_all(b"]")?)
}

fn write_object(
    out: &mut dyn Write,
    value: &ColumnType,
    reader: &mut Reader<'_>,
) -> Result<(), WriteError> {
    let mut index = 0;
    out.write_all(b"{")?;
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        write_separator(out, index)?;
        write_string(out, &key)?;
        out.write_all(b":")?;
        write_value(out, value, reader)?;
        index += 1;
    }
    Ok(out.write_all(b"}")?)
}

/// Writes the comma in front of the value with this index.
fn write_separator(out: &mut dyn Write, index: usize) -> io::Result<()> {
    if index == 0 {
        return Ok(());
    }
    out.write_all(b",")
}

fn write_string(out: &mut dyn Write, text: &str) -> Result<(), WriteError> {
    Ok(serde_json::to_writer(out, text).map_err(io::Error::from)?)
}

/// Returns the JSON of a value without white space.
pub(crate) fn compact(json: &RawJson) -> String {
    let text = to_text(&UNTYPED, &mut Reader::of_text(json.as_str()));
    text.unwrap_or_else(|_| json.to_string())
}

/// Returns the text of a cell: strings without quotes, all other values as JSON. Null is `None`.
pub(super) fn cell_text<'a>(
    ty: &ColumnType,
    cell: &'a str,
) -> Result<Option<Cow<'a, str>>, WriteError> {
    let mut reader = Reader::of_text(cell);
    Ok(match reader.peek() {
        Some(b'n') => None,
        Some(b'"') => Some(reader.text()?),
        Some(b'[' | b'{') => Some(to_text(ty, &mut reader)?.into()),
        _ => Some(cell.into()),
    })
}

fn to_text(ty: &ColumnType, reader: &mut Reader<'_>) -> Result<String, WriteError> {
    let mut json = Vec::new();
    write_value(&mut json, ty, reader)?;
    Ok(String::from_utf8(json).map_err(io::Error::other)?)
}
