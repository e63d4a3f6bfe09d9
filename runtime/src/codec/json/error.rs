//! Errors of the reader.

use std::fmt;

/// Error of a JSON document that does not have the expected structure, with its location.
///
/// The error quotes no value of the document, which may be long or secret. It is one pointer in
/// size, so that results with it stay small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Located>);

impl ReadError {
    /// Returns the offset of the error in bytes.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Returns the problem without its location.
    pub fn reason(&self) -> impl fmt::Display {
        self.0.problem
    }

    pub(super) fn problem(&self) -> Problem {
        self.0.problem
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.0.offset, self.0.problem)
    }
}

impl std::error::Error for ReadError {}

impl From<Located> for ReadError {
    #[cold]
    fn from(error: Located) -> Self {
        Self(Box::new(error))
    }
}

/// A problem with its offset in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) offset: usize,
    pub(super) problem: Problem,
}

/// Problem of a document. The texts are the expectations that it does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// Another kind of value is expected next.
    Expected(&'static str, Kind),
    /// The object that was just read lacks this field.
    Missing(&'static str),
    /// The value that was just read has the right kind but is invalid.
    Invalid(&'static str),
    /// The number is out of the range of this type.
    Range(&'static str),
    /// Other punctuation is expected next.
    Syntax(&'static str),
    /// The document ends within this kind of value.
    End(&'static str),
    /// The document is not valid UTF-8.
    Utf8,
    /// A string has an unknown escape sequence.
    Escape,
    /// A string has a control character.
    Control,
    /// Too many lists and objects are nested.
    Depth,
    /// The value that is the document is followed by something else.
    Trailing,
}

impl Problem {
    pub(super) fn at(self, offset: usize) -> Located {
        Located {
            offset,
            problem: self,
        }
    }

    /// Returns whether the document is not JSON, so that an offset locates the problem better than a
    /// path.
    pub(super) fn is_syntax(self) -> bool {
        match self {
            Self::Missing(_) | Self::Invalid(_) | Self::Range(_) => false,
            Self::Expected(_, found) => {
                matches!(found, Kind::End | Kind::Punctuation | Kind::Other)
            }
            _ => true,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(expected, found) => write!(f, "expected {expected}, found {found}"),
            Self::Missing(name) => write!(f, "missing field `{name}`"),
            Self::Invalid(expected) => write!(f, "invalid value, expected {expected}"),
            Self::Range(range) => write!(f, "number out of range for {range}"),
            Self::Syntax(expected) => write!(f, "expected {expected}"),
            Self::End(what) => write!(f, "unexpected end of the document in {what}"),
            Self::Utf8 => f.write_str("invalid UTF-8"),
            Self::Escape => f.write_str("invalid escape sequence in a string"),
            Self::Control => f.write_str("unescaped control character in a string"),
            Self::Depth => f.write_str("more than 127 nested lists and objects"),
            Self::Trailing => f.write_str("unexpected characters after the value"),
        }
    }
}

/// Kind of a value, determined by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A number with a fraction or exponent where an integer is expected.
    Fraction,
    /// A string.
    String,
    /// A list.
    List,
    /// An object.
    Object,
    /// The end of the document.
    End,
    /// A comma, colon or closing bracket.
    Punctuation,
    /// A byte that does not occur between values.
    Other,
}

impl Kind {
    /// Returns the kind of the value that starts with a byte.
    pub(super) fn of(first: Option<u8>) -> Self {
        match first {
            None => Self::End,
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'-' | b'0'..=b'9') => Self::Number,
            Some(b'"') => Self::String,
            Some(b'[') => Self::List,
            Some(b'{') => Self::Object,
            Some(b',' | b':' | b']' | b'}') => Self::Punctuation,
            Some(_) => Self::Other,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Fraction => "a number with a fraction or exponent",
            Self::String => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::End => "the end of the document",
            Self::Punctuation => "punctuation",
            Self::Other => "something that is not JSON",
        })
    }
}
