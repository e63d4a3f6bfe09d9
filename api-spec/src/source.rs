//! Named text, and places in it.

use std::ops::Range;

use toml::de::DeTable;

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

    /// The span so many bytes further on.
    pub(crate) const fn on(self, bytes: usize) -> Self {
        Self {
            start: self.start + bytes,
            end: self.end + bytes,
        }
    }

    /// The span so many bytes further back.
    #[must_use]
    pub const fn relative_to(self, bytes: usize) -> Self {
        Self {
            start: self.start.saturating_sub(bytes),
            end: self.end.saturating_sub(bytes),
        }
    }

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
    included: Vec<Included>,
}

/// A file that another includes. Its bytes are counted on from those of the files before it, so
/// that a [`Span`] tells the file as well.
#[derive(Clone, Debug)]
pub(crate) struct Included {
    /// As the other file names it.
    pub(crate) path: String,
    /// The file, or why there is none.
    pub(crate) file: Result<Source, String>,
    /// The number of its first byte.
    pub(crate) start: usize,
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
            included: Vec::new(),
        }
    }

    /// The files that the text asks for under `include`, as it names them: whoever knows where they
    /// are hands them in by [`include`](Self::include).
    ///
    /// # Example
    ///
    /// ```
    /// use api_spec::Source;
    ///
    /// let main = "include = [\"types.toml\"]\n[api]\nname = \"Files\"\ndoc = \"Files.\"\n";
    /// let mut source = Source::new("files.toml", main);
    /// assert_eq!(source.included_paths(), ["types.toml"]);
    ///
    /// source.include("types.toml", Ok(Source::new("types.toml", "[ids]\nFileId = 1\n")));
    /// let fault = &api_spec::parse(&source).diagnostics[0];
    /// assert_eq!(source.name_at(fault.span().start), "types.toml");
    /// assert_eq!(source.position(fault.span().start).line, 2);
    /// ```
    pub fn included_paths(&self) -> Vec<String> {
        let (table, _) = DeTable::parse_recoverable(&self.text);
        let paths = table.get_ref().get("include");
        let paths = paths.and_then(|it| it.get_ref().as_array());
        let paths = paths.into_iter().flatten();
        paths
            .filter_map(|path| path.get_ref().as_str().map(str::to_owned))
            .collect()
    }

    /// Hands in a file that this one includes by `path`, or says why there is none.
    pub fn include(&mut self, path: impl Into<String>, file: Result<Self, String>) {
        let last = self.included.last();
        let end = last.map_or(self.text.len(), |last| last.start + last.length());
        self.included.push(Included {
            path: path.into(),
            file,
            start: end + 1,
        });
    }

    /// The files that were handed in.
    pub(crate) fn included(&self) -> &[Included] {
        &self.included
    }

    /// The name of the file that a byte is in.
    pub fn name_at(&self, offset: usize) -> &str {
        self.file_at(offset).0.name()
    }

    /// The file that a byte is in, and the number of the file's first byte.
    pub fn file_at(&self, offset: usize) -> (&Self, usize) {
        let mut before = self.included.iter().rev();
        let found = before.find_map(|it| match &it.file {
            Ok(file) if it.start <= offset => Some((file, it.start)),
            _ => None,
        });
        found.unwrap_or((self, 0))
    }

    /// The name given to [`Source::new`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A number that tells this text, and those it includes, from others: equal texts have equal fingerprints, whatever
    /// their names, and it stays the same from release to release. Line ends count as `\n`, however
    /// they were checked out.
    ///
    /// It is FNV-1a of 128 bits, which notices changes but does not withstand forgers.
    ///
    /// # Example
    ///
    /// ```
    /// use api_spec::Source;
    ///
    /// let source = Source::new("a.toml", "[api]\n");
    /// assert_eq!(source.fingerprint(), Source::new("b.toml", "[api]\r\n").fingerprint());
    /// assert_ne!(source.fingerprint(), Source::new("a.toml", "[api ]\n").fingerprint());
    /// ```
    pub fn fingerprint(&self) -> u128 {
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = (1 << 88) + 0x13b;
        let files = self.included.iter().filter_map(|it| it.file.as_ref().ok());
        let files = std::iter::once(self).chain(files);
        files.fold(BASIS, |hash, file| Self::hash(hash, &file.text, PRIME))
    }

    fn hash(start: u128, text: &str, prime: u128) -> u128 {
        let bytes = text.as_bytes();
        let counted = bytes
            .iter()
            .enumerate()
            .filter(|&(at, &byte)| byte != b'\r' || bytes.get(at + 1) != Some(&b'\n'));
        counted.fold(start, |hash, (_, &byte)| {
            (hash ^ u128::from(byte)).wrapping_mul(prime)
        })
    }

    /// The line and column of a byte in its file; of the end where `offset` is beyond it.
    ///
    /// # Example
    ///
    /// ```
    /// let source = api_spec::Source::new("a.toml", "[api]\nname = \"Größe\"\n");
    /// let position = source.position(source.text().find('ß').unwrap());
    /// assert_eq!((position.line, position.column), (2, 12));
    /// ```
    pub fn position(&self, offset: usize) -> Position {
        let (file, start) = self.file_at(offset);
        let offset = file.floor(offset - start);
        let line = file.line_of(offset);
        let before = &file.text[file.lines[line]..offset];
        Position {
            line: line + 1,
            column: before.chars().count() + 1,
        }
    }

    /// The nearest span that lies inside the text and cuts no character.
    pub fn clamp(&self, span: Span) -> Span {
        let (file, first) = self.file_at(span.start);
        file.clamp_here(span.relative_to(first)).on(first)
    }

    fn clamp_here(&self, span: Span) -> Span {
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

impl Included {
    fn length(&self) -> usize {
        self.file.as_ref().map_or(0, |file| file.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the authors of FNV publish.
    #[test]
    fn fingerprints_are_those_of_fnv() {
        let of = |text: &str| Source::new("", text).fingerprint();
        assert_eq!(of(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(of("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(of("foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
        assert_eq!(of("foo\rbar\r"), of("foo\rbar\r"));
        assert_ne!(of("foo\rbar"), of("foobar"));
    }
}
