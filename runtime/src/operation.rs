//! What is known of an endpoint before it is called.

use std::time::Duration;

use serde_json::Value;
use ureq::http::Method;

use crate::codec::encode::Bounds;

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
    pub format: BodyFormat,
    /// What its answer is.
    pub response: ResponseBody,
    /// Statuses that are described, and so are answers whatever they say.
    pub statuses: &'static [u16],
    /// When it may be sent again.
    pub retry: Retry,
    /// Whether it is sent without credentials.
    pub unauthenticated: bool,
    /// How long the server may take until it answers, where that is known.
    pub timeout: Option<Duration>,
    /// The field by which the server knows a request that is sent twice, and where it goes. What a
    /// caller leaves out is filled with a text that no other call has.
    pub idempotency_key: Option<(FieldLocation, &'static str)>,
    /// What is sent with every request beside its fields: where, under which name, and what.
    pub fixed: &'static [(FieldLocation, &'static str, Literal)],
    /// What its error bodies look like.
    pub errors: &'static ErrorShape,
}

impl Operation {
    /// What most have in common: a `GET` without a body, answered with JSON. For the rest of a
    /// literal.
    pub const DEFAULT: Self = Self {
        name: "",
        method: &Method::GET,
        path: "/",
        format: BodyFormat::Empty,
        response: ResponseBody::Json,
        statuses: &[],
        retry: Retry::Safe,
        unauthenticated: false,
        timeout: None,
        idempotency_key: None,
        fixed: &[],
        errors: &ErrorShape {
            message: &["message", "error"],
            code: &["code", "error_code"],
            conditions: &[],
            refused: &[],
            failed: &[],
        },
    };

    /// Whether the caller passes the URL.
    pub(crate) fn is_link(&self) -> bool {
        self.path.starts_with('{')
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyFormat {
    /// There is none.
    Empty,
    /// `application/json`, one object.
    Json,
    /// `application/json`, one value of any kind: the first field, whatever its name. None if that
    /// is absent.
    JsonValue,
    /// The file that is the first field, with this media type.
    Raw(&'static str),
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// Nothing that is read.
    Ignored,
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// What the status says.
    ByStatus,
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
    /// What it takes, for [`fields`](Self::fields): a line for each field, in columns.
    #[doc(hidden)]
    pub table: &'static str,
}

impl Endpoint {
    /// What it takes.
    pub fn fields(&self) -> impl Iterator<Item = Field> + Clone + use<> {
        self.table.lines().filter_map(Field::read)
    }
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
    pub location: FieldLocation,
    /// What stands between the items of a list that is sent as one text.
    pub join: Option<char>,
    /// What it is where it is left out, as a text.
    pub default: Option<&'static str>,
    /// What may be sent.
    pub bounds: Option<Bounds>,
}

impl Field {
    /// A field as generated code tells it, in columns between tabs: its place, kind and joint, a
    /// letter each, its name, its type, its default behind a `=`, its bounds, and what it means. That
    /// is a single literal for all fields of an endpoint: a table of structs costs the compiler, and
    /// programs, ten times as much.
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.splitn(7, '\t');
        let mut letters = columns.next()?.chars();
        let (location, kind, join) = (letters.next()?, letters.next()?, letters.next());
        let (name, ty) = (columns.next()?, columns.next()?);
        let default = columns.next()?.strip_prefix('=');
        let bounds = Bounds::read(columns.next()?, columns.next()?);
        Some(Self {
            name,
            doc: columns.next().unwrap_or_default(),
            ty,
            kind: FieldKind::from_letter(kind)?,
            required: !ty.ends_with('?') && default.is_none(),
            location: FieldLocation::from_letter(location)?,
            join,
            default,
            bounds,
        })
    }
}

/// Where a field of a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldLocation {
    /// Into the path.
    Path,
    /// Into the query string.
    Query,
    /// Into a header of this name.
    Header,
    /// Into the body.
    Body,
}

impl FieldLocation {
    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'p' => Self::Path,
            'q' => Self::Query,
            'h' => Self::Header,
            'b' => Self::Body,
            _ => return None,
        })
    }
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

impl FieldKind {
    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            't' => Self::Text,
            'b' => Self::Bool,
            'i' => Self::Int,
            'u' => Self::Uint,
            'n' => Self::Float,
            'j' => Self::Json,
            'f' => Self::File,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::encode::Size;

    #[test]
    fn a_table_is_read_line_by_line() {
        let read: Vec<_> =
            "pt\tid\tJobId\t\t\t\tA job.\nqj,\ttags\t[string]?\t\t\t3\t\nqn\trate\tfloat\t=1\t0.5\t2.0\t\nbf\tfile\tfile\t\t\t\tTabs\tstay."
                .lines()
                .filter_map(Field::read)
                .collect();
        let shown: Vec<_> = read
            .iter()
            .map(|field| (field.name, field.ty, field.doc, field.required, field.join))
            .collect();
        assert_eq!(
            shown,
            [
                ("id", "JobId", "A job.", true, None),
                ("tags", "[string]?", "", false, Some(',')),
                ("rate", "float", "", false, None),
                ("file", "file", "Tabs\tstay.", true, None),
            ]
        );
        let bounds = |min, max| Some(Bounds { min, max });
        let limits: Vec<_> = read
            .iter()
            .map(|field| (field.default, field.bounds))
            .collect();
        assert_eq!(
            limits,
            [
                (None, None),
                (None, bounds(None, Some(Size::Int(3)))),
                (
                    Some("1"),
                    bounds(Some(Size::Float(0.5)), Some(Size::Float(2.0)))
                ),
                (None, None),
            ]
        );
        let locations: Vec<_> = read
            .iter()
            .map(|field| (field.location, field.kind))
            .collect();
        assert_eq!(
            locations,
            [
                (FieldLocation::Path, FieldKind::Text),
                (FieldLocation::Query, FieldKind::Json),
                (FieldLocation::Query, FieldKind::Float),
                (FieldLocation::Body, FieldKind::File),
            ]
        );
        for nonsense in ["", "q", "q\tx\tint", "xt\tx\tint\t\t\t\t", "qt\tx\tint"] {
            assert!(Field::read(nonsense).is_none(), "{nonsense}");
        }
    }
}
