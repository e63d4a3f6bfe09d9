//! Lines of files in tracebacks.

use std::borrow::Cow;

/// Replaces the name of the command by that of its file in a traceback of Python, and adds `offset` to
/// its lines. Returns the text and the last line of the file in it.
///
/// Only the command whose frame is first has code of this file: `<command-7>` may be another one.
pub(super) fn locate<'a>(
    text: &'a str,
    file: &str,
    offset: usize,
) -> (Cow<'a, str>, Option<usize>) {
    let Some(name) = text.lines().find_map(Frame::parse).map(|frame| frame.name) else {
        return (text.into(), None);
    };
    let mut located = String::with_capacity(text.len());
    let mut last = None;
    for line in text.split_inclusive('\n') {
        match Frame::parse(line) {
            Some(frame) if frame.name == name => {
                let number = frame.line + offset;
                last = Some(number);
                let Frame { before, after, .. } = frame;
                let line = [
                    before,
                    "File \"",
                    file,
                    "\", line ",
                    &number.to_string(),
                    after,
                ];
                located.extend(line);
            }
            _ => located.push_str(line),
        }
    }
    (located.into(), last)
}

/// Line of a traceback: `  File "<command-1>", line 2, in f`.
pub(crate) struct Frame<'a> {
    before: &'a str,
    /// For example `<command-1>`.
    pub(crate) name: &'a str,
    pub(crate) line: usize,
    /// Rest of the line, for example `, in f`.
    pub(crate) after: &'a str,
}

impl<'a> Frame<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let start = text.find("File ")?;
        let (before, rest) = text.split_at(start);
        if !before.chars().all(|c| matches!(c, ' ' | '|' | '+')) {
            return None;
        }
        let rest = rest.strip_prefix("File ")?;
        // IPython writes `File <command-1>:2, in f`.
        let (name, rest) = match rest.strip_prefix('"') {
            Some(rest) => rest.split_once("\", line ")?,
            None => rest.split_once(':')?,
        };
        if !(name.starts_with("<command-") && name.ends_with('>')) {
            return None;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        Some(Self {
            before,
            name,
            line: line.parse().ok()?,
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::locate;

    #[test]
    fn frames_of_the_command_get_file_and_line() {
        for (text, expected, line) in [
            (
                "Traceback (most recent call last):\n  File \"<command-3>\", line 2, in <module>\n    f()\n  \
                 File \"<command-1>\", line 5, in f\n  File \"<command-3>\", line 7, in g\nKeyError: 'a'",
                "Traceback (most recent call last):\n  File \"nb.py\", line 42, in <module>\n    f()\n  \
                 File \"<command-1>\", line 5, in f\n  File \"nb.py\", line 47, in g\nKeyError: 'a'",
                Some(47),
            ),
            (
                "  File \"<command-1>\", line 1\n    x =\nSyntaxError: invalid syntax",
                "  File \"nb.py\", line 41\n    x =\nSyntaxError: invalid syntax",
                Some(41),
            ),
            (
                "File <command-17>:2, in f\nx",
                "File \"nb.py\", line 42, in f\nx",
                Some(42),
            ),
            (
                "  | File \"<command-1>\", line 1\n",
                "  | File \"nb.py\", line 41\n",
                Some(41),
            ),
            ("File \"a.py\", line 2", "File \"a.py\", line 2", None),
            (
                "see File \"<command-1>\", line 2",
                "see File \"<command-1>\", line 2",
                None,
            ),
            (
                "File \"<command-1>\", line x",
                "File \"<command-1>\", line x",
                None,
            ),
            ("", "", None),
        ] {
            let (located, last) = locate(text, "nb.py", 40);
            assert_eq!((&*located, last), (expected, line));
        }
    }
}
