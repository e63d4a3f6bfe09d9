//! Parser for the INI format of profile files.
//!
//! The format is that of the Databricks tools. Details that their implementations differ in:
//!
//! - A key ends at the first `=` or `:`. Keys and section names are case-sensitive.
//! - A comment starts with `#` or `;` at the start of a line, or after a value and white space. The
//!   first character of a value never starts a comment.
//! - A value in `"` or `'` is the text between the quotes. There are no escapes.
//! - Sections with the same name are merged. The last value of a key takes precedence.
//! - Keys before the first section belong to `DEFAULT`.
//! - Values do not continue on the next line.

use std::collections::HashMap;

use super::file::SyntaxError;

/// Name of the default section.
pub(super) const DEFAULT: &str = "DEFAULT";

/// Section of a profile file. It has no `Debug`, since any value may be a secret.
pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    pub(super) values: Vec<Value<'a>>,
}

/// Key with its value. It has no `Debug`, since any value may be a secret.
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    pub(super) text: &'a str,
    /// Line number, starting at 1.
    pub(super) line: usize,
}

impl<'a> Section<'a> {
    /// Returns the last value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let mut latest_first = self.values.iter().rev();
        latest_first
            .find(|value| value.key == key)
            .map(|value| value.text)
    }
}

/// Parses a profile file into its sections, in the order of their first header.
pub(super) fn parse(text: &str) -> Result<Vec<Section<'_>>, SyntaxError> {
    let mut sections = Sections::default();
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let error = |message| SyntaxError {
            line: index + 1,
            message,
        };
        if line.is_empty() || is_comment(line) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = parse_header(rest).map_err(error)?;
            current = Some(sections.index_of(name));
        } else {
            let (key, text) = parse_pair(line).map_err(error)?;
            let section = *current.get_or_insert_with(|| sections.index_of(DEFAULT));
            sections.list[section].values.push(Value {
                key,
                text,
                line: index + 1,
            });
        }
    }
    Ok(sections.list)
}

/// Kind of a line.
pub(super) enum Line<'a> {
    /// Header with the name of a section.
    Header(&'a str),
    /// Value with its key.
    Value(&'a str),
    /// Empty line, comment or syntax error.
    Other,
}

/// Parses a line.
pub(super) fn parse_line(line: &str) -> Line<'_> {
    let line = line.trim();
    if line.is_empty() || is_comment(line) {
        return Line::Other;
    }
    let parsed = match line.strip_prefix('[') {
        Some(rest) => parse_header(rest).map(Line::Header),
        None => parse_pair(line).map(|(key, _)| Line::Value(key)),
    };
    parsed.unwrap_or(Line::Other)
}

#[derive(Default)]
struct Sections<'a> {
    list: Vec<Section<'a>>,
    indices: HashMap<&'a str, usize>,
}

impl<'a> Sections<'a> {
    /// Returns the index of a section, and adds the section if it does not exist.
    fn index_of(&mut self, name: &'a str) -> usize {
        *self.indices.entry(name).or_insert_with(|| {
            let values = Vec::new();
            self.list.push(Section { name, values });
            self.list.len() - 1
        })
    }
}

fn parse_header(rest: &str) -> Result<&str, &'static str> {
    let (name, after) = rest
        .split_once(']')
        .ok_or("missing `]` after the profile name")?;
    if !after.is_empty() && !is_comment(after.trim_start()) {
        return Err("unexpected text after `]`, expected a comment");
    }
    match name.trim() {
        "" => Err("empty profile name"),
        name => Ok(name),
    }
}

fn parse_pair(line: &str) -> Result<(&str, &str), &'static str> {
    let (key, value) = line
        .split_once(['=', ':'])
        .ok_or("expected `[profile]`, `key = value` or a comment")?;
    match key.trim() {
        "" => Err("missing key"),
        key => Ok((key, parse_value(value.trim()))),
    }
}

fn parse_value(text: &str) -> &str {
    unquote(text).unwrap_or_else(|| strip_comment(text))
}

/// Returns the text between quotes, if nothing but a comment follows the closing quote.
fn unquote(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (quoted, after) = text[1..].split_once(quote)?;
    (after.is_empty() || starts_comment(after)).then_some(quoted)
}

/// Removes a comment after white space. A `#` at the start of a value is part of the value.
fn strip_comment(text: &str) -> &str {
    let markers = text.char_indices().filter(|(_, c)| matches!(c, '#' | ';'));
    let before_markers = markers.map(|(index, _)| &text[..index]);
    let mut before_comments = before_markers.filter(|text| text.ends_with(char::is_whitespace));
    before_comments.next().map_or(text, str::trim_end)
}

/// Returns whether the text starts with white space and a comment.
fn starts_comment(text: &str) -> bool {
    let comment = text.trim_start();
    comment.len() < text.len() && is_comment(comment)
}

fn is_comment(text: &str) -> bool {
    text.starts_with(['#', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section, key and value of all entries.
    fn entries(text: &str) -> Vec<(String, String, String)> {
        let mut entries = Vec::new();
        for section in parse(text).unwrap() {
            for Value { key, text, .. } in section.values {
                entries.push((section.name.to_owned(), key.to_owned(), text.to_owned()));
            }
        }
        entries
    }

    #[test]
    fn quotes_and_comments_of_values_are_removed() {
        let cases = [
            ("token = dapi", "dapi"),
            ("token=dapi", "dapi"),
            ("token: dapi", "dapi"),
            ("  token\t=\tdapi  \r", "dapi"),
            ("token = dapi#abc;def", "dapi#abc;def"),
            ("token = dapi # comment", "dapi"),
            ("token = dapi\t; comment # more", "dapi"),
            ("token = a b  # comment", "a b"),
            ("token = #dapi", "#dapi"),
            ("token = #dapi #comment", "#dapi"),
            ("token = \"dapi\"", "dapi"),
            ("token = 'dapi' ; comment", "dapi"),
            ("token = \"a # b\"", "a # b"),
            ("token = \" a \"", " a "),
            ("token = \"it's\"", "it's"),
            ("token = \"dapi'", "\"dapi'"),
            ("token = \"a\" \"b\"", "\"a\" \"b\""),
            ("token = \"a\"b", "\"a\"b"),
            ("token = \"", "\""),
            ("token = a=b:c", "a=b:c"),
            ("token: https://a:1", "https://a:1"),
            ("token = dapi\\", "dapi\\"),
            ("token =", ""),
            ("token = é #", "é"),
        ];
        for (line, value) in cases {
            let key = "token".to_owned();
            assert_eq!(
                entries(line),
                [(DEFAULT.to_owned(), key, value.to_owned())],
                "{line}"
            );
        }
    }

    #[test]
    fn sections_are_merged_and_keep_their_order() {
        let text = "; comment\nhost = 1\n\n[ dev ] # comment\nhost = 2\n\tToken = 3\n[DEFAULT]\n\
                    host = 4\n[dev]\nhost = 5\n[Dev]\n";
        let expected = [
            ("DEFAULT", "host", "1"),
            ("DEFAULT", "host", "4"),
            ("dev", "host", "2"),
            ("dev", "Token", "3"),
            ("dev", "host", "5"),
        ];
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(entries(text), expected);

        let sections = parse(text).unwrap();
        let names: Vec<_> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names, ["DEFAULT", "dev", "Dev"]);
        assert_eq!(sections[0].get("host"), Some("4"));
        assert_eq!(sections[1].get("host"), Some("5"));
        assert_eq!(sections[1].get("token"), None);
    }

    #[test]
    fn syntax_errors_have_a_line_and_no_content() {
        let cases = [
            ("[dev]\ntoken = a\ndapi0123\n", 3, "expected `[profile]`"),
            ("[dev\n", 1, "missing `]`"),
            ("\n[dev] x\n", 2, "after `]`"),
            ("[ ]\n", 1, "empty"),
            ("# a\r\n= dapi0123\r\n", 2, "missing key"),
        ];
        for (text, line, part) in cases {
            let error = parse(text).err().unwrap();
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(part), "{text}: {error:?}");
        }
    }

    #[test]
    fn quoted_values_round_trip() {
        arbtest::arbtest(|u| {
            let value: String = u.arbitrary()?;
            if !value.contains(['"', '\n']) {
                let read = entries(&format!("[a]\nkey = \"{value}\" # comment"));
                assert_eq!(read, [("a".to_owned(), "key".to_owned(), value)]);
            }
            Ok(())
        });
    }
}
