//! Type expressions: `string`, `ClusterId?`, `[[json]]`, `{[Column]}?`.

use std::ops::Range;

/// How deep lists and maps may nest.
pub(crate) const MAX_DEPTH: usize = 16;

/// The words that need no declaration.
pub(crate) const BUILTIN: [&str; 18] = [
    "string",
    "bool",
    "int",
    "uint",
    "float",
    "json",
    "file",
    "secret",
    "base64",
    "int_text",
    "uint_text",
    "timestamp",
    "unix_seconds",
    "unix_millis",
    "seconds",
    "millis",
    "duration",
    "seconds_text",
];

/// A type as written. Ranges are bytes of the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr<'t> {
    /// A word.
    Name(&'t str, Range<usize>),
    /// `T?`
    Optional(Box<Expr<'t>>),
    /// `T??`, and the place of the second sign.
    Nullable(Box<Expr<'t>>, usize),
    /// `[T]`
    List(Box<Expr<'t>>),
    /// `{T}`
    Map(Box<Expr<'t>>),
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeFault {
    pub(crate) kind: TypeFaultKind,
    pub(crate) at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeFaultKind {
    /// Nothing where a type belongs.
    Missing,
    /// A character that begins no type.
    Unexpected(char),
    /// Something after the end of the type.
    Trailing(char),
    /// A bracket that is never closed; where it opened.
    Unclosed { open: usize, close: char },
    /// `T???`
    DoubleOptional,
    /// More than [`MAX_DEPTH`] brackets.
    TooDeep,
}

/// Reads one expression.
pub(crate) fn parse_type(text: &str) -> Result<Expr<'_>, TypeFault> {
    let mut parser = Parser { text, at: 0 };
    let expr = parser.parse_expr(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(c) => Err(parser.fault(TypeFaultKind::Trailing(c))),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn parse_expr(&mut self, depth: usize) -> Result<Expr<'t>, TypeFault> {
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
            return Err(self.fault(TypeFaultKind::DoubleOptional));
        }
        Ok(Expr::Nullable(Box::new(expr), self.at - 1))
    }

    fn parse_atom(&mut self, depth: usize) -> Result<Expr<'t>, TypeFault> {
        match self.peek() {
            Some('[') => self.parse_bracket(']', depth).map(Expr::List),
            Some('{') => self.parse_bracket('}', depth).map(Expr::Map),
            Some(c) if is_word(c) => Ok(self.parse_name()),
            None | Some(']' | '}' | '?') => Err(self.fault(TypeFaultKind::Missing)),
            Some(c) => Err(self.fault(TypeFaultKind::Unexpected(c))),
        }
    }

    fn parse_bracket(&mut self, close: char, depth: usize) -> Result<Box<Expr<'t>>, TypeFault> {
        if depth == MAX_DEPTH {
            return Err(self.fault(TypeFaultKind::TooDeep));
        }
        let open = self.at;
        self.at += 1;
        let inner = self.parse_expr(depth + 1)?;
        if self.peek() != Some(close) {
            return Err(self.fault(TypeFaultKind::Unclosed { open, close }));
        }
        self.at += 1;
        Ok(Box::new(inner))
    }

    fn parse_name(&mut self) -> Expr<'t> {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let range = self.at..self.at + len;
        self.at = range.end;
        Expr::Name(&rest[..len], range)
    }

    /// The next character that is not white space.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    /// A fault at the next character, or at the end.
    fn fault(&self, kind: TypeFaultKind) -> TypeFault {
        let len = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        TypeFault {
            kind,
            at: self.at..self.at + len,
        }
    }
}

fn is_word(c: char) -> bool {
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
    fn reads(text: &str, expected: &str) {
        assert_eq!(show(&parse_type(text).unwrap()), expected);
    }

    #[track_caller]
    fn fails(text: &str, kind: TypeFaultKind, at: Range<usize>) {
        assert_eq!(parse_type(text), Err(TypeFault { kind, at }));
    }

    #[test]
    fn expressions_nest() {
        reads("string", "string");
        reads("[[json]]?", "[[json]]?");
        reads("{[Column?]}", "{[Column?]}");
        reads("string? ?", "string??");
        reads(" [ string ? ] ? ", "[string?]?");
    }

    #[test]
    fn names_know_their_place() {
        assert_eq!(
            parse_type(" Foo?"),
            Ok(Expr::Optional(Box::new(Expr::Name("Foo", 1..4))))
        );
    }

    #[test]
    fn faults_point_at_the_character() {
        fails("", TypeFaultKind::Missing, 0..0);
        fails("  ", TypeFaultKind::Missing, 2..2);
        fails("[]", TypeFaultKind::Missing, 1..2);
        fails("?", TypeFaultKind::Missing, 0..1);
        fails("string???", TypeFaultKind::DoubleOptional, 8..9);
        fails("string? ? ?", TypeFaultKind::DoubleOptional, 10..11);
        fails(
            "[string",
            TypeFaultKind::Unclosed {
                open: 0,
                close: ']',
            },
            7..7,
        );
        fails(
            "[string}",
            TypeFaultKind::Unclosed {
                open: 0,
                close: ']',
            },
            7..8,
        );
        fails("string]", TypeFaultKind::Trailing(']'), 6..7);
        fails("string[]", TypeFaultKind::Trailing('['), 6..7);
        fails("Vec<u8>", TypeFaultKind::Trailing('<'), 3..4);
        fails("a b", TypeFaultKind::Trailing('b'), 2..3);
        fails("→", TypeFaultKind::Unexpected('→'), 0..3);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + "json" + &"]".repeat(depth);
        assert!(parse_type(&nested(MAX_DEPTH)).is_ok());
        fails(
            &nested(MAX_DEPTH + 1),
            TypeFaultKind::TooDeep,
            MAX_DEPTH..MAX_DEPTH + 1,
        );
        assert!(parse_type(&"[".repeat(1_000_000)).is_err());
    }
}
