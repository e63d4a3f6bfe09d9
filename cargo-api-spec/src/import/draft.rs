//! Model of a spec under construction.

use std::fmt;

/// A spec that is written as TOML once the import is complete.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// File name of the imported document.
    pub(super) document: String,
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) base_path: String,
    /// Key and documentation of each group.
    pub(super) groups: Vec<(String, String)>,
    pub(super) types: Vec<TypeDecl>,
    pub(super) endpoints: Vec<Endpoint>,
}

/// A declared type.
#[derive(Clone, Debug)]
pub(super) struct TypeDecl {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) kind: TypeKind,
}

#[derive(Clone, Debug)]
pub(super) enum TypeKind {
    Id,
    Enum(Vec<EnumValue>),
    Struct(Vec<Field>),
    Union {
        tag: Option<String>,
        variants: Vec<Variant>,
    },
}

/// A value of an enum, or the tag value of a variant.
#[derive(Clone, Debug)]
pub(super) struct EnumValue {
    pub(super) wire: String,
    pub(super) aliases: Vec<String>,
    /// Rust name, if it differs from the default.
    pub(super) rust: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) value: EnumValue,
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) wire: String,
    pub(super) ty: TypeExpr,
    /// Rust name, if it differs from the default.
    pub(super) rust: Option<String>,
    pub(super) doc: String,
    /// Value of `style`: the separator of the items of a list.
    pub(super) style: Option<&'static str>,
    /// `min` and `max`, in TOML syntax.
    pub(super) bounds: Vec<(&'static str, String)>,
}

/// A type expression. `Display` writes it in the syntax of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TypeExpr {
    Builtin(&'static str),
    Named(String),
    Optional(Box<TypeExpr>),
    List(Box<TypeExpr>),
    Map(Box<TypeExpr>),
}

#[derive(Debug)]
pub(super) struct Endpoint {
    /// The operation of the document, e.g. `GET /pets`.
    pub(super) operation: String,
    pub(super) group: String,
    pub(super) key: String,
    pub(super) doc: String,
    pub(super) http: String,
    /// Value of `retry`, if the key is written.
    pub(super) retry: Option<RetryValue>,
    /// `path`, `query`, `headers` and the request body, in the order of the language.
    pub(super) request: Vec<(&'static str, Content)>,
    pub(super) response: Option<Content>,
    pub(super) deprecated: bool,
    pub(super) unauthenticated: bool,
    /// Timeout in milliseconds.
    pub(super) timeout: Option<u64>,
    /// Keys and values of `pages`.
    pub(super) pages: Vec<(&'static str, String)>,
}

/// Value of the key `retry`.
#[derive(Debug)]
pub(super) enum RetryValue {
    Class(&'static str),
    IdempotentWith(String),
}

/// Value of `query`, `json`, `response` and similar keys.
#[derive(Debug)]
pub(super) enum Content {
    Fields(Vec<Field>),
    Type(TypeExpr),
    /// A media type, `text` or `bytes`.
    Text(String),
}

impl Content {
    pub(super) fn fields(&self) -> &[Field] {
        match self {
            Self::Fields(fields) => fields,
            Self::Type(_) | Self::Text(_) => &[],
        }
    }
}

impl TypeExpr {
    pub(super) const JSON: Self = Self::Builtin("json");

    pub(super) fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// Returns the type without its `?`.
    pub(super) fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    pub(super) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// Returns the name of the declared type in the expression, if it contains one.
    pub(super) fn declared_name(&self) -> Option<&str> {
        match self {
            Self::Builtin(_) => None,
            Self::Named(name) => Some(name),
            Self::Optional(inner) | Self::List(inner) | Self::Map(inner) => inner.declared_name(),
        }
    }

    /// Returns the number of nested lists and maps.
    pub(super) fn depth(&self) -> usize {
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

impl TypeDecl {
    /// Returns the fields of a struct, or of all variants of a union.
    pub(super) fn fields(&self) -> Vec<&Field> {
        match &self.kind {
            TypeKind::Id | TypeKind::Enum(_) => Vec::new(),
            TypeKind::Struct(fields) => fields.iter().collect(),
            TypeKind::Union { variants, .. } => variants.iter().flat_map(|it| &it.fields).collect(),
        }
    }

    pub(super) fn fields_mut(&mut self) -> Vec<&mut Field> {
        match &mut self.kind {
            TypeKind::Id | TypeKind::Enum(_) => Vec::new(),
            TypeKind::Struct(fields) => fields.iter_mut().collect(),
            TypeKind::Union { variants, .. } => {
                variants.iter_mut().flat_map(|it| &mut it.fields).collect()
            }
        }
    }
}

impl Endpoint {
    /// Returns the types of the request and of the response.
    pub(super) fn types(&self) -> Vec<&TypeExpr> {
        let request = self.request.iter().map(|(_, content)| content);
        let mut types = Vec::new();
        for content in request.chain(&self.response) {
            match content {
                Content::Fields(fields) => types.extend(fields.iter().map(|field| &field.ty)),
                Content::Type(ty) => types.push(ty),
                Content::Text(_) => {}
            }
        }
        types
    }
}
