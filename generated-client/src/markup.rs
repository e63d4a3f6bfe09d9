//! Removal of ANSI escape sequences and HTML from text sent by the server.

use api_runtime::ServerText;

/// Removes escape sequences, control characters other than line ends and tabs, HTML, and line ends at
/// the start and end of the text.
///
/// HTML is removed only from text that starts with a tag: see [`strip_summary`] for summaries.
pub(crate) fn strip(text: &str) -> String {
    clean(&strip_html_document(&clean(text)))
        .trim_matches('\n')
        .to_owned()
}

/// Removes escape sequences, control characters other than line ends and tabs, HTML tags at any
/// position, and surrounding white space.
pub(crate) fn strip_summary(text: &str) -> String {
    clean(&strip_inline_tags(&clean(text))).trim().to_owned()
}

/// Called before tags are removed, and after it because HTML entities may be control characters.
fn clean(text: &str) -> String {
    ServerText::new(text).lines()
}

/// Removes all tags if the text starts with one.
fn strip_html_document(text: &str) -> String {
    // Tracebacks contain `a < b` and `<module>`, which are not tags.
    if !text.trim_start().starts_with('<') || !text.contains("</") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    unescape(&plain)
}

/// Removes the tags that servers put into summaries, at any position.
fn strip_inline_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let length = tag_length(&rest[start..]).unwrap_or(0);
        // A `<` that does not start a known tag is text.
        let kept = if length == 0 { start + 1 } else { start };
        plain.push_str(&rest[..kept]);
        rest = &rest[kept + length..];
    }
    plain.push_str(rest);
    unescape(&plain)
}

/// Returns the length of the HTML tag at the start of the text.
fn tag_length(text: &str) -> Option<usize> {
    const NAMES: [&str; 16] = [
        "a", "b", "br", "code", "div", "em", "font", "i", "li", "p", "pre", "span", "strong", "tt",
        "u", "ul",
    ];
    let length = text.find('>')?;
    let inside = text.get(1..length)?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let name = inside.split(char::is_whitespace).next()?;
    let is_known = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    (is_known && !inside.contains('<')).then_some(length + 1)
}

/// Replaces HTML entities by the characters they represent.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let (c, length) = entity(rest).unwrap_or(('&', 1));
        plain.push(c);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// Decodes the entity at the start of the text: its character and its length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    // Limits the scan for the `;` after a `&` that does not start an entity.
    const MAX_LENGTH: usize = 12;
    let end = text
        .bytes()
        .take(MAX_LENGTH)
        .position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "nbsp" => ' ',
        name => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16)?,
            None => number(&name[1..], 10)?,
        },
    };
    Some((c, end + 1))
}

/// Returns whether the text looks like an HTML document or a part of one.
pub(crate) fn is_html(text: &str) -> bool {
    const TAGS: [&str; 4] = ["<html", "<div", "<!doctype html", "</table>"];
    let mut tags = text
        .match_indices('<')
        .map(|(at, _)| &text.as_bytes()[at..]);
    tags.any(|tag| {
        TAGS.iter().any(|known| {
            tag.get(..known.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(known.as_bytes()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ansi_and_html_are_removed_and_code_is_kept() {
        let cases = [
            ("\u{1b}[0;31mName\u{1b}[0m\n", "Name"),
            ("\u{9b}31mred", "red"),
            ("<div class=\"x\">a &amp; b</div>", "a & b"),
            ("if a < b and c > d: </", "if a < b and c > d: </"),
            ("<module> in x", "<module> in x"),
            ("\u{1b}[", ""),
            ("a\u{7f}\u{8}\u{202e}b\tc\r\nd\r\n", "ab\tc\nd"),
            ("<div>&#27;[2J&#x9b;1mx</div>", "x"),
            ("<a></a", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(strip(text), expected, "{text:?}");
        }
    }
}
