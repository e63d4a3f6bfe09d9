//! What will be written.

/// A description in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) origin: String,
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) base_path: String,
    /// Keys and words of groups.
    pub(super) groups: Vec<(String, String)>,
    pub(super) types: Vec<Type>,
    pub(super) endpoints: Vec<Endpoint>,
}

/// A type with a name.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Id,
    Enum(Vec<Word>),
    Struct(Vec<Field>),
    /// Its tag, if it has one.
    Union(Option<String>, Vec<Variant>),
}

/// A value of an enumeration, or a tag.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) wire: String,
    pub(super) also: Vec<String>,
    pub(super) rust: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) word: Word,
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) wire: String,
    pub(super) ty: Ty,
    pub(super) rust: Option<String>,
    pub(super) doc: String,
    /// How the items of a list become one text.
    pub(super) style: Option<&'static str>,
    /// What may be sent: `min` and `max`, as they are written.
    pub(super) bounds: Vec<(&'static str, String)>,
}

/// A type expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Plain(&'static str),
    Named(String),
    Optional(Box<Ty>),
    List(Box<Ty>),
    Map(Box<Ty>),
}

#[derive(Debug)]
pub(super) struct Endpoint {
    /// The operation, as in `GET /pets`.
    pub(super) origin: String,
    pub(super) group: String,
    pub(super) key: String,
    pub(super) doc: String,
    pub(super) http: String,
    /// What stands behind `retry`, if it is to be there.
    pub(super) retry: Option<Again>,
    /// `query`, `json` and their like, in the order of the language.
    pub(super) parts: Vec<(&'static str, Part)>,
    pub(super) response: Option<Part>,
    pub(super) deprecated: bool,
    /// Whether it is sent without credentials.
    pub(super) anonymous: bool,
    /// In milliseconds.
    pub(super) timeout: Option<u64>,
    /// The keys and words of `pages`.
    pub(super) pages: Vec<(&'static str, String)>,
}

/// When a request may be sent again.
#[derive(Debug)]
pub(super) enum Again {
    Class(&'static str),
    With(String),
}

/// What stands behind `query`, `json`, `response` and their like.
#[derive(Debug)]
pub(super) enum Part {
    Fields(Vec<Field>),
    Type(Ty),
    /// A word: a media type, `text`, `bytes`.
    Word(String),
}

impl Part {
    pub(super) fn fields(&self) -> &[Field] {
        match self {
            Self::Fields(fields) => fields,
            Self::Type(_) | Self::Word(_) => &[],
        }
    }
}

impl Ty {
    pub(super) const JSON: Self = Self::Plain("json");

    pub(super) fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// The type without its `?`.
    pub(super) fn present(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    pub(super) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// The declared type it mentions, if any.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Plain(_) => None,
            Self::Named(name) => Some(name),
            Self::Optional(inner) | Self::List(inner) | Self::Map(inner) => inner.name(),
        }
    }

    pub(super) fn written(&self) -> String {
        match self {
            Self::Plain(word) => (*word).to_owned(),
            Self::Named(name) => name.clone(),
            Self::Optional(inner) => format!("{}?", inner.written()),
            Self::List(inner) => format!("[{}]", inner.written()),
            Self::Map(inner) => format!("{{{}}}", inner.written()),
        }
    }
}

impl Type {
    /// The fields it holds, whatever it is.
    pub(super) fn fields(&self) -> Vec<&Field> {
        match &self.kind {
            Kind::Id | Kind::Enum(_) => Vec::new(),
            Kind::Struct(fields) => fields.iter().collect(),
            Kind::Union(_, variants) => variants.iter().flat_map(|it| &it.fields).collect(),
        }
    }

    pub(super) fn fields_mut(&mut self) -> Vec<&mut Field> {
        match &mut self.kind {
            Kind::Id | Kind::Enum(_) => Vec::new(),
            Kind::Struct(fields) => fields.iter_mut().collect(),
            Kind::Union(_, variants) => variants.iter_mut().flat_map(|it| &mut it.fields).collect(),
        }
    }
}

impl Endpoint {
    /// The types that it mentions.
    pub(super) fn mentions(&self) -> Vec<&Ty> {
        let parts = self
            .parts
            .iter()
            .map(|(_, part)| part)
            .chain(&self.response);
        let mut types = Vec::new();
        for part in parts {
            match part {
                Part::Fields(fields) => types.extend(fields.iter().map(|field| &field.ty)),
                Part::Type(ty) => types.push(ty),
                Part::Word(_) => {}
            }
        }
        types
    }
}
