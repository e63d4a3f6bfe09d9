//! The checked description: what a spec means, with nothing left to doubt.
//!
//! Only [`parse`](crate::parse) makes these values. Every reference in them resolves, every Rust
//! name is a valid identifier and unique where it stands, every waiter classes all values of the
//! status it watches. Lists keep the order of the file.

use std::collections::HashMap;
use std::fmt;

use crate::names::{RustName, WireName};
use crate::source::Span;

/// A described API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The name for people, as in "Databricks Command Execution".
    pub name: String,
    /// What the API is for.
    pub doc: String,
    /// Where it is, where that is known.
    pub url: Option<String>,
    /// How callers say who they are, where that is known.
    pub auth: Option<Auth>,
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

impl Api {
    /// Returns the newtype with this name.
    pub fn id_named(&self, name: &RustName) -> Option<&Id> {
        self.ids.iter().find(|id| id.name == *name)
    }

    /// Returns the enum with this name.
    pub fn enum_named(&self, name: &RustName) -> Option<&Enum> {
        self.enums.iter().find(|item| item.name == *name)
    }

    /// Returns the struct with this name.
    pub fn struct_named(&self, name: &RustName) -> Option<&Struct> {
        self.structs.iter().find(|item| item.name == *name)
    }

    /// Returns the union with this name.
    pub fn union_named(&self, name: &RustName) -> Option<&Union> {
        self.unions.iter().find(|item| item.name == *name)
    }
}

/// How callers say who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// By a bearer token.
    Bearer,
    /// By a user and a password.
    Basic,
    /// By a key in this header.
    Header(String),
}

/// The keys under which an error body of the API carries its message and its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorShape {
    /// Keys tried in order for the message; the first that holds a string counts.
    pub message: Vec<String>,
    /// Keys tried in order for the code; the first that holds a string or a number counts.
    pub code: Vec<String>,
    /// What a body has that is an error although its status is good.
    pub conditions: Vec<Condition>,
}

/// A sign of an error in the body of an answer whose status is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A key of the body.
    pub key: String,
    /// The value it is compared with.
    pub value: Literal,
    /// Whether it is an error if the two are equal; otherwise if they differ.
    pub equal: bool,
}

/// A value that is written in a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(Float),
    /// A text.
    String(String),
}

/// A finite number with a fraction.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

// None of them is NaN: they come from `Literal`s, which the reader makes.
impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}

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
    pub aliases: Vec<String>,
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

/// Objects told apart by the string under one key, or by the keys that they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Union {
    /// Its Rust name.
    pub name: RustName,
    /// What it is.
    pub doc: String,
    /// The key that tells the variants apart. Without it their [own keys](Self::own_keys) do.
    pub tag: Option<WireName>,
    /// The variants known today; others are kept as JSON.
    pub variants: Vec<Variant>,
    /// The variant that keeps an unheard-of object: `Unknown`, or another name where one took it.
    pub unknown: RustName,
    /// Where it is described.
    pub span: Span,
}

impl Union {
    /// For each variant the fields that it always has and no other variant ever has.
    pub fn own_keys(&self) -> Vec<Vec<&Field>> {
        let mut owners: HashMap<&WireName, usize> = HashMap::new();
        let all = self.variants.iter().flat_map(|it| &it.body.fields);
        for field in all {
            *owners.entry(&field.wire).or_default() += 1;
        }
        let is_own = |field: &&Field| field.is_required() && owners.get(&field.wire) == Some(&1);
        let variants = self.variants.iter();
        variants
            .map(|it| it.body.fields.iter().filter(is_own).collect())
            .collect()
    }
}

/// One known variant of a [`Union`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The tag on the wire. In a union without one it is a name, and not on the wire.
    pub wire: WireName,
    /// Other tags for the same variant, read but never sent.
    pub aliases: Vec<String>,
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
    /// The path with every prefix, as in `/api/1.2/contexts/create`. Its parameters stand in
    /// braces, as in `/jobs/{id}`; one whose value may hold `/` has a plus, as in `/files/{+path}`.
    pub path: String,
    /// The parameters of the path, in the order in which they stand there.
    pub parameters: Vec<Field>,
    /// Parameters in the query string.
    pub query: Vec<Field>,
    /// Headers with values of the caller's.
    pub headers: Vec<Field>,
    /// What the request carries.
    pub body: Body,
    /// What comes back in the body.
    pub response: Response,
    /// What comes back in headers.
    pub response_headers: Option<ResponseHeaders>,
    /// What the bodies of errors are, where that is described.
    pub error: Option<Type>,
    /// What is sent with every request.
    pub fixed: Vec<Fixed>,
    /// When the request may be sent again.
    pub retry: Retry,
    /// Whether it is sent without credentials.
    pub unauthenticated: bool,
    /// How many milliseconds the server may take until it answers, where that is said.
    pub timeout: Option<u64>,
    /// The field by which the server knows a request that is sent twice.
    pub idempotency_key: Option<IdempotencyKey>,
    /// What to use instead, where one should.
    pub deprecated: Option<String>,
    /// How one gets from one page of the answer to the next.
    pub pages: Option<Pages>,
    /// How one waits for what the call began.
    pub wait: Option<Waiter>,
    /// Where it is described.
    pub span: Span,
}

impl Endpoint {
    /// All fields of the request struct: the path's, the query's, the headers, then the body's.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        let head = self.parameters.iter().chain(&self.query);
        head.chain(&self.headers).chain(self.body.fields())
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
    /// `application/json`, the one field alone.
    JsonValue(Field),
    /// The bytes of the one field, of this media type.
    Raw(Field, String),
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
            Self::JsonValue(field) | Self::Raw(field, _) => std::slice::from_ref(field),
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
    /// Text, whole.
    Text,
    /// Bytes, whole.
    Bytes,
    /// Bytes that the caller has written somewhere while they come.
    Stream,
    /// One of several, as the status says.
    ByStatus(Box<Cases>),
}

/// Answers told apart by their status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases {
    /// The enum, as in `CreateResponse`.
    pub name: RustName,
    /// The answers that are described. None of their responses has cases again.
    pub cases: Vec<Case>,
}

/// The answer with one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The status code.
    pub status: u16,
    /// The variant, as in `NotFound`.
    pub variant: RustName,
    /// The body. An object has a struct of its own, as in `CreateNotFound`.
    pub response: Response,
    /// Where it is described.
    pub span: Span,
}

/// The headers of an answer that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// The struct that holds them beside the body, as in `CreateResponse`: the fields of an
    /// object, or what else the body is as the field `body`.
    pub name: RustName,
    /// The headers.
    pub headers: Vec<Field>,
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
    /// What stands between the items of a list that is sent as one text. Otherwise each item of a
    /// list is a parameter, or a part, of its own.
    pub join: Option<char>,
    /// What it is where it is left out.
    pub default: Option<Literal>,
    /// What a request may send.
    pub bounds: Bounds,
    /// What to use instead, where one should.
    pub deprecated: Option<String>,
    /// What it means; may be empty.
    pub doc: String,
    /// Where it is described.
    pub span: Span,
}

impl Field {
    /// Whether whoever makes the value has to give it.
    pub fn is_required(&self) -> bool {
        !self.ty.is_optional() && self.default.is_none()
    }
}

/// The least and the greatest of what may be sent: of a number itself, of a text its characters, of
/// a list or a map its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The least, a number.
    pub min: Option<Literal>,
    /// The greatest, a number.
    pub max: Option<Literal>,
}

impl Bounds {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// A value that is the same in every request, and no field of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Where it goes.
    pub location: FieldLocation,
    /// Its key on the wire.
    pub wire: WireName,
    /// The value.
    pub value: Literal,
}

/// A field that makes a request idempotent. Where a caller leaves it out, the client fills it with
/// a text of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Where it goes.
    pub location: FieldLocation,
    /// Its key on the wire.
    pub wire: WireName,
    /// The field in Rust.
    pub rust: RustName,
}

/// Where a fixed value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldLocation {
    /// Into the query string.
    Query,
    /// Into a header.
    Header,
    /// Into the body.
    Body,
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
    /// `uint`, `base64` and the like.
    Builtin(Builtin),
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
    /// `T??`: absent, null, or a value, all three kept apart.
    Nullable(Box<Type>),
    /// `[T]`
    List(Box<Type>),
    /// `{T}`: an object with any keys.
    Map(Box<Type>),
}

impl Type {
    /// Whether the value may be absent.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Nullable(_))
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

/// Types that stand for a number or a text of a certain form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// A whole number of 64 bits without a sign.
    Uint,
    /// A text that is not printed.
    Secret,
    /// Bytes as a text in Base64.
    Base64,
    /// A whole number of 64 bits as a text.
    IntText,
    /// A whole number of 64 bits without a sign as a text.
    UintText,
    /// A time as a text of RFC 3339.
    Timestamp,
    /// A time as seconds since 1970.
    UnixSeconds,
    /// A time as milliseconds since 1970.
    UnixMillis,
    /// A span of time in seconds.
    Seconds,
    /// A span of time in milliseconds.
    Millis,
    /// A span of time as a text of ISO 8601.
    Duration,
    /// A span of time in seconds as a text, with the unit.
    SecondsText,
}

impl Builtin {
    /// Every one, in the order in which messages list them.
    pub const ALL: [Self; 12] = [
        Self::Uint,
        Self::Secret,
        Self::Base64,
        Self::IntText,
        Self::UintText,
        Self::Timestamp,
        Self::UnixSeconds,
        Self::UnixMillis,
        Self::Seconds,
        Self::Millis,
        Self::Duration,
        Self::SecondsText,
    ];

    /// The word in a spec.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Secret => "secret",
            Self::Base64 => "base64",
            Self::IntText => "int_text",
            Self::UintText => "uint_text",
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

/// A list that comes in pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The generated function that iterates over all items, e.g. `list_all`.
    pub function: RustName,
    /// The answer: of the endpoint, or a declared type.
    pub response: RustName,
    /// Whether the answer is a declared type.
    pub declared: bool,
    /// The field of the answer that has the items.
    pub items: RustName,
    /// Whether that field may be absent, which is no items.
    pub optional: bool,
    /// What the items are.
    pub item: Type,
    /// The field of the request that says which page.
    pub request_field: RustName,
    /// What goes into it.
    pub pagination: Pagination,
    /// Where it is described.
    pub span: Span,
}

/// How one page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pagination {
    /// By a field of the answer, until it is absent or empty.
    Token {
        /// The field.
        next: RustName,
        /// Whether it may be absent.
        optional: bool,
    },
    /// By a parameter of the link to the next page, until there is none.
    Link {
        /// The field of the answer that is the header.
        link: RustName,
        /// Whether it may be absent.
        optional: bool,
        /// The parameter in the query of the link.
        parameter: WireName,
    },
    /// By the number of items so far, until a page has none.
    Offset,
    /// By the number of the page, until a page has no items.
    Page,
}

/// How one waits for what a call began: ask `poll` until the status settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// The generated function, e.g. `wait_for_create`.
    pub function: RustName,
    /// The generated function that classifies one response of the poll, e.g. `create_progress`.
    pub progress: RustName,
    /// The group of the endpoint that is asked.
    pub group: RustName,
    /// The function that asks.
    pub poll: RustName,
    /// Its request struct.
    pub request: RustName,
    /// Its answer.
    pub response: RustName,
    /// Whether the answer is a declared type, not the poll's own.
    pub declared: bool,
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
