//! Text from servers.

use std::fmt::{self, Write as _};

use super::characters::{Plain, is_hidden, is_joiner};
use super::length::{MAX_CHARS, truncate};

/// Text from a server, which is not shown unchanged.
///
/// It may contain line ends, escape sequences of terminals, invisible characters, and megabytes.
/// `Display` is therefore not implemented, and `Debug` shows the length only.
///
/// # Examples
///
/// ```
/// use api_runtime::ServerText;
///
/// let status = ServerText::new("\u{1b}[2JRunning\nerror: forged");
/// assert_eq!(status.line(), "Running error: forged");
/// assert_eq!(status.lines(), "Running\nerror: forged");
/// ```
#[derive(Clone, Copy)]
pub struct ServerText<'a>(&'a str);

impl<'a> ServerText<'a> {
    /// Wraps a text.
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Returns the text as received. It must not be shown.
    pub(crate) fn as_raw(self) -> &'a str {
        self.0
    }

    /// Returns the text as one line of up to 400 characters, without escape sequences and invisible
    /// characters.
    ///
    /// Secrets are not redacted: see [`Client::show`](crate::Client::show).
    pub fn line(self) -> String {
        let (line, is_cut) = self.first_chars(MAX_CHARS);
        truncate(line, is_cut)
    }

    /// Returns the text without escape sequences and without invisible characters other than those of
    /// scripts and emoji. Line ends become `\n`; tabs are kept.
    pub fn lines(self) -> String {
        let mut lines = String::with_capacity(self.0.len());
        let mut characters = Plain::new(self.0).peekable();
        while let Some(c) = characters.next() {
            match c {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\r' => lines.push('\n'),
                '\n' | '\t' => lines.push(c),
                c if is_hidden(c) && !is_joiner(c) => {}
                c => lines.push(c),
            }
        }
        lines
    }

    /// Returns the text for a terminal: with invisible characters, other than line ends, tabs and those
    /// of scripts and emoji, as escapes, e.g. `\u{1b}`. Nothing is removed.
    pub fn escaped(self) -> String {
        let mut escaped = String::with_capacity(self.0.len());
        for c in self.0.chars() {
            if is_unsafe_on_terminal(c) {
                escaped.extend(c.escape_unicode());
            } else {
                escaped.push(c);
            }
        }
        escaped
    }

    /// Returns a JSON document for a terminal, like [`escaped`](Self::escaped), with the escapes of
    /// JSON. The values are unchanged.
    pub fn escaped_json(self) -> String {
        let mut escaped = String::with_capacity(self.0.len());
        for c in self.0.chars() {
            if is_unsafe_on_terminal(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            } else {
                escaped.push(c);
            }
        }
        escaped
    }

    /// Returns the first `max` characters as one line, and whether there are more.
    pub(super) fn first_chars(self, max: usize) -> (String, bool) {
        let mut line = String::new();
        let mut count = 0;
        for c in Plain::new(self.0) {
            let c = match c {
                c if c.is_whitespace() && (line.is_empty() || line.ends_with(' ')) => continue,
                c if c.is_whitespace() => ' ',
                c if is_hidden(c) => continue,
                c => c,
            };
            if count == max {
                return (line, true);
            }
            line.push(c);
            count += 1;
        }
        line.truncate(line.trim_end().len());
        (line, false)
    }
}

fn is_unsafe_on_terminal(c: char) -> bool {
    is_hidden(c) && !is_joiner(c) && !matches!(c, '\n' | '\r' | '\t')
}

impl fmt::Debug for ServerText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerText({} bytes)", self.0.len())
    }
}

/// Writes an identifier or an enum value as one line. It is unchanged if it is short and consists of
/// visible ASCII characters and spaces.
///
/// # Errors
///
/// The errors of the formatter.
pub fn show(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if is_plain(value, MAX_CHARS) {
        f.pad(value)
    } else {
        f.pad(&ServerText::new(value).line())
    }
}

/// Returns whether a text is short and consists of visible ASCII characters and spaces.
pub(super) fn is_plain(text: &str, max: usize) -> bool {
    text.len() <= max && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
