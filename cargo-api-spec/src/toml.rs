//! Pieces of TOML as text.

use std::fmt::Write as _;

/// A string in quotes.
pub(crate) fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A key, in quotes where it needs them.
pub(crate) fn key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        text(key)
    }
}

/// A string that keeps its lines.
pub(crate) fn block(text: &str) -> String {
    if !text.contains('\n') {
        return self::text(text);
    }
    let lines = text.lines().map(|line| {
        let quoted = self::text(line);
        quoted[1..quoted.len() - 1].to_owned()
    });
    let lines: Vec<_> = lines.collect();
    format!("\"\"\"\n{}\"\"\"", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn strings_are_quoted() {
        assert_eq!(super::key("a-b_1"), "a-b_1");
        assert_eq!(super::key("a.b"), "\"a.b\"");
        assert_eq!(super::block("a\n\"\"\""), "\"\"\"\na\n\\\"\\\"\\\"\"\"\"");
        let quoted = super::text("a\"b\\c\n\u{7f}ß");
        assert_eq!(quoted, r#""a\"b\\c\n\u007Fß""#);
    }
}
