//! What became of a command, in the shape `commands/status` tells it.

use serde::Serialize;

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

/// What a command printed, as far as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) text: String,
    pub(crate) truncated: bool,
}

/// Gathers what a command prints, up to a limit.
#[derive(Debug)]
pub(crate) struct Capture {
    bytes: Vec<u8>,
    limit: usize,
    truncated: bool,
}

impl Capture {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            truncated: false,
        }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let kept = bytes.len().min(self.limit - self.bytes.len());
        self.truncated |= kept < bytes.len();
        self.bytes.extend_from_slice(&bytes[..kept]);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    /// Takes what was gathered; the newline that ends a print is not part of the text.
    pub(crate) fn take(&mut self) -> Printed {
        let truncated = self.truncated;
        let mut bytes = std::mem::replace(self, Self::new(self.limit)).bytes;
        if truncated {
            bytes.truncate(whole_characters(&bytes));
        } else if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Printed { text, truncated }
    }
}

/// The length without a character that was cut in two at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    let is_start = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    let Some(start) = bytes.iter().rposition(is_start) else {
        return bytes.len();
    };
    let is_cut = std::str::from_utf8(&bytes[start..]).is_err_and(|e| e.error_len().is_none());
    if is_cut { start } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::{Capture, Printed, Results};

    fn printed(limit: usize, parts: &[&[u8]]) -> Printed {
        let mut capture = Capture::new(limit);
        for part in parts {
            capture.add(part);
        }
        capture.take()
    }

    #[test]
    fn one_trailing_newline_is_not_part_of_the_text() {
        assert_eq!(printed(9, &[b"1\n"]).text, "1");
        assert_eq!(printed(9, &[b"1\n", b"\n"]).text, "1\n");
        assert_eq!(printed(9, &[b"\n1"]).text, "\n1");
    }

    #[test]
    fn a_cut_is_told_and_leaves_no_half_character() {
        let cut = printed(4, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((cut.text.as_str(), cut.truncated), ("aé", true));
        let whole = printed(5, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((whole.text.as_str(), whole.truncated), ("aéé", false));
    }

    #[test]
    fn a_newline_before_the_cut_stays() {
        assert_eq!(printed(2, &[b"a\nb"]).text, "a\n");
    }

    #[test]
    fn bytes_that_are_not_text_do_not_spoil_the_rest() {
        assert_eq!(printed(9, &[b"a\xffb"]).text, "a\u{fffd}b");
    }

    #[test]
    fn keys_stand_in_the_order_of_the_alphabet() {
        let text = Results::text(printed(9, &[b"1\n"]));
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(json, r#"{"data":"1","resultType":"text"}"#);
        let error = Results::error("s".to_owned(), "c".to_owned());
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(json, r#"{"cause":"c","resultType":"error","summary":"s"}"#);
    }
}
