//! Types of values.

use std::fmt;

use super::names::RustName;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`: 64-bit signed integer.
    Int,
    /// `float`: 64-bit floating-point number.
    Float,
    /// `json`: any JSON value.
    Json,
    /// `raw`: any JSON value, kept as text.
    RawJson,
    /// A number or a string in a special format, e.g. `uint` or `base64`.
    Builtin(Builtin),
    /// `file`: a part of a multipart body, streamed from a file or from memory.
    File,
    /// A name declared in `[ids]`.
    Id(RustName),
    /// A name declared in `[enums]`.
    Enum(RustName),
    /// A name declared in `[structs]`.
    Struct(RustName),
    /// A name declared in `[unions]`.
    Union(RustName),
    /// `T?`: a value that may be absent or null.
    Optional(Box<Type>),
    /// `T??`: a value that may be absent or null, with the two distinguished.
    Nullable(Box<Type>),
    /// `[T]`: a list.
    List(Box<Type>),
    /// `{T}`: an object with arbitrary keys.
    Map(Box<Type>),
}

impl Type {
    /// Returns whether the value is one text outside of JSON.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Bool
                | Self::Int
                | Self::Float
                | Self::File
                | Self::Id(_)
                | Self::Enum(_)
                | Self::Builtin(_)
        )
    }

    /// Returns whether the value is a string in JSON.
    pub fn is_text(&self) -> bool {
        match self.required() {
            Self::String | Self::Id(_) | Self::Enum(_) => true,
            Self::Builtin(builtin) => builtin.is_text(),
            _ => false,
        }
    }

    /// Returns whether the value may be absent.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Nullable(_))
    }

    /// Returns the kind of the JSON values of this type, or `None` if they have several kinds.
    ///
    /// The values of a union are objects, unless it is one of JSON kinds itself.
    pub fn json_kind(&self) -> Option<JsonKind> {
        Some(match self {
            Self::String | Self::Id(_) | Self::Enum(_) => JsonKind::Text,
            Self::Bool => JsonKind::Bool,
            Self::Int => JsonKind::Int,
            Self::Builtin(Builtin::Uint) => JsonKind::Uint,
            Self::Builtin(builtin) if builtin.is_text() => JsonKind::Text,
            Self::Float | Self::Builtin(_) => JsonKind::Number,
            Self::List(_) => JsonKind::List,
            Self::Struct(_) | Self::Union(_) | Self::Map(_) => JsonKind::Object,
            Self::Json | Self::RawJson | Self::File | Self::Optional(_) | Self::Nullable(_) => {
                return None;
            }
        })
    }

    /// Returns the type without its `?`.
    pub fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) | Self::Nullable(inner) => inner,
            other => other,
        }
    }

    /// Returns the type inside of all lists, maps and `?`.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Optional(inner)
            | Self::Nullable(inner)
            | Self::List(inner)
            | Self::Map(inner) => inner.innermost(),
            other => other,
        }
    }

    /// Returns the name of the declared type in this one.
    pub fn declared(&self) -> Option<&RustName> {
        match self.innermost() {
            Self::Id(name) | Self::Enum(name) | Self::Struct(name) | Self::Union(name) => {
                Some(name)
            }
            _ => None,
        }
    }
}

/// Writes the type in the syntax of specs, e.g. `[string]?`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Json => f.write_str("json"),
            Self::RawJson => f.write_str("raw"),
            Self::File => f.write_str("file"),
            Self::Builtin(builtin) => f.write_str(builtin.as_str()),
            Self::Id(name) | Self::Enum(name) | Self::Struct(name) | Self::Union(name) => {
                f.write_str(name.unraw())
            }
            Self::Optional(inner) => write!(f, "{inner}?"),
            Self::Nullable(inner) => write!(f, "{inner}??"),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Map(inner) => write!(f, "{{{inner}}}"),
        }
    }
}

/// A kind of JSON values, which the first token determines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// Strings.
    Text,
    /// Numbers without fraction and exponent in the range of signed 64-bit integers.
    Int,
    /// Numbers without fraction and exponent in the range of unsigned 64-bit integers.
    Uint,
    /// Numbers, except for integers of another variant.
    Number,
    /// Booleans.
    Bool,
    /// Lists.
    List,
    /// Objects.
    Object,
}

impl JsonKind {
    /// Returns whether values of both kinds cannot be distinguished.
    pub fn overlaps(self, other: Self) -> bool {
        let is_integer = |kind| matches!(kind, Self::Int | Self::Uint);
        self == other || is_integer(self) && is_integer(other)
    }

    /// Returns whether all values of the other kind are of this kind as well.
    pub fn accepts(self, other: Self) -> bool {
        self == other || self == Self::Number && matches!(other, Self::Int | Self::Uint)
    }

    /// Returns the values as a noun in the plural.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "strings",
            Self::Int | Self::Uint => "integers",
            Self::Number => "numbers",
            Self::Bool => "booleans",
            Self::List => "lists",
            Self::Object => "objects",
        }
    }
}

/// Type of a number or a string in a special format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// A 64-bit unsigned integer.
    Uint,
    /// A string that is redacted in debug output.
    Secret,
    /// Bytes as a Base64 string.
    Base64,
    /// A 64-bit signed integer as a string.
    IntText,
    /// A 64-bit unsigned integer as a string.
    UintText,
    /// A decimal number of any precision.
    Decimal,
    /// A decimal number as a string.
    DecimalText,
    /// A date without a time as an RFC 3339 string.
    Date,
    /// A timestamp as an RFC 3339 string.
    Timestamp,
    /// A timestamp as seconds since the Unix epoch.
    UnixSeconds,
    /// A timestamp as milliseconds since the Unix epoch.
    UnixMillis,
    /// A duration in seconds.
    Seconds,
    /// A duration in milliseconds.
    Millis,
    /// A duration as an ISO 8601 string.
    Duration,
    /// A duration in seconds as a string with the unit, e.g. `"3.5s"`.
    SecondsText,
}

impl Builtin {
    /// All of them, in the order used in messages.
    pub const ALL: [Self; 15] = [
        Self::Uint,
        Self::Secret,
        Self::Base64,
        Self::IntText,
        Self::UintText,
        Self::Decimal,
        Self::DecimalText,
        Self::Date,
        Self::Timestamp,
        Self::UnixSeconds,
        Self::UnixMillis,
        Self::Seconds,
        Self::Millis,
        Self::Duration,
        Self::SecondsText,
    ];

    /// Returns whether the value is a string in JSON. The others are numbers.
    pub fn is_text(self) -> bool {
        match self {
            Self::Uint
            | Self::Decimal
            | Self::UnixSeconds
            | Self::UnixMillis
            | Self::Seconds
            | Self::Millis => false,
            Self::Secret
            | Self::Base64
            | Self::IntText
            | Self::UintText
            | Self::DecimalText
            | Self::Date
            | Self::Timestamp
            | Self::Duration
            | Self::SecondsText => true,
        }
    }

    /// Returns the name in a spec.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Secret => "secret",
            Self::Base64 => "base64",
            Self::IntText => "int_text",
            Self::UintText => "uint_text",
            Self::Decimal => "decimal",
            Self::DecimalText => "decimal_text",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::UnixSeconds => "unix_seconds",
            Self::UnixMillis => "unix_millis",
            Self::Seconds => "seconds",
            Self::Millis => "millis",
            Self::Duration => "duration",
            Self::SecondsText => "seconds_text",
        }
    }
}
