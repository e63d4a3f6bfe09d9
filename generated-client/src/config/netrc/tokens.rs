//! Tokens of netrc files.
//!
//! A `#` starts a comment at the start of a line and in place of a keyword. A value on the same line
//! as its keyword may start with `#`.

use api_runtime::Secret;

use crate::config::file::SyntaxError;

/// Token reader. Tokens are secret, since any of them may be a password.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
        }
    }

    /// Returns the current line number, starting at 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Reads a token in the position of a keyword. Returns `None` at the end of the file.
    pub(super) fn keyword(&mut self) -> Result<Option<Secret>, SyntaxError> {
        self.skip_space();
        while self.rest.starts_with('#') {
            self.skip_line();
            self.skip_space();
        }
        if self.rest.is_empty() {
            Ok(None)
        } else {
            self.token().map(Some)
        }
    }

    /// Reads the value of a keyword.
    pub(super) fn value(&mut self) -> Result<Secret, SyntaxError> {
        let line = self.line;
        self.skip_space();
        while self.line > line && self.rest.starts_with('#') {
            self.skip_line();
            self.skip_space();
        }
        if self.rest.is_empty() {
            return Err(SyntaxError {
                line,
                message: "unexpected end of file, expected a value",
            });
        }
        self.token()
    }

    fn token(&mut self) -> Result<Secret, SyntaxError> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted();
        }
        let end = self.rest.find(is_space).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Secret::from(token))
    }

    /// Reads up to the closing quote on the same line. `\n`, `\r` and `\t` are escapes; a backslash
    /// before any other character is removed.
    fn quoted(&mut self) -> Result<Secret, SyntaxError> {
        let Some(end) = closing_quote(self.rest) else {
            return Err(SyntaxError {
                line: self.line,
                message: "missing closing quote",
            });
        };
        let quoted = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        // Enough capacity for the secret: reallocations would leave copies in memory.
        let mut token = String::with_capacity(quoted.len());
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => token.extend(chars.next().map(unescape)),
                c => token.push(c),
            }
        }
        Ok(Secret::new(token))
    }

    fn skip_space(&mut self) {
        let rest = self.rest.trim_start_matches(is_space);
        let skipped = &self.rest[..self.rest.len() - rest.len()];
        self.line += skipped.matches('\n').count();
        self.rest = rest;
    }

    fn skip_line(&mut self) {
        match self.rest.split_once('\n') {
            Some((_, rest)) => {
                self.rest = rest;
                self.line += 1;
            }
            None => self.rest = "",
        }
    }

    /// Skips a macro definition, which ends at the first blank line.
    pub(super) fn skip_macro(&mut self) {
        self.skip_line();
        while self
            .rest
            .lines()
            .next()
            .is_some_and(|line| !line.trim().is_empty())
        {
            self.skip_line();
        }
    }
}

/// Returns the index of the first quote of the line that no backslash precedes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            '\n' => return None,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(index),
            _ => {}
        }
    }
    None
}

fn is_space(c: char) -> bool {
    c <= ' '
}

fn unescape(c: char) -> char {
    match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        c => c,
    }
}
