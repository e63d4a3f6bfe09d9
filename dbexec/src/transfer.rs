//! Display of uploads and downloads, and bodies on standard output.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::Arc;

use generated_client::Upload;

use crate::progress::{Mode, Progress};
use crate::timeout::Timeout;
use crate::{console, stdout};

/// Display of the bytes that were transferred.
#[derive(Clone, Debug)]
pub(crate) struct Transfer(Option<Arc<Progress>>);

impl Transfer {
    /// Creates a display, which is hidden if standard error is not a terminal.
    pub(crate) fn on_terminal() -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self(is_terminal.then(|| Arc::new(Progress::new(Mode::Bar, Timeout::NONE))))
    }

    /// Creates a display that shows nothing.
    pub(crate) fn hidden() -> Self {
        Self(None)
    }

    /// Displays the progress of an upload.
    pub(crate) fn observe(&self, upload: Upload) -> Upload {
        let Some(progress) = &self.0 else {
            return upload;
        };
        progress.begin_transfer(&"", "");
        let set = progress.meter();
        upload.on_read(move |read, length| set(read, Some(length)))
    }

    /// Erases the display.
    pub(crate) fn end(&self) {
        if let Some(progress) = &self.0 {
            progress.end();
        }
    }
}

/// Function that sets the number of bytes that were transferred, and that of all bytes.
type SetBytes = dyn Fn(u64, Option<u64>);

/// Writer to standard output for the body of a response or a file. Bytes are written unchanged, except on a
/// terminal, where control characters are escaped.
pub(crate) struct Output {
    transfer: Transfer,
    meter: Option<Box<SetBytes>>,
    written: u64,
    /// End of the last part that may be the beginning of a character.
    incomplete: Vec<u8>,
    /// Error of standard output.
    error: Option<io::Error>,
}

impl Output {
    /// Creates a writer whose bytes are displayed.
    pub(crate) fn new(transfer: Transfer) -> Self {
        // The display would be between the lines of the body.
        let is_hidden = console::is_stdout_terminal();
        let transfer = if is_hidden {
            Transfer::hidden()
        } else {
            transfer
        };
        let meter = transfer.0.as_ref().map(|progress| {
            progress.begin_transfer(&"", "");
            Box::new(progress.meter()) as Box<SetBytes>
        });
        Self {
            transfer,
            meter,
            written: 0,
            incomplete: Vec::new(),
            error: None,
        }
    }

    /// Returns whether the reader of standard output has closed it.
    pub(crate) fn is_closed(&self) -> bool {
        let kind = self.error.as_ref().map(io::Error::kind);
        kind == Some(ErrorKind::BrokenPipe)
    }

    /// Removes the error of standard output, if there was one.
    pub(crate) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Writes the rest, and erases the display.
    pub(crate) fn end(&mut self) -> io::Result<()> {
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
            let copy = io::Error::new(error.kind(), error.to_string());
            self.error = Some(error);
            return Err(copy);
        }
        self.written += bytes.len() as u64;
        if let Some(set) = &self.meter {
            set(self.written, None);
        }
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
