//! What a command left behind, as one asked to see it.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use generated_client::{Image, Output, Results, Table};
use serde_json::Value;

use crate::console;
use crate::exit::Failure;
use crate::live::Live;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text as it comes, tables in columns
    Text,
    /// Tables as CSV, all else as text
    Csv,
    /// JSON: a table is an array of objects, text a string
    Json,
}

/// Cells of tables are not cut to less than people can read on a terminal.
const LONGEST_CELL: usize = 80;

/// Writes the results, but for the text that was shown while the code ran.
pub(crate) fn show(
    output: &Output,
    format: Format,
    live: Live,
    images: Option<&Path>,
) -> Result<(), Failure> {
    let saved = save(&output.images(), images)?;
    match format {
        Format::Text => show_text(output, live, &saved)?,
        Format::Csv => match output.table() {
            Some(table) => console::print_bytes(&written(|out| table.to_csv(out)))?,
            None => show_text(output, live, &saved)?,
        },
        Format::Json => console::print_bytes(&json(output, &saved))?,
    }
    if output.is_truncated() {
        console::say("warning: the server cut the results: this is not all of them");
    }
    Ok(())
}

fn show_text(output: &Output, live: Live, saved: &[Option<PathBuf>]) -> Result<(), Failure> {
    let whole = output.to_string();
    if output.text().is_some() && live.is_on() {
        return live.end_text(&whole);
    }
    live.end()?;
    if let Some(table) = output.table() {
        print_lines(&for_reader(table).to_string())
    } else if saved.is_empty() {
        print_lines(&whole)
    } else {
        let mut paths = saved.iter().flatten();
        paths.try_for_each(|path| console::print(&format!("{}\n", path.display())))
    }
}

/// Who reads a file or a pipe wants all of it.
fn for_reader(table: Table<'_>) -> Table<'_> {
    if io::stdout().is_terminal() {
        table.truncate_cells(LONGEST_CELL)
    } else {
        table
    }
}

/// Prints a text so that it ends with a line end.
fn print_lines(text: &str) -> Result<(), Failure> {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    console::print(&format!("{text}{end}"))
}

fn json(output: &Output, saved: &[Option<PathBuf>]) -> Vec<u8> {
    if let Some(table) = output.table() {
        return written(|out| table.to_json(out));
    }
    let value = match output.results() {
        None => Value::Null,
        Some(_) if !saved.is_empty() => {
            let path = |path: &PathBuf| Value::from(path.to_string_lossy());
            let paths = saved
                .iter()
                .map(|saved| saved.as_ref().map_or(Value::Null, path));
            Value::Array(paths.collect())
        }
        Some(Results::Unknown(json)) => json.clone(),
        Some(Results::Text(text)) if output.text().is_none() => {
            text.data.clone().unwrap_or_default()
        }
        Some(_) => Value::from(output.to_string()),
    };
    format!("{value}\n").into_bytes()
}

/// What is written to memory, where nothing can fail.
fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = write(&mut bytes);
    bytes
}

/// Where images are to go. It is made before the code runs, so that no run is for nothing.
pub(crate) fn prepare(images: Option<&Path>) -> Result<(), Failure> {
    let Some(directory) = images else {
        return Ok(());
    };
    std::fs::create_dir_all(directory)
        .map_err(|error| Failure::usage(format!("{}: {error}", directory.display())))
}

/// Saves the images, and tells of those that are not.
fn save(images: &[Image], directory: Option<&Path>) -> Result<Vec<Option<PathBuf>>, Failure> {
    let mut saved = Vec::new();
    for (index, image) in images.iter().enumerate() {
        saved.push(match (image, directory) {
            (Image::Inline { .. }, Some(directory)) => {
                let extension = image.extension().unwrap_or("bin");
                let path = directory.join(format!("image-{}.{extension}", index + 1));
                save_one(image, &path)?;
                Some(path)
            }
            (Image::Inline { .. }, None) => {
                console::say(format!("note: {image}: `--save-images DIR` saves it"));
                None
            }
            _ => {
                console::say(format!("note: {image}"));
                None
            }
        });
    }
    Ok(saved)
}

fn save_one(image: &Image, path: &Path) -> Result<(), Failure> {
    image.save(path).map_err(|error| {
        Failure::unserved(format!(
            "the image cannot be saved: {}: {error}",
            path.display()
        ))
    })
}
