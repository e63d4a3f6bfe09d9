//! Faults of TOML's own syntax, in words that fit what the author did.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::source::{Source, Span};

/// So many duplicates get the place of their first definition; each costs a parse of what is
/// before it.
const TRACED_DUPLICATES: usize = 20;

/// Parses the text, or says what is wrong with it: one fault a line.
pub(crate) fn parse(source: &Source) -> Result<DeTable<'_>, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    if errors.is_empty() {
        return Ok(table.into_inner());
    }
    let mut faults: Vec<(Span, &str)> = errors
        .iter()
        .map(|error| {
            (
                error.span().map_or(Span::START, Span::from),
                error.message(),
            )
        })
        .map(|(span, message)| (source.clamp(span), message))
        .collect();
    faults.sort_by_key(|(span, _)| *span);
    faults.dedup_by_key(|(span, _)| source.line_of(span.start));
    let mut diagnoser = Diagnoser {
        source,
        traced: 0,
        repeated: Span::START,
    };
    Err(faults
        .iter()
        .filter_map(|(span, message)| diagnoser.diagnose(*span, message))
        .collect())
}

struct Diagnoser<'s> {
    source: &'s Source,
    /// How many first definitions have been looked for.
    traced: usize,
    /// The table that was opened a second time last: its keys are no news.
    repeated: Span,
}

impl Diagnoser<'_> {
    fn diagnose(&mut self, span: Span, message: &str) -> Option<Diagnostic> {
        if message == "duplicate key" {
            return self.duplicate(span);
        }
        if message.starts_with("cannot extend value") {
            return Some(self.not_a_table(span));
        }
        Some(reword(self.source, span, message))
    }

    fn duplicate(&mut self, span: Span) -> Option<Diagnostic> {
        if self.repeated.start <= span.start && span.start < self.repeated.end {
            return None;
        }
        let name = self.name(span);
        let (message, help) = if is_header(self.source, span) {
            self.repeated = table_after(self.source, span);
            (
                format!("table `{name}` is defined twice"),
                "put both into one table",
            )
        } else {
            (
                format!("key `{name}` is defined twice"),
                "keep one of the two",
            )
        };
        let diagnostic =
            Diagnostic::new(Code::DuplicateKey, message, span, "defined again here").help(help);
        Some(self.with_first(diagnostic, span, "first defined here"))
    }

    fn not_a_table(&mut self, span: Span) -> Diagnostic {
        let message = format!(
            "`{}` has a value already, nothing can be added",
            self.name(span)
        );
        let diagnostic = Diagnostic::new(Code::DuplicateKey, message, span, "used as a table here")
            .help("write everything that belongs into the table in one place");
        self.with_first(diagnostic, span, "the value")
    }

    fn with_first(&mut self, diagnostic: Diagnostic, span: Span, label: &str) -> Diagnostic {
        self.traced += 1;
        if self.traced > TRACED_DUPLICATES {
            return diagnostic;
        }
        match first_definition(self.source, span) {
            Some(first) => diagnostic.label(first, label),
            None => diagnostic,
        }
    }

    fn name(&self, span: Span) -> String {
        let text = &self.source.text()[span.range()];
        shown(&key_value(text).unwrap_or_else(|| text.to_owned()))
    }
}

fn reword(source: &Source, span: Span, message: &str) -> Diagnostic {
    let text = &source.text()[span.range()];
    let before = source.text()[..span.start].trim_end_matches([' ', '\t']);
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let nothing = text.trim().is_empty() || text.starts_with('#') || text.starts_with(',');
    match what {
        _ if before.ends_with('=') && nothing => missing_value(before.len()),
        "string values must be quoted" => unquoted(source, span),
        "key with no value" => key_alone(source, span),
        "invalid unquoted key" => odd_key(source, span),
        _ => match known(what, expected, &source.text()[span.start..]) {
            Some((message, label, help)) => {
                with_help(Code::InvalidToml, message, span, label, help)
            }
            None => other(span, what, expected),
        },
    }
}

/// What some faults are in other words, what to say at the place, and what to do.
fn known(
    what: &str,
    expected: &str,
    next: &str,
) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match what {
        "unclosed table" | "unclosed array table" => {
            ("a table header is not closed", "`]` is due here", "")
        }
        "unclosed array" => ("a list is not closed", "`]` is due here", ""),
        "unclosed inline table" => ("a table is not closed", "`}` is due here", ""),
        "missing comma between array elements" if next.starts_with('}') => {
            ("a list is not closed", "`]` is due here", "")
        }
        "missing comma between array elements" => (
            "a comma is missing",
            "`,` is due here",
            "put a comma between the items of a list",
        ),
        "missing comma between key-value pairs" => (
            "a comma is missing",
            "`,` is due here",
            "put a comma between the keys of a table",
        ),
        "invalid basic string" if expected == "`\"`" => (
            "a text is not closed",
            "`\"` is due here",
            "text that runs over several lines stands in `\"\"\"`",
        ),
        "invalid literal string" if expected == "`'`" => (
            "a text is not closed",
            "`'` is due here",
            "text that runs over several lines stands in `'''`",
        ),
        "invalid basic string" | "invalid literal string" => (
            "a text with a character that cannot be seen",
            "this character",
            "write it as an escape in double quotes, as in `\"\\t\"` or `\"\\u0007\"`",
        ),
        "missing escaped value" => (
            "an unknown escape in a text",
            "means nothing after a backslash",
            "write a backslash as `\\\\`, or put the text in single quotes",
        ),
        "unexpected key or value" => (
            "two things on one line",
            "a new line is due here",
            "a line holds one key and its value",
        ),
        "recursion limit" | "cannot recurse further; max recursion depth met" => {
            ("the file nests too deep", "one level too many", "")
        }
        _ => return None,
    })
}

fn with_help(code: Code, message: &str, span: Span, label: &str, help: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, message, span, label);
    if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help)
    }
}

/// A fault in the words of the parser.
fn other(span: Span, what: &str, expected: &str) -> Diagnostic {
    let label = match expected {
        "" => String::new(),
        expected => format!("expected {}", expected.replace('\n', "\\n")),
    };
    Diagnostic::new(Code::InvalidToml, shown(what), span, shown(&label))
}

fn missing_value(at: usize) -> Diagnostic {
    let span = Span { start: at, end: at };
    with_help(
        Code::MissingValue,
        "a key without a value",
        span,
        "a value is missing here",
        "write the value on the same line, or leave out the key altogether",
    )
}

fn unquoted(source: &Source, span: Span) -> Diagnostic {
    // The parser stops at the first blank, but the author's text goes on.
    let line = source.text()[span.start..]
        .lines()
        .next()
        .unwrap_or_default();
    let text = line
        .split([',', '#', '}', ']', '{', '[', '"', '\''])
        .next()
        .unwrap_or_default();
    let end = (span.start + text.trim_end().len()).max(span.end);
    let span = Span {
        start: span.start,
        end,
    };
    let text = &source.text()[span.range()];
    Diagnostic::new(
        Code::UnquotedText,
        "text without quotes",
        span,
        "text goes in quotes",
    )
    .help(format!("write `\"{}\"`", shown(text)))
    .suggest(span, format!("\"{text}\""))
}

/// A key with no `=` after it. The parser points behind it.
fn key_alone(source: &Source, span: Span) -> Diagnostic {
    let before = source.text()[..span.start].trim_end_matches([' ', '\t']);
    let start = before.rfind(['\n', ',', '{']).map_or(0, |at| at + 1);
    let key = before[start..].trim_start();
    let key_span = Span {
        start: before.len() - key.len(),
        end: before.len(),
    };
    let rest = source.text()[span.start..]
        .lines()
        .next()
        .unwrap_or_default()
        .trim();
    let name = shown(key);
    if rest.is_empty() || rest.starts_with(['#', ',', '}']) {
        let message = format!("`{name}` has no value");
        let label = "`=` and a value are missing after this";
        return Diagnostic::new(Code::MissingValue, message, key_span, label);
    }
    let message = format!("`=` is missing after `{name}`");
    Diagnostic::new(Code::MissingValue, message, span, "`=` is due here")
}

/// A bare key with characters that bare keys cannot have.
fn odd_key(source: &Source, span: Span) -> Diagnostic {
    const ENDS: [char; 9] = [' ', '\t', '\n', '\r', '=', '.', ',', '{', '['];
    let text = source.text();
    let start = text[..span.start].rfind(ENDS).map_or(0, |at| at + 1);
    let end = text[span.start..].find([' ', '\t', '\n', '\r', '=', '.', ',', '}', ']']);
    let end = end.map_or(text.len(), |len| span.start + len).max(span.end);
    let span = Span { start, end };
    let key = &text[span.range()];
    Diagnostic::new(
        Code::InvalidToml,
        "a key that needs quotes",
        span,
        "not only `A-Za-z0-9_-`",
    )
    .help(format!("write `\"{}\"`", shown(key)))
    .suggest(span, format!("\"{key}\""))
}

/// Whether a span lies in the header of a table.
fn is_header(source: &Source, span: Span) -> bool {
    let (_, line) = source.lines_of(span);
    source.text()[line.range()].trim_start().starts_with('[')
}

/// From a header to the next.
fn table_after(source: &Source, span: Span) -> Span {
    let rest = &source.text()[span.end..];
    let end = rest
        .find("\n[")
        .map_or(source.text().len(), |len| span.end + len);
    Span {
        start: span.end,
        end,
    }
}

/// Finds where a duplicate key was defined first: puts another name in its place, parses again up
/// to there, and looks for the old name beside the new.
fn first_definition(source: &Source, span: Span) -> Option<Span> {
    const MARK: &str = "\"\\u0001 the duplicate\"";
    let text = source.text();
    let name = key_value(&text[span.range()])?;
    let (_, line) = source.lines_of(span);
    let before = &text[..span.start];
    let changed = format!("{before}{MARK}{}", &text[span.end..line.end.max(span.end)]);
    let (table, _) = DeTable::parse_recoverable(&changed);
    let beside = find_mark(table.get_ref())?;
    let (key, _) = beside
        .iter()
        .find(|(key, _)| key.get_ref().as_ref() == name)?;
    let first = Span::from(key.span());
    (first.end <= span.start).then(|| source.clamp(first))
}

/// The text of a key, its quotes and escapes resolved.
fn key_value(key: &str) -> Option<String> {
    let document = format!("{key} = 0");
    let table = DeTable::parse(&document).ok()?.into_inner();
    let (key, _) = table.iter().next()?;
    Some(key.get_ref().clone().into_owned())
}

/// The table that holds the mark. The parser has bounded the depth.
fn find_mark<'t, 'i>(table: &'t DeTable<'i>) -> Option<&'t DeTable<'i>> {
    if table
        .keys()
        .any(|key| key.get_ref().as_ref() == "\u{1} the duplicate")
    {
        return Some(table);
    }
    table.values().find_map(|value| find_mark_below(value))
}

fn find_mark_below<'t, 'i>(value: &'t Spanned<DeValue<'i>>) -> Option<&'t DeTable<'i>> {
    match value.get_ref() {
        DeValue::Table(table) => find_mark(table),
        DeValue::Array(array) => array.iter().find_map(find_mark_below),
        _ => None,
    }
}
