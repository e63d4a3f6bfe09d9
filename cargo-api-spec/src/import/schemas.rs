//! Schemas as types.

mod untagged;

use std::collections::{HashMap, HashSet, VecDeque};

use super::bounds;
use super::document::{Document, unescaped};
use super::draft::{Field, Kind, Ty, Type, Variant, Word};
use super::names::{self, Names};
use super::report::Report;
use crate::json::Json;

/// Lists and maps nest in the language as deep as this.
const DEEPEST: usize = 16;
/// References to references, and schemas put together of schemas, are followed so far.
const MOST_HOPS: usize = 32;

/// The types of the description, as far as something has asked for them.
pub(super) struct Types<'d> {
    document: &'d Document,
    names: Names,
    /// What stands for a reference; nothing while that is being found out.
    known: HashMap<&'d str, Option<Ty>>,
    pub(super) declared: Vec<Type>,
    /// Types that have a name, but no fields yet.
    open: VecDeque<Open<'d>>,
    hops: usize,
}

struct Open<'d> {
    index: usize,
    what: Content<'d>,
}

enum Content<'d> {
    Struct(Object<'d>),
    /// With its tag, if it has one.
    Union(&'d Json, Option<&'d str>),
}

/// An object with named fields, put together of one schema or several.
#[derive(Clone, Default)]
pub(super) struct Object<'d> {
    properties: Vec<(&'d str, &'d Json)>,
    required: HashSet<&'d str>,
}

impl<'d> Types<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            names: Names::default(),
            known: HashMap::new(),
            declared: Vec::new(),
            open: VecDeque::new(),
            hops: 0,
        }
    }

    /// The type of a schema; `hint` is what it is called if it needs a name.
    pub(super) fn convert(&mut self, schema: &'d Json, hint: &str, report: &mut Report) -> Ty {
        if self.hops >= MOST_HOPS {
            report.loosen(hint, "schemas that lead from one to the other: `json`");
            return Ty::JSON;
        }
        self.hops += 1;
        let ty = self.convert_here(schema, hint, None, report);
        self.hops -= 1;
        if depth(&ty) > DEEPEST {
            report.loosen(hint, "it nests too deep: `json`");
            return Ty::JSON;
        }
        ty
    }

    fn convert_here(
        &mut self,
        schema: &'d Json,
        hint: &str,
        known_as: Option<&'d str>,
        report: &mut Report,
    ) -> Ty {
        let nullable = is_nullable(schema);
        let ty = match schema.text("$ref") {
            Some(reference) => self.referenced(reference, report),
            None => self.present(schema, hint, known_as, report),
        };
        if nullable { ty.optional() } else { ty }
    }

    fn referenced(&mut self, reference: &'d str, report: &mut Report) -> Ty {
        match self.known.get(reference) {
            Some(Some(ty)) => return ty.clone(),
            Some(None) => {
                report.loosen(reference, "it refers to itself: `json`");
                return Ty::JSON;
            }
            None => {}
        }
        let Some(schema) = self.document.find(reference) else {
            report.loosen(reference, "it is not in this document: `json`");
            return Ty::JSON;
        };
        let name = unescaped(reference.rsplit('/').next().unwrap_or_default());
        self.known.insert(reference, None);
        self.hops += 1;
        let ty = if self.hops >= MOST_HOPS {
            report.loosen(reference, "schemas that lead from one to the other: `json`");
            Ty::JSON
        } else if is_plain_text(schema) {
            self.declare(&names::type_name(&name), schema, Kind::Id, None)
        } else {
            self.convert_here(schema, &name, Some(reference), report)
        };
        self.hops -= 1;
        self.known.insert(reference, Some(ty.clone()));
        ty
    }

    /// The type of values that are there.
    fn present(
        &mut self,
        schema: &'d Json,
        hint: &str,
        known_as: Option<&'d str>,
        report: &mut Report,
    ) -> Ty {
        let ways = ways(schema);
        if let [one] = ways[..] {
            return self.convert_here(one, hint, known_as, report);
        }
        if !ways.is_empty() {
            return self.one_of(schema, &ways, hint, known_as, report);
        }
        if let Some(words) = words(schema) {
            return self.enumeration(&words, schema, hint, report);
        }
        if schema.get("allOf").is_some() || !properties(schema).is_empty() {
            return self.object(schema, hint, known_as, report);
        }
        self.simple(schema, hint, report)
    }

    fn simple(&mut self, schema: &'d Json, hint: &str, report: &mut Report) -> Ty {
        match kind(schema) {
            Some("string" | "file") => Ty::Plain(match schema.text("format") {
                Some("date-time") => "timestamp",
                Some("duration") => "duration",
                Some("google-duration") => "seconds_text",
                Some("byte") => "base64",
                Some("password") => "secret",
                _ => "string",
            }),
            Some("boolean") => Ty::Plain("bool"),
            Some("integer") => Ty::Plain("int"),
            Some("number") => Ty::Plain("float"),
            Some("array") => {
                let item = schema.get("items").map(|items| {
                    let hint = format!("{hint}Item");
                    self.convert(items, &hint, report)
                });
                Ty::List(Box::new(item.unwrap_or(Ty::JSON)))
            }
            Some("object") => {
                let values = schema
                    .get("additionalProperties")
                    .filter(|it| it.is_object());
                let value =
                    values.map(|values| self.convert(values, &format!("{hint}Value"), report));
                Ty::Map(Box::new(value.unwrap_or(Ty::JSON)))
            }
            _ => Ty::JSON,
        }
    }

    fn object(
        &mut self,
        schema: &'d Json,
        hint: &str,
        known_as: Option<&'d str>,
        report: &mut Report,
    ) -> Ty {
        // A schema with words of its own about another one.
        if let [one] = schema.list("allOf")
            && properties(schema).is_empty()
        {
            return self.convert_here(one, hint, known_as, report);
        }
        let Some(object) = self.flatten(schema) else {
            report.loosen(
                hint,
                "put together of schemas that are not all objects: `json`",
            );
            return Ty::JSON;
        };
        if schema
            .get("additionalProperties")
            .is_some_and(Json::is_object)
        {
            report.loosen(hint, "other keys than the named ones are not read");
        }
        let ty = self.declare(hint, schema, Kind::Struct(Vec::new()), known_as);
        self.later(Content::Struct(object));
        ty
    }

    fn one_of(
        &mut self,
        schema: &'d Json,
        ways: &[&'d Json],
        hint: &str,
        known_as: Option<&'d str>,
        report: &mut Report,
    ) -> Ty {
        // An open enumeration, as `export` writes it.
        let open = ways.iter().any(|way| is_plain_text(way));
        if let Some(words) = ways.iter().find_map(|way| words(way)).filter(|_| open) {
            return self.enumeration(&words, schema, hint, report);
        }
        let objects = ways
            .iter()
            .all(|way| way.text("$ref").is_some() && self.flatten(way).is_some());
        let tag = tag(schema).filter(|_| objects);
        if tag.is_some() || self.own_keys(ways).is_some() {
            let kind = Kind::Union(tag.map(str::to_owned), Vec::new());
            let ty = self.declare(hint, schema, kind, known_as);
            self.later(Content::Union(schema, tag));
            return ty;
        }
        let same = ways
            .iter()
            .all(|way| kind(way).is_some() && kind(way) == kind(ways[0]));
        match kind(ways[0]).filter(|_| same) {
            Some("string") => Ty::Plain("string"),
            Some("integer") => Ty::Plain("int"),
            Some("number") => Ty::Plain("float"),
            _ => {
                report.loosen(
                    hint,
                    "one of several schemas that nothing tells apart: `json`",
                );
                Ty::JSON
            }
        }
    }

    fn enumeration(
        &mut self,
        words: &[&str],
        schema: &Json,
        hint: &str,
        report: &mut Report,
    ) -> Ty {
        let mut taken = Names::default();
        let mut values: Vec<Word> = Vec::new();
        for wire in words {
            if wire.is_empty() || wire.contains(char::is_control) {
                report.loosen(hint, format!("the value {wire:?} is left out"));
                continue;
            }
            let lower = wire.to_lowercase();
            match values.iter_mut().find(|it| it.wire.to_lowercase() == lower) {
                Some(known) if known.wire == *wire => {}
                Some(known) => {
                    report.loosen(hint, format!("`{wire}` is read as `{}`", known.wire));
                }
                None => values.push(Word {
                    wire: (*wire).to_owned(),
                    also: Vec::new(),
                    rust: names::word(&mut taken, wire, |name| vec![name.to_owned()]),
                }),
            }
        }
        if values.is_empty() {
            return Ty::Plain("string");
        }
        self.declare(hint, schema, Kind::Enum(values), None)
    }

    /// Gives a type its name. From then on references lead to it.
    fn declare(&mut self, hint: &str, schema: &Json, kind: Kind, known_as: Option<&'d str>) -> Ty {
        let name = self.names.claim(&names::type_name(hint), "");
        let doc = schema.text("description").or(schema.text("title"));
        self.declared.push(Type {
            name: name.clone(),
            doc: names::doc(doc.unwrap_or_default()),
            kind,
        });
        let ty = Ty::Named(name);
        if let Some(reference) = known_as {
            self.known.insert(reference, Some(ty.clone()));
        }
        ty
    }

    /// The last declared type gets its fields later, so that no chain of types is too long.
    fn later(&mut self, what: Content<'d>) {
        let index = self.declared.len() - 1;
        self.open.push_back(Open { index, what });
    }

    /// Fills the types that wait for their fields.
    pub(super) fn settle(&mut self, report: &mut Report) {
        while let Some(open) = self.open.pop_front() {
            let name = self.declared[open.index].name.clone();
            let kind = match open.what {
                Content::Struct(object) => {
                    Kind::Struct(self.fields(&object, &name, &mut Names::default(), report))
                }
                Content::Union(schema, Some(tag)) => self.union(schema, tag, &name, report),
                Content::Union(schema, None) => self.untagged(schema, &name, report),
            };
            self.declared[open.index].kind = kind;
        }
    }

    fn union(&mut self, schema: &'d Json, tag: &str, name: &str, report: &mut Report) -> Kind {
        let mapping = schema
            .get("discriminator")
            .and_then(|it| it.get("mapping"))
            .map_or(&[][..], Json::members);
        let mut variants = Vec::new();
        for way in ways(schema) {
            let (Some(reference), Some(mut object)) = (way.text("$ref"), self.flatten(way)) else {
                continue;
            };
            object.properties.retain(|(key, _)| *key != tag);
            let own = unescaped(reference.rsplit('/').next().unwrap_or_default());
            let leads_here =
                |to: &Json| to.as_text().is_some_and(|to| to == reference || to == own);
            let mapped = mapping.iter().filter(|(_, to)| leads_here(to));
            let mut wires: VecDeque<String> = mapped.map(|(wire, _)| wire.clone()).collect();
            let wire = wires.pop_front().unwrap_or_else(|| own.clone());
            variants.push(self.variant(way, &object, (wire, wires.into()), name, report));
        }
        Kind::Union(Some(tag.to_owned()), variants)
    }

    /// A variant of the union `name`, with its words. Its struct has a name that no type has.
    fn variant(
        &mut self,
        way: &'d Json,
        object: &Object<'d>,
        (wire, also): (String, Vec<String>),
        name: &str,
        report: &mut Report,
    ) -> Variant {
        let body = |variant: &str| vec![format!("{variant}{name}")];
        let rust = names::word(&mut self.names, &wire, body);
        let usual = rust.clone().unwrap_or_else(|| names::type_name(&wire));
        let resolved = self.document.resolve(way).unwrap_or(way);
        let hint = format!("{usual}{name}");
        Variant {
            word: Word { wire, also, rust },
            doc: names::doc(resolved.text("description").unwrap_or_default()),
            fields: self.fields(object, &hint, &mut Names::default(), report),
        }
    }

    /// The fields of an object.
    pub(super) fn fields(
        &mut self,
        object: &Object<'d>,
        hint: &str,
        taken: &mut Names,
        report: &mut Report,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for (wire, schema) in &object.properties {
            if wire.is_empty() || wire.contains(char::is_control) {
                report.loosen(hint, format!("the field {wire:?} is left out"));
                continue;
            }
            let name = format!("{hint}{}", names::type_name(wire));
            let ty = self.convert(schema, &name, report);
            let needed = object.required.contains(wire);
            let bounds = bounds::bounds(schema, &ty);
            fields.push(Field {
                wire: (*wire).to_owned(),
                ty: if needed { ty } else { ty.optional() },
                rust: names::field(taken, wire),
                doc: names::line(schema.text("description").unwrap_or_default()),
                style: None,
                bounds,
            });
        }
        fields
    }

    /// The named fields of a schema, if it is an object that has some.
    pub(super) fn flatten(&self, schema: &'d Json) -> Option<Object<'d>> {
        let mut object = Object::default();
        let mut budget = MOST_HOPS * MOST_HOPS;
        self.flatten_into(schema, &mut object, 0, &mut budget)?;
        (!object.properties.is_empty()).then_some(object)
    }

    fn flatten_into(
        &self,
        schema: &'d Json,
        object: &mut Object<'d>,
        depth: usize,
        budget: &mut usize,
    ) -> Option<()> {
        *budget = budget.checked_sub(1)?;
        if depth > MOST_HOPS {
            return None;
        }
        let schema = self.document.resolve(schema)?;
        if !ways(schema).is_empty() || kind(schema).is_some_and(|kind| kind != "object") {
            return None;
        }
        for part in schema.list("allOf") {
            self.flatten_into(part, object, depth + 1, budget)?;
        }
        for (key, value) in properties(schema) {
            object.properties.retain(|(known, _)| known != key);
            object.properties.push((key, value));
        }
        let required = schema.list("required").iter().filter_map(Json::as_text);
        object.required.extend(required);
        Some(())
    }

    /// Whether values of the type are written as one text.
    pub(super) fn is_scalar(&self, ty: &Ty) -> bool {
        match ty.present() {
            Ty::Plain(word) => *word != "json",
            Ty::Named(name) => {
                let found = self.declared.iter().find(|it| it.name == *name);
                found.is_some_and(|it| matches!(it.kind, Kind::Id | Kind::Enum(_)))
            }
            _ => false,
        }
    }
}

impl<'d> Object<'d> {
    pub(super) fn properties(&self) -> &[(&'d str, &'d Json)] {
        &self.properties
    }

    pub(super) fn requires(&self, key: &str) -> bool {
        self.required.contains(key)
    }
}

/// The key that tells alternatives apart, if it is said.
fn tag(schema: &Json) -> Option<&str> {
    schema.get("discriminator")?.text("propertyName")
}

fn depth(ty: &Ty) -> usize {
    match ty {
        Ty::Plain(_) | Ty::Named(_) => 0,
        Ty::Optional(inner) => depth(inner),
        Ty::List(inner) | Ty::Map(inner) => depth(inner) + 1,
    }
}

fn properties(schema: &Json) -> &[(String, Json)] {
    schema.get("properties").map_or(&[], Json::members)
}

/// The one type of a schema, apart from null.
fn kind(schema: &Json) -> Option<&str> {
    match schema.get("type")? {
        Json::Text(text) => Some(text),
        Json::List(items) => {
            let mut kinds = items
                .iter()
                .filter_map(Json::as_text)
                .filter(|it| *it != "null");
            let first = kinds.next();
            first.filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

fn is_null(schema: &Json) -> bool {
    schema.text("type") == Some("null")
}

/// The alternatives of a schema, apart from null.
fn ways(schema: &Json) -> Vec<&Json> {
    let ways = schema.list("oneOf").iter().chain(schema.list("anyOf"));
    ways.filter(|way| !is_null(way)).collect()
}

fn is_nullable(schema: &Json) -> bool {
    let null = Json::from("null");
    let listed = schema.list("type").contains(&null) || schema.list("enum").contains(&Json::Null);
    let ways = schema.list("oneOf").iter().chain(schema.list("anyOf"));
    listed || schema.is("nullable") || schema.is("x-nullable") || ways.into_iter().any(is_null)
}

/// The words of an enumeration of strings.
fn words(schema: &Json) -> Option<Vec<&str>> {
    if kind(schema).is_some_and(|kind| kind != "string") {
        return None;
    }
    let words = schema
        .list("enum")
        .iter()
        .filter(|word| **word != Json::Null);
    let words: Option<Vec<&str>> = words.map(Json::as_text).collect();
    words.filter(|words| !words.is_empty())
}

/// Whether a schema says no more than that it is a string.
fn is_plain_text(schema: &Json) -> bool {
    kind(schema) == Some("string")
        && ["enum", "format", "contentMediaType", "contentEncoding"]
            .iter()
            .all(|key| schema.get(key).is_none())
        && ways(schema).is_empty()
}
