//! Colors on standard error.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::sync::OnceLock;

use anstream::AutoStream;
use clap::{ColorChoice, ValueEnum as _};

/// Choice of `--color`.
static CHOICE: OnceLock<ColorChoice> = OnceLock::new();

const RESET: &str = "\x1b[0m";

/// Labels at the start of a line, and their colors as in cargo.
const LABELS: [(&str, &str); 5] = [
    ("error:", "\x1b[1m\x1b[91m"),
    ("interrupted:", "\x1b[1m\x1b[33m"),
    ("warning:", "\x1b[1m\x1b[33m"),
    ("note:", "\x1b[1m\x1b[92m"),
    ("help:", "\x1b[1m\x1b[96m"),
];

/// Reads `--color` before the command line is parsed, because it applies to the errors of the parser, too.
pub(crate) fn choice(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let words: Vec<String> = arguments
        .take_while(|word| word != "--")
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let value = |(index, word): (usize, &String)| {
        let value = match word.strip_prefix("--color")? {
            "" => words.get(index + 1)?,
            value => value.strip_prefix('=')?,
        };
        ColorChoice::from_str(value, true).ok()
    };
    let last = words.iter().enumerate().filter_map(value).next_back();
    last.unwrap_or(ColorChoice::Auto)
}

/// Sets the choice.
pub(crate) fn set(choice: ColorChoice) {
    // There is one command line.
    let _ = CHOICE.set(choice);
}

/// Colors the labels of lines for standard error.
pub(crate) fn labels(text: &str) -> Cow<'_, str> {
    let is_colored = match CHOICE.get() {
        Some(ColorChoice::Always) => true,
        Some(ColorChoice::Never) => false,
        // `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`, `TERM`, and whether it is a terminal.
        _ => AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
    };
    if is_colored {
        colored(text).into()
    } else {
        text.into()
    }
}

fn colored(text: &str) -> String {
    let mut colored = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let label = LABELS.iter().find(|(label, _)| line.starts_with(label));
        match label {
            Some((label, color)) => {
                colored.extend([*color, *label, RESET, &line[label.len()..]]);
            }
            None => colored.push_str(line),
        }
    }
    colored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choice_is_read_from_the_arguments() {
        let of = |words: &str| choice(words.split(' ').map(OsString::from));
        assert_eq!(of("dbexec run a.py"), ColorChoice::Auto);
        assert_eq!(of("dbexec --color never run"), ColorChoice::Never);
        assert_eq!(of("dbexec run --color=ALWAYS"), ColorChoice::Always);
        assert_eq!(of("dbexec run --color=x"), ColorChoice::Auto);
        assert_eq!(of("dbexec run -- --color=always"), ColorChoice::Auto);
        assert_eq!(of("dbexec run --color"), ColorChoice::Auto);
    }

    #[test]
    fn labels_at_the_start_of_lines_are_colored() {
        assert_eq!(
            colored("a error: b\nerror: c\nhelp: d"),
            "a error: b\n\x1b[1m\x1b[91merror:\x1b[0m c\n\x1b[1m\x1b[96mhelp:\x1b[0m d"
        );
    }
}
