//! Repair of files with syntax errors, so that the rest of the file is read.
//!
//! The repaired text has the offsets of the original one. Invalid lines become empty lines, or keys
//! with a value of the wrong kind: the name exists, and its value does not.

use toml::de::DeTable;

use crate::source::Span;

/// A file after its repair.
#[derive(Debug)]
pub(super) struct Repaired {
    pub(super) text: String,
    /// The first error of each part that was repaired, and the errors that remain.
    pub(super) errors: Vec<(Span, String)>,
    tables: Vec<TableText>,
    /// Set if names of the file may be missing in the text.
    pub(super) loses_names: bool,
}

/// A table of a file, from its header to the next one.
#[derive(Debug)]
struct TableText {
    span: Span,
    is_valid: bool,
}

/// Repairs a text.
pub(super) fn repair(text: &str) -> Repaired {
    let mut repaired = Repaired {
        text: String::with_capacity(text.len()),
        errors: Vec::new(),
        tables: tables(text),
        loses_names: false,
    };
    for table in std::mem::take(&mut repaired.tables) {
        let part = &text[table.span.range()];
        if table.is_valid {
            repaired.text.push_str(part);
        } else {
            repaired.add_table(part, table.span.start);
        }
        repaired.tables.push(table);
    }
    let remaining = errors(&repaired.text);
    repaired.errors.extend(remaining);
    repaired
}

impl Repaired {
    /// Returns the tables that were repaired, and those with other errors at the given places.
    pub(super) fn broken(&self, places: &[usize]) -> impl Iterator<Item = Span> {
        let broken = self.tables.iter().filter(|table| {
            let is_last = table.span.end >= self.text.len();
            let contains = |&at: &usize| table.span.start <= at && (at < table.span.end || is_last);
            !table.is_valid || places.iter().any(contains)
        });
        broken.map(|table| table.span)
    }

    /// Repairs the lines of a table, which starts at this offset.
    fn add_table(&mut self, text: &str, start: usize) {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut at = start;
        // A line that cannot be repaired contains a name in tables of names, e.g. in `[ids]`.
        let mut has_names = true;
        if is_header(text) {
            let header = lines.remove(0);
            at += header.len();
            has_names = !header.contains('.');
            if is_valid(header) {
                self.text.push_str(header);
            } else {
                self.add_error(header, start);
                let Some(closed) = close_header(header) else {
                    self.loses_names = true;
                    self.blank(header);
                    for line in lines {
                        self.blank(line);
                    }
                    return;
                };
                self.text.push_str(&closed);
                // The bracket may be in the place of the line end.
                if !closed.ends_with('\n') && !lines.is_empty() {
                    let line = lines.remove(0);
                    at += line.len();
                    self.loses_names |= has_names;
                    self.blank(line);
                }
            }
        }
        self.add_lines(&lines, at, has_names);
    }

    fn add_lines(&mut self, mut lines: &[&str], mut at: usize, has_names: bool) {
        // The lines since the last valid value.
        let mut invalid = String::new();
        while let [line, behind @ ..] = lines {
            let count = value_lines(lines);
            let (valid, rest) = lines.split_at(count);
            if valid.is_empty() {
                if let Some(changed) = with_other_value(line) {
                    let start = at - invalid.len();
                    self.add_error(&std::mem::take(&mut invalid), start);
                    self.text.push_str(&changed);
                } else {
                    self.loses_names |= has_names;
                    self.blank(line);
                }
                invalid.push_str(line);
                at += line.len();
                lines = behind;
                continue;
            }
            self.add_error(&invalid, at - invalid.len());
            invalid.clear();
            for line in valid {
                self.text.push_str(line);
                at += line.len();
            }
            lines = rest;
        }
        self.add_error(&invalid, at - invalid.len());
    }

    /// Adds the first error of invalid lines.
    fn add_error(&mut self, lines: &str, start: usize) {
        let errors = errors(lines.trim_end_matches(['\n', '\r']));
        let first = errors.into_iter().min_by_key(|(span, _)| *span);
        let moved = first.map(|(span, message)| (span.offset_by(start), message));
        self.errors.extend(moved);
    }

    /// Adds an empty line of the same length.
    fn blank(&mut self, line: &str) {
        let content = line.trim_end_matches(['\n', '\r']);
        self.text.extend(std::iter::repeat_n(' ', content.len()));
        self.text.push_str(&line[content.len()..]);
    }
}

/// Returns the errors of a text.
pub(super) fn errors(text: &str) -> Vec<(Span, String)> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let errors = errors.iter().map(|error| {
        let span = error.span().map_or(Span::START, Span::from);
        (span, error.message().to_owned())
    });
    errors.collect()
}

/// Returns the tables of a text, each from a header to the next one.
fn tables(text: &str) -> Vec<TableText> {
    /// A line of a string or list that looks like a header is followed by the end of the value.
    const MAX_JOINED: usize = 8;
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && is_header(line) {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(text.len());
    let mut tables = Vec::new();
    let mut index = 0;
    while index + 1 < starts.len() {
        let ends = starts[index + 1..].iter().take(MAX_JOINED);
        let found = ends
            .clone()
            .position(|end| is_valid(&text[starts[index]..*end]));
        let last = index + 1 + found.unwrap_or(0);
        tables.push(TableText {
            span: Span::from(starts[index]..starts[last]),
            is_valid: found.is_some(),
        });
        index = last;
    }
    tables
}

fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

fn is_valid(text: &str) -> bool {
    DeTable::parse(text).is_ok()
}

/// Returns a header with a bracket behind its name, at the offsets of the original one.
fn close_header(line: &str) -> Option<String> {
    let open = line.find('[')?;
    let is_name = |c: char| c.is_alphanumeric() || "_-.\"' ".contains(c);
    let name = line[open + 1..].trim_start_matches('[');
    let start = line.len() - name.len();
    let name = &name[..name.find(|c| !is_name(c)).unwrap_or(name.len())];
    let end = start + name.trim_end().len();
    let mut closed = format!("{:open$}{:>2$}", "", "[", start - open);
    closed.push_str(&line[start..end]);
    closed.push(']');
    let content = line.trim_end_matches(['\n', '\r']).len();
    closed.extend(std::iter::repeat_n(' ', content.saturating_sub(end + 1)));
    closed.push_str(line.get(closed.len()..).unwrap_or_default());
    is_valid(&closed).then_some(closed)
}

/// Returns the number of lines of the valid value at the start, or 0.
fn value_lines(lines: &[&str]) -> usize {
    const MAX_LINES: usize = 32;
    let first = lines.first().copied().unwrap_or_default();
    if is_valid(first) {
        return 1;
    }
    let opens = first.trim_end().ends_with(['[', '{', ',']);
    if !opens && !first.contains("\"\"\"") && !first.contains("'''") {
        return 0;
    }
    let mut value = first.to_owned();
    for (index, line) in lines.iter().enumerate().take(MAX_LINES).skip(1) {
        value.push_str(line);
        if is_valid(&value) {
            return index + 1;
        }
    }
    0
}

/// Returns a line with its key and a value that no key can have, or the beginning of a table, at the
/// offsets of the original one.
fn with_other_value(line: &str) -> Option<String> {
    const INVALID: &str = "nan";
    let content = line.trim_end_matches(['\n', '\r']);
    let (key, value) = content.split_once('=')?;
    if let Some(closed) = close_table(content, key.len() + 1) {
        return Some(format!("{closed}{}", &line[content.len()..]));
    }
    let invalid = if value.len() >= INVALID.len() {
        INVALID
    } else {
        "0"
    };
    let mut changed = if value.is_empty() {
        format!("{}=", key.strip_suffix(' ')?)
    } else {
        format!("{key}=")
    };
    changed.push_str(invalid);
    changed.extend(std::iter::repeat_n(' ', content.len() - changed.len()));
    changed.push_str(&line[content.len()..]);
    is_valid(&changed).then_some(changed)
}

/// Returns a line whose value, at this offset, is an inline table that is closed after one of its
/// fields, at the offsets of the original one.
fn close_table(line: &str, value: usize) -> Option<String> {
    const MAX_TRIED: usize = 8;
    let open = value + line[value..].find(|c: char| !c.is_whitespace())?;
    if !line[open..].starts_with('{') || line.len() < open + 2 {
        return None;
    }
    let commas = line[open..].rmatch_indices(',').map(|(at, _)| open + at);
    commas.take(MAX_TRIED).chain([open + 1]).find_map(|end| {
        let mut closed = format!("{}}}", &line[..end]);
        closed.extend(std::iter::repeat_n(' ', line.len() - closed.len()));
        is_valid(&closed).then_some(closed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str, loses_names: bool) {
        let repaired = repair(text);
        assert_eq!(repaired.text, expected);
        assert_eq!(repaired.loses_names, loses_names);
        // A bracket at the end of the file needs space.
        assert!([0, 1].contains(&(expected.len() - text.len())));
    }

    #[test]
    fn lines_without_a_value_keep_their_keys() {
        check("[a.b]\nc = \"x\nd = 1\n", "[a.b]\nc =nan\nd = 1\n", false);
        check("[a.b]\nc = \nd = 1\n", "[a.b]\nc =0\nd = 1\n", false);
        check("[a.b]\nc =\nd = 1\n", "[a.b]\nc=0\nd = 1\n", false);
        check("[a.b]\nc\nd = 1\n", "[a.b]\n \nd = 1\n", false);
        check("[ids]\nC\nD = \"\"\n", "[ids]\n \nD = \"\"\n", true);
        let text = "[a.b]\nc = { d = \"x\", e = { f = 1, g\nh = 1\n";
        check(
            text,
            "[a.b]\nc = { d = \"x\"}               \nh = 1\n",
            false,
        );
        check("[a.b]\nc = { d\n", "[a.b]\nc = {} \n", false);
        check("a = {\n[b]\nc = 1\n", "a =0 \n[b]\nc = 1\n", false);
    }

    #[test]
    fn headers_are_closed() {
        check("[a.b\nc = 1\nd = 1\n", "[a.b]     \nd = 1\n", false);
        check("[a.b.\nc = 1\n", "     \n     \n", true);
        check("[a.b # x\n[c]\n", "[a.b]   \n[c]\n", false);
        check("[[a.b]\n[c]\n", " [a.b]\n[c]\n", false);
        check("[a.b", "[a.b]", false);
    }

    #[test]
    fn values_of_several_lines_are_kept() {
        let text = "[a.b]\nc = [\n  1,\n]\nd = \"\"\"\nx\n\"\"\"\ne = \n";
        let expected = "[a.b]\nc = [\n  1,\n]\nd = \"\"\"\nx\n\"\"\"\ne =0\n";
        check(text, expected, false);
        // The line in the string is no header.
        let text = "[a.b]\nd = \"\"\"\n[x]\n\"\"\"\n[c]\nd = \n";
        let broken: Vec<_> = repair(text).broken(&[]).collect();
        assert_eq!(broken, [Span::from(22..text.len())]);
    }
}
