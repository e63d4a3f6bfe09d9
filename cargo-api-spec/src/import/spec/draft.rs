//! Model of a spec under construction.

use std::fmt;

use api_spec::model::Direction;

use crate::import::document::Node;
use crate::import::extensions::Extensions;
use crate::import::report::Report;

/// A spec that is written as TOML once the import is complete.
#[derive(Debug)]
pub(in crate::import) struct Draft<'d> {
    /// The document.
    pub(in crate::import) root: &'d Node,
    /// File name of the imported document.
    pub(in crate::import) document: String,
    pub(in crate::import) name: String,
    pub(in crate::import) doc: String,
    /// Origin of the base URL, e.g. `https://api.example.com`.
    pub(in crate::import) url: Option<String>,
    pub(in crate::import) base_path: String,
    /// Value of `auth` in TOML.
    pub(in crate::import) auth: Option<String>,
    /// Value of `errors` in TOML.
    pub(in crate::import) errors: Option<String>,
    /// Keys of `[api]` that `export` has written.
    pub(in crate::import) extensions: Extensions,
    /// Type in `errors`.
    pub(in crate::import) error_type: Option<TypeExpr>,
    /// Key and documentation of each group.
    pub(in crate::import) groups: Vec<(String, String)>,
    pub(in crate::import) types: Vec<TypeDecl<'d>>,
    pub(in crate::import) endpoints: Vec<Endpoint<'d>>,
}

/// A declared type.
#[derive(Clone, Debug)]
pub(in crate::import) struct TypeDecl<'d> {
    /// The schema.
    pub(in crate::import) place: &'d Node,
    /// Keys that `export` has written. They take precedence.
    pub(in crate::import) extensions: Extensions,
    pub(in crate::import) name: String,
    pub(in crate::import) doc: String,
    pub(in crate::import) kind: TypeKind,
}

#[derive(Clone, Debug)]
pub(in crate::import) enum TypeKind {
    Id,
    Enum(Vec<EnumValue>),
    Struct(Vec<Field>),
    Union {
        tag: Option<String>,
        variants: Vec<Variant>,
    },
    /// A union of types of different JSON kinds.
    Kinds(Vec<KindVariant>),
}

/// A variant of a union of JSON kinds.
#[derive(Clone, Debug)]
pub(in crate::import) struct KindVariant {
    pub(in crate::import) name: String,
    pub(in crate::import) doc: String,
    pub(in crate::import) ty: TypeExpr,
}

/// A value of an enum, or the tag value of a variant.
#[derive(Clone, Debug)]
pub(in crate::import) struct EnumValue {
    pub(in crate::import) wire: String,
    pub(in crate::import) aliases: Vec<String>,
    /// Rust name, if it differs from the default.
    pub(in crate::import) rust: Option<String>,
}

#[derive(Clone, Debug)]
pub(in crate::import) struct Variant {
    pub(in crate::import) value: EnumValue,
    pub(in crate::import) doc: String,
    pub(in crate::import) fields: Vec<Field>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Field {
    pub(in crate::import) wire: String,
    pub(in crate::import) ty: TypeExpr,
    /// Rust name, if it differs from the default.
    pub(in crate::import) rust: Option<String>,
    pub(in crate::import) doc: String,
    /// Value of `style`.
    pub(in crate::import) style: Option<&'static str>,
    /// Media type of a part.
    pub(in crate::import) content_type: Option<String>,
    /// `min` and `max`, in TOML syntax.
    pub(in crate::import) bounds: Vec<(&'static str, String)>,
    /// `true` if the field must be present. It can be null.
    pub(in crate::import) is_required: bool,
    /// Value of `only`.
    pub(in crate::import) only: Option<Direction>,
    pub(in crate::import) is_deprecated: bool,
    /// Value in every request, in TOML syntax.
    pub(in crate::import) value: Option<String>,
    /// Keys that `export` has written. They take precedence.
    pub(in crate::import) extensions: Extensions,
}

/// A type expression. `Display` writes it in the syntax of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) enum TypeExpr {
    Builtin(&'static str),
    Named(String),
    Optional(Box<TypeExpr>),
    List(Box<TypeExpr>),
    Map(Box<TypeExpr>),
}

impl Default for TypeExpr {
    fn default() -> Self {
        Self::JSON
    }
}

#[derive(Debug)]
pub(in crate::import) struct Endpoint<'d> {
    /// The operation.
    pub(in crate::import) place: &'d Node,
    /// Its name in the document, e.g. `GET /pets`.
    pub(in crate::import) operation: String,
    pub(in crate::import) group: String,
    pub(in crate::import) key: String,
    pub(in crate::import) doc: String,
    pub(in crate::import) http: String,
    pub(in crate::import) has_body_with_get: bool,
    /// Media type of a JSON body, if it is not the usual one.
    pub(in crate::import) content_type: Option<String>,
    /// `true` if the language requires `retry`.
    pub(in crate::import) needs_retry: bool,
    pub(in crate::import) request: Request,
    pub(in crate::import) response: Option<Content>,
    /// Status codes and response bodies, if they differ.
    pub(in crate::import) responses: Vec<(String, Option<Content>)>,
    pub(in crate::import) response_headers: Vec<Field>,
    pub(in crate::import) headers_by_status: Vec<(String, Vec<Field>)>,
    pub(in crate::import) error: Option<TypeExpr>,
    /// Last item of a stream of events.
    pub(in crate::import) stream_end: Option<&'static str>,
    pub(in crate::import) is_deprecated: bool,
    /// Value of `auth` in TOML, if it differs from that of the API.
    pub(in crate::import) auth: Option<String>,
    /// Value of `base_path`, if it differs from that of the API.
    pub(in crate::import) base_path: Option<String>,
    /// Keys that `export` has written. They take precedence.
    pub(in crate::import) extensions: Extensions,
}

/// Parameters and body of a request.
#[derive(Debug, Default)]
pub(in crate::import) struct Request {
    pub(in crate::import) path: Vec<Field>,
    pub(in crate::import) query: Vec<Field>,
    pub(in crate::import) headers: Vec<Field>,
    /// Key of the language, and its value.
    pub(in crate::import) body: Option<(&'static str, Content)>,
}

/// Value of `query`, `json`, `response` and similar keys.
#[derive(Debug)]
pub(in crate::import) enum Content {
    Fields(Vec<Field>),
    Type(TypeExpr),
    /// A media type, `text` or `bytes`.
    Text(String),
    /// A stream of items: the key of the language, and their type.
    Stream(&'static str, TypeExpr),
}

impl Content {
    pub(in crate::import) fn fields_mut(&mut self) -> &mut [Field] {
        match self {
            Self::Fields(fields) => fields,
            Self::Type(_) | Self::Text(_) | Self::Stream(..) => &mut [],
        }
    }

    fn types(&self) -> Vec<&TypeExpr> {
        match self {
            Self::Fields(fields) => fields.iter().map(|field| &field.ty).collect(),
            Self::Type(ty) | Self::Stream(_, ty) => vec![ty],
            Self::Text(_) => Vec::new(),
        }
    }
}

impl TypeExpr {
    pub(in crate::import) const JSON: Self = Self::Builtin("json");

    pub(in crate::import) fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// Returns the type without its `?` or `??`.
    pub(in crate::import) fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner.required(),
            other => other,
        }
    }

    /// Returns `required` with the `?` or `??` of this type.
    pub(in crate::import) fn with_required(&self, required: Self) -> Self {
        match self {
            Self::Optional(inner) => Self::Optional(Box::new(inner.with_required(required))),
            _ => required,
        }
    }

    pub(in crate::import) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// Returns the name of the declared type in the expression, if it contains one.
    pub(in crate::import) fn declared_name(&self) -> Option<&str> {
        match self {
            Self::Builtin(_) => None,
            Self::Named(name) => Some(name),
            Self::Optional(inner) | Self::List(inner) | Self::Map(inner) => inner.declared_name(),
        }
    }

    /// Returns the number of nested lists and maps.
    pub(in crate::import) fn depth(&self) -> usize {
        match self {
            Self::Builtin(_) | Self::Named(_) => 0,
            Self::Optional(inner) => inner.depth(),
            Self::List(inner) | Self::Map(inner) => inner.depth() + 1,
        }
    }
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(name) => f.write_str(name),
            Self::Named(name) => f.write_str(name),
            Self::Optional(inner) => write!(f, "{inner}?"),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Map(inner) => write!(f, "{{{inner}}}"),
        }
    }
}

impl TypeDecl<'_> {
    /// Returns the fields of a struct, or of all variants of a union.
    pub(in crate::import) fn fields(&self) -> Vec<&Field> {
        match &self.kind {
            TypeKind::Id | TypeKind::Enum(_) | TypeKind::Kinds(_) => Vec::new(),
            TypeKind::Struct(fields) => fields.iter().collect(),
            TypeKind::Union { variants, .. } => variants.iter().flat_map(|it| &it.fields).collect(),
        }
    }

    /// Returns the types that the type contains.
    pub(in crate::import) fn contained(&self) -> Vec<&TypeExpr> {
        match &self.kind {
            TypeKind::Kinds(kinds) => kinds.iter().map(|kind| &kind.ty).collect(),
            _ => self.fields().into_iter().map(|field| &field.ty).collect(),
        }
    }

    /// Returns the types in a request that contains the type.
    pub(in crate::import) fn sent(&self) -> Vec<&TypeExpr> {
        if let TypeKind::Kinds(_) = self.kind {
            return self.contained();
        }
        let fields = self.fields().into_iter();
        let sent = fields.filter(|field| field.only != Some(Direction::Response));
        sent.map(|field| &field.ty).collect()
    }

    pub(in crate::import) fn fields_mut(&mut self) -> Vec<&mut Field> {
        match &mut self.kind {
            TypeKind::Id | TypeKind::Enum(_) | TypeKind::Kinds(_) => Vec::new(),
            TypeKind::Struct(fields) => fields.iter_mut().collect(),
            TypeKind::Union { variants, .. } => {
                variants.iter_mut().flat_map(|it| &mut it.fields).collect()
            }
        }
    }
}

impl Draft<'_> {
    /// Drops the value of a key of `[api]`: the base URL, the base path, the credentials or the layout of
    /// errors. An error in another key, e.g. one that `export` has written, may depend on all of them.
    pub(super) fn drop_base(&mut self, report: &mut Report, key: &str, error: &str) {
        let is_known = ["url", "auth", "errors", "base_path"].contains(&key);
        let is_dropped = |it: &str| !is_known || it == key;
        let mut dropped = Vec::new();
        if is_dropped("url") {
            dropped.extend(self.url.take());
        }
        if is_dropped("base_path") {
            dropped.push(std::mem::take(&mut self.base_path));
        }
        if is_dropped("errors") {
            self.error_type = None;
            dropped.extend(self.errors.take());
        }
        if is_dropped("auth") {
            for endpoint in &mut self.endpoints {
                endpoint.auth = None;
            }
            dropped.extend(self.auth.take());
        }
        if !is_known {
            self.extensions.clear();
        }
        for text in dropped.iter().filter(|it| !it.is_empty()) {
            report.approximate(self.root, "", format!("`{text}` omitted: {error}"));
        }
    }
}

impl Endpoint<'_> {
    /// Returns whether `export` has written one of these keys.
    pub(in crate::import) fn has_extension(&self, keys: &[&str]) -> bool {
        self.extensions.iter().any(|(key, _)| keys.contains(key))
    }

    /// Returns the words that may be names of types in the keys that `export` has written.
    pub(in crate::import) fn words_of_extensions(&self) -> impl Iterator<Item = &str> {
        let values = self.extensions.iter().map(|(_, value)| value);
        values.flat_map(|value| value.split(|c: char| !c.is_ascii_alphanumeric()))
    }

    /// Returns the response, unless `export` has written it.
    pub(in crate::import) fn own_response(&self) -> Option<&Content> {
        let has_extension = self.has_extension(&["response", "events", "lines"]);
        self.response.as_ref().filter(|_| !has_extension)
    }

    /// Returns the types of the request and of the response.
    pub(in crate::import) fn types(&self) -> Vec<&TypeExpr> {
        let fields = self.request.parameters().map(|field| &field.ty);
        let body = self.request.body.iter().map(|(_, content)| content);
        let cases = self.responses.iter().filter_map(|(_, it)| it.as_ref());
        let contents = body.chain(self.own_response()).chain(cases);
        let by_status = self.headers_by_status.iter().flat_map(|(_, it)| it);
        let headers = self.response_headers.iter().chain(by_status);
        let headers = headers.map(|field| &field.ty);
        let types = fields.chain(contents.flat_map(Content::types));
        types.chain(headers).chain(&self.error).collect()
    }

    /// Returns the types in the request.
    pub(in crate::import) fn sent_types(&self) -> Vec<&TypeExpr> {
        let parameters = self.request.parameters().map(|field| &field.ty);
        let body = self.request.body.iter();
        let body = body.flat_map(|(_, content)| content.types());
        parameters.chain(body).collect()
    }
}

impl Request {
    /// Returns the fields in the path, the query and the headers.
    fn parameters(&self) -> impl Iterator<Item = &Field> {
        self.path.iter().chain(&self.query).chain(&self.headers)
    }
}
