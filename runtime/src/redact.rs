//! Words of a server, fit for a line on a terminal.

/// The most characters of a server's words that an error shows.
const LONGEST: usize = 400;

/// What a body that is not described says to people: the text of a page, or its first words.
pub(crate) fn words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(beginning(body));
    match element(&text, "pre").or_else(|| element(&text, "title")) {
        Some(inner) => unescape(inner),
        None => text.into_owned(),
    }
}

/// As much of a body as is looked at. It ends between words: half a secret would not be known as
/// one.
fn beginning(body: &[u8]) -> &[u8] {
    let Some(start) = body.get(..16 * LONGEST) else {
        return body;
    };
    let end = start.iter().rposition(|byte| !byte.is_ascii_graphic());
    &start[..end.unwrap_or(start.len())]
}

/// The text on one line, without what steers a terminal, cut where it gets long.
pub(crate) fn shown(text: &str) -> String {
    cut(cleaned(text))
}

/// The text on one line, without what steers a terminal.
pub(crate) fn cleaned(text: &str) -> String {
    let mut line = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            // A control sequence ends with its first letter.
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

/// The text, cut where it gets long.
pub(crate) fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(text[..end].trim_end().len());
        text.push('…');
    }
    text
}

/// The content of the first element of this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // Byte offsets in the lower-case copy hold in the text: only ASCII changes.
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
