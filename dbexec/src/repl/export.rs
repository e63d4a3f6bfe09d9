//! The last table, in a file.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use generated_client::Table;

use crate::render::write_markdown_table;
use crate::replace::replace;
use crate::summary::count;

/// Format of a file.
#[derive(Clone, Copy, Debug)]
enum Format {
    Csv,
    Json,
    Ndjson,
    Markdown,
}

/// Writes a table to a file, whose extension selects the format. Returns a message, or an error of one line.
pub(super) fn export(table: &Table<'_>, path: &Path) -> Result<String, String> {
    let format = match path.extension().and_then(OsStr::to_str) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("ndjson") => Format::Ndjson,
        Some("md") => Format::Markdown,
        _ => {
            return Err(format!(
                "unknown format of {}, expected the extension .csv, .json, .ndjson or .md",
                path.display()
            ));
        }
    };
    let is_replaced = path.exists();
    write(table, format, path).map_err(|error| format!("{}: {error}", path.display()))?;
    let replaced = if is_replaced {
        ", which was replaced"
    } else {
        ""
    };
    Ok(format!(
        "{} to {}{replaced}",
        count(table.len()),
        path.display()
    ))
}

fn write(table: &Table<'_>, format: Format, path: &Path) -> io::Result<()> {
    replace(path, |out| match format {
        Format::Csv => table.to_csv(out),
        Format::Json => table.to_json(out),
        Format::Ndjson => table.to_json_lines(out),
        Format::Markdown => write_markdown_table(table, out),
    })
}
