//! Statements of SQL from code of any size.

use std::io::{self, Read};
use std::str;

use super::statement_end::{StatementEnd, TokenRole};
use super::{Token, next_token};
use crate::language::Language;
use crate::source::after_bom_and_shebang;

/// Size of the parts in which code is read.
const BLOCK_BYTES: usize = 64 << 10;

/// Number of bytes after a token that its end may depend on, for example the tag of `$tag$text$tag$`.
const LOOKAHEAD_BYTES: usize = 64;

/// Statement of SQL code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Text without `;`. Comments before the statement are parts of it.
    pub(crate) text: String,
    /// Position of the text in the code.
    pub(crate) position: Position,
    /// Line of the first token that is no comment, from 1.
    pub(crate) line: usize,
}

/// Position in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Line from 1.
    pub(crate) line: usize,
    /// Number of characters before it in its line.
    pub(crate) column: usize,
}

impl Position {
    /// Returns the position after a text that begins here.
    fn after(self, text: &str) -> Self {
        match text.rfind('\n') {
            None => Self {
                column: self.column + text.chars().count(),
                ..self
            },
            Some(last) => Self {
                line: self.line + text.bytes().filter(|byte| *byte == b'\n').count(),
                column: text[last + 1..].chars().count(),
            },
        }
    }
}

/// Reader of the statements of SQL code. It holds the current statement in memory. Empty statements are skipped, and
/// so are a byte order mark and a first line `#!...`.
#[derive(Debug)]
pub(crate) struct StatementReader<R> {
    code: R,
    /// Part of the code that is read.
    window: String,
    /// Incomplete character after the window.
    incomplete: Vec<u8>,
    has_begun: bool,
    is_at_end: bool,
    /// Start of the current statement: its offset in the window, and its position in the code.
    start: usize,
    position: Position,
    /// Offset of the first token of the current statement that is no comment.
    first: Option<usize>,
    /// Offset behind the last token.
    at: usize,
    /// Keeps the text of the current statement in the window.
    keeps_text: bool,
}

impl<R: Read> StatementReader<R> {
    pub(crate) fn new(code: R) -> Self {
        Self {
            code,
            window: String::new(),
            incomplete: Vec::new(),
            has_begun: false,
            is_at_end: false,
            start: 0,
            position: Position { line: 1, column: 0 },
            first: None,
            at: 0,
            keeps_text: true,
        }
    }

    /// Returns the number of statements in code, without holding them in memory.
    pub(crate) fn count(code: R) -> io::Result<usize> {
        let mut reader = Self {
            keeps_text: false,
            ..Self::new(code)
        };
        let mut count = 0;
        while reader.find_end()?.is_some() {
            reader.first = None;
            count += 1;
        }
        Ok(count)
    }

    /// Reads the next statement.
    fn read(&mut self) -> io::Result<Option<Statement>> {
        let Some((first, end)) = self.find_end()? else {
            return Ok(None);
        };
        let text = self.window[self.start..end].trim_start();
        let start = end - text.len();
        let position = self.position.after(&self.window[self.start..start]);
        let statement = Statement {
            text: text.trim_end().to_owned(),
            position,
            line: position.after(&self.window[start..first]).line,
        };
        self.begin_at(self.at);
        Ok(Some(statement))
    }

    /// Begins the next statement at an offset in the window.
    fn begin_at(&mut self, start: usize) {
        self.position = self.position.after(&self.window[self.start..start]);
        self.start = start;
        self.first = None;
    }

    /// Finds the end of the current statement. Returns the offset of its first token that is no comment, and its end.
    fn find_end(&mut self) -> io::Result<Option<(usize, usize)>> {
        let mut end = StatementEnd::default();
        while let Some(token) = self.next_token()? {
            match end.push(token.kind, &self.window[token.start..token.end]) {
                TokenRole::Space => {}
                TokenRole::Part => {
                    self.first.get_or_insert(token.start);
                }
                TokenRole::Separator => match self.first {
                    Some(first) => return Ok(Some((first, token.start))),
                    None if self.keeps_text => self.begin_at(token.end),
                    None => {}
                },
            }
        }
        Ok(self.first.map(|first| (first, self.window.len())))
    }

    /// Returns the next token, with offsets in the window.
    fn next_token(&mut self) -> io::Result<Option<Token>> {
        loop {
            let token = next_token(Language::Sql, &self.window, self.at);
            let end = token.map_or(self.window.len(), |token| token.end);
            if self.is_at_end || end + LOOKAHEAD_BYTES <= self.window.len() {
                self.at = end;
                return Ok(token);
            }
            self.fill()?;
        }
    }

    /// Reads a further part of the code into the window, and removes what is no longer needed.
    fn fill(&mut self) -> io::Result<()> {
        let unneeded = if self.keeps_text { self.start } else { self.at };
        self.window.drain(..unneeded);
        self.start = self.start.saturating_sub(unneeded);
        self.first = self.first.map(|first| first.saturating_sub(unneeded));
        self.at -= unneeded;
        // A long token is scanned again after each part, so that the parts grow with it.
        let size = BLOCK_BYTES.max(self.window.len() - self.at);
        let text = self.read_text(size)?;
        self.window.push_str(&text);
        if !self.has_begun {
            self.has_begun = true;
            self.at = self.window.len() - after_bom_and_shebang(&self.window).len();
            self.start = self.at;
        }
        Ok(())
    }

    /// Reads text. An incomplete character at its end is kept for the next call.
    fn read_text(&mut self, size: usize) -> io::Result<String> {
        let mut bytes = std::mem::take(&mut self.incomplete);
        let limit = size.try_into().unwrap_or(u64::MAX);
        self.is_at_end = self.code.by_ref().take(limit).read_to_end(&mut bytes)? == 0;
        if let Err(error) = str::from_utf8(&bytes)
            && error.error_len().is_none()
            && !self.is_at_end
        {
            self.incomplete = bytes.split_off(error.valid_up_to());
        }
        String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl<R: Read> Iterator for StatementReader<R> {
    type Item = io::Result<Statement>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests;
