//! Characters and escape sequences that are not shown.

use std::str::Chars;

/// Returns whether a character is invisible and changes how a terminal or a viewer displays the text
/// around it: control characters (C0, C1, DEL), bidirectional controls, and other format characters.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Returns whether a hidden character is part of the spelling of words or emoji, so that it is kept in
/// longer texts.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Iterator over the characters of a text without its escape sequences (ECMA-48).
///
/// The rest of a sequence that is not complete is text.
pub(super) struct Plain<'a>(Chars<'a>);

impl<'a> Plain<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.chars())
    }

    /// Skips the characters behind an escape character.
    fn skip_escape(&mut self) {
        let mut rest = self.0.clone();
        match rest.next() {
            Some('[') => {
                self.0 = rest;
                self.skip_control_sequence();
            }
            Some(']' | 'P' | 'X' | '^' | '_') => {
                self.0 = rest;
                self.skip_control_string();
            }
            // Selects a character set with one more character.
            Some('#'..='/') => {
                rest.next();
                self.0 = rest;
            }
            _ => {}
        }
    }

    /// Skips parameters and the final character, which is between `@` and `~`.
    fn skip_control_sequence(&mut self) {
        let mut rest = self.0.clone();
        while let Some(c) = rest.next() {
            match c {
                ' '..='?' => {}
                '@'..='~' => {
                    self.0 = rest;
                    return;
                }
                _ => return,
            }
        }
        // The text ends within the sequence.
        self.0 = rest;
    }

    /// Skips a string, e.g. a window title, which ends with BEL or ST.
    fn skip_control_string(&mut self) {
        let mut rest = self.0.clone();
        while let Some(c) = rest.next() {
            match c {
                '\u{7}' | '\u{9c}' => {
                    self.0 = rest;
                    return;
                }
                '\u{1b}' if rest.as_str().starts_with('\\') => {
                    rest.next();
                    self.0 = rest;
                    return;
                }
                _ => {}
            }
        }
    }
}

impl Iterator for Plain<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            match self.0.next()? {
                '\u{1b}' => self.skip_escape(),
                '\u{9b}' => self.skip_control_sequence(),
                '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => self.skip_control_string(),
                c => return Some(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_removed_as_a_whole() {
        for (text, expected) in [
            ("\u{1b}[2J\u{1b}[1;31mred\u{1b}[0m", "red"),
            ("\u{9b}31mred", "red"),
            ("\u{1b}]0;title\u{7}a\u{1b}]8;;http://x\u{1b}\\b", "ab"),
            ("\u{90}sixel\u{9c}a", "a"),
            ("\u{1b}(B\u{1b}[ma", "a"),
            ("\u{1b}ca", "ca"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[", "a"),
            ("a\u{1b}[12", "a"),
            // Text is kept if the sequence is invalid or has no end.
            ("\u{1b}[é", "é"),
            ("\u{1b}]never ends", "never ends"),
        ] {
            assert_eq!(Plain::new(text).collect::<String>(), expected, "{text:?}");
        }
    }

    #[test]
    fn control_and_format_characters_are_hidden() {
        for c in "\0\u{7}\u{8}\u{1b}\u{7f}\u{80}\u{9f}\u{ad}\u{200b}\u{200e}\u{202e}\u{2066}\u{feff}\u{e0041}"
            .chars()
        {
            assert!(is_hidden(c), "{c:?}");
        }
        for c in " aé漢😀\u{301}\u{fffd}\u{a0}".chars() {
            assert!(!is_hidden(c), "{c:?}");
        }
    }
}
