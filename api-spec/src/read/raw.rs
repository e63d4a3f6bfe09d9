//! The file as written: every piece with its place, nothing interpreted.

use crate::model::Literal;
use crate::source::{Source, Span};

/// A spec as written.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The files that it includes.
    pub(crate) include: Vec<Text>,
    pub(crate) api: Api,
    pub(crate) groups: Vec<Group>,
    pub(crate) ids: Vec<Id>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) unions: Vec<Union>,
    pub(crate) endpoints: Vec<Endpoint>,
}

impl Document {
    /// Takes in what stands in a file that this one includes.
    pub(crate) fn extend(&mut self, other: Self) {
        self.groups.extend(other.groups);
        self.ids.extend(other.ids);
        self.enums.extend(other.enums);
        self.structs.extend(other.structs);
        self.unions.extend(other.unions);
        self.endpoints.extend(other.endpoints);
    }
}

/// A string of the file, a key or a value.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) value: String,
    /// The whole, quotes included.
    pub(crate) span: Span,
    /// Where the value begins, if it stands in the file letter by letter.
    verbatim: Option<usize>,
}

impl Text {
    pub(crate) fn new(source: &Source, value: &str, span: Span) -> Self {
        let raw = &source.text()[span.range()];
        let verbatim = if raw == value {
            Some(span.start)
        } else {
            let inner = raw.get(1..raw.len().saturating_sub(1));
            (inner == Some(value)).then_some(span.start + 1)
        };
        Self {
            value: value.to_owned(),
            span,
            verbatim,
        }
    }

    /// The same in a file that begins so many bytes further on.
    pub(crate) fn on(self, bytes: usize) -> Self {
        Self {
            span: self.span.on(bytes),
            verbatim: self.verbatim.map(|start| start + bytes),
            ..self
        }
    }

    /// The place of some bytes of the value; of all of it where escapes stand in between.
    pub(crate) fn place(&self, range: std::ops::Range<usize>) -> Span {
        match self.verbatim {
            Some(start) => Span {
                start: start + range.start,
                end: start + range.end,
            },
            None => self.span,
        }
    }

    /// The place of the whole value, without its quotes.
    pub(crate) fn inside(&self) -> Span {
        self.place(0..self.value.len())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }
}

#[derive(Debug, Default)]
pub(crate) struct Api {
    pub(crate) name: Option<Text>,
    pub(crate) doc: String,
    pub(crate) url: Option<Text>,
    pub(crate) auth: Option<Auth>,
    pub(crate) base_path: Option<Text>,
    /// Sent with every request.
    pub(crate) headers: Vec<(Text, Literal)>,
    pub(crate) query: Vec<(Text, Literal)>,
    pub(crate) message: Option<Vec<Text>>,
    pub(crate) code: Option<Vec<Text>>,
    /// The type of error bodies.
    pub(crate) error: Option<Text>,
    pub(crate) when: Vec<(Text, Literal)>,
    pub(crate) unless: Vec<(Text, Literal)>,
    pub(crate) refused: Vec<Text>,
    pub(crate) failed: Vec<Text>,
}

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) key: Text,
    pub(crate) doc: String,
    pub(crate) base_path: Option<Text>,
}

#[derive(Debug)]
pub(crate) struct Id {
    pub(crate) name: Text,
    pub(crate) doc: String,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: Text,
    pub(crate) doc: String,
    pub(crate) values: Vec<Word>,
    pub(crate) faulty: bool,
}

/// A value of an enumeration, or the tag of a variant.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) wire: Text,
    pub(crate) also: Vec<Text>,
    pub(crate) rust: Option<Text>,
    pub(crate) doc: String,
}

#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) name: Text,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) name: Text,
    pub(crate) doc: String,
    pub(crate) tag: Option<Text>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) word: Word,
    pub(crate) fields: Vec<Field>,
}

/// A value, and its place.
pub(crate) type Scalar = (Literal, Span);

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) wire: Text,
    pub(crate) ty: Option<Text>,
    pub(crate) rust: Option<Text>,
    pub(crate) style: Option<Text>,
    /// What is always sent, and its place.
    pub(crate) value: Option<Scalar>,
    /// What it is where it is left out.
    pub(crate) default: Option<Scalar>,
    pub(crate) min: Option<Scalar>,
    pub(crate) max: Option<Scalar>,
    pub(crate) deprecated: Option<Text>,
    pub(crate) doc: String,
}

#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) group: Text,
    pub(crate) key: Text,
    pub(crate) doc: String,
    pub(crate) http: Option<Text>,
    pub(crate) base_path: Option<Text>,
    pub(crate) rust: Option<Text>,
    /// The key `path`, if it is there.
    pub(crate) path_key: Option<Span>,
    pub(crate) path: Vec<Field>,
    pub(crate) query: Vec<Field>,
    pub(crate) headers: Vec<Field>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) response: Option<Response>,
    /// The key `responses`, if it is there.
    pub(crate) responses_key: Option<Span>,
    /// By status code.
    pub(crate) responses: Vec<(Text, Shape)>,
    pub(crate) error: Option<Text>,
    pub(crate) deprecated: Option<Text>,
    /// The key `response_headers`, if it is there.
    pub(crate) response_headers_key: Option<Span>,
    pub(crate) response_headers: Vec<Field>,
    pub(crate) retry: Option<Retry>,
    pub(crate) timeout: Option<Scalar>,
    pub(crate) auth: Option<Text>,
    pub(crate) pages: Option<Pages>,
    pub(crate) wait: Option<Wait>,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) kind: BodyKind,
    /// The key that says the kind.
    pub(crate) span: Span,
    pub(crate) fields: Vec<Field>,
    /// The type of the whole body, or its media type.
    pub(crate) whole: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Raw,
    Json,
    Form,
    Multipart,
}

impl BodyKind {
    pub(crate) const ALL: [Self; 4] = [Self::Raw, Self::Json, Self::Form, Self::Multipart];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "body",
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Response {
    /// The key.
    pub(crate) span: Span,
    pub(crate) shape: Shape,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Object(Vec<Field>),
    Value(Text),
}

/// How callers say who they are.
#[derive(Debug)]
pub(crate) enum Auth {
    /// A scheme.
    Scheme(Text),
    /// The header that holds a key.
    Header(Text),
}

/// When a request may be sent again.
#[derive(Debug)]
pub(crate) enum Retry {
    /// A class.
    Class(Text),
    /// The field that tells the server that it is the same request.
    With(Text),
}

#[derive(Debug)]
pub(crate) struct Pages {
    /// The key.
    pub(crate) span: Span,
    pub(crate) items: Option<Text>,
    pub(crate) next: Option<Text>,
    pub(crate) into: Option<Text>,
    pub(crate) link: Option<Text>,
    pub(crate) offset: Option<Text>,
    pub(crate) page: Option<Text>,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) span: Span,
    pub(crate) poll: Option<Text>,
    pub(crate) bind: Option<Bind>,
    pub(crate) field: Option<Text>,
    pub(crate) until: Option<Words>,
    pub(crate) fail: Option<Words>,
    pub(crate) pending: Option<Words>,
    pub(crate) faulty: bool,
}

#[derive(Debug)]
pub(crate) struct Bind {
    /// The key.
    pub(crate) span: Span,
    pub(crate) pairs: Vec<(Text, Text)>,
}

/// A list of strings.
#[derive(Debug)]
pub(crate) struct Words {
    /// The key before the list.
    pub(crate) span: Span,
    pub(crate) words: Vec<Text>,
}
