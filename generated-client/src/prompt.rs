//! Prompts that `IPython` prints before a value: `Out[12]: `.

use std::borrow::Cow;

/// Prompt at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// No prompt.
    None,
    /// A prefix of a prompt: more output on this line may complete it.
    Partial,
    /// A prompt of this length in bytes.
    Complete(usize),
}

/// Parses the prompt at the start of a line.
pub(crate) fn parse(line: &str) -> Prompt {
    const START: &str = "Out[";
    const END: &str = "]: ";
    let Some(rest) = line.strip_prefix(START) else {
        let is_partial = START.starts_with(line) && !line.is_empty();
        return if is_partial {
            Prompt::Partial
        } else {
            Prompt::None
        };
    };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let number = rest.len() - after.len();
    if number > 0 && after.starts_with(END) {
        Prompt::Complete(START.len() + number + END.len())
    } else if END.starts_with(after) && (number > 0 || after.is_empty()) {
        Prompt::Partial
    } else {
        Prompt::None
    }
}

/// Removes all prompts. `starts_line` is false if the text starts in the middle of a line.
pub(crate) fn strip_all(text: &str, starts_line: bool) -> Cow<'_, str> {
    if !text.contains("Out[") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = match parse(line) {
            Prompt::Complete(length) if index > 0 || starts_line => length,
            _ => 0,
        };
        plain.push_str(&line[start..]);
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_prompts_at_line_starts_are_removed() {
        for (text, expected) in [
            ("Out[1]: 42", "42"),
            ("Out[ 12 ]: 42", "42"),
            ("a\nOut[1]: 42\nOut[1]\nb", "a\n42\nOut[1]\nb"),
            ("a Out[1]: 42", "a Out[1]: 42"),
            ("Out[x]: 42", "Out[x]: 42"),
            ("Out[]: 42", "Out[]: 42"),
            ("Out[1] 42", "Out[1] 42"),
            ("Out[1]:", "Out[1]:"),
            ("", ""),
        ] {
            assert_eq!(strip_all(text, true), expected);
        }
        assert_eq!(strip_all("Out[1]: 2", false), "Out[1]: 2");
    }

    #[test]
    fn prompt_prefixes_are_partial() {
        for partial in ["O", "Out[", "Out[1", "Out[1]", "Out[1]:"] {
            assert_eq!(parse(partial), Prompt::Partial, "{partial}");
        }
        for none in ["", "o", "Oups", "Out]", "Out[]", "Out[1] ", "Out[1]:x"] {
            assert_eq!(parse(none), Prompt::None, "{none}");
        }
        assert_eq!(parse("Out[1]: x"), Prompt::Complete(8));
    }
}
