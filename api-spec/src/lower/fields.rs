//! Names, fields and type expressions.

use super::{Lowerer, limits};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{self, Builtin, FieldLocation, Literal, Type};
use crate::names::{Case, NameFault, RustName, WireName};
use crate::raw::{self, BodyKind, Text};
use crate::source::Span;
use crate::suggest::nearest;
use crate::types::{BUILTIN, Expr, MAX_DEPTH, TypeFault, TypeFaultKind, parse_type};

/// Where a field stands, which decides on the types it may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
    ResponseHeader,
    Form,
    Multipart,
    /// A field of the JSON object that is the body of a request.
    Body,
    Json,
}

impl Place {
    pub(super) const fn of(kind: BodyKind) -> Self {
        match kind {
            BodyKind::Json | BodyKind::Raw => Self::Body,
            BodyKind::Form => Self::Form,
            BodyKind::Multipart => Self::Multipart,
        }
    }

    /// Whether a list is written there as several texts, or as one.
    const fn takes_lists(self) -> bool {
        !matches!(
            self,
            Self::Path | Self::ResponseHeader | Self::Body | Self::Json
        )
    }

    /// The name of a place whose values are plain text.
    const fn plain_text(self) -> Option<&'static str> {
        match self {
            Self::Path => Some("path"),
            Self::Query => Some("query"),
            Self::Header => Some("header"),
            Self::ResponseHeader => Some("response header"),
            Self::Form => Some("form"),
            Self::Multipart => Some("multipart"),
            Self::Body | Self::Json => None,
        }
    }
}

// Names and fields.
impl Lowerer<'_, '_> {
    /// The Rust name of a wire name, unless there is none, which is reported.
    pub(super) fn lower_name(
        &mut self,
        wire: &Text,
        rust: Option<&Text>,
        case: Case,
    ) -> Option<RustName> {
        if let Some(text) = rust {
            let name = RustName::parse(&text.value, case);
            return name
                .map_err(|fault| self.bad_rust_name(text, fault, case))
                .ok();
        }
        let name = match case {
            Case::Snake => RustName::snake(&wire.value),
            Case::Camel => RustName::camel(&wire.value),
        };
        // Empty and unprintable names have been reported as such.
        if name.is_none() && !wire.value.is_empty() && !wire.value.contains(char::is_control) {
            self.no_rust_name(wire, case);
        }
        name
    }

    fn no_rust_name(&mut self, wire: &Text, case: Case) {
        let name = shown(&wire.value);
        let label = if wire.value.contains(char::is_alphanumeric) {
            "has letters that are not ASCII"
        } else {
            "has no letters or digits"
        };
        let help = match case {
            Case::Snake => format!("say it: `\"{name}\" = {{ type = \"…\", rust = \"…\" }}`"),
            Case::Camel => format!("say it: `\"{name}\" = {{ doc = \"…\", rust = \"…\" }}`"),
        };
        let message = format!("no Rust name follows from `{name}`");
        self.diagnostics
            .push(Diagnostic::new(Code::NoRustName, message, wire.span, label).help(help));
    }

    fn bad_rust_name(&mut self, text: &Text, fault: NameFault, case: Case) {
        let name = shown(&text.value);
        let (message, label) = match fault {
            NameFault::NotIdentifier => (
                format!("`{name}` is not a Rust identifier"),
                "letters, digits and `_` of ASCII",
            ),
            NameFault::Impossible => (
                format!("`{name}` cannot be a name in Rust"),
                "a word that Rust keeps for itself",
            ),
            NameFault::WrongCase => (
                format!("`{name}` is not in {}", case.as_str()),
                "rustc would warn about this",
            ),
        };
        let at = text.inside();
        let better = match fault {
            NameFault::Impossible => Some(format!("{}_", text.value.trim_start_matches("r#"))),
            NameFault::NotIdentifier | NameFault::WrongCase => case.apply(&text.value),
        };
        let better = better.filter(|better| RustName::parse(better, case).is_ok());
        self.diagnostics.push(
            Diagnostic::new(Code::RustName, message, at, label).did_you_mean(at, better.as_deref()),
        );
    }

    pub(super) fn lower_fields(
        &mut self,
        fields: &[raw::Field],
        place: Place,
    ) -> Vec<model::Field> {
        let mut lowered = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            match &field.value {
                Some((value, at)) => self.lower_fixed(field, value, *at, place),
                None => lowered.push(self.lower_field(field, index, place)),
            }
        }
        lowered
    }

    /// A value that is always the same is no field.
    fn lower_fixed(&mut self, raw: &raw::Field, value: &Literal, at: Span, place: Place) {
        let ty = raw.ty.as_ref().and_then(|ty| self.lower_type(ty, place));
        let fixed = match place {
            Place::Query => Some(FieldLocation::Query),
            Place::Header => Some(FieldLocation::Header),
            Place::Form | Place::Multipart | Place::Body => Some(FieldLocation::Body),
            Place::Path | Place::ResponseHeader | Place::Json => None,
        };
        if place == Place::Header {
            self.check_header(&raw.wire, place);
        }
        for (_, at) in raw.default.iter().chain(&raw.min).chain(&raw.max) {
            let message = format!("`{}` is always the same", shown(&raw.wire.value));
            self.diagnostics.push(
                Diagnostic::new(Code::FixedValue, message, *at, "says nothing")
                    .help("leave it out beside `value`"),
            );
        }
        let fits = ty.is_none_or(|ty| limits::fits(value, &ty));
        let Some(place) = fixed.filter(|_| fits) else {
            let name = shown(&raw.wire.value);
            let (message, help) = if fits {
                let message = format!("`{name}` cannot have a fixed value here");
                (
                    message,
                    "fixed values are for the query, the headers and the body of a request",
                )
            } else {
                let message = format!("the value of `{name}` is not of its type");
                (
                    message,
                    "texts, numbers and booleans can be fixed; a `?` has no place there",
                )
            };
            self.diagnostics
                .push(Diagnostic::new(Code::FixedValue, message, at, "the fixed value").help(help));
            return;
        };
        self.fixed.push(model::Fixed {
            location: place,
            wire: WireName::new(&raw.wire.value),
            value: value.clone(),
        });
    }

    /// A field always comes out: where it is faulty its owner is, and goes no further.
    fn lower_field(&mut self, raw: &raw::Field, index: usize, place: Place) -> model::Field {
        let rust = self
            .lower_name(&raw.wire, raw.rust.as_ref(), Case::Snake)
            .unwrap_or_else(|| RustName::escape(format!("nameless_{index}")));
        let ty = raw.ty.as_ref().and_then(|ty| self.lower_type(ty, place));
        let join = self.lower_style(raw, ty.as_ref(), place);
        let bounds = self.lower_bounds(raw, ty.as_ref());
        let default = self.lower_default(raw, ty.as_ref(), &bounds, place);
        if matches!(place, Place::Header | Place::ResponseHeader) {
            self.check_header(&raw.wire, place);
        }
        model::Field {
            wire: WireName::new(&raw.wire.value),
            rust,
            ty: ty.unwrap_or(Type::Json),
            join,
            default,
            bounds,
            deprecated: raw.deprecated.as_ref().map(|text| text.value.clone()),
            doc: raw.doc.clone(),
            span: raw.wire.span,
        }
    }

    /// What stands between the items of the list that a field is.
    fn lower_style(&mut self, raw: &raw::Field, ty: Option<&Type>, place: Place) -> Option<char> {
        let is_list = matches!(required(ty?), Type::List(_));
        let own = (is_list && place == Place::Header).then_some(',');
        let Some(style) = &raw.style else {
            return own;
        };
        let at = style.inside();
        if !is_list || !matches!(place, Place::Query | Place::Form) {
            let message = format!("field `{}` has no style", shown(&raw.wire.value));
            self.diagnostics.push(
                Diagnostic::new(Code::ListStyle, message, at, "not for this field")
                    .help("`style` is for lists in `query` and `form`"),
            );
            return own;
        }
        let found = STYLES.iter().find(|(word, _)| *word == style.value);
        if found.is_none() {
            let words = STYLES.map(|(word, _)| word);
            let meant = nearest(self.diagnostics.len(), &style.value, words);
            let message = format!("unknown style `{}`", shown(&style.value));
            self.diagnostics.push(
                Diagnostic::new(Code::ListStyle, message, at, "not a style of lists")
                    .did_you_mean(at, meant)
                    .help(format!("the styles are `{}`", words.join("`, `"))),
            );
        }
        found.and_then(|(_, join)| *join)
    }

    /// Refuses headers that HTTP cannot carry, or that the client writes by itself.
    pub(super) fn check_header(&mut self, name: &Text, place: Place) {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        // Empty and unprintable names have been reported as such.
        if name.value.is_empty() || name.value.contains(char::is_control) {
            return;
        }
        let own = OWN_HEADERS
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(&name.value))
            .filter(|_| place == Place::Header);
        let (label, help) = match own {
            Some((_, help)) => ("the client writes this one by itself", *help),
            None if name.value.chars().all(token) => return,
            None => (
                "not the name of a header",
                "a header has letters and digits of ASCII and `-` in its name",
            ),
        };
        let message = format!("there can be no header `{}` here", shown(&name.value));
        self.diagnostics
            .push(Diagnostic::new(Code::HeaderName, message, name.span, label).help(help));
    }

    pub(super) fn take_needs(&mut self) -> Vec<usize> {
        let mut needs = std::mem::take(&mut self.needs);
        needs.sort_unstable();
        needs.dedup();
        needs
    }
}

// Type expressions.
impl Lowerer<'_, '_> {
    pub(super) fn lower_type(&mut self, text: &Text, place: Place) -> Option<Type> {
        let expr = match parse_type(&text.value) {
            Ok(expr) => expr,
            Err(fault) => {
                self.diagnostics.push(diagnose_type(text, &fault));
                return None;
            }
        };
        let ty = self.resolve(text, &expr)?;
        if let Some(at) = nullable_inside(&expr, matches!(place, Place::Json | Place::Body)) {
            let (at, label) = (text.place(at..at + 1), "one `?` too many");
            let message = "null and nothing cannot be told apart here";
            self.diagnostics.push(
                Diagnostic::new(Code::DoubleOptional, message, at, label)
                    .help("`T??` is a field of a JSON object: absent, null, or a `T`")
                    .suggest(at, ""),
            );
            return None;
        }
        self.check_place(text, &expr, &ty, place).then_some(ty)
    }

    fn resolve(&mut self, text: &Text, expr: &Expr<'_>) -> Option<Type> {
        let inner = |this: &mut Self, expr| this.resolve(text, expr).map(Box::new);
        Some(match expr {
            Expr::Optional(expr) => Type::Optional(inner(self, expr)?),
            Expr::Nullable(expr, _) => Type::Nullable(inner(self, expr)?),
            Expr::List(expr) => Type::List(inner(self, expr)?),
            Expr::Map(expr) => Type::Map(inner(self, expr)?),
            Expr::Name(name, at) => match builtin(name) {
                Some(ty) => ty,
                None => self.resolve_declared(text, name, at.clone())?,
            },
        })
    }

    fn resolve_declared(
        &mut self,
        text: &Text,
        name: &str,
        at: std::ops::Range<usize>,
    ) -> Option<Type> {
        if let Some(symbol) = self.symbols.get(name) {
            self.needs.push(symbol.index);
            return Some((symbol.make)(RustName::escape(name.to_owned())));
        }
        let at = text.place(at);
        let meant = foreign_type(name).or_else(|| {
            nearest(
                self.diagnostics.len(),
                name,
                BUILTIN.into_iter().chain(self.known.iter().copied()),
            )
        });
        let message = format!("unknown type `{}`", shown(name));
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownType, message, at, "not declared")
                .did_you_mean(at, meant)
                .help(format!(
                    "types are `{}` and declared names",
                    BUILTIN.join("`, `")
                )),
        );
        None
    }

    fn check_place(&mut self, text: &Text, expr: &Expr<'_>, ty: &Type, place: Place) -> bool {
        let direct = match required(ty) {
            Type::List(item) if place.takes_lists() => item,
            ty => ty,
        };
        if let Some(at) = find_file(expr)
            && !(place == Place::Multipart && *direct == Type::File)
        {
            let at = text.place(at);
            let message = "a `file` is a field of a `multipart` body, and nothing else";
            self.diagnostics.push(
                Diagnostic::new(Code::FilePlace, message, at, "cannot be here").help(
                    "describe the body under `multipart`, with `\"file\"`, `\"file?\"` or \
                         `\"[file]\"`; or let it be the whole body: `body = \"text/csv\"`",
                ),
            );
            return false;
        }
        if place == Place::Path && ty.is_optional() {
            let message = "a path parameter cannot be absent";
            self.diagnostics.push(
                Diagnostic::new(
                    Code::OptionalParameter,
                    message,
                    text.inside(),
                    "is optional",
                )
                .help("drop its `?`; a path without the parameter is another endpoint"),
            );
            return false;
        }
        let Some(name) = place.plain_text().filter(|_| !is_scalar(direct)) else {
            return true;
        };
        let message = format!("a {name} field cannot be {}", article_of(direct));
        self.diagnostics.push(
            Diagnostic::new(Code::NotScalar, message, text.inside(), "not a scalar").help(
                match place {
                    Place::ResponseHeader => {
                        "here go `string`, `bool`, `int`, `float`, ids, enumerations, and \
                         optionals of these"
                    }
                    Place::Path => "here go `string`, `bool`, `int`, `float`, ids and enumerations",
                    _ => {
                        "here go `string`, `bool`, `int`, `float`, ids, enumerations, lists and \
                         optionals of these"
                    }
                },
            ),
        );
        false
    }
}

/// How lists are written in queries and forms, and what stands between their items.
const STYLES: [(&str, Option<char>); 4] = [
    ("repeat", None),
    ("comma", Some(',')),
    ("space", Some(' ')),
    ("pipe", Some('|')),
];

const CREDENTIALS: &str = "say who you are by the credentials of the client";
const BODY: &str = "it follows from the body: leave it out";
const CONNECTION: &str = "it is about the connection, not about the request: leave it out";

/// Headers that are no parameters, and what to do instead.
const OWN_HEADERS: [(&str, &str); 14] = [
    ("accept-encoding", CONNECTION),
    ("authorization", CREDENTIALS),
    ("connection", CONNECTION),
    ("content-length", BODY),
    ("content-type", BODY),
    ("expect", CONNECTION),
    ("host", "it follows from the base URL: leave it out"),
    ("keep-alive", CONNECTION),
    ("proxy-authorization", CREDENTIALS),
    ("proxy-connection", CONNECTION),
    ("te", CONNECTION),
    ("trailer", CONNECTION),
    ("transfer-encoding", BODY),
    ("upgrade", CONNECTION),
];

/// The type without its `?`.
fn required(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => inner,
        ty => ty,
    }
}

fn builtin(name: &str) -> Option<Type> {
    Some(match name {
        "string" => Type::String,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "float" => Type::Float,
        "json" => Type::Json,
        "file" => Type::File,
        _ => {
            let mut builtins = Builtin::ALL.into_iter();
            Type::Builtin(builtins.find(|builtin| builtin.as_str() == name)?)
        }
    })
}

/// What the names of other languages are called here.
fn foreign_type(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "str" | "text" | "varchar" | "uuid" | "date" => "string",
        "datetime" | "rfc3339" | "iso8601" => "timestamp",
        "password" | "token" => "secret",
        "boolean" => "bool",
        "integer" | "long" | "short" | "i8" | "i16" | "i32" | "i64" | "isize" | "int32"
        | "int64" => "int",
        "u8" | "u16" | "u32" | "u64" | "usize" | "uint32" | "uint64" | "unsigned" => "uint",
        "double" | "number" | "decimal" | "f32" | "f64" | "float32" | "float64" => "float",
        "any" | "object" | "value" | "map" | "dict" | "null" | "unknown" => "json",
        "bytes" => "base64",
        "binary" | "blob" | "stream" | "upload" => "file",
        _ => return None,
    })
}

fn is_scalar(ty: &Type) -> bool {
    matches!(
        ty,
        Type::String
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::File
            | Type::Id(_)
            | Type::Enum(_)
            | Type::Builtin(_)
    )
}

fn article_of(ty: &Type) -> &'static str {
    match ty {
        Type::List(_) => "a list",
        Type::Map(_) => "a map",
        Type::Struct(_) => "a struct",
        Type::Union(_) => "a union",
        Type::Json => "`json`",
        _ => "this",
    }
}

/// Where a second `?` stands that says nothing: within another type, or anywhere but in JSON.
fn nullable_inside(expr: &Expr<'_>, allowed: bool) -> Option<usize> {
    match expr {
        Expr::Name(..) => None,
        Expr::Nullable(_, at) if !allowed => Some(*at),
        Expr::Optional(inner) | Expr::Nullable(inner, _) | Expr::List(inner) | Expr::Map(inner) => {
            nullable_inside(inner, false)
        }
    }
}

/// Where the word `file` stands in a type.
fn find_file(expr: &Expr<'_>) -> Option<std::ops::Range<usize>> {
    match expr {
        Expr::Name(name, at) => (*name == "file").then(|| at.clone()),
        Expr::Optional(inner) | Expr::Nullable(inner, _) | Expr::List(inner) | Expr::Map(inner) => {
            find_file(inner)
        }
    }
}

fn diagnose_type(text: &Text, fault: &TypeFault) -> Diagnostic {
    let at = text.place(fault.at.clone());
    let new = |message: String, label: &str| Diagnostic::new(Code::TypeSyntax, message, at, label);
    match fault.kind {
        TypeFaultKind::Missing => {
            let diagnostic = new("a type is missing".to_owned(), "a type is due here");
            if text.value[fault.at.start..].starts_with('?') {
                diagnostic.help("`?` stands behind the type, as in `int?`")
            } else {
                diagnostic
            }
        }
        TypeFaultKind::Unexpected(c) => new(
            format!("`{}` begins no type", shown(c.encode_utf8(&mut [0; 4]))),
            "a type is due here",
        ),
        TypeFaultKind::Trailing(c) => {
            let found = shown(c.encode_utf8(&mut [0; 4]));
            let diagnostic = new(
                format!("`{found}` after the end of a type"),
                "the type ended before this",
            );
            match trailing_help(c) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        }
        TypeFaultKind::Unclosed { open, close } => new(
            format!("a bracket is not closed by `{close}`"),
            &format!("`{close}` is due here"),
        )
        .label(text.place(open..open + 1), "opened here"),
        TypeFaultKind::DoubleOptional => Diagnostic::new(
            Code::DoubleOptional,
            "nothing is more optional than absent, null, or a value",
            at,
            "one `?` too many",
        )
        .help("`T?` is absent, null, or a `T`; `T??` keeps null and absent apart")
        .suggest(at, ""),
        TypeFaultKind::TooDeep => Diagnostic::new(
            Code::TypeTooDeep,
            format!("lists and maps nest at most {MAX_DEPTH} deep"),
            at,
            "one level too many",
        )
        .help("name a struct in between, or say `json`"),
    }
}

fn trailing_help(c: char) -> Option<&'static str> {
    Some(match c {
        '[' => "a list is written `[T]`, as in `[string]`",
        '{' => "a map with string keys is written `{T}`, as in `{string}`",
        '<' => "a list is written `[T]`, a map with string keys `{T}`, an optional value `T?`",
        '|' => "an optional value is written `T?`; a value of several shapes is a union, or `json`",
        ',' | ':' => "a map is written by the type of its values alone: `{int}`",
        '!' => "values are required unless they end in `?`",
        _ => return None,
    })
}
