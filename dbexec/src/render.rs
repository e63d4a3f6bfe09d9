//! Printing of results.
//!
//! ```text
//! render ──▶ table      tables in aligned columns, or one line per value: fit, cell
//!    ├─────▶ markdown   tables and text as Markdown
//!    └─────▶ images     images in files and on terminals
//! ```

mod cell;
mod fit;
mod images;
mod markdown;
mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use generated_client::{Output, Results, RunError, Table};
use serde_json::Value;

use self::images::SavedImage;
use crate::console;
use crate::error::CliError;
use crate::live_output::LiveOutput;
use crate::out::Out;
#[cfg(unix)]
use crate::{interrupt, pager};

pub(crate) use self::images::{ImageName, Images, create_dir as create_image_dir};
pub(crate) use self::markdown::write_table as write_markdown_table;

/// Output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text unchanged and while the code runs, tables in aligned columns
    Text,
    /// Tables in aligned columns. Text is written to standard error
    Table,
    /// Tables as CSV, text unchanged
    Csv,
    /// One JSON document: a table as an array of objects, text as a string, and an array of these for
    /// several files, cells or statements
    Json,
    /// JSON Lines: one object per row, text as a string
    Ndjson,
    /// Tables, text and images as Markdown
    Markdown,
}

impl Format {
    /// Returns whether programs read the output, which then must be complete.
    fn is_for_programs(self) -> bool {
        matches!(self, Self::Csv | Self::Json | Self::Ndjson)
    }
}

/// Options of the output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    pub(crate) format: Format,
    /// Prints tables with one line per value.
    pub(crate) is_vertical: bool,
    /// Accepts incomplete results in formats for programs.
    pub(crate) allow_truncated: bool,
    /// Display of images on terminals.
    pub(crate) images: Images,
    /// Directory for images, or an empty path for the working directory, in which no file is replaced.
    pub(crate) image_dir: &'a Path,
    /// Columns that are not cut on terminals.
    pub(crate) whole_columns: &'a [&'a str],
}

/// End of printed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextEnd {
    /// The server has removed the newline at the end, as for all commands.
    NewlineRemoved,
    /// The text is complete, as for scripts.
    Unchanged,
}

/// Printer of the results of a run.
#[derive(Debug)]
pub(crate) struct Printer<'a> {
    out: Out,
    options: Options<'a>,
    /// Set if there is more than one result.
    is_sequence: bool,
    /// Number of results that were printed.
    printed: usize,
    /// First truncated result, in a format for programs.
    truncated: Option<String>,
}

impl<'a> Printer<'a> {
    pub(crate) fn new(out: Out, options: Options<'a>, steps: usize) -> Self {
        Self {
            out,
            options,
            is_sequence: steps > 1,
            printed: 0,
            truncated: None,
        }
    }

    /// Returns the printer of the output of a command while it runs.
    pub(crate) fn live_output(&self) -> LiveOutput {
        LiveOutput::new(self.out.clone(), self.options.format == Format::Text)
    }

    /// Prints the results of a command, except text that was printed while it ran. Returns the files of
    /// images.
    pub(crate) fn print(
        &mut self,
        output: &Output,
        live: LiveOutput,
        name: &ImageName,
        text: TextEnd,
    ) -> Result<Vec<PathBuf>, CliError> {
        let images = output.images();
        let saved = images::save(&images, self.options.image_dir, name)?;
        let files = saved.iter().filter_map(SavedImage::path);
        let files = files.map(Path::to_owned).collect();
        // The end of a step names its images.
        images::print_notes(&images, &saved, !self.is_sequence, &self.out);
        self.begin()?;
        let mut hidden_columns = None;
        match (self.options.format, output.table()) {
            (Format::Text | Format::Table, Some(table)) => {
                live.finish()?;
                hidden_columns = self.print_table(&table)?;
            }
            (Format::Csv, Some(table)) => {
                self.out
                    .print_pieces(|out| table.to_csv(out), console::clean)?;
            }
            (Format::Json, Some(table)) => {
                self.out
                    .print_pieces(|out| table.to_json(out), console::clean_json)?;
            }
            (Format::Ndjson, Some(table)) => {
                self.out
                    .print_pieces(|out| table.to_json_lines(out), console::clean_json)?;
            }
            (Format::Markdown, Some(table)) => {
                self.out
                    .print_pieces(|out| markdown::write_table(&table, out), console::clean)?;
            }
            (Format::Text | Format::Csv, None) => {
                print_text(output, live, &saved, text, &self.out)?;
            }
            (Format::Table, None) => print_to_stderr(output, &saved, &self.out),
            (Format::Json, None) => self.out.print_json(&json(output, &saved, text))?,
            (Format::Ndjson, None) if !output.to_string().is_empty() => {
                self.out.print_json(&json(output, &saved, text))?;
            }
            (Format::Ndjson, None) => {}
            (Format::Markdown, None) => self.out.print(&markdown::text(output, &saved))?,
        }
        images::show(&images, self.options.images, &self.out)?;
        self.report_truncation(output);
        if let Some((shown, all)) = hidden_columns {
            self.out.note(format_args!(
                "{shown} of {all} columns shown; all: -x (vertical) or --output csv"
            ));
        }
        Ok(files)
    }

    /// Prints the output of failed code to standard error, unless it was printed while the code ran. It
    /// is not a result, but may help to find the cause.
    pub(crate) fn print_failed(&self, error: &RunError, live: LiveOutput) {
        if let RunError::Failed(failure) = error
            && let Some(output) = &failure.output
            && !live.is_enabled()
        {
            self.out.eprintln(output.trim_end_matches('\n'));
        }
        // The error of the code takes precedence over an error of standard output.
        let _ = live.finish();
    }

    /// Completes a JSON document of several results.
    ///
    /// # Errors
    ///
    /// Returns an error of standard output, or an error with exit code 5 if a result for a program is
    /// truncated.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        if self.is_json_sequence() && self.printed > 0 {
            self.out.print_json("]\n")?;
        }
        match self.truncated {
            Some(message) => Err(CliError::truncated(message)),
            None => Ok(()),
        }
    }

    fn is_json_sequence(&self) -> bool {
        self.is_sequence && self.options.format == Format::Json
    }

    /// Separates a result from the previous one.
    fn begin(&mut self) -> Result<(), CliError> {
        let is_first = self.printed == 0;
        self.printed += 1;
        match self.options.format {
            Format::Json if self.is_sequence => {
                self.out.print_json(if is_first { "[\n" } else { ",\n" })
            }
            Format::Markdown if !is_first => self.out.print("\n"),
            _ => Ok(()),
        }
    }

    /// Prints a table. Returns the numbers of columns that are shown and of all, if they differ.
    fn print_table(&self, table: &Table<'_>) -> Result<Option<(usize, usize)>, CliError> {
        if self.options.is_vertical {
            let is_terminal = console::is_stdout_terminal();
            // Each row has a title and an empty line.
            let lines = table.len() * (table.columns().len() + 2);
            self.print_rows(lines, |out| table::write_vertical(table, is_terminal, out))?;
            return Ok(None);
        }
        let layout = table::Layout::new(table, console::stdout_width(), self.options.whole_columns);
        self.print_rows(table.len(), |out| layout.write(table, out))?;
        Ok(layout.hidden_columns())
    }

    /// Prints rows with a pager, if there are many, or without one.
    fn print_rows(
        &self,
        rows: usize,
        write: impl Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        #[cfg(unix)]
        if rows > pager::MAX_ROWS_WITHOUT_PAGER && self.out.is_terminal() && pager::show(&write) {
            return match interrupt::exit_code() {
                None => Ok(()),
                Some(_) => Err(CliError::interrupted(
                    "the results were not displayed as a whole",
                )),
            };
        }
        let _ = rows;
        self.out.print_escaped(write)
    }

    fn report_truncation(&mut self, output: &Output) {
        if !output.is_truncated() {
            return;
        }
        let (message, printed) = match output.table() {
            Some(table) => {
                let rows = table.len();
                (format!("truncated by the server at {rows} rows"), "those")
            }
            None => ("truncated by the server".to_owned(), "the start"),
        };
        if self.options.format.is_for_programs() && !self.options.allow_truncated {
            let message = format!("{message}; stdout has {printed}");
            self.truncated.get_or_insert(message);
        } else {
            self.out.warn(message);
        }
    }
}

fn print_text(
    output: &Output,
    live: LiveOutput,
    saved: &[SavedImage],
    end: TextEnd,
    out: &Out,
) -> Result<(), CliError> {
    let text = output.to_string();
    if output.text().is_some() && live.is_enabled() {
        return match end {
            TextEnd::NewlineRemoved => live.finish_text(&text),
            TextEnd::Unchanged => live.finish(),
        };
    }
    live.finish()?;
    // Images were mentioned when they were saved.
    if saved.is_empty() {
        print_lines(&text, out)?;
    }
    Ok(())
}

/// Prints results that are no tables.
fn print_to_stderr(output: &Output, saved: &[SavedImage], out: &Out) {
    let text = output.to_string();
    if saved.is_empty() && !text.is_empty() {
        out.eprintln(text.trim_end_matches('\n'));
    }
}

/// Prints a text, and adds a newline if there is none at its end.
fn print_lines(text: &str, out: &Out) -> Result<(), CliError> {
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    out.print(&format!("{text}{newline}"))
}

fn json(output: &Output, saved: &[SavedImage], end: TextEnd) -> String {
    let value = match output.results() {
        None => Value::Null,
        Some(_) if !saved.is_empty() => {
            let path = |path: &Path| Value::from(path.to_string_lossy());
            let paths = saved
                .iter()
                .map(|saved| saved.path().map_or(Value::Null, path));
            Value::Array(paths.collect())
        }
        // Results that are not text in a known form are printed as the JSON that the server sent.
        Some(Results::Unknown(_)) => return format!("{output}\n"),
        Some(Results::Text(_)) if output.text().is_none() => return format!("{output}\n"),
        Some(_) => {
            let text = output.to_string();
            let is_complete = end == TextEnd::Unchanged;
            let line = text.strip_suffix('\n').filter(|_| is_complete);
            Value::from(line.unwrap_or(&text))
        }
    };
    format!("{value}\n")
}
