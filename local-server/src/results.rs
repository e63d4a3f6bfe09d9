//! What became of a command, in the shape `commands/status` tells it.

use serde::Serialize;

use crate::capture::Printed;

/// The `results` object. Fields stand in the order of the alphabet, as the service writes them.
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
    pub(crate) fn text(printed: Printed) -> Self {
        Self {
            cause: None,
            data: Some(printed.text),
            result_type: "text",
            summary: None,
            truncated: printed.truncated,
        }
    }

    pub(crate) fn error(summary: String, cause: String) -> Self {
        Self {
            cause: Some(cause),
            data: None,
            result_type: "error",
            summary: Some(summary),
            truncated: false,
        }
    }

    /// A command that was cancelled. Clients know it by the exception's name in the cause.
    pub(crate) fn cancelled(detail: &str) -> Self {
        let cause =
            format!("com.databricks.backend.common.rpc.CommandCancelledException: {detail}");
        Self::error("Command Cancelled".to_owned(), cause)
    }

    /// A command whose interpreter has ended.
    pub(crate) fn fatal(why: &str) -> Self {
        let summary = "Fatal error: The Python kernel is unresponsive.";
        Self::error(summary.to_owned(), format!("{summary}\n{why}"))
    }

    /// What it costs to keep.
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
    use super::{Printed, Results};

    #[test]
    fn keys_stand_in_the_order_of_the_alphabet() {
        let text = Results::text(Printed {
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
