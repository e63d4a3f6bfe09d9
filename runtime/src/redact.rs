//! Redaction of secrets, and preparation of text from servers for error messages.

use std::fmt;
use std::sync::Arc;

use ureq::http::HeaderValue;

use crate::codec::secret::Secret;

/// Shorter secrets are not redacted: they would be found in ordinary text.
const MIN_SECRET_BYTES: usize = 4;

/// Limit of the text of a server in an error message, in characters.
const MAX_CHARS: usize = 400;

/// Replaces secrets in text by `***`: servers may repeat the credentials that they received.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    secrets: Arc<[Secret]>,
    /// Values of the headers that authenticate a single request.
    header_values: Vec<HeaderValue>,
}

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self {
            secrets: secrets.into_iter().collect(),
            header_values: Vec::new(),
        }
    }

    /// Returns a redactor that also replaces these header values.
    pub(crate) fn with_header_values(&self, header_values: Vec<HeaderValue>) -> Self {
        Self {
            secrets: Arc::clone(&self.secrets),
            header_values,
        }
    }

    /// Replaces all secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = self.secrets.iter().map(Secret::expose);
        let header_values = self.header_values.iter().filter_map(secret_part);
        secrets
            .chain(header_values)
            .filter(|secret| secret.len() >= MIN_SECRET_BYTES)
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }

    /// Returns the text as one line of limited length, without control characters and secrets.
    pub(crate) fn line(&self, text: &str) -> String {
        // Secrets are replaced before the text is cut, as part of a secret would not be found. They
        // are replaced a second time since removing control characters may have revealed one.
        let line = to_line(&self.redact(text));
        truncate(self.redact(&line))
    }

    /// Returns the text of a response body as one line: that of a web page, or the beginning.
    pub(crate) fn excerpt(&self, body: &[u8]) -> String {
        self.line(&page_text(body))
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

/// Returns the value of a header without the authentication scheme.
fn secret_part(value: &HeaderValue) -> Option<&str> {
    let value = value.to_str().ok()?;
    Some(
        value
            .split_once(' ')
            .map_or(value, |(_scheme, secret)| secret),
    )
}

/// Returns the text as one line of limited length, without control characters.
pub(crate) fn line(text: &str) -> String {
    truncate(to_line(text))
}

/// Returns the text of the first `pre` or `title` element of a web page, or the body itself.
fn page_text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(beginning(body));
    match element(&text, "pre").or_else(|| element(&text, "title")) {
        Some(content) => unescape(content),
        None => text.into_owned(),
    }
}

/// Returns the searched part of a body. It ends at white space: a part of a secret would not be
/// redacted.
fn beginning(body: &[u8]) -> &[u8] {
    let Some(start) = body.get(..16 * MAX_CHARS) else {
        return body;
    };
    let end = start.iter().rposition(|byte| !byte.is_ascii_graphic());
    &start[..end.unwrap_or(start.len())]
}

/// Removes escape sequences and control characters, and replaces white space by single spaces.
fn to_line(text: &str) -> String {
    let mut line = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            // The final byte of an escape sequence is a letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if c.is_whitespace() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !c.is_control() {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

fn truncate(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(text[..end].trim_end().len());
        text.push('…');
    }
    text
}

/// Returns the content of the first element with this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // Byte offsets in the lower-case copy are valid in the text: only ASCII characters change.
    let lower = text.to_ascii_lowercase();
    let open = lower.find(&format!("<{name}"))?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find(&format!("</{name}"))?;
    text.get(start..end)
}

fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
