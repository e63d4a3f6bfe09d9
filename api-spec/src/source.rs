//! Named text, and places in it.

use std::ops::Range;

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The empty span before the first byte.
    pub(crate) const START: Self = Self { start: 0, end: 0 };

    /// The span as a range, for indexing.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }
}

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// The text of a spec, and the name under which messages mention it.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Source {
    /// Gives `text` a name, usually the path of its file as the reader would write it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let lines = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            name: name.into(),
            text,
            lines,
        }
    }

    /// The name given to [`Source::new`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte; of the end where `offset` is beyond it.
    ///
    /// # Example
    ///
    /// ```
    /// let source = api_spec::Source::new("a.toml", "[api]\nname = \"Größe\"\n");
    /// let position = source.position(source.text().find('ß').unwrap());
    /// assert_eq!((position.line, position.column), (2, 12));
    /// ```
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let line = self.line_of(offset);
        let before = &self.text[self.lines[line]..offset];
        Position {
            line: line + 1,
            column: before.chars().count() + 1,
        }
    }

    /// The nearest span that lies inside the text and cuts no character.
    pub(crate) fn clamp(&self, span: Span) -> Span {
        let start = self.floor(span.start);
        let mut end = span.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span { start, end }
    }

    /// The number of the line of an offset, counted from 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// The whole lines that hold `span`, and the number of the first, counted from 0.
    pub(crate) fn lines_of(&self, span: Span) -> (usize, Span) {
        let first = self.line_of(span.start);
        let last = self.line_of(span.end);
        let end = self.lines.get(last + 1).copied().unwrap_or(self.text.len());
        (
            first,
            Span {
                start: self.lines[first],
                end,
            },
        )
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}
