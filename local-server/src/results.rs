//! The `results` object of `commands/status`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::capture::Captured;
use crate::language::Language;
use crate::quirks::{Quirk, Quirks, markup};

/// Results of a command. The fields are in alphabetical order, which is the order of Databricks.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Results {
    #[serde(skip)]
    is_canceled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_names: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_json_schema: Option<bool>,
    result_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// Present in all tables, and in texts that were truncated.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Data {
    Text(String),
    Rows(Box<RawValue>),
}

/// Table of an engine. Rows and columns are kept as JSON text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Table {
    data: Box<RawValue>,
    is_json_schema: bool,
    schema: Box<RawValue>,
    truncated: bool,
}

impl Results {
    /// Output of a command that succeeded or is still running.
    pub(crate) fn text(captured: Captured) -> Self {
        Self {
            data: Some(Data::Text(captured.text)),
            result_type: "text",
            truncated: captured.truncated.then_some(true),
            ..Self::default()
        }
    }

    /// Rows of a query or of a displayed table.
    pub(crate) fn table(table: Table) -> Self {
        Self {
            data: Some(Data::Rows(table.data)),
            is_json_schema: Some(table.is_json_schema),
            result_type: "table",
            schema: Some(table.schema),
            truncated: Some(table.truncated),
            ..Self::default()
        }
    }

    /// A plot, as a data URL.
    pub(crate) fn image(file_name: String) -> Self {
        Self {
            file_name: Some(file_name),
            result_type: "image",
            ..Self::default()
        }
    }

    /// Several plots, as data URLs.
    pub(crate) fn images(file_names: Vec<String>) -> Self {
        Self {
            file_names: Some(file_names),
            result_type: "images",
            ..Self::default()
        }
    }

    /// Error of a command.
    pub(crate) fn error(summary: String, cause: String) -> Self {
        Self {
            cause: Some(cause),
            result_type: "error",
            summary: Some(summary),
            ..Self::default()
        }
    }

    /// Error of a canceled command. Clients recognize it by the exception name in the cause.
    pub(crate) fn canceled(detail: &str) -> Self {
        let cause =
            format!("com.databricks.backend.common.rpc.CommandCancelledException: {detail}");
        Self {
            is_canceled: true,
            ..Self::error("Command Cancelled".to_owned(), cause)
        }
    }

    /// Returns whether the command was canceled.
    pub(crate) fn is_canceled(&self) -> bool {
        self.is_canceled
    }

    /// Adds the markup of Databricks to an error of code.
    pub(crate) fn with_markup(mut self, quirks: Quirks) -> Self {
        if self.is_canceled {
            return self;
        }
        if quirks.is_on(Quirk::HtmlSummary) {
            self.summary = self.summary.as_deref().map(markup::html_summary);
        }
        if quirks.is_on(Quirk::AnsiCause) {
            self.cause = self.cause.as_deref().map(markup::ansi_cause);
        }
        self
    }

    /// Error of a command whose engine has ended.
    pub(crate) fn fatal(language: Language, reason: &str) -> Self {
        let name = language.display_name();
        let summary = format!("Fatal error: The {name} kernel is unresponsive.");
        let cause = format!("{summary}\n{reason}");
        Self::error(summary, cause)
    }

    /// Returns the size of the texts in bytes.
    pub(crate) fn size(&self) -> usize {
        let texts = [&self.cause, &self.file_name, &self.summary];
        let texts = texts.into_iter().flatten();
        let texts = texts.chain(self.file_names.iter().flatten());
        let data = match &self.data {
            Some(Data::Text(text)) => text.len(),
            Some(Data::Rows(rows)) => rows.get().len(),
            None => 0,
        };
        let schema = self.schema.as_ref().map_or(0, |schema| schema.get().len());
        texts.map(String::len).sum::<usize>() + data + schema
    }
}

#[cfg(test)]
mod tests {
    use super::{Captured, Results, Table};

    #[test]
    fn keys_are_in_alphabetical_order() {
        let table = r#"{"schema":[{"name":"x","type":"\"long\"","metadata":"{}"}],
            "isJsonSchema":true,"truncated":false,"data":[[9007199254740993]]}"#;
        let table: Table = serde_json::from_str(table).unwrap();
        let truncated = Captured {
            text: "1".to_owned(),
            truncated: true,
        };
        for (results, json) in [
            (
                Results::text(Captured::whole("1".to_owned())),
                r#"{"data":"1","resultType":"text"}"#,
            ),
            (
                Results::text(truncated),
                r#"{"data":"1","resultType":"text","truncated":true}"#,
            ),
            (
                Results::error("s".to_owned(), "c".to_owned()),
                r#"{"cause":"c","resultType":"error","summary":"s"}"#,
            ),
            (
                Results::image("a".to_owned()),
                r#"{"fileName":"a","resultType":"image"}"#,
            ),
            (
                Results::images(vec!["a".to_owned(), "b".to_owned()]),
                r#"{"fileNames":["a","b"],"resultType":"images"}"#,
            ),
            (
                Results::table(table),
                r#"{"data":[[9007199254740993]],"isJsonSchema":true,"resultType":"table","schema":[{"name":"x","type":"\"long\"","metadata":"{}"}],"truncated":false}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&results).unwrap(), json);
        }
    }

    #[test]
    fn size_counts_rows_columns_and_images() {
        let table = r#"{"schema":[1],"isJsonSchema":true,"truncated":true,"data":[[1],[2]]}"#;
        let table = serde_json::from_str(table).unwrap();
        assert_eq!(Results::table(table).size(), "[1][[1],[2]]".len());
        assert_eq!(Results::image("abc".to_owned()).size(), 3);
        let images = vec!["ab".to_owned(), "c".to_owned()];
        assert_eq!(Results::images(images).size(), 3);
    }
}
