//! Tokens of queries, by the rules of `SqlBaseLexer.g4` in Spark.

/// Token of a query. The texts of all tokens are the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

/// Kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space and comments.
    Space,
    /// Identifiers, keywords, integers and variables (`${name}`).
    Word,
    /// Strings and quoted identifiers.
    Quoted,
    /// `:name`: a parameter, or a path in a value.
    Named,
    Question,
    /// Any other character, or `::`.
    Symbol,
}

/// Returns the tokens of a query.
pub(super) fn tokens(query: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = query;
    std::iter::from_fn(move || {
        let (kind, length) = first(rest)?;
        let (text, after) = rest.split_at(length);
        rest = after;
        Some(Token { kind, text })
    })
}

/// Returns whether a character may be part of an identifier.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the kind and the length of the first token.
fn first(text: &str) -> Option<(Kind, usize)> {
    let c = text.chars().next()?;
    let found = match c {
        _ if c.is_whitespace() => (Kind::Space, space_len(text)),
        '-' if text.starts_with("--") => (Kind::Space, line_comment_len(text)),
        // Not a comment, but a hint: its text consists of tokens.
        '/' if text.starts_with("/*+") => (Kind::Symbol, 3),
        '/' if text.starts_with("/*") => (Kind::Space, comment_len(text)),
        '\'' | '"' | '`' => (Kind::Quoted, quoted_len(text, c)),
        '$' => match variable_len(text) {
            Some(length) => (Kind::Word, length),
            None => match dollar_quoted_len(text) {
                Some(length) => (Kind::Quoted, length),
                None => (Kind::Symbol, 1),
            },
        },
        ':' if text.starts_with("::") => (Kind::Symbol, 2),
        ':' => match word_len(&text[1..]) {
            0 => (Kind::Symbol, 1),
            length => (Kind::Named, 1 + length),
        },
        '?' => (Kind::Question, 1),
        _ if is_word(c) => word(text),
        _ => (Kind::Symbol, c.len_utf8()),
    };
    Some(found)
}

fn space_len(text: &str) -> usize {
    text.find(|c: char| !c.is_whitespace())
        .unwrap_or(text.len())
}

/// Returns the length of a comment `--`. A backslash before the line end continues it.
fn line_comment_len(text: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find(['\r', '\n']) {
        let end = from + at;
        if !text[..end].ends_with('\\') || text[end..].starts_with('\r') {
            return end;
        }
        from = end + 1;
    }
    text.len()
}

/// Returns the length of a comment `/* */`, which may contain others.
fn comment_len(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        let rest = &text[at..];
        if rest.starts_with("/*") && !rest.starts_with("/*+") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Returns the length of a text in quotes. In strings, a backslash escapes a character.
fn quoted_len(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quote != '`' {
            is_escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Returns the length of `${name}`, which Spark substitutes before it reads the query.
fn variable_len(text: &str) -> Option<usize> {
    let name = text.strip_prefix("${")?;
    let end = name.find(|c: char| c == '}' || c.is_whitespace())?;
    name[end..].starts_with('}').then_some(2 + end + 1)
}

/// Returns the length of a string such as `$$text$$` or `$tag$text$tag$`.
fn dollar_quoted_len(text: &str) -> Option<usize> {
    let letters = text[1..].find(|c: char| !c.is_ascii_alphabetic())?;
    let begin = 1 + letters;
    if !text[begin..].starts_with('$') {
        return None;
    }
    let tag = &text[..=begin];
    let end = text[tag.len()..].find(tag)?;
    Some(tag.len() + end + tag.len())
}

fn word_len(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// Returns the kind and the length of an identifier, a string without escapes such as `r'\'`, or an unquoted URI.
fn word(text: &str) -> (Kind, usize) {
    let length = word_len(text);
    let (word, after) = text.split_at(length);
    if word.eq_ignore_ascii_case("r")
        && let Some(quote) = after.chars().next().filter(|c| matches!(c, '\'' | '"'))
    {
        let end = after[1..]
            .find(quote)
            .map_or(text.len(), |end| length + end + 2);
        return (Kind::Quoted, end);
    }
    if word.chars().all(char::is_alphabetic)
        && let Some(path) = after.strip_prefix("://")
    {
        let is_part = |c: char| is_word(c) || "/-.?=&#%".contains(c);
        let end = path.find(|c| !is_part(c)).unwrap_or(path.len());
        if end > 0 {
            return (Kind::Word, length + 3 + end);
        }
    }
    (Kind::Word, length)
}
