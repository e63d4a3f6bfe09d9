//! Text of one line.

use std::fmt;

use generated_client::api_runtime::ServerText;

/// Formats a value without line ends, so that it cannot look like another diagnostic.
pub(crate) fn one_line(text: impl fmt::Display) -> String {
    let text = ServerText::new(&text.to_string()).lines();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn diagnostics_of_one_line_have_no_line_ends() {
        assert_eq!(one_line("a\n  b\r\n\n\u{1b}[2Jc\n"), "a b c");
        assert_eq!(one_line("a  b"), "a  b");
    }
}
