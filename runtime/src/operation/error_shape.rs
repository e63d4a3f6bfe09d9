//! Error bodies of an API.

use serde_json::Value;

/// Shape of the error bodies of an API: the keys of message and code, and the messages of expired
/// credentials and of transient errors.
///
/// A key `a.b` that a body does not contain literally is the key `b` of the object `a`, or of the
/// first item if `a` is a list.
#[derive(Clone, Copy, Debug)]
pub struct ErrorShape<'a> {
    /// Keys of the message, in order of precedence. The first one with a string is used.
    pub message: &'a [&'a str],
    /// Keys of the error code, in order of precedence. The first one with a string or a number is
    /// used.
    pub code: &'a [&'a str],
    /// Beginnings of messages of a 400 or 403 for expired credentials, in any case. `*` matches
    /// characters other than white space.
    pub expired: &'a [&'a str],
    /// Conditions under which a body is an error although its status code is a success. One of
    /// them is sufficient.
    pub conditions: &'a [Condition<'a>],
    /// Beginnings of messages of transient errors that prove that the request was not processed. `*`
    /// matches characters other than white space. A leading exception name may be qualified.
    pub refused: &'a [&'a str],
    /// Parts of messages of transient errors after which the request may have been processed.
    pub failed: &'a [&'a str],
}

/// Condition under which the body of a response with a success status code is an error.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'a> {
    /// Key of the body.
    pub key: &'a str,
    /// The values that are an error.
    pub test: Test<'a>,
}

/// Test of a value in a [`Condition`].
#[derive(Clone, Copy, Debug)]
pub enum Test<'a> {
    /// An equal value.
    Equal(Literal<'a>),
    /// A different value. An absent key is none.
    Different(Literal<'a>),
    /// A value other than null, `false`, 0 and empty values.
    Present,
}

/// A value that is written in a spec.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string.
    String(&'a str),
}

impl PartialEq<Value> for Literal<'_> {
    fn eq(&self, other: &Value) -> bool {
        match self {
            Self::Bool(value) => other == value,
            Self::Int(value) => other == value,
            Self::Float(value) => other == value,
            Self::String(value) => other == value,
        }
    }
}
