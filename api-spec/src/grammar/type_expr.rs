//! Type expressions: `string`, `ClusterId?`, `[[json]]`, `{[Column]}?`.

use std::ops::Range;

/// The maximum depth of nested lists and maps.
pub(crate) const MAX_DEPTH: usize = 16;

/// The names of types that need no declaration.
pub(crate) const BUILTIN_NAMES: [&str; 22] = [
    "string",
    "bool",
    "int",
    "uint",
    "float",
    "json",
    "raw",
    "file",
    "secret",
    "base64",
    "int_text",
    "uint_text",
    "decimal",
    "decimal_text",
    "date",
    "timestamp",
    "unix_seconds",
    "unix_millis",
    "seconds",
    "millis",
    "duration",
    "seconds_text",
];

/// A type expression. Ranges are byte ranges of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr<'t> {
    /// The name of a built-in or a declared type.
    Name(&'t str, Range<usize>),
    /// `T?`
    Optional(Box<Expr<'t>>),
    /// `T??`, and the offset of the second `?`.
    Nullable(Box<Expr<'t>>, usize),
    /// `[T]`
    List(Box<Expr<'t>>),
    /// `{T}`
    Map(Box<Expr<'t>>),
}

/// Syntax error of a type expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeError {
    pub(crate) kind: TypeErrorKind,
    pub(crate) at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeErrorKind {
    /// No type where one is expected.
    Missing,
    /// A character that cannot start a type.
    Unexpected(char),
    /// A character after the end of the type.
    Trailing(char),
    /// A missing closing bracket, and the offset of the opening one.
    Unclosed { open: usize, close: char },
    /// `T???`
    TooManyOptionals,
    /// More than [`MAX_DEPTH`] nested brackets.
    TooDeep,
}

/// Parses one type expression.
pub(crate) fn parse_type(text: &str) -> Result<Expr<'_>, TypeError> {
    let mut parser = Parser { text, at: 0 };
    let expr = parser.parse_expr(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(c) => Err(parser.error(TypeErrorKind::Trailing(c))),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn parse_expr(&mut self, depth: usize) -> Result<Expr<'t>, TypeError> {
        let expr = self.parse_atom(depth)?;
        if self.peek() != Some('?') {
            return Ok(expr);
        }
        self.at += 1;
        if self.peek() != Some('?') {
            return Ok(Expr::Optional(Box::new(expr)));
        }
        self.at += 1;
        if self.peek() == Some('?') {
            return Err(self.error(TypeErrorKind::TooManyOptionals));
        }
        Ok(Expr::Nullable(Box::new(expr), self.at - 1))
    }

    fn parse_atom(&mut self, depth: usize) -> Result<Expr<'t>, TypeError> {
        match self.peek() {
            Some('[') => self.parse_bracket(']', depth).map(Expr::List),
            Some('{') => self.parse_bracket('}', depth).map(Expr::Map),
            Some(c) if is_name_char(c) => Ok(self.parse_name()),
            None | Some(']' | '}' | '?') => Err(self.error(TypeErrorKind::Missing)),
            Some(c) => Err(self.error(TypeErrorKind::Unexpected(c))),
        }
    }

    fn parse_bracket(&mut self, close: char, depth: usize) -> Result<Box<Expr<'t>>, TypeError> {
        if depth == MAX_DEPTH {
            return Err(self.error(TypeErrorKind::TooDeep));
        }
        let open = self.at;
        self.at += 1;
        let inner = self.parse_expr(depth + 1)?;
        if self.peek() != Some(close) {
            return Err(self.error(TypeErrorKind::Unclosed { open, close }));
        }
        self.at += 1;
        Ok(Box::new(inner))
    }

    fn parse_name(&mut self) -> Expr<'t> {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        let range = self.at..self.at + len;
        self.at = range.end;
        Expr::Name(&rest[..len], range)
    }

    /// Returns the next character after whitespace.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    /// Creates an error at the next character, or at the end.
    fn error(&self, kind: TypeErrorKind) -> TypeError {
        let len = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        TypeError {
            kind,
            at: self.at..self.at + len,
        }
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(expr: &Expr<'_>) -> String {
        match expr {
            Expr::Name(name, _) => (*name).to_owned(),
            Expr::Optional(inner) => format!("{}?", show(inner)),
            Expr::Nullable(inner, _) => format!("{}??", show(inner)),
            Expr::List(inner) => format!("[{}]", show(inner)),
            Expr::Map(inner) => format!("{{{}}}", show(inner)),
        }
    }

    #[track_caller]
    fn parses_as(text: &str, expected: &str) {
        assert_eq!(show(&parse_type(text).unwrap()), expected);
    }

    #[track_caller]
    fn fails(text: &str, kind: TypeErrorKind, at: Range<usize>) {
        assert_eq!(parse_type(text), Err(TypeError { kind, at }));
    }

    #[test]
    fn nested_expressions_are_parsed() {
        parses_as("string", "string");
        parses_as("[[json]]?", "[[json]]?");
        parses_as("{[Column?]}", "{[Column?]}");
        parses_as("string? ?", "string??");
        parses_as(" [ string ? ] ? ", "[string?]?");
    }

    #[test]
    fn name_has_its_byte_range() {
        assert_eq!(
            parse_type(" Foo?"),
            Ok(Expr::Optional(Box::new(Expr::Name("Foo", 1..4))))
        );
    }

    #[test]
    fn error_points_at_the_character() {
        fails("", TypeErrorKind::Missing, 0..0);
        fails("  ", TypeErrorKind::Missing, 2..2);
        fails("[]", TypeErrorKind::Missing, 1..2);
        fails("?", TypeErrorKind::Missing, 0..1);
        fails("string???", TypeErrorKind::TooManyOptionals, 8..9);
        fails("string? ? ?", TypeErrorKind::TooManyOptionals, 10..11);
        fails(
            "[string",
            TypeErrorKind::Unclosed {
                open: 0,
                close: ']',
            },
            7..7,
        );
        fails(
            "[string}",
            TypeErrorKind::Unclosed {
                open: 0,
                close: ']',
            },
            7..8,
        );
        fails("string]", TypeErrorKind::Trailing(']'), 6..7);
        fails("string[]", TypeErrorKind::Trailing('['), 6..7);
        fails("Vec<u8>", TypeErrorKind::Trailing('<'), 3..4);
        fails("a b", TypeErrorKind::Trailing('b'), 2..3);
        fails("→", TypeErrorKind::Unexpected('→'), 0..3);
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| "[".repeat(depth) + "json" + &"]".repeat(depth);
        assert!(parse_type(&nested(MAX_DEPTH)).is_ok());
        fails(
            &nested(MAX_DEPTH + 1),
            TypeErrorKind::TooDeep,
            MAX_DEPTH..MAX_DEPTH + 1,
        );
        assert!(parse_type(&"[".repeat(1_000_000)).is_err());
    }
}
