//! Live output of a running command.

use std::borrow::Cow;

use crate::prompt::{self, Prompt};

/// Converts status responses, each with all output so far, into pieces of new output.
///
/// Servers are not consistent about the end of the text: the last line end may be missing in one
/// response and present in the next. A text that only lost white space at its end is therefore not
/// a change.
#[derive(Default)]
pub(crate) struct OutputStream {
    /// Text of the last response that contained new output.
    text: String,
    /// Length in bytes of the part of `text` that was delivered.
    delivered: usize,
}

/// New output of a response.
pub(crate) struct Piece<'a> {
    text: &'a str,
    starts_line: bool,
}

impl<'a> Piece<'a> {
    pub(crate) fn without_prompts(&self) -> Cow<'a, str> {
        prompt::strip_all(self.text, self.starts_line)
    }
}

impl OutputStream {
    /// Processes all output so far of a running command, and returns the new output.
    ///
    /// A partial prompt at the end is held back until the rest of the line shows whether it is one, and
    /// so is half of a surrogate pair, where the server has cut the text.
    pub(crate) fn update<'t>(&mut self, text: &'t str) -> Option<Piece<'t>> {
        let complete = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        self.advance(text, partial_prompt_start(complete))
    }

    /// Processes the complete output of a finished command, and returns the new output.
    pub(crate) fn finish<'t>(&mut self, text: &'t str) -> Option<Piece<'t>> {
        self.advance(text, text.len())
    }

    /// Delivers the new output before `end`.
    fn advance<'t>(&mut self, text: &'t str, end: usize) -> Option<Piece<'t>> {
        let delivered = self.delivered_in(text)?;
        let end = end.max(delivered);
        self.delivered = end;
        // Both texts start with the delivered bytes: only the rest is copied.
        self.text.truncate(delivered);
        self.text.push_str(&text[delivered..]);
        let before = &text[..delivered];
        (delivered < end).then(|| Piece {
            text: &text[delivered..end],
            starts_line: before.is_empty() || before.ends_with('\n'),
        })
    }

    /// Returns the last output received, if any.
    pub(crate) fn into_text(self) -> Option<String> {
        (!self.text.is_empty()).then_some(self.text)
    }

    /// Returns how many bytes at the start of `text` were delivered before, or `None` if `text`
    /// contains nothing new.
    fn delivered_in(&self, text: &str) -> Option<usize> {
        let delivered = &self.text[..self.delivered];
        if text.starts_with(delivered) {
            return Some(self.delivered);
        }
        match delivered.strip_prefix(text) {
            Some(lost) if lost.trim().is_empty() => None,
            // The server replaced earlier output: continue after the lines that are unchanged.
            _ => Some(common_lines(delivered, text)),
        }
    }
}

/// Returns the length in bytes of the complete lines that both texts start with.
fn common_lines(a: &str, b: &str) -> usize {
    let lines = a.split_inclusive('\n').zip(b.split_inclusive('\n'));
    lines
        .take_while(|(a, b)| a == b && a.ends_with('\n'))
        .map(|(line, _)| line.len())
        .sum()
}

/// Returns the start of the last line if it is a partial prompt, and the end of the text otherwise.
fn partial_prompt_start(text: &str) -> usize {
    let line = text.rfind('\n').map_or(0, |end| end + 1);
    match prompt::parse(&text[line..]) {
        Prompt::Partial => line,
        Prompt::None | Prompt::Complete(_) => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces delivered for a sequence of responses; the last one is that of the finished command.
    fn pieces(texts: &[&str]) -> Vec<String> {
        let mut stream = OutputStream::default();
        let (last, updates) = texts.split_last().unwrap();
        let mut pieces: Vec<_> = updates.iter().map(|text| stream.update(text)).collect();
        pieces.push(stream.finish(last));
        let pieces = pieces.into_iter().flatten();
        pieces
            .map(|piece| piece.without_prompts().into_owned())
            .collect()
    }

    #[test]
    fn new_output_is_delivered_once() {
        let cases: &[(&[&str], &[&str])] = &[
            (&[""], &[]),
            (&["a"], &["a"]),
            (&["", "a\n", "a\n", "a\nb\n", "a\nb"], &["a\n", "b\n"]),
            (&["é", "é€"], &["é", "€"]),
            (&["a", "a\nb"], &["a", "\nb"]),
            // The last line end is missing in some responses.
            (&["a\n", "a", "a\nb"], &["a\n", "b"]),
            (&["a \n\n", "a"], &["a \n\n"]),
            (&["a\n", ""], &["a\n"]),
            // Earlier output is replaced.
            (&["a\nb\nc", "a\nx\nc"], &["a\nb\nc", "x\nc"]),
            (&["1%\r", "2%\r"], &["1%\r", "2%\r"]),
            (&["abc", "ab"], &["abc", "ab"]),
            (&["a\nb", "a\nbc\nd", "a"], &["a\nb", "c\nd", "a"]),
            (&["é", "è"], &["é", "è"]),
        ];
        for (texts, expected) in cases {
            assert_eq!(pieces(texts), *expected, "{texts:?}");
        }
    }

    #[test]
    fn prompts_split_across_responses_are_removed() {
        for texts in [
            &["a\nOut[12]: 42"][..],
            &[
                "a\nOut",
                "a\nOut[1",
                "a\nOut[12]",
                "a\nOut[12]: 4",
                "a\nOut[12]: 42",
            ],
            &["a\n", "a\nOut[12]:", "a\nOut[12]: 42"],
        ] {
            assert_eq!(pieces(texts).concat(), "a\n42", "{texts:?}");
        }
        assert_eq!(pieces(&["Ou", "Ouch"]), ["Ouch"]);
        assert_eq!(pieces(&["Ou", "Ou"]), ["Ou"]);
        assert_eq!(pieces(&["x", "xOut[1]: 2"]).concat(), "xOut[1]: 2");
    }

    #[test]
    fn half_of_a_surrogate_pair_is_held_back() {
        assert_eq!(pieces(&["a\n", "a\n\u{fffd}", "a\n😀 b"]), ["a\n", "😀 b"]);
        assert_eq!(pieces(&["a\u{fffd}", "a\u{fffd}"]), ["a", "\u{fffd}"]);
        assert_eq!(pieces(&["\u{fffd}", "\u{fffd}b"]), ["\u{fffd}b"]);
    }

    #[test]
    fn last_text_is_kept_with_partial_prompt() {
        let mut stream = OutputStream::default();
        stream.update("a\n");
        stream.update("a\nOut[");
        assert_eq!(stream.into_text().as_deref(), Some("a\nOut["));
        assert_eq!(OutputStream::default().into_text(), None);
    }

    #[test]
    fn arbitrary_texts_do_not_panic() {
        arbtest::arbtest(|u| {
            let alphabet = ["a", "\n", "Out[", "1", "]:", " ", "é", "\r"];
            let mut texts = Vec::new();
            for _ in 0..u.int_in_range(1..=5)? {
                let count = u.int_in_range(0..=8)?;
                let text: Result<String, _> =
                    (0..count).map(|_| u.choose(&alphabet).copied()).collect();
                texts.push(text?);
            }
            pieces(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            Ok(())
        });
    }

    #[test]
    fn pieces_of_growing_output_add_up_to_the_last_text() {
        arbtest::arbtest(|u| {
            let whole: String = u.arbitrary()?;
            let mut ends = vec![whole.len()];
            for _ in 0..u.int_in_range(0..=4)? {
                let end = u.int_in_range(0..=whole.len())?;
                ends.push(if whole.is_char_boundary(end) { end } else { 0 });
            }
            ends.sort_unstable();
            let texts: Vec<_> = ends.iter().map(|end| &whole[..*end]).collect();
            let shown = prompt::strip_all(&whole, true);
            assert_eq!(pieces(&texts).concat(), shown, "{texts:?}");
            Ok(())
        });
    }
}
