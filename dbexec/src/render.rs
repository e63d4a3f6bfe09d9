//! Printing of results.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use generated_client::{Image, Output, Results, Table};
use serde_json::Value;

use crate::console;
use crate::error::CliError;
use crate::live_output::LiveOutput;

/// Output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text unchanged, tables with aligned columns
    Text,
    /// Tables as CSV, other results as text
    Csv,
    /// Tables as an array of objects, text as a string
    Json,
}

/// Maximum width of a table cell on a terminal.
const TERMINAL_CELL_CHARS: usize = 80;

/// Prints the results, except text that was printed while the code ran.
pub(crate) fn print(
    output: &Output,
    format: Format,
    live: LiveOutput,
    image_dir: Option<&Path>,
) -> Result<(), CliError> {
    let saved = save_images(&output.images(), image_dir)?;
    match format {
        Format::Text => print_text(output, live, &saved)?,
        Format::Csv => match output.table() {
            Some(table) => console::print_bytes(&to_bytes(|out| table.to_csv(out)))?,
            None => print_text(output, live, &saved)?,
        },
        Format::Json => console::print_bytes(&json(output, &saved))?,
    }
    if output.is_truncated() {
        console::eprintln("warning: the server truncated the results");
    }
    Ok(())
}

fn print_text(
    output: &Output,
    live: LiveOutput,
    saved: &[Option<PathBuf>],
) -> Result<(), CliError> {
    let text = output.to_string();
    if output.text().is_some() && live.is_enabled() {
        return live.finish_text(&text);
    }
    live.finish()?;
    if let Some(table) = output.table() {
        print_lines(&fit_terminal(table).to_string())
    } else if saved.is_empty() {
        print_lines(&text)
    } else {
        let mut paths = saved.iter().flatten();
        paths.try_for_each(|path| console::print(&format!("{}\n", path.display())))
    }
}

/// Truncates long cells on a terminal, but not in a file or a pipe.
fn fit_terminal(table: Table<'_>) -> Table<'_> {
    if io::stdout().is_terminal() {
        table.truncate_cells(TERMINAL_CELL_CHARS)
    } else {
        table
    }
}

/// Prints a text, and adds a newline if it does not end with one.
fn print_lines(text: &str) -> Result<(), CliError> {
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    console::print(&format!("{text}{newline}"))
}

fn json(output: &Output, saved: &[Option<PathBuf>]) -> Vec<u8> {
    if let Some(table) = output.table() {
        return to_bytes(|out| table.to_json(out));
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
        // Results that are not text in a known form are printed as the JSON that the server sent.
        Some(Results::Unknown(_)) => return format!("{output}\n").into_bytes(),
        Some(Results::Text(_)) if output.text().is_none() => {
            return format!("{output}\n").into_bytes();
        }
        Some(_) => Value::from(output.to_string()),
    };
    format!("{value}\n").into_bytes()
}

/// Writes to memory, which cannot fail.
fn to_bytes(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = write(&mut bytes);
    bytes
}

/// Creates the directory for images. Called before the code runs, so that an invalid path is
/// reported early.
pub(crate) fn create_image_dir(directory: Option<&Path>) -> Result<(), CliError> {
    let Some(directory) = directory else {
        return Ok(());
    };
    std::fs::create_dir_all(directory)
        .map_err(|error| CliError::usage(format!("{}: {error}", directory.display())))
}

/// Saves the images and returns their paths. Prints a note for each image that is not saved.
fn save_images(
    images: &[Image],
    directory: Option<&Path>,
) -> Result<Vec<Option<PathBuf>>, CliError> {
    let mut saved = Vec::new();
    for (index, image) in images.iter().enumerate() {
        saved.push(match (image, directory) {
            (Image::Inline { .. }, Some(directory)) => {
                let extension = image.extension().unwrap_or("bin");
                let path = directory.join(format!("image-{}.{extension}", index + 1));
                save_image(image, &path)?;
                Some(path)
            }
            (Image::Inline { .. }, None) => {
                console::eprintln(format!("note: {image}: use `--save-images DIR` to save it"));
                None
            }
            _ => {
                console::eprintln(format!("note: {image}"));
                None
            }
        });
    }
    Ok(saved)
}

fn save_image(image: &Image, path: &Path) -> Result<(), CliError> {
    image.save(path).map_err(|error| {
        CliError::service(format!(
            "cannot save the image to {}: {error}",
            path.display()
        ))
    })
}
