//! Tokens of the four languages, for highlighting, for the end of an input, and for statements of SQL.
//!
//! Input that is not valid has tokens as well: none of the functions fails.
//!
//! ```text
//! syntax ──▶ keywords
//!    ├─────▶ statement_end      where a statement of SQL ends, token by token
//!    └─────▶ statement_reader   statements of SQL from a file of any size: statement_end
//! ```

pub(crate) mod keywords;
mod statement_end;
mod statement_reader;

pub(crate) use self::statement_end::StatementEnd;
pub(crate) use self::statement_reader::{Position, Statement, StatementReader};
use crate::language::Language;

/// Part of the code. White space other than line ends has no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Offsets in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Set if the end of a string or comment is missing.
    pub(crate) is_open: bool,
}

/// Kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Keyword,
    Name,
    Number,
    /// String, or a name in quotes.
    Quoted,
    Comment,
    OpenBracket,
    CloseBracket,
    LineEnd,
    /// One character of an operator or separator.
    Symbol,
}

/// Returns the tokens of code.
pub(crate) fn tokens(language: Language, code: &str) -> Vec<Token> {
    let mut at = 0;
    let next = || {
        let token = next_token(language, code, at)?;
        at = token.end;
        Some(token)
    };
    std::iter::from_fn(next).collect()
}

/// Returns the statements of SQL code, without `;` and empty ones.
pub(crate) fn statements(code: &str) -> Vec<String> {
    // Code in memory has no errors.
    let statements = StatementReader::new(code.as_bytes()).map_while(Result::ok);
    statements.map(|statement| statement.text).collect()
}

/// Returns the first token after an offset.
fn next_token(language: Language, code: &str, at: usize) -> Option<Token> {
    let rest = code[at..].trim_start_matches(is_blank);
    let start = code.len() - rest.len();
    let (kind, length, is_open) = scan(language, rest, rest.chars().next()?);
    Some(Token {
        kind,
        start,
        end: start + length,
        is_open,
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}

/// Returns kind and length of the first token, and whether its end is missing.
fn scan(language: Language, rest: &str, first: char) -> (Kind, usize, bool) {
    if first == '\n' {
        return (Kind::LineEnd, 1, false);
    }
    if let Some((length, is_open)) = comment(language, rest) {
        return (Kind::Comment, length, is_open);
    }
    if let Some((length, is_open)) = quoted(language, rest) {
        return (Kind::Quoted, length, is_open);
    }
    if first.is_ascii_digit() {
        return (Kind::Number, number_len(rest), false);
    }
    if is_name_start(language, first) {
        let length = name_len(language, rest);
        let kind = if keywords::is_keyword(language, &rest[..length]) {
            Kind::Keyword
        } else {
            Kind::Name
        };
        return (kind, length, false);
    }
    let kind = match first {
        '(' | '[' | '{' => Kind::OpenBracket,
        ')' | ']' | '}' => Kind::CloseBracket,
        _ => Kind::Symbol,
    };
    (kind, first.len_utf8(), false)
}

/// Returns whether a name may begin with a character.
fn is_name_start(language: Language, c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '.' && language == Language::R
}

/// Returns the length of the name at the start of a text.
pub(crate) fn name_len(language: Language, text: &str) -> usize {
    let is_part = |c: char| {
        c.is_alphanumeric()
            || c == '_'
            || c == '$' && language == Language::Scala
            || c == '.' && language == Language::R
    };
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_exponent = matches!(byte, b'+' | b'-')
            && matches!(bytes[at - 1], b'e' | b'E')
            && !text.starts_with("0x");
        let is_fraction = *byte == b'.'
            && bytes
                .get(at + 1)
                .is_none_or(|next| !next.is_ascii_alphabetic());
        if !(byte.is_ascii_alphanumeric() || *byte == b'_' || is_exponent || is_fraction) {
            break;
        }
        at += 1;
    }
    at
}

fn comment(language: Language, rest: &str) -> Option<(usize, bool)> {
    let line = match language {
        Language::Python | Language::R => "#",
        Language::Scala => "//",
        Language::Sql => "--",
    };
    if rest.starts_with(line) {
        let length = match language {
            Language::Sql => sql_line_comment_len(rest),
            _ => rest.find('\n').unwrap_or(rest.len()),
        };
        return Some((length, false));
    }
    let has_blocks = matches!(language, Language::Scala | Language::Sql);
    (has_blocks && rest.starts_with("/*")).then(|| block_comment(rest))
}

/// Returns the length of a comment `--`. A backslash before the line end continues it.
fn sql_line_comment_len(text: &str) -> usize {
    let mut ends = text.match_indices('\n');
    let end = ends.find(|(at, _)| !text[..*at].ends_with('\\'));
    end.map_or(text.len(), |(at, _)| at)
}

/// Returns the length of a comment that may contain others.
fn block_comment(text: &str) -> (usize, bool) {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = text.as_bytes().get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return (at, false);
        }
    }
    (text.len(), true)
}

fn quoted(language: Language, rest: &str) -> Option<(usize, bool)> {
    if language == Language::Sql && rest.starts_with('$') {
        return dollar_quoted(rest);
    }
    let prefix = prefix_len(language, rest);
    let text = &rest[prefix..];
    let quote = text.chars().next()?;
    if !is_quote(language, quote) {
        return None;
    }
    if language == Language::R && prefix > 0 {
        return raw_r(text).map(|(length, is_open)| (prefix + length, is_open));
    }
    if language == Language::Scala && quote == '\'' {
        return character(text).map(|length| (length, false));
    }
    // A backslash does not end a raw string of Python, but has no meaning in one of SQL.
    let is_raw = language == Language::Sql && rest[..prefix].eq_ignore_ascii_case("r");
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let has_triple = matches!(language, Language::Python | Language::Scala);
    let (length, is_open) = if has_triple && text.starts_with(&triple) {
        // In Scala, a backslash has no meaning here.
        let escapes = language == Language::Python;
        until(text, &triple, escapes, false)
    } else {
        let escapes = quote != '`' && !is_raw;
        let ends_at_line = matches!(language, Language::Python | Language::Scala);
        until(text, &text[..quote.len_utf8()], escapes, ends_at_line)
    };
    Some((prefix + length, is_open))
}

fn is_quote(language: Language, c: char) -> bool {
    match c {
        '"' | '\'' => true,
        '`' => language != Language::Python,
        _ => false,
    }
}

/// Returns the length of the letters before the quote of a string, for example `rb` in Python.
fn prefix_len(language: Language, rest: &str) -> usize {
    const MAX: usize = 16;
    let letters = rest.bytes().take(MAX);
    let length = letters.take_while(u8::is_ascii_alphanumeric).count();
    let prefix = &rest[..length];
    if !rest[length..].starts_with(['"', '\'']) {
        return 0;
    }
    let is_prefix = match language {
        Language::Python => length <= 2 && prefix.chars().all(|c| "rRbBuUfFtT".contains(c)),
        Language::R => matches!(prefix, "r" | "R"),
        // An interpolator is a name.
        Language::Scala => {
            rest[length..].starts_with('"') && prefix.starts_with(|c: char| c.is_alphabetic())
        }
        Language::Sql => matches!(prefix, "r" | "R" | "x" | "X"),
    };
    if is_prefix { length } else { 0 }
}

/// Returns the length of a text up to the end of a delimiter, and whether it is missing. The delimiter is
/// at the start, too.
fn until(text: &str, delimiter: &str, escapes: bool, ends_at_line: bool) -> (usize, bool) {
    let mut rest = text[delimiter.len()..].char_indices();
    while let Some((at, c)) = rest.next() {
        let at = delimiter.len() + at;
        if escapes && c == '\\' {
            rest.next();
        } else if text[at..].starts_with(delimiter) {
            return (at + delimiter.len(), false);
        } else if ends_at_line && c == '\n' {
            // The string is not valid, but the input is complete.
            return (at, false);
        }
    }
    let is_open = !ends_at_line || text.ends_with("\\\n") || text.ends_with('\\');
    (text.len(), is_open)
}

/// Returns the length of a string of SQL such as `$$text$$` or `$tag$text$tag$`.
fn dollar_quoted(text: &str) -> Option<(usize, bool)> {
    const MAX_TAG: usize = 32;
    let letters = text.bytes().skip(1).take(MAX_TAG);
    let begin = 1 + letters.take_while(u8::is_ascii_alphabetic).count();
    if !text[begin..].starts_with('$') {
        return None;
    }
    let (tag, rest) = text.split_at(begin + 1);
    Some(match rest.find(tag) {
        Some(at) => (tag.len() + at + tag.len(), false),
        None => (text.len(), true),
    })
}

/// Returns the length of a raw string of R without its prefix, for example `"--(text)--"`.
fn raw_r(text: &str) -> Option<(usize, bool)> {
    let quote = text.chars().next()?;
    let dashes = text[1..].len() - text[1..].trim_start_matches('-').len();
    let close = match text[1 + dashes..].chars().next()? {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let end = format!("{close}{}{quote}", "-".repeat(dashes));
    let start = 2 + dashes;
    Some(match text[start..].find(&end) {
        Some(at) => (start + at + end.len(), false),
        None => (text.len(), true),
    })
}

/// Returns the length of a character literal of Scala, or `None` for a symbol.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    if chars.next()?.1 == '\\' {
        return text[2..].find('\'').map(|at| at + 3);
    }
    let (at, c) = chars.next()?;
    (c == '\'').then_some(at + 1)
}

#[cfg(test)]
mod tests;
