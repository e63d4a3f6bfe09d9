//! A server's words, fit for people.

use std::borrow::Cow;

/// Without ANSI sequences, HTML tags and the line ends around.
pub(crate) fn cleaned(text: &str) -> String {
    without_markup(&without_ansi(text))
        .trim_matches(['\n', '\r'])
        .to_owned()
}

/// A summary in plain text: as [`cleaned`], and without HTML wherever it stands.
pub(crate) fn cleaned_summary(text: &str) -> String {
    without_known_tags(&without_ansi(text)).trim().to_owned()
}

/// What stands at the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    None,
    /// It may become a prompt when more of the line is there.
    Begun,
    /// A prompt of so many bytes.
    Whole(usize),
}

/// Looks for the prompt that `IPython` writes before a value: `Out[12]: `.
pub(crate) fn prompt(line: &str) -> Prompt {
    const START: &str = "Out[";
    let Some(rest) = line.strip_prefix(START) else {
        let is_begun = START.starts_with(line) && !line.is_empty();
        return if is_begun {
            Prompt::Begun
        } else {
            Prompt::None
        };
    };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let number = rest.len() - after.len();
    let end = "]: ";
    if number > 0 && after.starts_with(end) {
        Prompt::Whole(START.len() + number + end.len())
    } else if end.starts_with(after) && (number > 0 || after.is_empty()) {
        Prompt::Begun
    } else {
        Prompt::None
    }
}

/// Without the prompts that `IPython` writes before values. `is_line` tells whether the text begins
/// with a line, or in the middle of one.
pub(crate) fn without_prompts(text: &str, is_line: bool) -> Cow<'_, str> {
    if !text.contains("Out[") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = match prompt(line) {
            Prompt::Whole(length) if index > 0 || is_line => length,
            _ => 0,
        };
        plain.push_str(&line[start..]);
    }
    Cow::Owned(plain)
}

fn without_ansi(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\u{1b}' if characters.next_if_eq(&'[').is_some() => end_of_sequence(&mut characters),
            '\u{9b}' => end_of_sequence(&mut characters),
            '\u{1b}' => {}
            c => plain.push(c),
        }
    }
    plain
}

/// A control sequence ends with the first character from `@` to `~`.
fn end_of_sequence(characters: &mut impl Iterator<Item = char>) {
    characters.find(|c| ('@'..='~').contains(c));
}

/// Only text that begins like markup has its tags removed: `a < b` in a traceback is none.
fn without_markup(text: &str) -> String {
    if !text.trim_start().starts_with('<') || !text.contains("</") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    unescaped(&plain)
}

/// Without the tags that servers put into summaries, wherever they stand.
fn without_known_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let length = tag(&rest[start..]).unwrap_or(0);
        // What is no tag keeps its `<`.
        let kept = if length == 0 { start + 1 } else { start };
        plain.push_str(&rest[..kept]);
        rest = &rest[kept + length..];
    }
    plain.push_str(rest);
    unescaped(&plain)
}

/// The length of the tag at the beginning, if it is one of HTML.
fn tag(text: &str) -> Option<usize> {
    const NAMES: [&str; 16] = [
        "a", "b", "br", "code", "div", "em", "font", "i", "li", "p", "pre", "span", "strong", "tt",
        "u", "ul",
    ];
    let length = text.find('>')?;
    let inside = text.get(1..length)?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let name = inside.split(char::is_whitespace).next()?;
    let is_known = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    (is_known && !inside.contains('<')).then_some(length + 1)
}

/// With the characters that entities stand for.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let (c, length) = entity(rest).unwrap_or(('&', 1));
        plain.push(c);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// The character and the length of the entity at the beginning.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "nbsp" => ' ',
        name => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16)?,
            None => number(&name[1..], 10)?,
        },
    };
    Some((c, end + 1))
}

/// Whether a text looks like HTML.
pub(crate) fn is_html(text: &str) -> bool {
    const SIGNS: [&str; 4] = ["<html", "<div", "<!doctype html", "</table>"];
    let mut tags = text
        .match_indices('<')
        .map(|(at, _)| &text.as_bytes()[at..]);
    tags.any(|tag| {
        SIGNS.iter().any(|sign| {
            tag.get(..sign.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(sign.as_bytes()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_markup_go_and_code_stays() {
        let cases = [
            ("\u{1b}[0;31mName\u{1b}[0m\n", "Name"),
            ("\u{9b}31mred", "red"),
            ("<div class=\"x\">a &amp; b</div>", "a & b"),
            ("if a < b and c > d: </", "if a < b and c > d: </"),
            ("<module> in x", "<module> in x"),
            ("\u{1b}[", ""),
            ("<a></a", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(cleaned(given), expected, "{given:?}");
        }
    }

    #[test]
    fn only_a_prompt_is_taken_for_one() {
        for (given, expected) in [
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
            assert_eq!(without_prompts(given, true), expected);
        }
        assert_eq!(without_prompts("Out[1]: 2", false), "Out[1]: 2");
    }

    #[test]
    fn a_prompt_may_have_begun() {
        for begun in ["O", "Out[", "Out[1", "Out[1]", "Out[1]:"] {
            assert_eq!(prompt(begun), Prompt::Begun, "{begun}");
        }
        for none in ["", "o", "Oups", "Out]", "Out[]", "Out[1] ", "Out[1]:x"] {
            assert_eq!(prompt(none), Prompt::None, "{none}");
        }
        assert_eq!(prompt("Out[1]: x"), Prompt::Whole(8));
    }
}
