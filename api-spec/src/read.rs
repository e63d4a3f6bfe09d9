//! Reads a TOML document into the shapes of `raw`. Unknown keys are refused.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{Float, Literal};
use crate::raw::{
    Api, Auth, Bind, Body, BodyKind, Document, Endpoint, Enum, Field, Group, Id, Pages, Response,
    Retry, Scalar, Shape, Struct, Text, Union, Variant, Wait, Word, Words,
};
use crate::sections::{self, Section, Takes};
use crate::source::{Source, Span};
use crate::suggest::nearest;

/// Reads a document whose syntax is sound: the file itself where it begins with the first byte of
/// all, otherwise one that is included.
pub(crate) fn read(
    source: &Source,
    start: usize,
    table: &DeTable<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Document {
    let mut reader = Reader {
        source,
        start,
        diagnostics,
    };
    if start == 0 {
        reader.read_document(table)
    } else {
        reader.read_included(table)
    }
}

type Toml<'d> = &'d Spanned<DeValue<'d>>;

/// A table whose keys have been compared with what is allowed in it.
struct Open<'d> {
    section: &'static Section,
    entries: Vec<(Text, Toml<'d>)>,
}

struct Reader<'s> {
    source: &'s Source,
    /// The number of the first byte of the file among those of all files.
    start: usize,
    diagnostics: &'s mut Vec<Diagnostic>,
}

// The sections, in the order in which the language lists them.
impl Reader<'_> {
    fn read_document<'d>(&mut self, table: &'d DeTable<'d>) -> Document {
        let open = self.open_table(&sections::DOCUMENT, table, Span::START, "the document");
        let api = open
            .get("api")
            .map(|(key, value)| self.read_api(key, value));
        let include = self.words(&open, "include");
        Document {
            api: api.unwrap_or_default(),
            include: include.map(|it| it.words).unwrap_or_default(),
            ..self.read_parts(&open)
        }
    }

    fn read_included<'d>(&mut self, table: &'d DeTable<'d>) -> Document {
        let top = Span::START.on(self.start);
        let open = self.open_table(&sections::INCLUDED, table, top, "an included file");
        self.read_parts(&open)
    }

    fn read_parts(&mut self, open: &Open<'_>) -> Document {
        Document {
            api: Api::default(),
            include: Vec::new(),
            groups: self
                .each(open, "groups", Self::read_group)
                .into_iter()
                .flatten()
                .collect(),
            ids: self.each(open, "ids", Self::read_id),
            enums: self.each(open, "enums", Self::read_enum),
            structs: self.each(open, "structs", Self::read_struct),
            unions: self.each(open, "unions", Self::read_union),
            endpoints: self
                .each(open, "endpoints", |this, group, value| {
                    this.read_endpoints(&group, value)
                })
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    fn read_api(&mut self, key: &Text, value: Toml<'_>) -> Api {
        let Some(open) = self.open(&sections::API, key, value, "[api]") else {
            return Api::default();
        };
        let errors = open
            .get("errors")
            .and_then(|(key, value)| self.open(&sections::ERRORS, key, value, "errors"));
        let mut words = |name| {
            let words = errors
                .as_ref()
                .and_then(|errors| self.words(errors, name))?;
            Some(words.words)
        };
        let (message, code) = (words("message"), words("code"));
        let mut conditions = |name| {
            let given = errors
                .as_ref()
                .map(|errors| self.each(errors, name, Self::read_scalar));
            given.into_iter().flatten().flatten().collect()
        };
        let (when, unless) = (conditions("when"), conditions("unless"));
        let error = errors.as_ref().and_then(|errors| self.text(errors, "type"));
        let transient = open
            .get("transient")
            .and_then(|(key, value)| self.open(&sections::TRANSIENT, key, value, "transient"));
        let mut fixed = |name| {
            let given = self.each(&open, name, Self::read_scalar);
            given.into_iter().flatten().collect()
        };
        let (headers, query) = (fixed("headers"), fixed("query"));
        let mut troubles = |name| {
            let words = transient.as_ref().and_then(|open| self.words(open, name));
            words.map(|words| words.words).unwrap_or_default()
        };
        let (refused, failed) = (troubles("refused"), troubles("failed"));
        let name = self.text(&open, "name");
        if let Some(name) = &name {
            self.check_wire(name, "the name of the API");
        }
        Api {
            name,
            doc: self.doc(&open),
            url: self.text(&open, "url"),
            auth: self.read_auth(&open),
            base_path: self.text(&open, "base_path"),
            headers,
            query,
            message,
            code,
            error,
            when,
            unless,
            refused,
            failed,
        }
    }

    fn read_group(&mut self, key: Text, value: Toml<'_>) -> Option<Group> {
        if let Some(doc) = value.get_ref().as_str() {
            return Some(Group {
                doc: doc.to_owned(),
                base_path: None,
                key,
            });
        }
        let place = format!("group `{}`", key.value);
        let open = self.open_or_text(&sections::GROUP, &key, value, &place)?;
        Some(Group {
            doc: self.doc(&open),
            base_path: self.text(&open, "base_path"),
            key,
        })
    }

    fn read_id(&mut self, name: Text, value: Toml<'_>) -> Id {
        let doc = value.get_ref().as_str().map(str::to_owned);
        if doc.is_none() {
            let example = format!("{} = \"What it identifies.\"", name.value);
            self.wrong_kind(&name, value, Takes::Text, &example);
        }
        Id {
            name,
            faulty: doc.is_none(),
            doc: doc.unwrap_or_default(),
        }
    }

    fn read_enum(&mut self, name: Text, value: Toml<'_>) -> Enum {
        let before = self.diagnostics.len();
        let place = format!("[enums.{}]", name.value);
        let (mut doc, mut values) = (String::new(), Vec::new());
        if let Some(open) = self.open(&sections::ENUM, &name, value, &place) {
            doc = self.doc(&open);
            values = self.each(&open, "values", Self::read_value);
            self.check_any(&open, "values", &format!("enumeration `{}`", name.value));
        }
        Enum {
            name,
            doc,
            values,
            faulty: self.diagnostics.len() > before,
        }
    }

    fn read_value(&mut self, wire: Text, value: Toml<'_>) -> Word {
        self.check_wire(&wire, "a value of an enumeration");
        if let Some(doc) = value.get_ref().as_str() {
            return Word {
                wire,
                also: Vec::new(),
                rust: None,
                doc: doc.to_owned(),
            };
        }
        let place = format!("value `{}`", wire.value);
        let open = self.open_or_text(&sections::VALUE, &wire, value, &place);
        self.read_word(wire, open.as_ref())
    }

    fn read_word(&mut self, wire: Text, open: Option<&Open<'_>>) -> Word {
        let Some(open) = open else {
            return Word {
                wire,
                also: Vec::new(),
                rust: None,
                doc: String::new(),
            };
        };
        let also = self
            .words(open, "also")
            .map(|also| also.words)
            .unwrap_or_default();
        for word in &also {
            self.check_wire(word, "a word under `also`");
        }
        Word {
            wire,
            also,
            rust: self.text(open, "rust"),
            doc: self.doc(open),
        }
    }

    fn read_struct(&mut self, name: Text, value: Toml<'_>) -> Struct {
        let before = self.diagnostics.len();
        let place = format!("[structs.{}]", name.value);
        let (mut doc, mut fields) = (String::new(), Vec::new());
        if let Some(open) = self.open(&sections::STRUCT, &name, value, &place) {
            doc = self.doc(&open);
            fields = self.each(&open, "fields", Self::read_field);
        }
        Struct {
            name,
            doc,
            fields,
            faulty: self.diagnostics.len() > before,
        }
    }

    fn read_union(&mut self, name: Text, value: Toml<'_>) -> Union {
        let before = self.diagnostics.len();
        let place = format!("[unions.{}]", name.value);
        let mut union = Union {
            name,
            doc: String::new(),
            tag: None,
            variants: Vec::new(),
            faulty: false,
        };
        if let Some(open) = self.open(&sections::UNION, &union.name, value, &place) {
            union.doc = self.doc(&open);
            union.tag = self.text(&open, "tag");
            if let Some(tag) = &union.tag {
                self.check_wire(tag, "the tag of a union");
            }
            union.variants = self.each(&open, "variants", Self::read_variant);
            self.check_any(&open, "variants", &format!("union `{}`", union.name.value));
        }
        union.faulty = self.diagnostics.len() > before;
        union
    }

    fn read_variant(&mut self, wire: Text, value: Toml<'_>) -> Variant {
        self.check_wire(&wire, "the tag of a variant");
        let place = format!("variant `{}`", wire.value);
        let open = self.open(&sections::VARIANT, &wire, value, &place);
        let word = self.read_word(wire, open.as_ref());
        let fields = open
            .map(|open| self.each(&open, "fields", Self::read_field))
            .unwrap_or_default();
        Variant { word, fields }
    }

    fn read_field(&mut self, wire: Text, value: Toml<'_>) -> Field {
        self.check_wire(&wire, "the name of a field");
        let mut field = Field {
            wire,
            ty: None,
            rust: None,
            style: None,
            value: None,
            default: None,
            min: None,
            max: None,
            deprecated: None,
            doc: String::new(),
        };
        if let Some(ty) = value.get_ref().as_str() {
            field.ty = Some(self.text_of(ty, value.span()));
            return field;
        }
        let place = format!("field `{}`", field.wire.value);
        if let Some(open) = self.open_or_text(&sections::FIELD, &field.wire, value, &place) {
            field.ty = self.text(&open, "type");
            field.rust = self.text(&open, "rust");
            field.style = self.text(&open, "style");
            field.value = self.scalar(&open, "value");
            field.default = self.scalar(&open, "default");
            field.min = self.number(&open, "min");
            field.max = self.number(&open, "max");
            field.deprecated = self.text(&open, "deprecated");
            field.doc = self.doc(&open);
        }
        field
    }

    fn read_endpoints(&mut self, group: &Text, value: Toml<'_>) -> Vec<Endpoint> {
        let Some(table) = value.get_ref().as_table() else {
            let example = format!("[endpoints.{}.name]", group.value);
            self.wrong_kind(group, value, Takes::Table, &example);
            return Vec::new();
        };
        let entries = self.entries(table);
        let read = |(key, value)| self.read_endpoint(group.clone(), key, value);
        entries.into_iter().map(read).collect()
    }

    fn read_endpoint(&mut self, group: Text, key: Text, value: Toml<'_>) -> Endpoint {
        let before = self.diagnostics.len();
        let place = format!("[endpoints.{}.{}]", group.value, key.value);
        let mut endpoint = Endpoint {
            group,
            key,
            doc: String::new(),
            http: None,
            base_path: None,
            rust: None,
            path_key: None,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            bodies: Vec::new(),
            response: None,
            responses_key: None,
            responses: Vec::new(),
            error: None,
            deprecated: None,
            response_headers_key: None,
            response_headers: Vec::new(),
            retry: None,
            timeout: None,
            auth: None,
            pages: None,
            wait: None,
            faulty: true,
        };
        let Some(open) = self.open(&sections::ENDPOINT, &endpoint.key, value, &place) else {
            return endpoint;
        };
        endpoint.doc = self.doc(&open);
        endpoint.http = self.text(&open, "http");
        endpoint.base_path = self.text(&open, "base_path");
        endpoint.rust = self.text(&open, "rust");
        endpoint.path_key = open.get("path").map(|(key, _)| key.span);
        endpoint.path = self.each(&open, "path", Self::read_field);
        endpoint.query = self.each(&open, "query", Self::read_field);
        endpoint.headers = self.each(&open, "headers", Self::read_field);
        endpoint.bodies = self.read_bodies(&open);
        endpoint.response = self.read_response(&open);
        endpoint.responses_key = open.get("responses").map(|(key, _)| key.span);
        endpoint.responses = self.each(&open, "responses", |this, status, value| {
            let shape = this.read_shape(&status, value);
            (status, shape)
        });
        self.check_any(&open, "responses", &place);
        endpoint.deprecated = self.text(&open, "deprecated");
        endpoint.error = self.text(&open, "error");
        endpoint.response_headers_key = open.get("response_headers").map(|(key, _)| key.span);
        endpoint.response_headers = self.each(&open, "response_headers", Self::read_field);
        endpoint.retry = self.read_retry(&open);
        endpoint.timeout = self.number(&open, "timeout");
        endpoint.auth = self.text(&open, "auth");
        endpoint.faulty = self.diagnostics.len() > before;
        endpoint.pages = open
            .get("pages")
            .and_then(|(key, value)| self.read_pages(key, value));
        endpoint.wait = open
            .get("wait")
            .and_then(|(key, value)| self.read_wait(key, value));
        endpoint
    }

    fn read_bodies(&mut self, open: &Open<'_>) -> Vec<Body> {
        let given = BodyKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, open.get(kind.as_str())?)));
        let mut bodies: Vec<Body> = given
            .map(|(kind, (key, value))| {
                let whole = match kind {
                    BodyKind::Raw => self.text(open, kind.as_str()),
                    BodyKind::Json => {
                        let text = value.get_ref().as_str();
                        text.map(|text| self.text_of(text, value.span()))
                    }
                    BodyKind::Form | BodyKind::Multipart => None,
                };
                let fields = if kind == BodyKind::Raw || whole.is_some() {
                    Vec::new()
                } else {
                    self.each(open, kind.as_str(), Self::read_field)
                };
                Body {
                    kind,
                    span: key.span,
                    fields,
                    whole,
                }
            })
            .collect();
        bodies.sort_by_key(|body| body.span);
        bodies
    }

    fn read_response(&mut self, open: &Open<'_>) -> Option<Response> {
        let (key, value) = open.get("response")?;
        Some(Response {
            span: key.span,
            shape: self.read_shape(key, value),
        })
    }

    fn read_shape(&mut self, key: &Text, value: Toml<'_>) -> Shape {
        if let Some(text) = value.get_ref().as_str() {
            return Shape::Value(self.text_of(text, value.span()));
        }
        let Some(table) = value.get_ref().as_table() else {
            let example = format!("{} = {{ id = \"string\" }}", key.value);
            self.wrong_kind(key, value, Takes::TextOrTable, &example);
            return Shape::Object(Vec::new());
        };
        let entries = self.entries(table).into_iter();
        let fields = entries.map(|(key, value)| self.read_field(key, value));
        Shape::Object(fields.collect())
    }

    fn read_scalar(&mut self, key: Text, value: Toml<'_>) -> Option<(Text, Literal)> {
        let scalar = match value.get_ref() {
            DeValue::String(text) => Literal::String(text.to_string()),
            DeValue::Boolean(value) => Literal::Bool(*value),
            number => {
                let found = number_of(number);
                if found.is_none() {
                    let example = format!("{} = false", key.value);
                    self.wrong_kind(&key, value, Takes::Scalar, &example);
                }
                found?
            }
        };
        Some((key, scalar))
    }

    fn read_wait(&mut self, key: &Text, value: Toml<'_>) -> Option<Wait> {
        let before = self.diagnostics.len();
        let open = self.open(&sections::WAIT, key, value, "a waiter")?;
        let mut wait = Wait {
            span: key.span,
            poll: self.text(&open, "poll"),
            bind: open.get("bind").map(|(key, _)| Bind {
                span: key.span,
                pairs: self
                    .each(&open, "bind", Self::read_binding)
                    .into_iter()
                    .flatten()
                    .collect(),
            }),
            field: self.text(&open, "field"),
            until: self.words(&open, "until"),
            fail: self.words(&open, "fail"),
            pending: self.words(&open, "pending"),
            faulty: false,
        };
        wait.faulty = self.diagnostics.len() > before;
        Some(wait)
    }

    fn read_auth(&mut self, open: &Open<'_>) -> Option<Auth> {
        let (key, value) = open.get("auth")?;
        if value.get_ref().as_str().is_some() {
            return self.text(open, "auth").map(Auth::Scheme);
        }
        let open = self.open_or_text(&sections::AUTH, key, value, "auth")?;
        self.text(&open, "header").map(Auth::Header)
    }

    fn read_retry(&mut self, open: &Open<'_>) -> Option<Retry> {
        let (key, value) = open.get("retry")?;
        if value.get_ref().as_str().is_some() {
            return self.text(open, "retry").map(Retry::Class);
        }
        let open = self.open_or_text(&sections::RETRY, key, value, "retry")?;
        self.text(&open, "idempotent_with").map(Retry::With)
    }

    fn read_pages(&mut self, key: &Text, value: Toml<'_>) -> Option<Pages> {
        let before = self.diagnostics.len();
        let open = self.open(&sections::PAGES, key, value, "pages")?;
        let mut pages = Pages {
            span: key.span,
            items: self.text(&open, "items"),
            next: self.text(&open, "next"),
            into: self.text(&open, "into"),
            link: self.text(&open, "link"),
            offset: self.text(&open, "offset"),
            page: self.text(&open, "page"),
            faulty: false,
        };
        pages.faulty = self.diagnostics.len() > before;
        Some(pages)
    }

    fn read_binding(&mut self, key: Text, value: Toml<'_>) -> Option<(Text, Text)> {
        let Some(text) = value.get_ref().as_str() else {
            let example = format!("{} = \"request.{}\"", key.value, key.value);
            self.wrong_kind(&key, value, Takes::Text, &example);
            return None;
        };
        let text = self.text_of(text, value.span());
        Some((key, text))
    }
}

impl<'d> Open<'d> {
    fn get(&self, name: &str) -> Option<&(Text, Toml<'d>)> {
        debug_assert!(
            self.section.key(name).is_some(),
            "`{name}` is not in the table of keys"
        );
        self.entries.iter().find(|(key, _)| key.value == name)
    }
}

// The pieces that sections are made of.
impl Reader<'_> {
    /// Opens a table and refuses keys that do not belong into it.
    fn open<'d>(
        &mut self,
        section: &'static Section,
        key: &Text,
        value: Toml<'d>,
        place: &str,
    ) -> Option<Open<'d>> {
        self.open_as(section, key, value, place, Takes::Table)
    }

    /// Like [`Reader::open`], where a string would have done as well.
    fn open_or_text<'d>(
        &mut self,
        section: &'static Section,
        key: &Text,
        value: Toml<'d>,
        place: &str,
    ) -> Option<Open<'d>> {
        self.open_as(section, key, value, place, Takes::TextOrTable)
    }

    fn open_as<'d>(
        &mut self,
        section: &'static Section,
        key: &Text,
        value: Toml<'d>,
        place: &str,
        takes: Takes,
    ) -> Option<Open<'d>> {
        let Some(table) = value.get_ref().as_table() else {
            let needed = section
                .keys
                .iter()
                .find(|key| key.needed)
                .unwrap_or(&section.keys[0]);
            let example = format!("{} = {{ {} }}", key.value, needed.example);
            self.wrong_kind(key, value, takes, &example);
            return None;
        };
        Some(self.open_table(section, table, key.span, place))
    }

    fn open_table<'d>(
        &mut self,
        section: &'static Section,
        table: &'d DeTable<'d>,
        span: Span,
        place: &str,
    ) -> Open<'d> {
        let open = Open {
            section,
            entries: self.entries(table),
        };
        let mut meant = Vec::new();
        for (key, _) in &open.entries {
            if section.key(&key.value).is_none() {
                meant.extend(self.unknown_key(section, &open, key, place));
            }
        }
        // What is there under a slip of the pen is not missing as well.
        for key in section.keys.iter().filter(|key| key.needed) {
            if open.get(key.name).is_none() && !meant.contains(&key.name) {
                self.missing_key(key, span, place);
            }
        }
        open
    }

    /// A string of the file, with its place among all files.
    fn text_of(&self, value: &str, range: Range<usize>) -> Text {
        Text::new(self.source, value, range.into()).on(self.start)
    }

    fn span_of(&self, value: Toml<'_>) -> Span {
        Span::from(value.span()).on(self.start)
    }

    /// The entries of a table in the order of the file.
    fn entries<'d>(&self, table: &'d DeTable<'d>) -> Vec<(Text, Toml<'d>)> {
        let text = |key: &Spanned<DeString<'_>>| self.text_of(key.get_ref(), key.span());
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| (text(key), value))
            .collect();
        entries.sort_by_key(|(key, _)| key.span);
        entries
    }

    /// Reads every entry of the table under `name`, whose keys are free.
    fn each<'d, T>(
        &mut self,
        open: &Open<'d>,
        name: &str,
        read: impl Fn(&mut Self, Text, Toml<'d>) -> T,
    ) -> Vec<T> {
        let Some((key, value)) = open.get(name) else {
            return Vec::new();
        };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_value(open.section, key, value);
            return Vec::new();
        };
        let entries = self.entries(table);
        entries
            .into_iter()
            .map(|(key, value)| read(self, key, value))
            .collect()
    }

    fn text(&mut self, open: &Open<'_>, name: &str) -> Option<Text> {
        let (key, value) = open.get(name)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(self.text_of(text, value.span()));
        }
        self.wrong_value(open.section, key, value);
        None
    }

    fn scalar(&mut self, open: &Open<'_>, name: &str) -> Option<Scalar> {
        let (key, value) = open.get(name)?;
        let (_, literal) = self.read_scalar(key.clone(), value)?;
        Some((literal, self.span_of(value)))
    }

    fn number(&mut self, open: &Open<'_>, name: &str) -> Option<Scalar> {
        let (key, value) = open.get(name)?;
        let number = number_of(value.get_ref());
        if number.is_none() {
            self.wrong_value(open.section, key, value);
        }
        Some((number?, self.span_of(value)))
    }

    fn doc(&mut self, open: &Open<'_>) -> String {
        self.text(open, "doc")
            .map(|doc| doc.value)
            .unwrap_or_default()
    }

    fn words(&mut self, open: &Open<'_>, name: &str) -> Option<Words> {
        let (key, value) = open.get(name)?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_value(open.section, key, value);
            return None;
        };
        let mut words = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(word) => words.push(self.text_of(word, item.span())),
                None => self.wrong_value(open.section, key, item),
            }
        }
        Some(Words {
            span: key.span,
            words,
        })
    }

    /// Refuses a table that is there but has nothing in it.
    fn check_any(&mut self, open: &Open<'_>, name: &str, owner: &str) {
        let Some((key, value)) = open.get(name) else {
            return;
        };
        if !value.get_ref().as_table().is_some_and(DeTable::is_empty) {
            return;
        }
        let example = open.section.key(name).map_or("", |key| key.example);
        let message = format!("{owner} has no {name}");
        self.diagnostics.push(
            Diagnostic::new(Code::Empty, message, key.span, "at least one is needed")
                .help(format!("for example: `{example}`")),
        );
    }

    /// Refuses names that are empty or cannot be seen.
    fn check_wire(&mut self, name: &Text, what: &str) {
        if name.value.is_empty() {
            let message = format!("{what} cannot be empty");
            self.diagnostics.push(Diagnostic::new(
                Code::Empty,
                message,
                name.span,
                "at least one character is needed",
            ));
        } else if name.value.chars().any(char::is_control) {
            let message = format!("{what} cannot hold control characters");
            let shown = name.value.escape_debug();
            self.diagnostics.push(
                Diagnostic::new(Code::Unprintable, message, name.span, "in this name")
                    .help(format!("written out it is `{shown}`")),
            );
        }
    }

    /// Refuses a key, and returns the one that was probably meant.
    fn unknown_key(
        &mut self,
        section: &Section,
        open: &Open<'_>,
        key: &Text,
        place: &str,
    ) -> Option<&'static str> {
        let free = |name: &&str| open.entries.iter().all(|(key, _)| key.value != *name);
        let names = section.keys.iter().map(|key| key.name);
        let meant = nearest(self.diagnostics.len(), &key.value, names.clone())
            .or_else(|| section.known_as(&key.value))
            .filter(free);
        let allowed: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let message = format!("unknown key `{}` in {}", shown(&key.value), quoted(place));
        self.diagnostics.push(
            Diagnostic::new(
                Code::UnknownKey,
                message,
                key.span,
                "not a key of this table",
            )
            .did_you_mean(key.span, meant)
            .help(format!("allowed here: {}", allowed.join(", "))),
        );
        meant
    }

    fn missing_key(&mut self, key: &sections::Key, span: Span, place: &str) {
        let message = format!("missing key `{}` in {}", key.name, quoted(place));
        let label = format!("`{}` is needed here", key.name);
        self.diagnostics.push(
            Diagnostic::new(Code::MissingKey, message, span, label)
                .help(format!("for example: `{}`", key.example)),
        );
    }

    /// Refuses the value of a key that its section knows.
    fn wrong_value(&mut self, section: &Section, key: &Text, value: Toml<'_>) {
        if let Some(known) = section.key(&key.value) {
            self.wrong_kind(key, value, known.takes, known.example);
        }
    }

    fn wrong_kind(&mut self, key: &Text, value: Toml<'_>, takes: Takes, example: &str) {
        let message = format!("`{}` takes {}", shown(&key.value), takes.as_str());
        let label = format!("this is {}", kind_of(value.get_ref()));
        let span = self.span_of(value);
        let help = if self.source.text()[value.span()].starts_with("[[") {
            "write the header in single brackets".to_owned()
        } else {
            format!("for example: `{example}`")
        };
        self.diagnostics
            .push(Diagnostic::new(Code::WrongKind, message, span, label).help(help));
    }
}

/// A number that fits into 64 bits and is one.
fn number_of(value: &DeValue<'_>) -> Option<Literal> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Literal::Int),
        DeValue::Float(number) => {
            let number: f64 = number.as_str().parse().ok()?;
            number.is_finite().then_some(Literal::Float(Float(number)))
        }
        _ => None,
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Headers are quoted as code; phrases have their quotes already.
fn quoted(place: &str) -> String {
    if place.starts_with('[') {
        format!("`{place}`")
    } else {
        place.to_owned()
    }
}
