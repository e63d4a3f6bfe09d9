//! Paths with parameters.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{Encoder, RESERVED, Request, Style};
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;

const ALL_BUT_SLASHES: &AsciiSet = &RESERVED.remove(b'/');

/// A path under way from its template.
pub(super) struct Template {
    /// What is still to be written.
    rest: &'static str,
    /// The characters of a value that are written by their bytes, unless it has a plus.
    usual: &'static AsciiSet,
    /// Those of the current value.
    reserved: &'static AsciiSet,
}

impl Template {
    /// The text before the next parameter, if that is called `name`; else the name it has.
    fn next(&mut self, name: &str) -> Result<&'static str, &'static str> {
        let (literal, rest) = self.rest.split_once('{').unwrap_or((self.rest, ""));
        let (found, rest) = rest.split_once('}').unwrap_or(("", rest));
        let (found, reserved) = match found.strip_prefix('+') {
            Some(found) => (found, ALL_BUT_SLASHES),
            None => (found, self.usual),
        };
        if found != name || found.is_empty() {
            return Err(found);
        }
        (self.rest, self.reserved) = (rest, reserved);
        Ok(literal)
    }

    pub(super) fn percent(&self, text: &mut Vec<u8>, value: &str) {
        for piece in utf8_percent_encode(value, self.reserved) {
            text.extend_from_slice(piece.as_bytes());
        }
    }
}

/// Writes the path of an operation behind `url`.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if a parameter is empty or would lead to another path.
pub(crate) fn path(
    url: Vec<u8>,
    operation: &Operation,
    request: &dyn Request,
) -> Result<Vec<u8>, Error> {
    let start = url.len();
    let mut encoder = begin(operation, RESERVED);
    encoder.text = url;
    if operation.path.contains('{') {
        request.path(&mut encoder);
    }
    encoder.finish_path(start)
}

/// The URL that is the path of an operation: one that the server gave.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if it is missing, or not a text that can be a URL.
pub(crate) fn link(operation: &Operation, request: &dyn Request) -> Result<String, Error> {
    let mut encoder = begin(operation, CONTROLS);
    request.path(&mut encoder);
    encoder.finish_template();
    let text = encoder.finish()?;
    // It was put together from texts.
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn begin(operation: &Operation, usual: &'static AsciiSet) -> Encoder {
    Encoder::new(Style::Path(Template {
        rest: operation.path,
        usual,
        reserved: usual,
    }))
}

impl Encoder {
    /// Writes what stands before the next parameter, which is to be `name`.
    pub(super) fn begin_parameter(&mut self, name: &str) {
        let Style::Path(template) = &mut self.style else {
            return;
        };
        match template.next(name) {
            Ok(literal) => self.text.extend_from_slice(literal.as_bytes()),
            Err(other) => self.fail(format!("the path needs `{other}` here, not `{name}`")),
        }
    }

    /// Looks at what was written for a parameter, from `start` on.
    pub(super) fn end_parameter(&mut self, name: &str, start: usize) {
        if self.text.len() == start {
            self.fail(format!("the path parameter `{name}` is empty"));
        }
    }

    fn finish_path(mut self, start: usize) -> Result<Vec<u8>, Error> {
        self.finish_template();
        self.check_segments(start);
        self.finish()
    }

    fn finish_template(&mut self) {
        if let Style::Path(template) = &self.style {
            let rest = template.rest;
            match rest.split_once('{') {
                Some((_, rest)) => self.fail(format!(
                    "the path parameter `{}` is missing",
                    rest.trim_start_matches('+')
                        .split('}')
                        .next()
                        .unwrap_or(rest)
                )),
                None => self.text.extend_from_slice(rest.as_bytes()),
            }
        }
    }

    fn check_segments(&mut self, start: usize) {
        let mut segments = self.text[start..]
            .split(|byte| *byte == b'/')
            .skip(1)
            .peekable();
        let mut odd = None;
        while let Some(segment) = segments.next() {
            if matches!(segment, b"." | b"..") || (segment.is_empty() && segments.peek().is_some())
            {
                odd = Some(String::from_utf8_lossy(segment).into_owned());
            }
        }
        if let Some(segment) = odd {
            self.fail(format!(
                "a path parameter makes a segment `{segment}`, which leads to another path"
            ));
        }
    }

    /// What was written, unless a value cannot be sent.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        match self.fault {
            None => Ok(self.text),
            Some(fault) => Err(Error::before_sending(ErrorKind::InvalidInput, fault)),
        }
    }
}
