//! `dbexec fs ls`.

use std::fmt::Write as _;

use generated_client::api_2_0::{FileInfo, dbfs};
use generated_client::api_runtime::types::{Timestamp, UnixMillis};
use serde_json::{Value, json};

use super::error;
use super::path::DbfsPath;
use crate::cli::{FsLsArgs, StatusFormat};
use crate::columns::align;
use crate::error::CliError;
use crate::one_line::one_line;
use crate::{console, target};

/// Lists folders and files.
pub(super) fn list(args: &FsLsArgs) -> Result<(), CliError> {
    let client = target::connect(&args.workspace)?;
    let mut listed = Vec::new();
    for path in &args.paths {
        let response = dbfs::list(&client, &dbfs::List::new(path.as_str()))
            .map_err(|error| error::of_path(&error, path))?;
        let mut entries = response.files.unwrap_or_default();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        listed.push((path, entries));
    }
    if args.output == StatusFormat::Json {
        let entries = listed.iter().flat_map(|(_, entries)| entries);
        let entries: Vec<_> = entries.map(to_json).collect();
        return console::print_json(&format!("{:#}\n", Value::from(entries)));
    }
    let mut text = String::new();
    for (path, entries) in &listed {
        if listed.len() > 1 {
            let separator = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{separator}{path}:");
        }
        text.push_str(&lines(entries, args.long));
    }
    console::print(&text)
}

/// Formats entries, one per line.
fn lines(entries: &[FileInfo], is_long: bool) -> String {
    if !is_long {
        let names: Vec<_> = entries.iter().map(|entry| vec![name(entry)]).collect();
        return align(&names);
    }
    let sizes: Vec<_> = entries.iter().map(size).collect();
    let width = sizes.iter().map(String::len).max().unwrap_or_default();
    let rows: Vec<_> = entries
        .iter()
        .zip(&sizes)
        .map(|(entry, size)| vec![format!("{size:>width$}"), time(entry), name(entry)])
        .collect();
    align(&rows)
}

/// Returns the last part of the path, with a slash for a folder.
fn name(entry: &FileInfo) -> String {
    let path = DbfsPath::new(&entry.path);
    let name = one_line(path.name().unwrap_or(&entry.path));
    if is_folder(entry) {
        format!("{name}/")
    } else {
        name
    }
}

fn is_folder(entry: &FileInfo) -> bool {
    entry.is_dir == Some(true)
}

fn size(entry: &FileInfo) -> String {
    match entry.file_size {
        Some(size) if !is_folder(entry) => size.to_string(),
        _ => "-".to_owned(),
    }
}

fn time(entry: &FileInfo) -> String {
    match entry.modification_time {
        Some(UnixMillis(time)) => format!("{:.0}", Timestamp(time)),
        None => "-".to_owned(),
    }
}

fn to_json(entry: &FileInfo) -> Value {
    json!({
        "path": entry.path,
        "is_folder": is_folder(entry),
        "size": entry.file_size.filter(|_| !is_folder(entry)),
        "modified": entry.modification_time.map(|UnixMillis(time)| Timestamp(time).to_string()),
    })
}
