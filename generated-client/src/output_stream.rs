//! The text of a command as it comes.

use crate::markup::{self, Prompt};

/// Who sees the text.
pub(crate) type Listener<'a> = Box<dyn FnMut(&str) + 'a>;

/// Makes pieces of texts each of which is all that was printed so far.
///
/// Servers are known to tell such texts, but not how they treat their ends: the last line end may
/// be missing at one time and be there at another. So a text that has merely lost white space at
/// its end is nothing new.
pub(crate) struct Stream<'a> {
    /// The last text, as the server told it.
    text: String,
    /// How much of it was handed on, in bytes.
    seen: usize,
    listener: Option<Listener<'a>>,
}

impl<'a> Stream<'a> {
    pub(crate) fn new(listener: Option<Listener<'a>>) -> Self {
        Self {
            text: String::new(),
            seen: 0,
            listener,
        }
    }

    /// All that was printed so far. What may become a prompt is held back until it is one or not.
    pub(crate) fn tell(&mut self, text: String) {
        if let Some(seen) = self.already_seen(&text) {
            let held_back = text.len() - unfinished_prompt(&text).max(seen);
            self.hand_on(&text[..text.len() - held_back], seen);
            self.seen = text.len() - held_back;
            self.text = text;
        }
    }

    /// All that was printed.
    pub(crate) fn end(&mut self, text: &str) {
        if let Some(seen) = self.already_seen(text) {
            self.hand_on(text, seen);
            text.clone_into(&mut self.text);
            self.seen = text.len();
        }
    }

    /// The last text that was told, if any was.
    pub(crate) fn into_text(self) -> Option<String> {
        (!self.text.is_empty()).then_some(self.text)
    }

    /// How much of `text` was seen before; nothing if there is nothing new in it.
    fn already_seen(&self, text: &str) -> Option<usize> {
        let seen = &self.text[..self.seen];
        if text.starts_with(seen) {
            return Some(self.seen);
        }
        match seen.strip_prefix(text) {
            Some(lost) if lost.trim().is_empty() => None,
            _ => Some(same_lines(seen, text)),
        }
    }

    fn hand_on(&mut self, text: &str, seen: usize) {
        let (before, new) = text.split_at(seen);
        let Some(listener) = self.listener.as_mut().filter(|_| !new.is_empty()) else {
            return;
        };
        let is_line = before.is_empty() || before.ends_with('\n');
        listener(&markup::without_prompts(new, is_line));
    }
}

/// The length of the lines that are the same in both.
fn same_lines(a: &str, b: &str) -> usize {
    let lines = a.split_inclusive('\n').zip(b.split_inclusive('\n'));
    lines
        .take_while(|(a, b)| a == b && a.ends_with('\n'))
        .map(|(line, _)| line.len())
        .sum()
}

/// Where the last line begins, if it may yet become a prompt; the end of the text otherwise.
fn unfinished_prompt(text: &str) -> usize {
    let line = text.rfind('\n').map_or(0, |end| end + 1);
    match markup::prompt(&text[line..]) {
        Prompt::Begun => line,
        Prompt::None | Prompt::Whole(_) => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of texts that are told one after the other, the last of them in the end.
    fn pieces(texts: &[&str]) -> Vec<String> {
        let mut pieces = Vec::new();
        let mut stream = Stream::new(Some(Box::new(|piece| pieces.push(piece.to_owned()))));
        let (last, meanwhile) = texts.split_last().unwrap();
        for text in meanwhile {
            stream.tell((*text).to_owned());
        }
        stream.end(last);
        drop(stream);
        pieces
    }

    #[test]
    fn each_piece_comes_once() {
        let cases: &[(&[&str], &[&str])] = &[
            (&[""], &[]),
            (&["a"], &["a"]),
            (&["", "a\n", "a\n", "a\nb\n", "a\nb"], &["a\n", "b\n"]),
            (&["é", "é€"], &["é", "€"]),
            (&["a", "a\nb"], &["a", "\nb"]),
            // Servers that leave out the last line end, always or at times.
            (&["a\n", "a", "a\nb"], &["a\n", "b"]),
            (&["a \n\n", "a"], &["a \n\n"]),
            (&["a\n", ""], &["a\n"]),
            // What was told is taken back.
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
    fn prompts_are_left_out_however_they_come() {
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
    fn the_last_text_is_kept_as_it_was_told() {
        let mut stream = Stream::new(None);
        stream.tell("a\n".to_owned());
        stream.tell("a\nOut[".to_owned());
        assert_eq!(stream.into_text().as_deref(), Some("a\nOut["));
        assert_eq!(Stream::new(None).into_text(), None);
    }

    #[test]
    fn any_texts_give_pieces() {
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

    /// Texts that only grow: the pieces are the last of them.
    #[test]
    fn the_pieces_are_the_text() {
        arbtest::arbtest(|u| {
            let whole: String = u.arbitrary()?;
            let mut ends = vec![whole.len()];
            for _ in 0..u.int_in_range(0..=4)? {
                let end = u.int_in_range(0..=whole.len())?;
                ends.push(if whole.is_char_boundary(end) { end } else { 0 });
            }
            ends.sort_unstable();
            let texts: Vec<_> = ends.iter().map(|end| &whole[..*end]).collect();
            let shown = markup::without_prompts(&whole, true);
            assert_eq!(pieces(&texts).concat(), shown, "{texts:?}");
            Ok(())
        });
    }
}
