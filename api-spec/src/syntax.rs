//! Faults of TOML's own syntax, in words that fit what the author did.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
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
    let mut faults: Vec<(Span, String)> = errors
        .iter()
        .map(|error| {
            let span = error.span().map_or(Span::START, Span::from);
            (source.clamp(span), error.message().to_owned())
        })
        .collect();
    faults.sort_by_key(|(span, _)| *span);
    faults.dedup_by_key(|(span, _)| source.line_of(span.start));
    let mut traced = 0;
    let diagnose = |(span, message): (Span, String)| {
        if message != "duplicate key" {
            return reword(source, span, &message);
        }
        traced += 1;
        let first = (traced <= TRACED_DUPLICATES)
            .then(|| first_definition(source, span))
            .flatten();
        duplicate(source, span, first)
    };
    Err(faults.into_iter().map(diagnose).collect())
}

fn reword(source: &Source, span: Span, message: &str) -> Diagnostic {
    let text = &source.text()[span.range()];
    // toml adds what it expected after a comma, or after a line break.
    let what = message.split([',', '\n']).next().unwrap_or(message).trim();
    let value_is_missing = text.trim().is_empty() || text.starts_with('#');
    match what {
        "string values must be quoted" | "missing value" if value_is_missing => {
            missing_value(source, span)
        }
        "string values must be quoted" => unquoted(source, span),
        "key with no value" => key_alone(span, text),
        "missing value for key" => missing_value(source, span),
        "recursion limit" | "cannot recurse further; max recursion depth met" => Diagnostic::new(
            Code::InvalidToml,
            "the file nests too deep",
            span,
            "too deep from here",
        ),
        _ => other(source, span, message, what),
    }
}

fn missing_value(source: &Source, span: Span) -> Diagnostic {
    let at = end_of_equals(source, span.start);
    Diagnostic::new(
        Code::MissingValue,
        "a key without a value",
        at,
        "a value is missing here",
    )
    .help("write the value on the same line, or leave out the key altogether")
}

fn unquoted(source: &Source, span: Span) -> Diagnostic {
    let text = &source.text()[span.range()];
    // The parser stops at the first blank, but the author's text goes on.
    let rest = &source.text()[span.start..];
    let line = rest.lines().next().unwrap_or(text);
    let bare = line
        .split([',', '#', '}', ']', '"', '\'', '{', '['])
        .next()
        .unwrap_or(text)
        .trim_end();
    let bare = if bare.len() < text.len() { text } else { bare };
    let at = Span {
        start: span.start,
        end: span.start + bare.len(),
    };
    let diagnostic = Diagnostic::new(
        Code::UnquotedText,
        "text without quotes",
        at,
        "text goes in quotes",
    )
    .help(format!("write `\"{}\"`", crate::raw::shown(bare)));
    diagnostic.suggest(at, format!("\"{bare}\""))
}

fn key_alone(span: Span, text: &str) -> Diagnostic {
    let message = format!("`{}` has no value", crate::raw::shown(text));
    Diagnostic::new(
        Code::MissingValue,
        message,
        span,
        "`=` and a value are missing after this",
    )
}

fn other(source: &Source, span: Span, message: &str, what: &str) -> Diagnostic {
    let expected = message
        .split_once("expected ")
        .map(|(_, expected)| expected.trim());
    let label = match expected {
        Some("") | None => String::new(),
        Some("`\n`, `#`") => "expected the end of the line".to_owned(),
        Some(expected) => format!("expected {}", expected.replace('\n', "\\n")),
    };
    let diagnostic = Diagnostic::new(Code::InvalidToml, what, span, label);
    match hint(source, span, what) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn hint(source: &Source, span: Span, what: &str) -> Option<&'static str> {
    let line = source.text()[..span.start]
        .lines()
        .next_back()
        .unwrap_or_default()
        .trim_start();
    match what {
        "unclosed table" | "unclosed array table" => Some("close the header with `]`"),
        "unclosed array" => Some("close the list with `]`"),
        "unclosed inline table" => Some("close the table with `}`"),
        "missing comma between key-value pairs" | "missing comma between array elements" => {
            Some("put a comma between the two")
        }
        "invalid unquoted key" => Some("quote keys that are not letters, digits, `-` and `_`"),
        "unexpected key or value" if line.contains('=') => {
            Some("one line holds one key and its value")
        }
        _ => None,
    }
}

fn duplicate(source: &Source, span: Span, first: Option<Span>) -> Diagnostic {
    let name = crate::raw::shown(&source.text()[span.range()]);
    let (start, header) = header_of(source, span);
    let (message, label) = if header {
        (
            format!("table `{name}` is defined twice"),
            "defined again here",
        )
    } else {
        (format!("duplicate key `{name}`"), "defined again here")
    };
    let diagnostic = Diagnostic::new(Code::DuplicateKey, message, span, label).help(if header {
        "put both into one table"
    } else {
        "keep one of the two"
    });
    match first.filter(|first| first.start < start.max(span.start)) {
        Some(first) => diagnostic.label(first, "first defined here"),
        None => diagnostic,
    }
}

/// Where the line of `span` begins, and whether it is a table header.
fn header_of(source: &Source, span: Span) -> (usize, bool) {
    let (_, line) = source.lines_of(span);
    (
        line.start,
        source.text()[line.range()].trim_start().starts_with('['),
    )
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

/// The place after the `=` at or before an offset, where a value was due.
fn end_of_equals(source: &Source, offset: usize) -> Span {
    let text = source.text();
    let end = text[..offset].trim_end_matches([' ', '\t']).len();
    let end = if text[..end].ends_with('=') {
        end
    } else {
        offset
    };
    Span { start: end, end }
}
