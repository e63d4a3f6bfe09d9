//! Strings of a spec file and their positions.

use std::ops::Range;
use std::sync::Arc;

use super::{Source, Span};

/// A key or a string value of a spec file.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The value, which equal texts share.
    pub(crate) value: Arc<str>,
    /// The span of the whole string, including its quotes.
    pub(crate) span: Span,
    /// The number of bytes before the value, a quote or none, if the file contains it without escapes.
    verbatim: Option<u8>,
}

impl Text {
    pub(crate) fn new(source: &Source, value: Arc<str>, span: Span) -> Self {
        let raw = &source.text()[span.range()];
        let verbatim = if *raw == *value {
            Some(0)
        } else {
            let inner = raw.get(1..raw.len().saturating_sub(1));
            (inner == Some(&*value)).then_some(1)
        };
        Self {
            value,
            span,
            verbatim,
        }
    }

    /// Returns whether the text is in quotes in the file.
    pub(crate) fn is_quoted(&self) -> bool {
        self.verbatim != Some(0)
    }

    /// Returns the text moved forward by `bytes`, for a file that starts at that offset.
    pub(crate) fn offset_by(self, bytes: usize) -> Self {
        Self {
            span: self.span.offset_by(bytes),
            ..self
        }
    }

    /// Returns the span of some bytes of the value, or the whole span if the string has escapes.
    pub(crate) fn subspan(&self, range: Range<usize>) -> Span {
        match self.verbatim {
            Some(before) => Span::from(range).offset_by(self.span.start + usize::from(before)),
            None => self.span,
        }
    }

    /// Returns the span of the value without its quotes.
    pub(crate) fn unquoted(&self) -> Span {
        self.subspan(0..self.value.len())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }
}
