//! Output of a successful command.

use std::fmt;

use api_runtime::Error;

use crate::api::{Results, TextResults};
use crate::image::Image;
use crate::table::{self, Shape, Table};
use crate::{markup, prompt};

/// Output of a command that finished without an error.
///
/// `Display` writes the output for a terminal: text without prompts, tables in aligned columns, a
/// summary line per image.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    results: Option<Results>,
    content: Content,
}

/// Facts about the results that are determined once.
#[derive(Clone, Debug, PartialEq)]
enum Content {
    Text(String),
    Table(Shape),
    Other,
}

impl Output {
    /// Creates the output from results in a response of [`commands::status`](crate::commands::status).
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) if the rows of a table
    /// are not lists.
    pub fn new(results: Option<Results>) -> Result<Self, Error> {
        let content = match &results {
            Some(Results::Text(text)) => text_of(text).map_or(Content::Other, Content::Text),
            Some(Results::Table(table)) => Content::Table(Shape::of(table)?),
            _ => Content::Other,
        };
        Ok(Self { results, content })
    }

    /// Returns the results as sent by the server, or `None` if the command has none.
    pub fn results(&self) -> Option<&Results> {
        self.results.as_ref()
    }

    /// Returns the printed text and the value of the last expression as sent by the server, or
    /// `None` if the results are not text.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the table, or `None` if the results are not a table.
    pub fn table(&self) -> Option<Table<'_>> {
        match (&self.results, &self.content) {
            (Some(Results::Table(table)), Content::Table(shape)) => {
                Some(Table::with_shape(table, *shape))
            }
            _ => None,
        }
    }

    /// Returns the images, or an empty list if the results are not images.
    pub fn images(&self) -> Vec<Image> {
        let names = match &self.results {
            Some(Results::Image(image)) => image.file_name.as_slice(),
            Some(Results::Images(images)) => images.file_names.as_deref().unwrap_or_default(),
            _ => &[],
        };
        names.iter().map(|name| Image::parse(name)).collect()
    }

    /// Returns the [`text`](Self::text) if it looks like HTML.
    ///
    /// HTML output, for example of `displayHTML`, is sent as text without a marker.
    pub fn html(&self) -> Option<&str> {
        self.text().filter(|text| markup::is_html(text))
    }

    /// Returns whether the server truncated the results.
    pub fn is_truncated(&self) -> bool {
        let truncated = match &self.results {
            Some(Results::Text(text)) => text.truncated,
            Some(Results::Table(table)) => table.truncated,
            _ => None,
        };
        truncated == Some(true)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.results {
            None => Ok(()),
            Some(Results::Text(text)) => match (self.text(), &text.data) {
                (Some(text), _) => f.write_str(&prompt::strip_all(text, true)),
                (None, Some(other)) => f.write_str(&table::compact(other)),
                (None, None) => Ok(()),
            },
            Some(Results::Table(_)) => self.table().map_or(Ok(()), |table| table.fmt(f)),
            Some(Results::Image(_) | Results::Images(_)) => {
                let summaries: Vec<_> = self.images().iter().map(ToString::to_string).collect();
                f.write_str(&summaries.join("\n"))
            }
            Some(Results::Error(error)) => {
                f.write_str(error.summary.as_deref().unwrap_or_default())
            }
            Some(Results::Unknown(json)) => f.write_str(&table::compact(json)),
        }
    }
}

/// Returns the text of the results, or `None` if their data is not a string.
fn text_of(results: &TextResults) -> Option<String> {
    match &results.data {
        Some(data) if !data.is_null() => data.parse().ok(),
        _ => Some(String::new()),
    }
}
