//! Alternatives without a tag that their keys tell apart.

use std::collections::HashMap;

use super::{MOST_HOPS, Object, Types, is_nullable, properties, ways};
use crate::import::document::unescaped;
use crate::import::draft::Kind;
use crate::import::names::{self, Names};
use crate::import::report::Report;
use crate::json::Json;

impl<'d> Types<'d> {
    /// For each of the objects the first key that it always has and no other one ever has. Nothing
    /// if one of them has none, or is no object.
    pub(super) fn own_keys(&self, ways: &[&'d Json]) -> Option<Vec<(Object<'d>, &'d str)>> {
        let objects = ways.iter().map(|way| self.flatten(way));
        let objects: Vec<Object<'d>> = objects.collect::<Option<_>>()?;
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for (key, _) in objects.iter().flat_map(|it| &it.properties) {
            *owners.entry(key).or_default() += 1;
        }
        let with_keys = objects.into_iter().map(|object| {
            let is_own = |(key, schema): &&(&str, &Json)| {
                owners.get(key) == Some(&1)
                    && object.requires(key)
                    && !key.is_empty()
                    && !key.contains(char::is_control)
                    && !self.may_be_null(schema)
            };
            let (key, _) = *object.properties.iter().find(is_own)?;
            Some((object, key))
        });
        with_keys.collect()
    }

    /// Whether a schema that leads to others becomes an optional type. In doubt it does.
    fn may_be_null(&self, schema: &'d Json) -> bool {
        let mut schema = schema;
        for _ in 0..MOST_HOPS {
            if is_nullable(schema) {
                return true;
            }
            let next = match schema.text("$ref") {
                Some(reference) => self.document.find(reference),
                None => match only_way(schema) {
                    None => return false,
                    one => one,
                },
            };
            let Some(next) = next else { return true };
            schema = next;
        }
        true
    }

    /// A union of what [`own_keys`](Self::own_keys) tells apart.
    pub(super) fn untagged(&mut self, schema: &'d Json, name: &str, report: &mut Report) -> Kind {
        let ways = ways(schema);
        let mut taken = Names::default();
        let mut variants = Vec::new();
        for (way, (object, key)) in ways.iter().zip(self.own_keys(&ways).unwrap_or_default()) {
            let usual = names::type_name(&own_name(way, name).unwrap_or(key.to_owned()));
            // Words are read without regard to case.
            let word = taken.claim_all(&usual, "", |word| vec![word.to_lowercase()]);
            variants.push(self.variant(way, &object, (word, Vec::new()), name, report));
        }
        Kind::Union(None, variants)
    }
}

/// The one schema that another one is about, if there is no more to it.
fn only_way(schema: &Json) -> Option<&Json> {
    match (&ways(schema)[..], schema.list("allOf")) {
        ([one], _) => Some(one),
        ([], [one]) if properties(schema).is_empty() => Some(one),
        _ => None,
    }
}

/// What one of the alternatives is called. `export` puts the name of the union behind it.
fn own_name(way: &Json, union: &str) -> Option<String> {
    let Some(reference) = way.text("$ref") else {
        return way.text("title").map(str::to_owned);
    };
    let name = unescaped(reference.rsplit('/').next()?);
    let short = name.strip_suffix(union).filter(|short| !short.is_empty());
    Some(short.map_or(name.clone(), str::to_owned))
}
