//! Server-sent events, as the HTML standard defines them (section 9.2.6, "Interpreting an event
//! stream").

use std::time::Duration;

use super::item::{TooLong, append};

/// A byte order mark at the start of a stream is ignored.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Parser of server-sent events.
///
/// Lines are split as bytes: line ends are no part of a character in UTF-8.
#[derive(Debug, Default)]
pub(crate) struct ServerSentParser {
    /// Set once the first line has been read.
    has_started: bool,
    /// Set if the last byte was a carriage return. A line feed that follows belongs to it.
    after_return: bool,
    /// Beginning of a line that has not ended yet.
    line: Vec<u8>,
    /// Data buffer. Each line of data ends with a line feed.
    data: Vec<u8>,
    /// Event type buffer.
    name: Vec<u8>,
    /// Last event ID buffer, which is kept from event to event.
    id: Vec<u8>,
    /// The value of `id` at the end of the last event.
    last_id: Vec<u8>,
    retry: Option<Duration>,
    /// Set if the event has been returned.
    is_complete: bool,
}

impl ServerSentParser {
    pub(super) fn feed(&mut self, bytes: &[u8], max: usize) -> Result<(usize, bool), TooLong> {
        self.discard_event();
        let mut at = 0;
        if self.after_return && !bytes.is_empty() {
            self.after_return = false;
            at = usize::from(bytes[0] == b'\n');
        }
        loop {
            let rest = &bytes[at..];
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                append(&mut self.line, rest, max)?;
                return Ok((bytes.len(), false));
            };
            self.end_line(&rest[..length], max)?;
            at += length + 1;
            if rest[length] == b'\r' {
                match bytes.get(at) {
                    Some(b'\n') => at += 1,
                    Some(_) => {}
                    None => self.after_return = true,
                }
            }
            if self.is_complete {
                return Ok((at, true));
            }
        }
    }

    /// Reads a line of which these are the last bytes.
    fn end_line(&mut self, bytes: &[u8], max: usize) -> Result<(), TooLong> {
        if self.line.is_empty() {
            return self.read_line(bytes, max);
        }
        let mut line = std::mem::take(&mut self.line);
        append(&mut line, bytes, max)?;
        self.read_line(&line, max)?;
        // The buffer is used again.
        line.clear();
        self.line = line;
        Ok(())
    }

    fn read_line(&mut self, line: &[u8], max: usize) -> Result<(), TooLong> {
        let is_first = !std::mem::replace(&mut self.has_started, true);
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            _ => line,
        };
        if line.is_empty() {
            self.end_event();
            return Ok(());
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = match colon {
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        match field {
            b"data" => {
                append(&mut self.data, value, max)?;
                append(&mut self.data, b"\n", max)?;
            }
            b"event" => replace(&mut self.name, value, max)?,
            b"id" if !value.contains(&0) => replace(&mut self.id, value, max)?,
            b"retry" => self.retry = milliseconds(value).or(self.retry),
            // Comments have an empty field name. Unknown fields are ignored.
            _ => {}
        }
        Ok(())
    }

    /// Ends an event at an empty line. An event without data is discarded.
    fn end_event(&mut self) {
        self.last_id.clone_from(&self.id);
        if self.data.is_empty() {
            self.name.clear();
        } else {
            self.is_complete = true;
        }
    }

    fn discard_event(&mut self) {
        if std::mem::take(&mut self.is_complete) {
            self.data.clear();
            self.name.clear();
        }
    }

    /// Reads the last line, which may have no end. Without an empty line, there is no event, but its
    /// data may end the stream.
    pub(super) fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() && !self.is_complete {
            // The line is within the limit already.
            let _ = self.read_line(&line, usize::MAX);
        }
    }

    /// Prepares for another response. The id of the last event is kept.
    pub(super) fn restart(&mut self) {
        self.has_started = false;
        self.after_return = false;
        self.is_complete = false;
        self.line.clear();
        self.data.clear();
        self.name.clear();
        self.id.clone_from(&self.last_id);
    }

    /// Returns the data, without the last line feed.
    pub(super) fn data(&self) -> &[u8] {
        self.data.strip_suffix(b"\n").unwrap_or(&self.data)
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    pub(super) fn last_id(&self) -> &[u8] {
        &self.last_id
    }

    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }
}

fn replace(text: &mut Vec<u8>, value: &[u8], max: usize) -> Result<(), TooLong> {
    text.clear();
    append(text, value, max)
}

/// Parses ASCII digits.
fn milliseconds(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(value).ok()?.parse();
    Some(Duration::from_millis(number.unwrap_or(u64::MAX)))
}
