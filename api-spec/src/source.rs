//! Source text and positions in it.

pub(crate) mod text;

use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

/// A range of bytes in a [`Source`].
///
/// The bytes of included files follow those of the main file, so a span identifies its file as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The empty span before the first byte.
    pub(crate) const START: Self = Self { start: 0, end: 0 };

    /// Returns the span moved forward by `bytes`.
    pub(crate) const fn offset_by(self, bytes: usize) -> Self {
        Self {
            start: self.start + bytes,
            end: self.end + bytes,
        }
    }

    /// Returns the span relative to `base`, e.g. to the start of an included file.
    #[must_use]
    pub const fn relative_to(self, base: usize) -> Self {
        Self {
            start: self.start.saturating_sub(base),
            end: self.end.saturating_sub(base),
        }
    }

    /// Returns the span as a range, for indexing.
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

/// A line and a column, both starting at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in characters.
    pub column: usize,
}

/// The text of a spec, its name in messages, and the files it includes.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// The offset of the start of each line.
    lines: Vec<usize>,
    included: Vec<Included>,
    /// The first invalid byte of a file that is not UTF-8.
    invalid: Option<InvalidByte>,
}

/// A byte that is not part of UTF-8 text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvalidByte {
    /// The offset in the text of the source.
    pub(crate) at: usize,
    pub(crate) byte: u8,
    /// `true` if the file starts with the byte order mark of UTF-16.
    pub(crate) is_utf16: bool,
}

/// A file that another one includes.
#[derive(Clone, Debug)]
pub(crate) struct Included {
    /// The path as written under `include`.
    pub(crate) path: String,
    /// The file, or the reason why it could not be read.
    pub(crate) file: Result<Source, String>,
    /// The offset of its first byte among the bytes of all files.
    pub(crate) start: usize,
}

impl Source {
    /// Creates a source. The name is usually the path of the file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let breaks = text.match_indices('\n');
        let lines = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            name: name.into(),
            text,
            lines,
            included: Vec::new(),
            invalid: None,
        }
    }

    /// Creates a source from the bytes of a file. If they are not UTF-8, [`parse`](crate::parse)
    /// reports it with its position.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_spec::Source;
    ///
    /// let source = Source::from_bytes("latin1.toml", b"[api]\nname = \"Gr\xf6\xdfe\"\n".to_vec());
    /// let error = &api_spec::parse(&source).diagnostics[0];
    /// assert_eq!(error.message, "the file is not UTF-8 text");
    /// assert_eq!(source.position(error.span().start).line, 2);
    /// ```
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Self::new(name, text),
            Err(error) => error,
        };
        let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let mut source = Self::new(name, String::from_utf8_lossy(bytes));
        source.invalid = Some(InvalidByte {
            at,
            byte: bytes[at],
            is_utf16: bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]),
        });
        source
    }

    /// Returns the first byte that is not part of UTF-8 text.
    pub(crate) const fn invalid_byte(&self) -> Option<InvalidByte> {
        self.invalid
    }

    /// Returns the target if `text` is that of a symbolic link to a spec, and not a spec.
    ///
    /// Git checks links out as text files if `core.symlinks` is false, e.g. on Windows without
    /// developer mode. The target is relative to the directory of the file.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_spec::Source;
    ///
    /// assert_eq!(Source::link_target("../specs/files.toml"), Some("../specs/files.toml"));
    /// assert_eq!(Source::link_target("[api]\nname = \"files.toml\"\n"), None);
    /// ```
    pub fn link_target(text: &str) -> Option<&str> {
        let target = text.trim_end();
        // No spec is a single line without a value.
        let is_path = !target.contains(['\n', '=', '[', '#', '"']);
        let extension = Path::new(target).extension();
        (is_path && extension == Some("toml".as_ref())).then_some(target)
    }

    /// Returns the paths listed under `include`.
    ///
    /// This crate opens no files: the caller reads each of them and adds it with
    /// [`include`](Self::include).
    ///
    /// # Examples
    ///
    /// ```
    /// use api_spec::Source;
    ///
    /// let main = "include = [\"types.toml\"]\n[api]\nname = \"Files\"\ndoc = \"Files.\"\n";
    /// let mut source = Source::new("files.toml", main);
    /// assert_eq!(source.included_paths(), ["types.toml"]);
    ///
    /// source.include("types.toml", Ok(Source::new("types.toml", "[ids]\nFileId = 1\n")));
    /// let error = &api_spec::parse(&source).diagnostics[0];
    /// assert_eq!(source.name_at(error.span().start), "types.toml");
    /// assert_eq!(source.position(error.span().start).line, 2);
    /// ```
    pub fn included_paths(&self) -> Vec<String> {
        // Reading a large file takes most of the time of `parse`, which reads it again.
        let head = without_tables(&self.text);
        let table =
            DeTable::parse(head).unwrap_or_else(|_| DeTable::parse_recoverable(&self.text).0);
        let paths = table.get_ref().get("include");
        let paths = paths.and_then(|it| it.get_ref().as_array());
        let paths = paths.into_iter().flatten();
        paths
            .filter_map(|path| path.get_ref().as_str().map(str::to_owned))
            .collect()
    }

    /// Adds the file included as `path`, or the reason why it could not be read.
    pub fn include(&mut self, path: impl Into<String>, file: Result<Self, String>) {
        let last = self.included.last();
        let end = last.map_or(self.text.len(), |last| last.start + last.length());
        self.included.push(Included {
            path: path.into(),
            file,
            start: end + 1,
        });
    }

    /// Returns the files added by [`include`](Self::include).
    pub(crate) fn included(&self) -> &[Included] {
        &self.included
    }

    /// Returns the name of the file that contains the byte at `offset`.
    pub fn name_at(&self, offset: usize) -> &str {
        self.file_at(offset).0.name()
    }

    /// Returns the file that contains the byte at `offset`, and the offset of its first byte.
    pub fn file_at(&self, offset: usize) -> (&Self, usize) {
        let mut before = self.included.iter().rev();
        let found = before.find_map(|it| match &it.file {
            Ok(file) if it.start <= offset => Some((file, it.start)),
            _ => None,
        });
        found.unwrap_or((self, 0))
    }

    /// Returns the name given to [`Source::new`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text of this file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the texts of this file and of the files it includes.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let files = self.included.iter().filter_map(|it| it.file.as_ref().ok());
        std::iter::once(self).chain(files).map(Self::text)
    }

    /// Returns a hash of this text and of the files it includes.
    ///
    /// Equal texts have equal fingerprints, independent of their names and of the version of this
    /// crate. `\r\n` counts as `\n`, so the line endings of a checkout do not matter.
    ///
    /// The hash is 128-bit FNV-1a, which detects changes but is not cryptographically secure.
    ///
    /// # Examples
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
        self.texts()
            .fold(BASIS, |hash, text| Self::hash(hash, text, PRIME))
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

    /// Returns the line and column of the byte at `offset` in its file. An offset beyond the end
    /// gives the position of the end.
    ///
    /// # Examples
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

    /// Returns the nearest span that lies inside the text and on character boundaries.
    pub fn clamp(&self, span: Span) -> Span {
        let (file, first) = self.file_at(span.start);
        file.clamp_here(span.relative_to(first)).offset_by(first)
    }

    fn clamp_here(&self, span: Span) -> Span {
        let start = self.floor(span.start);
        let mut end = span.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span { start, end }
    }

    /// Returns the line of an offset, starting at 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// Returns the whole lines that contain `span`, and the number of the first one, starting at 0.
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

/// Returns the text in front of the first line that begins with a bracket. If it is valid TOML, the
/// line is the header of a table, and the text contains all keys of the root.
fn without_tables(text: &str) -> &str {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values are the test vectors published by the authors of FNV.
    #[test]
    fn fingerprints_match_the_fnv_test_vectors() {
        let of = |text: &str| Source::new("", text).fingerprint();
        assert_eq!(of(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(of("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(of("foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
        assert_eq!(of("foo\rbar\r"), of("foo\rbar\r"));
        assert_ne!(of("foo\rbar"), of("foobar"));
    }

    #[test]
    fn included_paths_are_found_behind_brackets_in_values() {
        for text in [
            "include = [\"a.toml\"]\n[api]\nname = \"A\"\n",
            "include = [\n  \"a.toml\",\n]\n",
            "include = [\"a.toml\"]\n  [api]\nname = \n",
            "api = { doc = \"\"\"\n[link]\n\"\"\" }\ninclude = [\"a.toml\"]\n[ids]\n",
            "api = { list = [\n[1],\n] }\n\"inclu\\u0064e\" = [\"a.toml\"]\n[ids]\n",
        ] {
            assert_eq!(
                Source::new("main.toml", text).included_paths(),
                ["a.toml"],
                "{text}"
            );
        }
        let table = Source::new("main.toml", "[api]\ninclude = [\"a.toml\"]\n");
        assert!(table.included_paths().is_empty());
    }
}
