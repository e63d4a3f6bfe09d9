//! Syntax errors of TOML, with messages for the usual mistakes.

use std::cmp::Ordering;

use toml::de::DeTable;

use super::definitions::{first_definition, key_value};
use super::{format, recover};
use crate::diagnostics::lookalikes;
use crate::diagnostics::messages::toml as messages;
use crate::diagnostics::{Diagnostic, Diagnostics, Reported};
use crate::source::{Source, Span};

/// A file without the parts with syntax errors.
pub(super) enum Toml<'s> {
    Valid(DeTable<'s>),
    /// The repaired text.
    Repaired(String),
}

/// Parses a file, and reports one error per line. `start` is the offset of its first byte among the
/// bytes of all files.
///
/// # Errors
///
/// Returns an error if the file is not text, or of another format than TOML.
pub(super) fn parse<'s>(
    source: &'s Source,
    start: usize,
    diagnostics: &mut Diagnostics,
) -> Result<Toml<'s>, Reported> {
    let mut status = Ok(());
    let mut places = Vec::new();
    if let Some(invalid) = source.invalid_byte() {
        let diagnostic = messages::not_utf8(source, invalid);
        status = Err(diagnostics.report(diagnostic.offset_by(start)));
        if invalid.is_utf16 {
            status?;
        }
        places.push(invalid.at);
    }
    let (table, errors) = DeTable::parse_recoverable(source.text());
    if !errors.is_empty()
        && let Some((format, at)) = format::detect(source.text())
    {
        let diagnostic = messages::other_format(format, source.text(), at);
        return Err(diagnostics.report(diagnostic.offset_by(start)));
    }
    if errors.is_empty() && status.is_ok() {
        return Ok(Toml::Valid(table.into_inner()));
    }
    let errors = one_per_line(source, recover::errors(source.text()));
    let mut repaired = recover::repair(source.text());
    // An unclosed table makes each following line an error, and the position is in a later line. An
    // unclosed string of several lines ends with the file.
    let local = one_per_line(source, std::mem::take(&mut repaired.errors));
    let is_long_string = |(_, message): &(Span, String)| message.contains("multi-line");
    let is_local = match local.len().cmp(&errors.len()) {
        Ordering::Less => true,
        Ordering::Equal => !errors.iter().any(is_long_string),
        Ordering::Greater => false,
    };
    let mut errors = if is_local { local } else { errors };
    places.extend(errors.iter().map(|(span, _)| span.start));
    // After a string of several lines without its start or its end, each line may be an error.
    let open_quotes = unpaired_quotes(source.text()).filter(|_| errors.len() > 1);
    if open_quotes.is_some() {
        errors.truncate(1);
        repaired.loses_names = true;
    }
    let mut translator = Translator {
        source,
        traced: 0,
        repeated: Span::START,
    };
    for (span, message) in errors {
        if let Some(diagnostic) = translator.translate(span, &message) {
            let diagnostic = match open_quotes {
                Some(quotes) => messages::with_unpaired_quotes(diagnostic, quotes),
                None => diagnostic,
            };
            status = Err(diagnostics.report(diagnostic.offset_by(start)));
        }
    }
    if let Err(reported) = status {
        for table in repaired.broken(&places) {
            diagnostics.add_broken(table.offset_by(start), reported);
        }
        if repaired.loses_names {
            diagnostics.set_lost_names(reported);
        }
    }
    Ok(Toml::Repaired(repaired.text))
}

/// Returns the quotes of strings of several lines that do not occur in pairs.
fn unpaired_quotes(text: &str) -> Option<&'static str> {
    let mut quotes = ["\"\"\"", "'''"].into_iter();
    quotes.find(|quotes| text.matches(quotes).count() % 2 == 1)
}

/// Returns the first error of each line, in the order of the file.
fn one_per_line(source: &Source, errors: Vec<(Span, String)>) -> Vec<(Span, String)> {
    let clamped = errors.into_iter();
    let mut errors: Vec<_> = clamped
        .map(|(span, message)| (source.clamp(span), message))
        .collect();
    errors.sort_by_key(|(span, _)| *span);
    errors.dedup_by_key(|(span, _)| source.line_of(span.start));
    errors
}

/// Translates messages of the parser into diagnostics.
struct Translator<'s> {
    source: &'s Source,
    /// The number of first definitions that have been searched for.
    traced: usize,
    /// The last table that was defined a second time. Its keys are not reported again.
    repeated: Span,
}

impl Translator<'_> {
    /// Returns `None` if the error follows from one that has been reported.
    fn translate(&mut self, span: Span, message: &str) -> Option<Diagnostic> {
        if message == "duplicate key" {
            return self.duplicate(span);
        }
        if message.starts_with("cannot extend value") {
            let (name, first) = (self.name(span), self.first_definition(span));
            return Some(messages::value_is_not_a_table(&name, span, first));
        }
        Some(translate(self.source, span, message))
    }

    fn duplicate(&mut self, span: Span) -> Option<Diagnostic> {
        if self.repeated.start <= span.start && span.start < self.repeated.end {
            return None;
        }
        let (name, first) = (self.name(span), self.first_definition(span));
        Some(if is_header(self.source, span) {
            self.repeated = table_after(self.source, span);
            messages::duplicate_table(&name, span, first)
        } else {
            messages::duplicate_key(&name, span, first)
        })
    }

    fn first_definition(&mut self, span: Span) -> Option<Span> {
        // Each search parses the file up to the duplicate once more.
        const MAX_SEARCHES: usize = 20;
        self.traced += 1;
        if self.traced > MAX_SEARCHES {
            return None;
        }
        first_definition(self.source, span)
    }

    fn name(&self, span: Span) -> String {
        let text = &self.source.text()[span.range()];
        key_value(text).unwrap_or_else(|| text.to_owned())
    }
}

fn translate(source: &Source, span: Span, message: &str) -> Diagnostic {
    let text = &source.text()[span.range()];
    let before = source.text()[..span.start].trim_end_matches([' ', '\t']);
    let (error, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let no_value = text.trim().is_empty() || text.starts_with('#') || text.starts_with(',');
    match error {
        _ if before.ends_with('=') && no_value => {
            let (start, end) = (before.len(), before.len());
            messages::missing_value(Span { start, end })
        }
        "string values must be quoted" => unquoted_string(source, span),
        "invalid basic string" => match typographic_end(source, span) {
            Some(end) => messages::toml_syntax(&messages::TYPOGRAPHIC_END, end),
            None => other(source, span, error, expected),
        },
        "invalid float" | "invalid boolean" | "invalid integer" | "invalid number"
            if text.starts_with(char::is_alphabetic) =>
        {
            unquoted_word(source, span)
        }
        "invalid multi-line basic string" => unclosed_multiline(source, span, "\"\"\"")
            .unwrap_or_else(|| other(source, span, error, expected)),
        "invalid multi-line literal string" => unclosed_multiline(source, span, "'''")
            .unwrap_or_else(|| other(source, span, error, expected)),
        "key with no value" => key_without_value(source, span),
        "invalid unquoted key" => unquoted_key(source, span),
        _ => other(source, span, error, expected),
    }
}

fn other(source: &Source, span: Span, error: &str, expected: &str) -> Diagnostic {
    match known_error(error, expected, &source.text()[span.start..]) {
        Some(known) => messages::toml_syntax(known, span),
        None => messages::invalid_toml(error, expected, span),
    }
}

/// A string of several lines without its end. The parser reports the end of the file.
fn unclosed_multiline(source: &Source, span: Span, quotes: &str) -> Option<Diagnostic> {
    if !source.text()[span.start..].is_empty() {
        return None;
    }
    let start = source.text().rfind(quotes)?;
    let at = Span::from(start..start + quotes.len());
    Some(messages::unclosed_multiline_string(quotes, at))
}

/// A word that is neither a number nor a boolean.
fn unquoted_word(source: &Source, span: Span) -> Diagnostic {
    let text = &source.text()[span.range()];
    match text.to_ascii_lowercase().as_str() {
        lower @ ("true" | "false") => messages::boolean_case(lower, span),
        "null" | "none" | "nil" => messages::null(span),
        _ => unquoted_string(source, span),
    }
}

/// Returns the texts for a message of the parser. `rest` is the file from the position of the error.
fn known_error(error: &str, expected: &str, rest: &str) -> Option<&'static messages::TomlSyntax> {
    Some(match error {
        "unclosed table" | "unclosed array table" => &messages::UNCLOSED_HEADER,
        "unclosed array" => &messages::UNCLOSED_LIST,
        "unclosed inline table" => &messages::UNCLOSED_TABLE,
        // `{ key = [1 }`: the brace closes the table around the list.
        "missing comma between array elements" if rest.starts_with('}') => &messages::UNCLOSED_LIST,
        "missing comma between array elements" => &messages::MISSING_COMMA_IN_LIST,
        "missing assignment between key-value pairs" => &messages::MISSING_EQUALS_IN_TABLE,
        "extra `=`" => &messages::EXTRA_EQUALS,
        "missing comma between key-value pairs" => &messages::MISSING_COMMA_IN_TABLE,
        "invalid basic string" if expected == "`\"`" => &messages::UNCLOSED_BASIC_STRING,
        "invalid literal string" if expected == "`'`" => &messages::UNCLOSED_LITERAL_STRING,
        "invalid basic string" | "invalid literal string" => &messages::CONTROL_CHARACTER_IN_STRING,
        "missing escaped value" => &messages::UNKNOWN_ESCAPE,
        "unexpected key or value" if rest.starts_with(',') => &messages::COMMA_AFTER_VALUE,
        "unexpected key or value" => &messages::SEVERAL_ITEMS_ON_A_LINE,
        "recursion limit" | "cannot recurse further; max recursion depth met" => {
            &messages::NESTING_TOO_DEEP
        }
        _ => return None,
    })
}

fn unquoted_string(source: &Source, span: Span) -> Diagnostic {
    // The parser stops at the first space, but the string usually continues.
    let line = source.text()[span.start..]
        .lines()
        .next()
        .unwrap_or_default();
    if line.starts_with('>') {
        return messages::toml_syntax(&messages::EXTRA_EQUALS, span);
    }
    if let Some((text, len)) = typographic_string(line) {
        let at = Span::from(span.start..span.start + len);
        return messages::typographic_quotes(text, at);
    }
    let text = line
        .split([',', '#', '}', ']', '{', '[', '"', '\''])
        .next()
        .unwrap_or_default();
    let at = Span {
        start: span.start,
        end: (span.start + text.trim_end().len()).max(span.end),
    };
    messages::unquoted_string(&source.text()[at.range()], at)
}

/// Returns the string in typographic quotes at the start of a line, and its length with the quotes.
fn typographic_string(line: &str) -> Option<(&str, usize)> {
    let inner = line.strip_prefix(is_typographic_quote)?;
    let start = line.len() - inner.len();
    let end = inner.find(|c| is_typographic_quote(c) || c == '"' || c == '\'');
    let text = &inner[..end.unwrap_or(inner.trim_end().len())];
    let close = inner[text.len()..].chars().next().map_or(0, char::len_utf8);
    Some((text, start + text.len() + close))
}

/// Returns the span of a typographic quote at the end of the line of an unclosed string.
fn typographic_end(source: &Source, span: Span) -> Option<Span> {
    let (_, line) = source.lines_of(span);
    let before = source.text()[line.start..span.start].trim_end();
    let quote = before
        .chars()
        .next_back()
        .filter(|c| is_typographic_quote(*c))?;
    let end = line.start + before.len();
    Some(Span::from(end - quote.len_utf8()..end))
}

fn is_typographic_quote(c: char) -> bool {
    matches!(c, '‘'..='‟' | '«' | '»')
}

/// A key without `=`. The parser reports the position after it.
fn key_without_value(source: &Source, span: Span) -> Diagnostic {
    let before = source.text()[..span.start].trim_end_matches([' ', '\t']);
    let start = before.rfind(['\n', ',', '{']).map_or(0, |at| at + 1);
    let key = before[start..].trim_start();
    let rest = source.text()[span.start..].lines().next();
    let rest = rest.unwrap_or_default().trim();
    if rest.is_empty() || rest.starts_with(['#', ',', '}']) {
        let at = Span {
            start: before.len() - key.len(),
            end: before.len(),
        };
        messages::missing_equals_and_value(key, at)
    } else {
        messages::missing_equals(key, span, rest.starts_with(':'))
    }
}

/// A bare key with characters that are only allowed in quoted keys.
fn unquoted_key(source: &Source, span: Span) -> Diagnostic {
    const BEFORE: [char; 9] = [' ', '\t', '\n', '\r', '=', '.', ',', '{', '['];
    const AFTER: [char; 9] = [' ', '\t', '\n', '\r', '=', '.', ',', '}', ']'];
    let text = source.text();
    let end = text[span.start..].find(AFTER);
    let at = Span {
        start: text[..span.start].rfind(BEFORE).map_or(0, |at| at + 1),
        end: end.map_or(text.len(), |len| span.start + len).max(span.end),
    };
    let key = &text[at.range()];
    if let Some(ascii) = lookalikes::to_ascii(key).filter(|ascii| is_bare(ascii)) {
        return messages::lookalike_key(key, &ascii, at);
    }
    match key.strip_suffix(':') {
        Some(name) if is_bare(name) => {
            let colon = Span::from(at.end - 1..at.end);
            messages::missing_equals(name, colon, true)
        }
        _ if key.starts_with("//") => messages::toml_syntax(&messages::FOREIGN_COMMENT, at),
        _ => messages::unquoted_key(key, at),
    }
}

fn is_bare(key: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !key.is_empty() && key.chars().all(is_allowed)
}

/// Returns whether the span is in the header of a table.
fn is_header(source: &Source, span: Span) -> bool {
    let (_, line) = source.lines_of(span);
    source.text()[line.range()].trim_start().starts_with('[')
}

/// Returns the span from a header to the next one.
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
