//! Output of several files at the same time, line by line.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::console;

/// Lines that begin with the name of their file: `eu.py | line`.
#[derive(Debug)]
pub(crate) struct Prefixed {
    name: String,
    /// Last line of standard output, which is not complete.
    pending: Mutex<Vec<u8>>,
}

impl Prefixed {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            pending: Mutex::default(),
        }
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.extend(bytes);
        let Some(end) = pending.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(());
        };
        let rest = pending.split_off(end + 1);
        let lines = std::mem::replace(&mut *pending, rest);
        console::write(&self.lines(&lines))
    }

    pub(super) fn eprintln(&self, text: &str) {
        let lines = self.lines(text.as_bytes());
        console::eprintln(String::from_utf8_lossy(&lines));
    }

    /// Writes the last line, if it is not complete.
    pub(crate) fn finish(&self) -> io::Result<()> {
        let is_complete = {
            let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.is_empty()
        };
        if is_complete {
            Ok(())
        } else {
            self.write(b"\n")
        }
    }

    fn lines(&self, text: &[u8]) -> Vec<u8> {
        let mut prefixed = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            prefixed.extend(self.name.as_bytes());
            prefixed.extend(b" | ");
            prefixed.extend(line);
        }
        prefixed
    }
}
