//! `multipart/form-data` (RFC 7578) and `multipart/related` (RFC 2387) with streamed files and a known
//! length.

use std::io::{Cursor, Read};
use std::mem;

use crate::codec::upload::{Opened, Upload};
use crate::transport::Body;

/// Pieces of the body in front of the text that is being written.
pub(super) struct Multipart {
    boundary: String,
    layout: Layout,
    /// Media type of the first part.
    root: Option<String>,
    pieces: Vec<Opened>,
    /// The first file that could not be opened.
    error: Option<String>,
}

/// Layout of the parts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Parts with names.
    FormData,
    /// Parts in a fixed order, without names.
    Related,
}

impl Multipart {
    /// Creates a body without parts.
    pub(super) fn new(layout: Layout) -> Self {
        // 128 random bits do not occur in the content by accident.
        let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self {
            boundary,
            layout,
            root: None,
            pieces: Vec::new(),
            error: None,
        }
    }

    /// Returns the media type of the parts that have been written.
    pub(super) fn content_type(&self) -> String {
        let boundary = &self.boundary;
        match (self.layout, &self.root) {
            (Layout::FormData, _) => format!("multipart/form-data; boundary={boundary}"),
            (Layout::Related, None) => format!("multipart/related; boundary={boundary}"),
            // The parameter is required for a body with this layout.
            (Layout::Related, Some(root)) => {
                format!("multipart/related; boundary={boundary}; type=\"{root}\"")
            }
        }
    }

    /// Writes the head of a text part. The text and a line break follow.
    pub(super) fn begin_text(&mut self, text: &mut Vec<u8>, name: &str, media_type: Option<&str>) {
        self.begin_part(text, name, None);
        self.end_head(text, media_type);
    }

    /// Writes a file part. If the file cannot be opened, [`finish`](Self::finish) returns the error.
    pub(super) fn file(
        &mut self,
        text: &mut Vec<u8>,
        name: &str,
        upload: &Upload,
        media_type: Option<&str>,
    ) {
        self.begin_part(text, name, Some(upload.name()));
        self.end_head(text, Some(media_type.unwrap_or("application/octet-stream")));
        match upload.open() {
            Ok(opened) => {
                self.pieces.push(in_memory(mem::take(text)));
                self.pieces.push(opened);
            }
            Err(error) => {
                self.error.get_or_insert(error);
            }
        }
        text.extend_from_slice(b"\r\n");
    }

    /// Returns the whole body.
    ///
    /// # Errors
    ///
    /// If a file could not be opened.
    pub(super) fn finish(mut self, mut text: Vec<u8>) -> Result<Body<'static>, String> {
        if let Some(error) = self.error {
            return Err(error);
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

    fn begin_part(&self, text: &mut Vec<u8>, name: &str, file_name: Option<&str>) {
        text.extend_from_slice(b"--");
        text.extend_from_slice(self.boundary.as_bytes());
        if self.layout == Layout::Related {
            return;
        }
        text.extend_from_slice(b"\r\nContent-Disposition: form-data; name=\"");
        escape(text, name);
        if let Some(file_name) = file_name {
            text.extend_from_slice(b"\"; filename=\"");
            escape(text, file_name);
        }
        text.extend_from_slice(b"\"");
    }

    /// Writes the media type of a part and the empty line behind its head.
    fn end_head(&mut self, text: &mut Vec<u8>, media_type: Option<&str>) {
        if let Some(media_type) = media_type {
            text.extend_from_slice(b"\r\nContent-Type: ");
            text.extend_from_slice(media_type.as_bytes());
        }
        text.extend_from_slice(b"\r\n\r\n");
        if self.layout == Layout::Related && self.root.is_none() {
            // A quote or backslash occurs in parameters only, which the type of a root does not have.
            let root = media_type.unwrap_or("text/plain").split(';').next();
            self.root = root.map(|root| root.trim().to_owned());
        }
    }
}

/// Writes a name with the escapes of the WHATWG HTML standard, so that a quote or line break does
/// not end the header.
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
