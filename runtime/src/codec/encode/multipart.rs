//! `multipart/form-data` (RFC 7578), with files streamed at a length known before.

use std::io::{Cursor, Read};
use std::mem;

use crate::codec::upload::{Opened, Upload};
use crate::transport::Body;

/// The parts written so far, but for the text that is still being written.
pub(super) struct Multipart {
    boundary: String,
    pieces: Vec<Opened>,
    fault: Option<String>,
}

impl Multipart {
    /// A body without parts. Its boundary is 128 random bits: no content has it by accident.
    pub(super) fn new() -> Self {
        let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self {
            boundary,
            pieces: Vec::new(),
            fault: None,
        }
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// Writes all of a text part but its text and the line end behind it.
    pub(super) fn begin_text(&self, text: &mut Vec<u8>, name: &str) {
        self.begin(text, name);
        text.extend_from_slice(b"\"\r\n\r\n");
    }

    /// Writes a file part. The first file that cannot be opened is told at the end.
    pub(super) fn file(&mut self, text: &mut Vec<u8>, name: &str, upload: &Upload) {
        self.begin(text, name);
        text.extend_from_slice(b"\"; filename=\"");
        escape(text, upload.name());
        text.extend_from_slice(b"\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        match upload.open() {
            Ok(opened) => {
                self.pieces.push(in_memory(mem::take(text)));
                self.pieces.push(opened);
            }
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
        text.extend_from_slice(b"\r\n");
    }

    /// The whole body, or why a file of it cannot be sent.
    pub(super) fn finish(mut self, mut text: Vec<u8>) -> Result<Body<'static>, String> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        text.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        if self.pieces.is_empty() {
            return Ok(Body::Bytes(text));
        }
        self.pieces.push(in_memory(text));
        let length = self.pieces.iter().map(|piece| piece.length).sum();
        let empty: Box<dyn Read> = Box::new(std::io::empty());
        let reader = self
            .pieces
            .into_iter()
            .fold(empty, |before, piece| Box::new(before.chain(piece.reader)));
        Ok(Body::Stream { length, reader })
    }

    fn begin(&self, text: &mut Vec<u8>, name: &str) {
        text.extend_from_slice(b"--");
        text.extend_from_slice(self.boundary.as_bytes());
        text.extend_from_slice(b"\r\nContent-Disposition: form-data; name=\"");
        escape(text, name);
    }
}

/// Names as the WHATWG form encoding has them: a quote or a line end cannot break out.
fn escape(text: &mut Vec<u8>, name: &str) {
    for byte in name.bytes() {
        match byte {
            b'"' => text.extend_from_slice(b"%22"),
            b'\r' => text.extend_from_slice(b"%0D"),
            b'\n' => text.extend_from_slice(b"%0A"),
            byte => text.push(byte),
        }
    }
}

fn in_memory(bytes: Vec<u8>) -> Opened {
    Opened {
        length: bytes.len() as u64,
        reader: Box::new(Cursor::new(bytes)),
    }
}
