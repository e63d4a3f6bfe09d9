//! Progress of uploads and downloads on standard error, if it is a terminal.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use generated_client::Upload;

use crate::{console, stdout};

/// Transfers that take less time have no display.
const MIN_TIME: Duration = Duration::from_millis(500);

/// Time between two updates of the display.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Display of the bytes that were transferred.
#[derive(Clone, Debug)]
pub(super) struct Transfer(Option<Arc<Mutex<Line>>>);

#[derive(Debug)]
struct Line {
    start: Instant,
    last_update: Option<Instant>,
}

impl Transfer {
    /// Creates a display, which is hidden if standard error is not a terminal.
    pub(super) fn new() -> Self {
        if io::stderr().is_terminal() {
            Self(Some(Arc::new(Mutex::new(Line {
                start: Instant::now(),
                last_update: None,
            }))))
        } else {
            Self::hidden()
        }
    }

    /// Creates a display that shows nothing.
    pub(super) fn hidden() -> Self {
        Self(None)
    }

    /// Displays the progress of an upload.
    pub(super) fn observe(&self, upload: Upload) -> Upload {
        if self.0.is_none() {
            return upload;
        }
        let transfer = self.clone();
        upload.on_read(move |read, length| transfer.update(read, Some(length)))
    }

    /// Displays the number of bytes, unless the last update was just now.
    fn update(&self, bytes: u64, total: Option<u64>) {
        let Some(line) = &self.0 else { return };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let elapsed = now.saturating_duration_since(line.start);
        let is_recent = |last: Instant| now.saturating_duration_since(last) < UPDATE_INTERVAL;
        if elapsed >= MIN_TIME && !line.last_update.is_some_and(is_recent) {
            console::draw_status(&text(bytes, total, elapsed));
            line.last_update = Some(now);
        }
    }

    /// Erases the display.
    pub(super) fn end(&self) {
        let Some(line) = &self.0 else { return };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        if line.last_update.take().is_some() {
            console::erase_status();
        }
    }
}

fn text(bytes: u64, total: Option<u64>, elapsed: Duration) -> String {
    let millis = u64::try_from(elapsed.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let rate = size(bytes.saturating_mul(1000) / millis);
    match total {
        Some(total) => format!("{} of {}, {rate}/s", size(bytes), size(total)),
        None => format!("{}, {rate}/s", size(bytes)),
    }
}

/// Formats a number of bytes, e.g. as `12.4 MiB`.
fn size(bytes: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10).max(1);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

/// Writer to standard output for the body of a response. Bytes are written unchanged, except on a
/// terminal, where control characters are escaped.
pub(super) struct Output {
    transfer: Transfer,
    written: u64,
    /// End of the last part that may be the beginning of a character.
    incomplete: Vec<u8>,
    is_closed: bool,
}

impl Output {
    pub(super) fn new(transfer: Transfer) -> Self {
        Self {
            // The display would be between the lines of the body.
            transfer: if console::is_stdout_terminal() {
                Transfer::hidden()
            } else {
                transfer
            },
            written: 0,
            incomplete: Vec::new(),
            is_closed: false,
        }
    }

    /// Returns whether the reader of standard output has closed it.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes the rest, and erases the display.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.transfer.end();
        let rest = std::mem::take(&mut self.incomplete);
        print(&String::from_utf8_lossy(&rest))
    }

    fn write_to_terminal(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.incomplete.extend_from_slice(bytes);
        let text = complete(&mut self.incomplete);
        print(&text)
    }
}

fn print(text: &str) -> io::Result<()> {
    console::print(text).map_err(|error| io::Error::other(error.message()))
}

/// Removes the complete characters from `bytes`.
fn complete(bytes: &mut Vec<u8>) -> String {
    let tail = bytes.utf8_chunks().last().map_or(0, |chunk| {
        // No character has more than four bytes.
        let invalid = chunk.invalid().len();
        let is_last = bytes.ends_with(chunk.invalid());
        if is_last && invalid < 4 { invalid } else { 0 }
    });
    let rest = bytes.split_off(bytes.len() - tail);
    let text = String::from_utf8_lossy(bytes).into_owned();
    *bytes = rest;
    text
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if console::is_stdout_terminal() {
            self.write_to_terminal(bytes)
        } else {
            stdout::write(bytes)
        };
        if let Err(error) = written {
            self.is_closed = error.kind() == ErrorKind::BrokenPipe;
            return Err(error);
        }
        self.written += bytes.len() as u64;
        self.transfer.update(self.written, None);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (13_002_342, "12.4 MiB"),
            (1 << 30, "1.0 GiB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
        let second = Duration::from_secs(2);
        assert_eq!(
            text(4096, Some(8192), second),
            "4.0 KiB of 8.0 KiB, 2.0 KiB/s"
        );
        assert_eq!(text(4096, None, second), "4.0 KiB, 2.0 KiB/s");
    }

    #[test]
    fn characters_are_completed_by_the_next_part() {
        let mut bytes = "a€".as_bytes()[..3].to_vec();
        assert_eq!(complete(&mut bytes), "a");
        bytes.extend_from_slice(&"€b".as_bytes()[2..]);
        assert_eq!(complete(&mut bytes), "€b");
        assert!(bytes.is_empty());
        let mut invalid = b"a\xffb".to_vec();
        assert_eq!(complete(&mut invalid), "a\u{fffd}b");
    }
}
