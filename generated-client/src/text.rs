//! A server's words, fit for people.

use serde_json::Value;

use crate::TableResults;

/// Without ANSI sequences, HTML tags and the line ends around.
pub(crate) fn cleaned(text: &str) -> String {
    without_markup(&without_ansi(text))
        .trim_matches(['\n', '\r'])
        .to_owned()
}

/// Without the prompt that `IPython` writes before a value.
pub(crate) fn without_prompt(text: &str) -> &str {
    let prompt = text
        .strip_prefix("Out[")
        .and_then(|rest| rest.split_once("]: "));
    match prompt {
        Some((number, value)) if number.chars().all(|c| c.is_ascii_digit()) => value,
        _ => text,
    }
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
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(plain, |text, (from, to)| text.replace(from, to))
}

/// Rows under the names of their columns, in aligned columns.
pub(crate) fn table(table: &TableResults) -> String {
    let columns = table.schema.as_deref().unwrap_or_default();
    let header = columns.iter().map(|column| column.name.clone()).collect();
    let rows = table.data.as_deref().unwrap_or_default();
    let mut lines: Vec<Vec<String>> = vec![header];
    lines.extend(rows.iter().map(|row| row.iter().map(cell).collect()));
    let count = lines.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<_> = (0..count).map(|at| width(&lines, at)).collect();
    let text: Vec<_> = lines.iter().map(|line| aligned(line, &widths)).collect();
    text.join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn width(lines: &[Vec<String>], at: usize) -> usize {
    lines
        .iter()
        .filter_map(|line| line.get(at))
        .map(|cell| cell.chars().count())
        .max()
        .unwrap_or(0)
}

fn aligned(line: &[String], widths: &[usize]) -> String {
    let cells: Vec<_> = line
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    cells.join("  ").trim_end().to_owned()
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
            ("Out[x]: 42", "Out[x]: 42"),
            ("Out[1] 42", "Out[1] 42"),
            ("", ""),
        ] {
            assert_eq!(without_prompt(given), expected);
        }
    }
}
