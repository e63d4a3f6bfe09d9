//! Objects with named fields.

use std::collections::{HashMap, HashSet};

use api_spec::model::Direction;

use super::direction;
use super::keywords::{kind, peek_alternatives, peek_kind, peek_texts, properties};
use crate::import::document::{Document, MAX_REF_DEPTH, Node};

/// The properties of a schema and of all schemas in its `allOf`.
///
/// They are unread until the object is [read](Self::read), as it may turn out to be no part of the spec.
#[derive(Clone, Default)]
pub(in crate::import) struct Object<'d> {
    properties: Vec<(&'d str, &'d Node)>,
    /// Other definitions of the properties.
    others: HashMap<&'d str, Vec<&'d Node>>,
    /// Indexes in `properties`.
    by_name: HashMap<&'d str, usize>,
    /// Items of all lists `required`.
    required_names: Vec<&'d Node>,
    required: HashSet<&'d str>,
    /// The schemas that it consists of, or references to them.
    parts: Vec<&'d Node>,
    removed: HashSet<&'d str>,
    /// Address of the schema whose alternatives are the objects of others.
    owner: Option<usize>,
}

impl<'d> Object<'d> {
    /// Returns the object of a schema, or `None` if it is not an object with properties.
    pub(in crate::import) fn from_schema(document: &'d Document, schema: &'d Node) -> Option<Self> {
        Self::without_properties(document, schema).filter(|it| !it.properties.is_empty())
    }

    /// Returns the object of a schema, which may have no properties.
    pub(in crate::import) fn without_properties(
        document: &'d Document,
        schema: &'d Node,
    ) -> Option<Self> {
        let mut object = Self::default();
        object.add(document, schema, &mut HashSet::new(), 0)?;
        object.set_required();
        Some(object)
    }

    /// Returns the object of an alternative of `owner`, which is `schema` or in its `allOf`, with all
    /// properties beside the alternatives. Returns `None` if it is not an object with properties.
    pub(in crate::import) fn of_alternative(
        document: &'d Document,
        schema: &'d Node,
        owner: &'d Node,
        alternative: &'d Node,
    ) -> Option<Self> {
        let mut object = Self {
            owner: Some(owner.address()),
            ..Self::default()
        };
        let mut known = HashSet::new();
        object.add(document, schema, &mut known, 0)?;
        object.add(document, alternative, &mut known, 0)?;
        object.set_required();
        Some(object).filter(|it| !it.properties.is_empty())
    }

    fn set_required(&mut self) {
        // The name of a property that does not exist stays unread.
        let by_name = &self.by_name;
        let is_property = |name: &&Node| name.as_text().is_some_and(|it| by_name.contains_key(it));
        self.required_names.retain(is_property);
        let names = self.required_names.iter();
        self.required = names.filter_map(|it| it.as_text()).collect();
    }

    /// Marks everything that the object consists of as read, apart from its properties, which are read
    /// where they are converted.
    pub(in crate::import) fn read(&self, document: &'d Document) {
        for part in &self.parts {
            if let Ok(schema) = document.resolve(part) {
                kind(schema);
                schema.list("allOf");
                properties(schema);
                schema.list("required");
                if schema.peek("additionalProperties").and_then(Node::as_bool) == Some(false) {
                    // A struct has no others.
                    schema.bool("additionalProperties");
                }
            }
        }
        for name in &self.required_names {
            name.read();
        }
    }

    /// Adds the properties of a schema, unless its address is known: `allOf` may refer to the same
    /// schema several times.
    fn add(
        &mut self,
        document: &'d Document,
        schema: &'d Node,
        known: &mut HashSet<usize>,
        depth: usize,
    ) -> Option<()> {
        if depth > MAX_REF_DEPTH {
            return None;
        }
        self.parts.push(schema);
        let schema = document.peek_resolved(schema)?;
        if !known.insert(schema.address()) {
            return Some(());
        }
        let has_alternatives = !peek_alternatives(schema).is_empty();
        if has_alternatives && self.owner != Some(schema.address()) {
            return None;
        }
        if peek_kind(schema).is_some_and(|kind| kind != "object") {
            return None;
        }
        for part in schema.peek_list("allOf") {
            self.add(document, part, known, depth + 1)?;
        }
        for (key, value) in schema.peek_object("properties") {
            self.add_property(key, value);
        }
        self.required_names.extend(schema.peek_list("required"));
        Some(())
    }

    fn add_property(&mut self, key: &'d str, value: &'d Node) {
        match self.by_name.get(key) {
            // A later definition of a property replaces an earlier one, unless it only adds
            // documentation.
            Some(&index) if super::keywords::has_shape(value) => {
                let earlier = std::mem::replace(&mut self.properties[index].1, value);
                self.others.entry(key).or_default().push(earlier);
            }
            Some(_) => self.others.entry(key).or_default().push(value),
            None => {
                self.by_name.insert(key, self.properties.len());
                self.properties.push((key, value));
            }
        }
    }

    /// Returns whether one of the schemas excludes values that are not objects.
    pub(in crate::import) fn has_type(&self, document: &'d Document) -> bool {
        let schemas = self
            .parts
            .iter()
            .filter_map(|it| document.peek_resolved(it));
        schemas.into_iter().any(|it| peek_kind(it).is_some())
    }

    pub(in crate::import) fn properties(&self) -> impl Iterator<Item = (&'d str, &'d Node)> {
        let all = self.properties.iter().copied();
        all.filter(|(key, _)| !self.removed.contains(key))
    }

    /// Returns the direction of a property, which any of its definitions may have.
    pub(in crate::import) fn direction(
        &self,
        document: &'d Document,
        key: &str,
    ) -> Option<Direction> {
        let mut definitions = self.definitions(key);
        definitions.find_map(|schema| direction::direction(document, schema))
    }

    /// Returns the direction of a property, and marks the keywords as read.
    pub(in crate::import) fn read_direction(
        &self,
        document: &'d Document,
        key: &str,
    ) -> Option<Direction> {
        for schema in self.definitions(key) {
            direction::read(document, schema);
        }
        self.direction(document, key)
    }

    fn definitions(&self, key: &str) -> impl Iterator<Item = &'d Node> {
        let index = self.by_name.get(key);
        let last = index.map(|&index| self.properties[index].1);
        let others = self.others.get(key).into_iter().flatten().copied();
        last.into_iter().chain(others)
    }

    pub(in crate::import) fn requires(&self, key: &str) -> bool {
        self.required.contains(key)
    }

    /// Returns the only values of a property, if these are texts.
    pub(in crate::import) fn texts(&self, document: &'d Document, key: &str) -> Vec<&'d str> {
        let mut definitions = self.definitions(key);
        let values = definitions.find_map(|definition| {
            let values = peek_texts(document.peek_resolved(definition)?);
            (!values.is_empty()).then_some(values)
        });
        values.unwrap_or_default()
    }

    /// Removes the tag of a union, which is no field of its variants. Returns its definitions, whose type and
    /// values are read.
    pub(in crate::import) fn take_tag(
        &mut self,
        document: &'d Document,
        key: &'d str,
    ) -> Vec<&'d Node> {
        let definitions: Vec<_> = self.definitions(key).collect();
        for definition in &definitions {
            let Ok(schema) = document.resolve(definition) else {
                continue;
            };
            // A tag of another type stays unread.
            if peek_kind(schema) == Some("string") {
                kind(schema);
            }
            schema.text("const");
            schema.list("enum").iter().for_each(|it| {
                it.read();
            });
        }
        self.removed.insert(key);
        definitions
    }
}
