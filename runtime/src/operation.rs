//! What is known of an endpoint before it is called.

use ureq::http::Method;

use crate::encode::Format;

/// One endpoint, as generated code describes it to [`Client::send`](crate::Client::send).
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Group and endpoint, as in `contexts.create`.
    pub name: &'static str,
    /// The method.
    pub method: &'static Method,
    /// The path below the base URL, with a slash in front.
    pub path: &'static str,
    /// How its body is written.
    pub format: Format,
    /// When it may be sent again.
    pub retry: Retry,
    /// What its error bodies look like.
    pub errors: &'static ErrorShape,
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
/// in messages of troubles that pass.
#[derive(Clone, Copy, Debug)]
pub struct ErrorShape {
    /// Tried in order; the first that holds a string counts.
    pub message: &'static [&'static str],
    /// Tried in order; the first that holds a string or a number counts.
    pub code: &'static [&'static str],
    /// Words of a refusal that passes, before anything was done.
    pub refused: &'static [&'static str],
    /// Words of a trouble that passes; whether anything was done is not known.
    pub failed: &'static [&'static str],
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
    /// Whether it goes into the query string; into the body otherwise.
    pub in_query: bool,
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
    /// A number.
    Float,
    /// JSON.
    Json,
    /// The path of a file.
    File,
}
