//! What can be wrong with an answer.

use std::fmt;

use super::path::Path;

/// Why an answer was not understood, and where.
///
/// It quotes no value of the answer, for it may be long or secret. It is one pointer wide: results
/// that carry it stay small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Fault>);

impl ReadError {
    /// How many bytes of the answer precede the place that was not understood.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The name of the field that is missing, if this is what is wrong.
    pub fn missing_field(&self) -> Option<&'static str> {
        match self.0.problem {
            Problem::Missing(name) => Some(name),
            _ => None,
        }
    }

    /// What is wrong and where, such as ``at `results.data[3][0]`: expected a string, found a
    /// number``.
    ///
    /// `bytes` are the whole answer that was read: it is walked again to find the place, which is
    /// why reading need not keep track of it.
    pub fn describe(&self, bytes: &[u8]) -> String {
        if self.0.problem.is_syntax() {
            return self.to_string();
        }
        let path = Path::new(bytes, self.0.offset);
        if path.is_empty() {
            return format!("at the top level: {}", self.0.problem);
        }
        format!("at `{path}`: {}", self.0.problem)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.0.offset, self.0.problem)
    }
}

impl std::error::Error for ReadError {}

impl From<Fault> for ReadError {
    #[cold]
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

/// A problem at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The offset of the place.
    pub(super) offset: usize,
    /// What is wrong there.
    pub(super) problem: Problem,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// The next value is another than the type has there.
    Expected(&'static str, Kind),
    /// The object that was just left has no such field.
    Missing(&'static str),
    /// The value that was just read is not this.
    Invalid(&'static str),
    /// The number does not fit this.
    Range(&'static str),
    /// This should follow.
    Syntax(&'static str),
    /// The answer ends within this.
    End(&'static str),
    /// The answer is not UTF-8.
    Utf8,
    /// A backslash in a string precedes something unknown.
    Escape,
    /// Half of a surrogate pair.
    Surrogate,
    /// A control character in a string.
    Control,
    /// Too many lists and objects within each other.
    Depth,
    /// Something follows the answer.
    Trailing,
}

impl Problem {
    /// The problem at its place.
    pub(super) fn at(self, offset: usize) -> Fault {
        Fault {
            offset,
            problem: self,
        }
    }

    /// Whether the answer is no JSON at that place, so that a path tells less than the offset.
    fn is_syntax(self) -> bool {
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
            Self::Expected(what, Kind::End) => {
                write!(f, "the answer ends where {what} is expected")
            }
            Self::Expected(what, found) => write!(f, "expected {what}, found {found}"),
            Self::Missing(name) => write!(f, "the field `{name}` is missing"),
            Self::Invalid(what) => write!(f, "the value is not {what}"),
            Self::Range(what) => write!(f, "the number is out of the range of {what}"),
            Self::Syntax(what) => write!(f, "expected {what}"),
            Self::End(what) => write!(f, "the answer ends in the middle of {what}"),
            Self::Utf8 => f.write_str("the answer is not UTF-8"),
            Self::Escape => f.write_str("invalid escape in a string"),
            Self::Surrogate => f.write_str("half of a surrogate pair in a string"),
            Self::Control => f.write_str("unescaped control character in a string"),
            Self::Depth => f.write_str("the answer nests more than 127 lists and objects"),
            Self::Trailing => f.write_str("something follows the end of the answer"),
        }
    }
}

/// What a value is, as its first byte tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A number with a fraction or an exponent, where an integer is expected.
    Fraction,
    /// A string.
    String,
    /// A list.
    List,
    /// An object.
    Object,
    /// Nothing: the answer ends.
    End,
    /// A comma, a colon or a closing bracket: no value.
    Punctuation,
    /// Nothing that belongs to JSON.
    Other,
}

impl Kind {
    /// The kind of the value that starts with this byte.
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
            Self::Fraction => "a number with a fraction or an exponent",
            Self::String => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::End => "the end of the answer",
            Self::Punctuation => "punctuation",
            Self::Other => "something that is not JSON",
        })
    }
}
