//! Destination of a response body.

use std::io::{self, Write};

/// A writer for the body of a response that counts the bytes written.
pub(super) struct Sink<'a> {
    writer: &'a mut dyn Write,
    written: u64,
}

impl<'a> Sink<'a> {
    pub(super) fn new(writer: &'a mut dyn Write) -> Self {
        Self { writer, written: 0 }
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.writer.write(buffer)?;
        self.written += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
