//! Keys and strings in the syntax of TOML.

use std::fmt::Write as _;

/// Returns a basic string.
pub(crate) fn string(text: &str) -> String {
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
    let lines = text.lines().map(|line| {
        let quoted = string(line);
        // Without the quotes: each line is escaped like a basic string.
        quoted[1..quoted.len() - 1].to_owned()
    });
    let lines: Vec<_> = lines.collect();
    format!("\"\"\"\n{}\"\"\"", lines.join("\n"))
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
