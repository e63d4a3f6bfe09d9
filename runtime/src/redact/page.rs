//! Text of web pages.

/// Returns the text of the first `pre` or `title` element of a web page, or the body itself, and
/// whether it was cut. Only the first `max_bytes` are searched.
pub(super) fn text(body: &[u8], max_bytes: usize) -> (String, bool) {
    let start = body.get(..max_bytes);
    let text = String::from_utf8_lossy(start.unwrap_or(body));
    match element(&text, "pre").or_else(|| element(&text, "title")) {
        Some(content) => (unescape(content), false),
        None => (text.into_owned(), body.len() > max_bytes),
    }
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
