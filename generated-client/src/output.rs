//! What a command that ended well left behind.

use std::fmt;

use serde_json::Value;

use crate::api::Results;
use crate::image::Image;
use crate::markup;
use crate::table::Table;

/// What a command that ended well left behind. `Display` is for people; programs take
/// [`results`](Self::results).
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    results: Option<Results>,
}

impl Output {
    pub(crate) fn new(results: Option<Results>) -> Self {
        Self { results }
    }

    /// The results as the server sent them; some commands leave none.
    pub fn results(&self) -> Option<&Results> {
        self.results.as_ref()
    }

    /// The printed text and the value of the last expression, if that is what the command left:
    /// as the server sent it, and empty where it sent none.
    pub fn text(&self) -> Option<&str> {
        match &self.results {
            Some(Results::Text(text)) => match &text.data {
                Some(Value::String(data)) => Some(data),
                None | Some(Value::Null) => Some(""),
                Some(_) => None,
            },
            _ => None,
        }
    }

    /// The table, if that is what the command left.
    pub fn table(&self) -> Option<Table<'_>> {
        match &self.results {
            Some(Results::Table(table)) => Some(Table::new(table)),
            _ => None,
        }
    }

    /// The images, if that is what the command left.
    pub fn images(&self) -> Vec<Image> {
        let names = match &self.results {
            Some(Results::Image(image)) => image.file_name.as_slice(),
            Some(Results::Images(images)) => images.file_names.as_deref().unwrap_or_default(),
            _ => &[],
        };
        names.iter().map(|name| Image::parse(name)).collect()
    }

    /// The [`text`](Self::text), if it looks like a web page or a part of one: what is displayed as
    /// HTML comes as text.
    pub fn html(&self) -> Option<&str> {
        self.text().filter(|text| markup::is_html(text))
    }

    /// Whether the server cut the results.
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
            Some(Results::Text(text)) => match &text.data {
                Some(Value::String(data)) => f.write_str(&markup::without_prompts(data, true)),
                Some(other) if !other.is_null() => write!(f, "{other}"),
                _ => Ok(()),
            },
            Some(Results::Table(table)) => Table::new(table).fmt(f),
            Some(Results::Image(_) | Results::Images(_)) => {
                let notes: Vec<_> = self.images().iter().map(ToString::to_string).collect();
                f.write_str(&notes.join("\n"))
            }
            Some(Results::Error(error)) => {
                f.write_str(error.summary.as_deref().unwrap_or_default())
            }
            Some(Results::Unknown(json)) => write!(f, "{json}"),
        }
    }
}
