//! The `results` object of `commands/status`.

use serde::Serialize;

use crate::capture::Captured;

/// Results of a command. The fields are in alphabetical order, which is the order of Databricks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Results {
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    result_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

impl Results {
    /// Output of a command that succeeded or is still running.
    pub(crate) fn text(captured: Captured) -> Self {
        Self {
            cause: None,
            data: Some(captured.text),
            result_type: "text",
            summary: None,
            truncated: captured.truncated,
        }
    }

    /// Error of a command.
    pub(crate) fn error(summary: String, cause: String) -> Self {
        Self {
            cause: Some(cause),
            data: None,
            result_type: "error",
            summary: Some(summary),
            truncated: false,
        }
    }

    /// Error of a canceled command. Clients recognize it by the exception name in the cause.
    pub(crate) fn canceled(detail: &str) -> Self {
        let cause =
            format!("com.databricks.backend.common.rpc.CommandCancelledException: {detail}");
        Self::error("Command Cancelled".to_owned(), cause)
    }

    /// Error of a command whose interpreter has exited.
    pub(crate) fn fatal(reason: &str) -> Self {
        let summary = "Fatal error: The Python kernel is unresponsive.";
        Self::error(summary.to_owned(), format!("{summary}\n{reason}"))
    }

    /// Returns the size of the texts in bytes.
    pub(crate) fn size(&self) -> usize {
        [&self.cause, &self.data, &self.summary]
            .into_iter()
            .flatten()
            .map(String::len)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Captured, Results};

    #[test]
    fn keys_are_in_alphabetical_order() {
        let text = Results::text(Captured {
            text: "1".to_owned(),
            truncated: false,
        });
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(json, r#"{"data":"1","resultType":"text"}"#);
        let error = Results::error("s".to_owned(), "c".to_owned());
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(json, r#"{"cause":"c","resultType":"error","summary":"s"}"#);
    }
}
