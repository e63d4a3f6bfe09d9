//! Colors of code.

use crate::language::Language;
use crate::syntax::{Kind, tokens};

const RESET: &str = "\x1b[0m";

/// Returns code with colors. `before` are the previous lines of the same input, which are not returned.
pub(super) fn highlight(language: Language, before: &str, line: &str) -> String {
    let code = format!("{before}{line}");
    let mut text = String::with_capacity(2 * line.len());
    let mut end = before.len();
    for token in tokens(language, &code) {
        let start = token.start.max(before.len());
        let Some(color) = color(token.kind) else {
            continue;
        };
        if token.end <= start {
            continue;
        }
        text.push_str(&code[end..start]);
        text.push_str(color);
        text.push_str(&code[start..token.end]);
        text.push_str(RESET);
        end = token.end;
    }
    text.push_str(&code[end..]);
    text
}

fn color(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Keyword => Some("\x1b[35m"),
        Kind::Quoted => Some("\x1b[32m"),
        Kind::Number => Some("\x1b[36m"),
        Kind::Comment => Some("\x1b[90m"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_strings_numbers_and_comments_have_colors() {
        for (before, line, expected) in [
            ("", "if x == 1: # y", "[35mif[0m x == [36m1[0m: [90m# y[0m"),
            ("s = '''a\n", "if '''", "[32mif '''[0m"),
            ("x(\n", "'a')", "[32m'a'[0m)"),
            ("", "", ""),
            ("", "é x", "é x"),
        ] {
            let text = highlight(Language::Python, before, line);
            assert_eq!(text.replace('\x1b', ""), expected, "{line}");
        }
    }
}
