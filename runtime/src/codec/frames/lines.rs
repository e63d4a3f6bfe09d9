//! One item per line.

use super::item::{Rest, TooLong, append};

/// Parser of lines.
#[derive(Debug)]
pub(crate) struct LineParser {
    /// Keeps empty lines, which are no JSON.
    keeps_empty: bool,
    line: Vec<u8>,
    /// Set if the line has been returned.
    is_complete: bool,
}

impl LineParser {
    pub(super) fn new(keeps_empty: bool) -> Self {
        Self {
            keeps_empty,
            line: Vec::new(),
            is_complete: false,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], max: usize) -> Result<(usize, bool), TooLong> {
        let mut at = 0;
        loop {
            if self.is_complete {
                self.restart();
            }
            let rest = &bytes[at..];
            let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
                append(&mut self.line, rest, max)?;
                return Ok((bytes.len(), false));
            };
            append(&mut self.line, &rest[..length], max)?;
            at += length + 1;
            self.is_complete = true;
            if self.keeps_empty || !self.line.trim_ascii().is_empty() {
                return Ok((at, true));
            }
        }
    }

    pub(super) fn finish(&mut self) -> Rest {
        let is_item = !self.is_complete && !self.line.trim_ascii().is_empty();
        self.is_complete = true;
        if is_item { Rest::Item } else { Rest::Nothing }
    }

    pub(super) fn restart(&mut self) {
        self.line.clear();
        self.is_complete = false;
    }

    /// Returns the line without its end.
    pub(super) fn line(&self) -> &[u8] {
        self.line.strip_suffix(b"\r").unwrap_or(&self.line)
    }
}
