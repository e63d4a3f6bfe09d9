//! Text of cells on a terminal or in a file.

use std::borrow::Cow;

use generated_client::api_runtime::ServerText;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Replaces the last character of a cell that was cut.
const ELLIPSIS: char = '\u{2026}';

/// Returns the text of a cell on one line. Control characters are escaped, and on a terminal also
/// invisible ones, which could change the order of the text.
pub(super) fn clean(text: Option<Cow<'_, str>>, is_terminal: bool) -> Cow<'_, str> {
    let Some(text) = text else {
        return "null".into();
    };
    let text = if text.contains(char::is_control) {
        escape_control(&text).into()
    } else {
        text
    };
    if is_terminal && !text.is_ascii() {
        return ServerText::new(&text).escaped().into();
    }
    text
}

fn escape_control(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, c| {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
        line
    })
}

/// Returns the number of columns of a terminal that the text covers.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to a width. An ellipsis marks the end of a text that was cut.
pub(super) fn cut(text: &str, max_width: usize) -> Cow<'_, str> {
    if width(text) <= max_width {
        return text.into();
    }
    let mut rest = max_width.saturating_sub(1);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let Some(after) = rest.checked_sub(c.width().unwrap_or(0)) else {
            break;
        };
        rest = after;
        end = at + c.len_utf8();
    }
    format!("{}{ELLIPSIS}", &text[..end]).into()
}

/// Isolates a text that is written from right to left, so that the order of the columns is kept.
pub(super) fn isolate(text: Cow<'_, str>) -> Cow<'_, str> {
    const ISOLATE: char = '\u{2068}';
    const END: char = '\u{2069}';
    if text.contains(is_right_to_left) {
        return format!("{ISOLATE}{text}{END}").into();
    }
    text
}

/// Returns whether a character belongs to a script that is written from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(
        u32::from(c),
        0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_one_line_without_control_characters() {
        for (text, pipe, terminal) in [
            (None, "null", "null"),
            (Some(""), "", ""),
            (
                Some("a\tb\nc\r\u{1b}[2J"),
                "a\\tb\\nc\\r\\u{1b}[2J",
                "a\\tb\\nc\\r\\u{1b}[2J",
            ),
            (Some("\u{9b}2J"), "\\u{9b}2J", "\\u{9b}2J"),
            (Some("é\u{202e}x"), "é\u{202e}x", "é\\u{202e}x"),
        ] {
            assert_eq!(clean(text.map(Cow::from), false), pipe);
            assert_eq!(clean(text.map(Cow::from), true), terminal);
        }
    }

    #[test]
    fn texts_are_cut_at_a_width() {
        for (text, max, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("e\u{301}ab", 2, "e\u{301}…"),
            ("abc", 1, "…"),
            ("", 0, ""),
        ] {
            let cut = cut(text, max);
            assert_eq!(cut, expected, "{text}");
            assert!(width(&cut) <= max);
        }
    }

    #[test]
    fn right_to_left_text_is_isolated() {
        assert_eq!(isolate("שלום".into()), "\u{2068}שלום\u{2069}");
        assert_eq!(isolate("مرحبا".into()), "\u{2068}مرحبا\u{2069}");
        assert_eq!(isolate("日本".into()), "日本");
        assert_eq!(width("\u{2068}שלום\u{2069}"), 4);
    }
}
