//! Check of the syntax of a value in one loop, without recursion.

use super::scan;

/// A value whose syntax was checked.
#[derive(Clone, Copy)]
pub(super) struct Checked {
    /// Offset of the first byte.
    pub(super) start: usize,
    /// Offset behind the last byte.
    pub(super) end: usize,
    /// Set if a string contains U+FFFD as an escape sequence or an unpaired surrogate.
    pub(super) has_replacement: bool,
    /// Set if the value is a list of lists.
    pub(super) table_size: Option<TableSize>,
}

/// Size of a list of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableSize {
    pub(crate) rows: usize,
    pub(crate) longest_row: usize,
}

impl Checked {
    /// Returns the length in bytes.
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Checks the value that starts at `start`, in which up to `max_depth` lists and objects may be nested.
///
/// Returns `None` if its syntax is invalid. The caller finds the error.
pub(super) fn check(bytes: &[u8], start: usize, max_depth: u8) -> Option<Checked> {
    let mut check = Check {
        bytes,
        at: start,
        objects: 0,
        depth: 0,
        max_depth,
        has_replacement: false,
        size: TableSize {
            rows: 0,
            longest_row: 0,
        },
        cells: 0,
        is_table: bytes.get(start) == Some(&b'['),
    };
    while !(check.begin_value()? && check.end_value()?) {}
    Some(Checked {
        start,
        end: check.at,
        has_replacement: check.has_replacement,
        table_size: check.is_table.then_some(check.size),
    })
}

struct Check<'b> {
    bytes: &'b [u8],
    /// Offset of the next byte.
    at: usize,
    /// A bit for each open container: 1 if it is an object, the lowest for the innermost one.
    objects: u128,
    /// Number of open containers.
    depth: u8,
    max_depth: u8,
    has_replacement: bool,
    size: TableSize,
    /// Number of values in the current item of the outermost list.
    cells: usize,
    /// Set while all items of the outermost list are lists.
    is_table: bool,
}

impl Check<'_> {
    /// Reads a scalar, an empty container, or the beginning of a container. Returns whether the value
    /// is complete.
    #[inline]
    fn begin_value(&mut self) -> Option<bool> {
        let first = self.next()?;
        match first {
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b'[' => {
                self.open(false)?;
                if self.next()? != b']' {
                    return Some(false);
                }
                self.close();
            }
            b'{' => {
                self.open(true)?;
                if self.next()? != b'}' {
                    self.key()?;
                    return Some(false);
                }
                self.close();
            }
            b'n' => self.keyword(b"null")?,
            b't' => self.keyword(b"true")?,
            b'f' => self.keyword(b"false")?,
            _ => return None,
        }
        self.count_value(first == b'[');
        Some(true)
    }

    /// Counts a complete value.
    #[inline]
    fn count_value(&mut self, is_list: bool) {
        match self.depth {
            1 => {
                self.size.rows += 1;
                self.size.longest_row = self.size.longest_row.max(self.cells);
                self.cells = 0;
                self.is_table &= is_list;
            }
            2 => self.cells += 1,
            _ => {}
        }
    }

    /// Reads what follows a value: the ends of its containers, and the comma in front of another value.
    /// Returns whether the outermost value is complete.
    #[inline]
    fn end_value(&mut self) -> Option<bool> {
        while self.depth > 0 {
            let is_object = self.objects & 1 == 1;
            match (self.next()?, is_object) {
                (b',', false) => {
                    self.at += 1;
                    return Some(false);
                }
                (b',', true) => {
                    self.at += 1;
                    self.key()?;
                    return Some(false);
                }
                (b']', false) | (b'}', true) => {
                    self.close();
                    self.count_value(!is_object);
                }
                _ => return None,
            }
        }
        Some(true)
    }

    /// Skips white space and returns the next byte without reading it.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        self.at = scan::skip_whitespace(self.bytes, self.at);
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn open(&mut self, is_object: bool) -> Option<()> {
        if self.depth >= self.max_depth {
            return None;
        }
        self.at += 1;
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(is_object);
        Some(())
    }

    #[inline]
    fn close(&mut self) {
        self.at += 1;
        self.depth -= 1;
        self.objects >>= 1;
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Option<()> {
        if self.next()? != b'"' {
            return None;
        }
        self.string()?;
        let is_colon = self.next()? == b':';
        self.at += 1;
        is_colon.then_some(())
    }

    #[inline]
    fn keyword(&mut self, keyword: &[u8]) -> Option<()> {
        let is_equal = self.bytes.get(self.at..)?.starts_with(keyword);
        self.at += keyword.len();
        is_equal.then_some(())
    }

    #[inline]
    fn string(&mut self) -> Option<()> {
        let mut at = self.at + 1;
        loop {
            at = scan::find_special(self.bytes, at);
            match self.bytes.get(at)? {
                b'"' => break,
                b'\\' => at = self.escape(at)?,
                _ => return None,
            }
        }
        self.at = at + 1;
        Some(())
    }

    /// Returns the offset behind an escape sequence.
    fn escape(&mut self, at: usize) -> Option<usize> {
        let (character, end) = scan::unescape(self.bytes, at).ok()?;
        self.has_replacement |= character == char::REPLACEMENT_CHARACTER;
        Some(end)
    }

    #[inline]
    fn number(&mut self) -> Option<()> {
        let mut at = self.at + usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let first = *self.bytes.get(at)?;
        let end = self.digits(at)?;
        if first == b'0' && end - at > 1 {
            return None;
        }
        at = end;
        if self.bytes.get(at) == Some(&b'.') {
            at = self.digits(at + 1)?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            let has_sign = matches!(self.bytes.get(at + 1), Some(b'+' | b'-'));
            at = self.digits(at + 1 + usize::from(has_sign))?;
        }
        self.at = at;
        Some(())
    }

    /// Returns the offset behind at least one digit.
    #[inline]
    fn digits(&self, start: usize) -> Option<usize> {
        let mut at = start;
        while let Some(b'0'..=b'9') = self.bytes.get(at) {
            at += 1;
        }
        (at > start).then_some(at)
    }
}
