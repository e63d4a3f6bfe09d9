//! What is known of an endpoint before it is called.

use std::time::Duration;

use serde_json::Value;
use ureq::http::Method;

use crate::encode::{Bounds, Format};

/// One endpoint, as generated code describes it to [`Client::send`](crate::Client::send).
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Group and endpoint, as in `contexts.create`.
    pub name: &'static str,
    /// The method.
    pub method: &'static Method,
    /// The path below the base URL, with a slash in front. Parameters stand in braces, as in
    /// `/jobs/{id}`; one that may hold slashes has a plus, as in `/files/{+path}`. A path that is
    /// nothing but a parameter, as in `{location}`, is a URL that the server gave.
    pub path: &'static str,
    /// How its body is written.
    pub format: Format,
    /// What its answer is.
    pub reply: Reply,
    /// Statuses that are described, and so are answers whatever they say.
    pub statuses: &'static [u16],
    /// When it may be sent again.
    pub retry: Retry,
    /// Whether it is sent without credentials.
    pub anonymous: bool,
    /// How long the server may take until it answers, where that is known.
    pub timeout: Option<Duration>,
    /// The field by which the server knows a request that is sent twice, and where it goes. What a
    /// caller leaves out is filled with a text that no other call has.
    pub key: Option<(Place, &'static str)>,
    /// What is sent with every request beside its fields: where, under which name, and what.
    pub fixed: &'static [(Place, &'static str, Literal)],
    /// What its error bodies look like.
    pub errors: &'static ErrorShape,
}

impl Operation {
    /// Whether the caller passes the URL.
    pub(crate) fn is_link(&self) -> bool {
        self.path.starts_with('{')
    }
}

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Nothing that is read.
    Nothing,
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// What the status says.
    Any,
}

/// When a request may be sent again although the first one may have been processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Always: it changes nothing.
    Safe,
    /// Always: twice does what once does.
    Idempotent,
    /// Never.
    Never,
}

/// The keys under which the error bodies of an API carry their message and their code, and words
/// in messages of troubles that pass. A key `a.b` that is not there as such is `b` within `a`, or
/// within the first item of it if that is a list.
#[derive(Clone, Copy, Debug)]
pub struct ErrorShape {
    /// Tried in order; the first that holds a string counts.
    pub message: &'static [&'static str],
    /// Tried in order; the first that holds a string or a number counts.
    pub code: &'static [&'static str],
    /// What a body has that is an error although its status is good. One is enough.
    pub conditions: &'static [Condition],
    /// Words of a refusal that passes, before anything was done.
    pub refused: &'static [&'static str],
    /// Words of a trouble that passes; whether anything was done is not known.
    pub failed: &'static [&'static str],
}

/// A sign of an error in the body of an answer with a good status.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// A key of the body.
    pub key: &'static str,
    /// What its value is compared with.
    pub value: Literal,
    /// Whether it is an error if they are equal; otherwise if they differ.
    pub equal: bool,
}

/// A value that is written in a description.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(&'static str),
}

impl PartialEq<Value> for Literal {
    fn eq(&self, other: &Value) -> bool {
        match self {
            Self::Bool(value) => other == value,
            Self::Int(value) => other == value,
            Self::Float(value) => other == value,
            Self::Text(value) => other == value,
        }
    }
}

/// An endpoint with all that a program needs to call it by name: see
/// [`Client::call_by_name`](crate::Client::call_by_name).
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// How it is called.
    pub operation: &'static Operation,
    /// What it does.
    pub doc: &'static str,
    /// What it takes.
    pub fields: &'static [Field],
}

/// One field of a request.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key on the wire.
    pub name: &'static str,
    /// What it means; may be empty.
    pub doc: &'static str,
    /// Its type as the spec has it, as in `ClusterId` or `int?`.
    pub ty: &'static str,
    /// How a text given for it is understood.
    pub kind: FieldKind,
    /// Whether the request needs it.
    pub required: bool,
    /// Where it goes.
    pub place: Place,
    /// What stands between the items of a list that is sent as one text.
    pub join: Option<char>,
    /// What it is where it is left out, as a text.
    pub default: Option<&'static str>,
    /// What may be sent.
    pub bounds: Option<Bounds>,
}

/// Where a field of a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query string.
    Query,
    /// Into a header of this name.
    Header,
    /// Into the body.
    Body,
}

/// How a text that is given for a field is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// As it is.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A whole number without a sign.
    Uint,
    /// A number.
    Float,
    /// JSON.
    Json,
    /// The path of a file.
    File,
}
