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

#[cfg(test)]
mod tests {
    #[test]
    fn strings_are_quoted() {
        let quoted = super::text("a\"b\\c\n\u{7f}ß");
        assert_eq!(quoted, r#""a\"b\\c\n\u007Fß""#);
    }
}
