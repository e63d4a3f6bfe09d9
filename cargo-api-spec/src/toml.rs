//! Keys and strings in the syntax of TOML.

use std::fmt::Write as _;

/// Returns a basic string.
pub(crate) fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    push_escaped(&mut quoted, text);
    quoted.push('"');
    quoted
}

/// Writes a text with the escapes of a basic string.
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\') || c.is_control()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Returns a bare key, or a quoted one if needed.
pub(crate) fn key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        string(key)
    }
}

/// Returns a multi-line string, or a basic string for a text of one line.
pub(crate) fn multiline(text: &str) -> String {
    if !text.contains('\n') {
        return string(text);
    }
    let mut quoted = String::with_capacity(text.len() + 8);
    quoted.push_str("\"\"\"\n");
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            quoted.push('\n');
        }
        push_escaped(&mut quoted, line);
    }
    quoted.push_str("\"\"\"");
    quoted
}

#[cfg(test)]
mod tests {
    #[test]
    fn keys_and_strings_are_escaped() {
        assert_eq!(super::key("a-b_1"), "a-b_1");
        assert_eq!(super::key("a.b"), "\"a.b\"");
        assert_eq!(
            super::multiline("a\n\"\"\""),
            "\"\"\"\na\n\\\"\\\"\\\"\"\"\""
        );
        let quoted = super::string("a\"b\\c\n\u{7f}ß");
        assert_eq!(quoted, r#""a\"b\\c\n\u007Fß""#);
    }
}
