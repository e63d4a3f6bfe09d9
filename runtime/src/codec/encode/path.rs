//! Path templates and their parameters.

use percent_encoding::{AsciiSet, CONTROLS};

use super::form::{RESERVED, escape};

const RESERVED_EXCEPT_SLASH: &AsciiSet = &RESERVED.remove(b'/');

/// A path template whose parameters are written in order.
pub(super) struct Template {
    /// A copy, because the type of encoders has no lifetime parameter.
    text: String,
    /// Length of the part that is written.
    written: usize,
    /// Characters that are escaped in parameters without a plus.
    default_escapes: &'static AsciiSet,
    /// Characters that are escaped in the current parameter.
    escapes: &'static AsciiSet,
}

impl Template {
    /// Creates a template of a path below the base URL.
    pub(super) fn path(template: &str) -> Self {
        Self::new(template, RESERVED)
    }

    /// Creates a template whose only parameter is a URL. Its reserved characters are significant.
    pub(super) fn url(template: &str) -> Self {
        Self::new(template, CONTROLS)
    }

    fn new(template: &str, default_escapes: &'static AsciiSet) -> Self {
        Self {
            text: template.to_owned(),
            written: 0,
            default_escapes,
            escapes: default_escapes,
        }
    }

    /// Returns the part that is not yet written.
    fn rest(&self) -> &str {
        self.text.get(self.written..).unwrap_or_default()
    }

    /// Writes the text in front of the next parameter.
    ///
    /// # Errors
    ///
    /// If the next parameter has another name.
    pub(super) fn begin_parameter(&mut self, text: &mut Vec<u8>, name: &str) -> Result<(), String> {
        let rest = self.rest();
        let (literal, rest) = rest.split_once('{').unwrap_or((rest, ""));
        let (expected, rest) = rest.split_once('}').unwrap_or(("", rest));
        let (expected, escapes) = match expected.strip_prefix('+') {
            Some(expected) => (expected, RESERVED_EXCEPT_SLASH),
            None => (expected, self.default_escapes),
        };
        if expected.is_empty() || expected != name {
            return Err(format!(
                "expected the path parameter `{expected}`, found `{name}`"
            ));
        }
        text.extend_from_slice(literal.as_bytes());
        (self.written, self.escapes) = (self.text.len() - rest.len(), escapes);
        Ok(())
    }

    /// Writes the value of the current parameter.
    pub(super) fn percent_encode(&self, text: &mut Vec<u8>, value: &str) {
        escape(text, value, self.escapes);
    }

    /// Writes the text behind the last parameter.
    ///
    /// # Errors
    ///
    /// If a parameter was not written.
    pub(super) fn finish(&mut self, text: &mut Vec<u8>) -> Result<(), String> {
        if let Some((_, rest)) = self.rest().split_once('{') {
            let name = rest.split('}').next().unwrap_or(rest);
            let name = name.trim_start_matches('+');
            return Err(format!("the path parameter `{name}` is missing"));
        }
        text.extend_from_slice(self.rest().as_bytes());
        Ok(())
    }
}

/// Checks that the values of parameters do not change the structure of the path.
///
/// # Errors
///
/// If a segment is `.` or `..`, which URL parsers resolve, or empty, except for the last one.
pub(super) fn check_segments(path: &[u8]) -> Result<(), String> {
    let mut segments = path.split(|byte| *byte == b'/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if matches!(segment, b"." | b"..") || (segment.is_empty() && !is_last) {
            let segment = String::from_utf8_lossy(segment);
            return Err(format!(
                "a path parameter results in the segment `{segment}`, which changes the path"
            ));
        }
    }
    Ok(())
}
