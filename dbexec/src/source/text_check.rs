//! Test of whether code is text.
//!
//! A server accepts a file of any content, and the interpreter reports an error only after a context was
//! created and the file was uploaded.

use std::io::{self, Read};
use std::path::Path;
use std::str;

use crate::error::CliError;

/// Size of the parts in which a file is read.
const BLOCK_BYTES: usize = 64 << 10;

/// Starts of files in UTF-16.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Encoding of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// UTF-8, unless the code declares another one, as scripts of Python may do.
    Declarable,
    /// Another encoding, which the code declares.
    Declared,
}

/// Offsets of the bytes that are not text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextCheck {
    /// First NUL, which no language accepts.
    nul: Option<u64>,
    /// First byte that is not valid UTF-8.
    invalid_utf8: Option<u64>,
    is_utf_16: bool,
}

impl TextCheck {
    /// Reads code to its end.
    pub(super) fn read(mut code: impl Read) -> io::Result<Self> {
        let mut check = Self::default();
        let mut block = vec![0; BLOCK_BYTES];
        // Bytes at the start of the block that are the incomplete last character of the previous one.
        let mut carried = 0;
        let mut offset = 0;
        loop {
            let length = fill(&mut code, &mut block[carried..])?;
            let bytes = &block[..carried + length];
            if offset == 0 {
                check.is_utf_16 = UTF_16.iter().any(|start| bytes.starts_with(start));
            }
            let kept = check.add(bytes, offset, length == 0);
            if length == 0 || check.nul.is_some() {
                return Ok(check);
            }
            let checked = bytes.len() - kept;
            offset += checked as u64;
            block.copy_within(checked..checked + kept, 0);
            carried = kept;
        }
    }

    /// Adds bytes at an offset. Returns the number of bytes at their end that may be the start of a character.
    fn add(&mut self, bytes: &[u8], offset: u64, is_end: bool) -> usize {
        if let Some(index) = bytes.iter().position(|byte| *byte == 0) {
            self.nul.get_or_insert(offset + index as u64);
        }
        if self.invalid_utf8.is_some() {
            return 0;
        }
        let Err(error) = str::from_utf8(bytes) else {
            return 0;
        };
        if error.error_len().is_none() && !is_end {
            return bytes.len() - error.valid_up_to();
        }
        self.invalid_utf8 = Some(offset + error.valid_up_to() as u64);
        0
    }

    /// Returns an error that names the first byte that is not text.
    pub(super) fn require_text(self, name: &str, encoding: Encoding) -> Result<(), CliError> {
        let invalid = self.invalid_utf8.filter(|_| encoding != Encoding::Declared);
        if invalid.is_some() && self.is_utf_16 {
            let error = CliError::usage(format!("{name} is encoded as UTF-16"));
            return Err(error.help("convert it to UTF-8"));
        }
        let faults = [
            invalid.map(|offset| (offset, "is not valid UTF-8 at")),
            self.nul.map(|offset| (offset, "is not text: NUL at")),
        ];
        let Some((offset, fault)) = faults.into_iter().flatten().min() else {
            return Ok(());
        };
        let error = CliError::usage(format!("{name} {fault} byte {offset}"));
        let is_jar = Path::new(name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("jar"));
        let is_nul = self.nul == Some(offset);
        Err(if is_jar {
            error.help("`dbexec jar` installs a JAR and runs code that uses it")
        } else if is_nul {
            error
        } else if encoding == Encoding::Declarable {
            error.help("convert it to UTF-8, or declare its encoding: `# -*- coding: latin-1 -*-`")
        } else {
            error.help("convert it to UTF-8")
        })
    }
}

/// Reads until the buffer is full or the code ends.
fn fill(code: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match code.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Returns whether a file of Python declares an encoding in its first two lines (PEP 263).
pub(super) fn declares_encoding(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| *byte == b'\n').take(2);
    lines.any(|line| {
        let line = String::from_utf8_lossy(line);
        let comment = line.trim_start_matches(['\u{feff}', ' ', '\t', '\u{c}']);
        comment.starts_with('#') && (comment.contains("coding:") || comment.contains("coding="))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reader that returns few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1).min(out.len());
            out[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn error(code: &[u8], encoding: Encoding) -> Option<String> {
        let message = |check: io::Result<TextCheck>| {
            let result = check.unwrap().require_text("a.py", encoding);
            result.err().map(|error| error.message().to_owned())
        };
        let at_once = message(TextCheck::read(code));
        assert_eq!(message(TextCheck::read(Slow(code))), at_once, "{code:?}");
        at_once
    }

    #[test]
    fn first_byte_that_is_not_text_is_named() {
        for (code, expected) in [
            (&b""[..], None),
            ("\u{feff}print('\u{e4}\u{1f600}')\n".as_bytes(), None),
            (b"a\0\xff", Some("a.py is not text: NUL at byte 1")),
            (b"ab\xff\0", Some("a.py is not valid UTF-8 at byte 2")),
            (b"ab\xf0\x9f", Some("a.py is not valid UTF-8 at byte 2")),
            (b"\xff\xfea\0", Some("a.py is encoded as UTF-16")),
        ] {
            assert_eq!(
                error(code, Encoding::Declarable).as_deref(),
                expected,
                "{code:?}"
            );
        }
        // Offsets are those of the file, also after the first block and between two blocks.
        let mut code = "\u{e4}".repeat(BLOCK_BYTES).into_bytes();
        code.insert(0, b'a');
        assert_eq!(error(&code, Encoding::Declarable), None);
        let length = code.len();
        code.push(0xff);
        let expected = format!("a.py is not valid UTF-8 at byte {length}");
        assert_eq!(error(&code, Encoding::Declarable), Some(expected));
        code.push(0);
        let expected = format!("a.py is not text: NUL at byte {}", length + 1);
        assert_eq!(error(&code, Encoding::Declared), Some(expected));
    }

    #[test]
    fn declared_encoding_is_that_of_the_first_lines() {
        for start in [
            "# -*- coding: latin-1 -*-",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :",
        ] {
            assert!(declares_encoding(start.as_bytes()), "{start}");
        }
        for start in [
            "",
            "x = 'coding: x'",
            "1\n2\n# coding: latin-1",
            "# encoded",
        ] {
            assert!(!declares_encoding(start.as_bytes()), "{start}");
        }
        assert_eq!(
            error(b"# coding: latin-1\n'\xe4'", Encoding::Declared),
            None
        );
    }
}
