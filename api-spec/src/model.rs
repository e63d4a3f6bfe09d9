//! The checked description: what a spec means, with nothing left to doubt.
//!
//! Only [`parse`](crate::parse) makes these values. Every reference in them resolves, every Rust
//! name is a valid identifier and unique where it stands, every waiter classes all values of the
//! status it watches. Lists keep the order of the file.

use crate::names::{RustName, WireName};
use crate::source::Span;

/// A described API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The name for people, as in "Databricks Command Execution".
    pub name: String,
    /// What the API is for.
    pub doc: String,
    /// Where an error body keeps its words.
    pub errors: ErrorShape,
    /// Messages of troubles that pass.
    pub transient: Transient,
    /// Newtypes over strings: one cannot be passed for another.
    pub ids: Vec<Id>,
    /// Open enumerations.
    pub enums: Vec<Enum>,
    /// Objects with a name.
    pub structs: Vec<Struct>,
    /// Objects told apart by a tag.
    pub unions: Vec<Union>,
    /// The endpoints, by group.
    pub groups: Vec<Group>,
}

/// The keys under which an error body of the API carries its message and its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorShape {
    /// Keys tried in order for the message; the first that holds a string counts.
    pub message: Vec<String>,
    /// Keys tried in order for the code; the first that holds a string or a number counts.
    pub code: Vec<String>,
}

/// Words in the messages of errors that pass by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transient {
    /// The request was turned away before anything was done.
    pub refused: Vec<String>,
    /// How far the request got is not known.
    pub failed: Vec<String>,
}

/// A newtype over a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// Its Rust name.
    pub name: RustName,
    /// What it identifies.
    pub doc: String,
    /// Where it is described.
    pub span: Span,
}

/// An open enumeration of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its Rust name.
    pub name: RustName,
    /// What it enumerates.
    pub doc: String,
    /// The values known today; others are kept as text.
    pub values: Vec<Value>,
    /// The variant that keeps an unheard-of word: `Unknown`, or another name where a value took it.
    pub unknown: RustName,
    /// Where it is described.
    pub span: Span,
}

/// One known value of an [`Enum`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The word on the wire.
    pub wire: WireName,
    /// Other words for the same value, read but never sent.
    pub also: Vec<String>,
    /// The variant.
    pub rust: RustName,
    /// What it means; may be empty.
    pub doc: String,
}

/// An object with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// Its Rust name.
    pub name: RustName,
    /// What it is.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Where it is described.
    pub span: Span,
}

/// Objects told apart by the string under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Union {
    /// Its Rust name.
    pub name: RustName,
    /// What it is.
    pub doc: String,
    /// The key that tells the variants apart.
    pub tag: WireName,
    /// The variants known today; others are kept as JSON.
    pub variants: Vec<Variant>,
    /// The variant that keeps an unheard-of object: `Unknown`, or another name where one took it.
    pub unknown: RustName,
    /// Where it is described.
    pub span: Span,
}

/// One known variant of a [`Union`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The tag on the wire.
    pub wire: WireName,
    /// Other tags for the same variant, read but never sent.
    pub also: Vec<String>,
    /// The variant in Rust, as in `Table`.
    pub rust: RustName,
    /// The struct it holds: variant and union, as in `TableResults`.
    pub body: Struct,
}

/// Endpoints that belong together: a module of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The word before the dot of `contexts.create`.
    pub key: String,
    /// The module.
    pub rust: RustName,
    /// What its endpoints are for; may be empty.
    pub doc: String,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint: a request struct, a response struct and a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The word after the dot of `contexts.create`.
    pub key: String,
    /// The function, as in `create`.
    pub rust: RustName,
    /// The request struct, as in `Create`.
    pub request: RustName,
    /// What the call does.
    pub doc: String,
    /// The HTTP method.
    pub method: Method,
    /// The path with every prefix, as in `/api/1.2/contexts/create`.
    pub path: String,
    /// Parameters in the query string.
    pub query: Vec<Field>,
    /// What the request carries.
    pub body: Body,
    /// What comes back.
    pub response: Response,
    /// When the request may be sent again.
    pub retry: Retry,
    /// How one waits for what the call began.
    pub wait: Option<Waiter>,
    /// Where it is described.
    pub span: Span,
}

impl Endpoint {
    /// All fields of the request struct: the query's, then the body's.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.query.iter().chain(self.body.fields())
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `HEAD`
    Head,
}

impl Method {
    /// Every method, in the order in which messages list them.
    pub const ALL: [Self; 6] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
        }
    }
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

impl Retry {
    /// Every class, in the order in which messages list them.
    pub const ALL: [Self; 3] = [Self::Safe, Self::Idempotent, Self::Never];

    /// The word in a spec.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Idempotent => "idempotent",
            Self::Never => "never",
        }
    }

    /// What RFC 9110 says of the method, in section 9.2.
    pub const fn of(method: Method) -> Self {
        match method {
            Method::Get | Method::Head => Self::Safe,
            Method::Put | Method::Delete => Self::Idempotent,
            Method::Post | Method::Patch => Self::Never,
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/json`, one object.
    Json(Vec<Field>),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<Field>),
    /// `multipart/form-data`.
    Multipart(Vec<Field>),
}

impl Body {
    /// The fields of the body, whatever its encoding.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Empty => &[],
            Self::Json(fields) | Self::Form(fields) | Self::Multipart(fields) => fields,
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// Nothing that is read.
    Nothing,
    /// An object of its own, with the name of its struct, as in `CreateResponse`.
    Object(Struct),
    /// A value of a type that has a name already.
    Value(Type),
}

/// A field of a request, a response, a struct or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key on the wire.
    pub wire: WireName,
    /// The field in Rust.
    pub rust: RustName,
    /// Its type.
    pub ty: Type,
    /// What it means; may be empty.
    pub doc: String,
    /// Where it is described.
    pub span: Span,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`: 64 bits, signed.
    Int,
    /// `float`: 64 bits.
    Float,
    /// `json`: any JSON.
    Json,
    /// `file`: a part of a multipart body, streamed from disk or memory.
    File,
    /// A name of `[ids]`.
    Id(RustName),
    /// A name of `[enums]`.
    Enum(RustName),
    /// A name of `[structs]`.
    Struct(RustName),
    /// A name of `[unions]`.
    Union(RustName),
    /// `T?`: absent, null, or a value.
    Optional(Box<Type>),
    /// `[T]`
    List(Box<Type>),
    /// `{T}`: an object with any keys.
    Map(Box<Type>),
}

impl Type {
    /// Whether the value may be absent.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }
}

/// How one waits for what a call began: ask `poll` until the status settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// The group of the endpoint that is asked.
    pub group: RustName,
    /// The function that asks.
    pub poll: RustName,
    /// Its request struct.
    pub request: RustName,
    /// Its answer.
    pub answer: RustName,
    /// What is put into the request, in the order of its required fields.
    pub bind: Vec<Binding>,
    /// The field of the answer that holds the status.
    pub field: RustName,
    /// Whether that field may be absent; an absent status is pending.
    pub optional: bool,
    /// The enumeration of the status.
    pub status: RustName,
    /// Variants that end the wait well.
    pub until: Vec<RustName>,
    /// Variants that end the wait with an error.
    pub fail: Vec<RustName>,
    /// Variants that the wait goes on with, beside the unheard-of ones.
    pub pending: Vec<RustName>,
    /// Where it is described.
    pub span: Span,
}

/// A value of the poll's request, taken from the call before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A field of the first request.
    Request(RustName),
    /// A field of the first answer.
    Response(RustName),
}
