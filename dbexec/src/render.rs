//! Printing of results.

use std::io::{self, Write};
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
    match (format, output.table()) {
        (Format::Text, Some(table)) => {
            live.finish()?;
            print_table(&fit_terminal(table))?;
        }
        (Format::Csv, Some(table)) => {
            console::print_pieces(|out| table.to_csv(out), console::print)?;
        }
        (Format::Json, Some(table)) => {
            console::print_pieces(|out| table.to_json(out), console::print_json)?;
        }
        (Format::Text | Format::Csv, None) => print_text(output, live, &saved)?,
        (Format::Json, None) => console::print_json(&json(output, &saved))?,
    }
    if output.is_truncated() {
        console::warn("the server truncated the results");
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
    if saved.is_empty() {
        print_lines(&text)
    } else {
        let mut paths = saved.iter().flatten();
        paths.try_for_each(|path| console::print(&format!("{}\n", path.display())))
    }
}

/// Truncates long cells on a terminal, but not in a file or a pipe.
fn fit_terminal(table: Table<'_>) -> Table<'_> {
    if console::is_stdout_terminal() {
        table.truncate_cells(TERMINAL_CELL_CHARS)
    } else {
        table
    }
}

/// Prints a table like [`print_lines`].
fn print_table(table: &Table<'_>) -> Result<(), CliError> {
    let write = |out: &mut dyn Write| {
        let mut out = LastByte { out, last: None };
        write!(out, "{table}")?;
        match out.last {
            None | Some(b'\n') => Ok(()),
            Some(_) => out.write_all(b"\n"),
        }
    };
    console::print_pieces(write, console::print)
}

/// Output with the last byte that was written.
struct LastByte<'o> {
    out: &'o mut dyn Write,
    last: Option<u8>,
}

impl Write for LastByte<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.last = bytes[..written].last().copied().or(self.last);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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

fn json(output: &Output, saved: &[Option<PathBuf>]) -> String {
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
        Some(Results::Unknown(_)) => {
            return format!(
                "{output}
"
            );
        }
        Some(Results::Text(_)) if output.text().is_none() => {
            return format!(
                "{output}
"
            );
        }
        Some(_) => Value::from(output.to_string()),
    };
    format!("{value}\n")
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
                console::note(format_args!("{image}: use `--save-images DIR` to save it"));
                None
            }
            _ => {
                console::note(image);
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
