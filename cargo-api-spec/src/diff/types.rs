//! Declared types.

use api_spec::model::{
    Direction, Enum, Field, JsonKind, KindVariant, Struct, Union, Value, Variant,
};
use api_spec::names::{RustName, WireName};

use super::fields::{self, Owner, Use, compare_box};
use super::pairs::{Pair, pairs};
use super::report::Report;
use super::versions::{Version, Versions};
use crate::semver::SemverLevel;

struct Item<'a> {
    name: &'a str,
    doc: &'a str,
    definition: Definition<'a>,
}

enum Definition<'a> {
    Id,
    Enum(&'a Enum),
    Struct(&'a Struct),
    Union(&'a Union),
}

impl Definition<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Enum(_) => "enum",
            Self::Struct(_) => "struct",
            Self::Union(_) => "union",
        }
    }
}

pub(super) fn compare(report: &mut Report, versions: &Versions<'_>) {
    let (old, new) = (items(&versions.old), items(&versions.new));
    for pair in pairs(&old, &new, |item| item.name) {
        match pair {
            Pair::Old(item) => report.removed(item.name, item.definition.kind()),
            Pair::New(item) => report.added(SemverLevel::Minor, item.name, item.definition.kind()),
            Pair::Both(old, new) => compare_items(report, versions, old, new),
        }
    }
}

fn items<'a>(version: &'a Version<'_>) -> Vec<Item<'a>> {
    let api = version.api;
    let item = |name, doc, definition| Item {
        name,
        doc,
        definition,
    };
    let ids = api
        .ids
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Definition::Id));
    let enums = api
        .enums
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Definition::Enum(it)));
    let structs = api
        .structs
        .iter()
        .filter(|it| version.usage.is_generated(it.name.as_str()))
        .map(|it| item(it.name.as_str(), &it.doc, Definition::Struct(it)));
    let unions = api
        .unions
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Definition::Union(it)));
    ids.chain(enums).chain(structs).chain(unions).collect()
}

fn compare_items(report: &mut Report, versions: &Versions<'_>, old: &Item<'_>, new: &Item<'_>) {
    report.compare_docs(new.name, old.doc, new.doc);
    match (&old.definition, &new.definition) {
        (Definition::Enum(old), Definition::Enum(new)) => compare_enums(report, old, new),
        (Definition::Struct(old), Definition::Struct(new)) => {
            let owner = owner(versions, new.name.as_str(), new.name.as_str());
            fields::compare(report, &owner, &old.fields, &new.fields);
        }
        (Definition::Union(old), Definition::Union(new)) => {
            compare_unions(report, versions, old, new);
        }
        (before, now) => {
            let kinds = (before.kind(), now.kind());
            report.compare(SemverLevel::Major, new.name, "kind", kinds);
        }
    }
}

/// Returns the struct at `path`, which is part of the declared type `name`.
fn owner(versions: &Versions<'_>, path: &str, name: &str) -> Owner {
    Owner {
        path: path.to_owned(),
        in_request: Use {
            old: versions.old.usage.is_in_request(name),
            new: versions.new.usage.is_in_request(name),
        },
        in_response: Use {
            old: versions.old.usage.is_in_response(name),
            new: versions.new.usage.is_in_response(name),
        },
    }
}

fn compare_enums(report: &mut Report, old: &Enum, new: &Enum) {
    let path = |value: &Value| format!("{}::{}", new.name, value.rust);
    compare_unknown(report, &new.name, &old.unknown, &new.unknown);
    for pair in pairs(&old.values, &new.values, |value| value.rust.as_str()) {
        match pair {
            Pair::Old(value) => report.removed(path(value), "enum value"),
            Pair::New(value) => {
                let (wire, unknown) = (&value.wire, &old.unknown);
                let why = format!("enum value; `{wire}` was previously read as `{unknown}`");
                report.added(SemverLevel::Minor, path(value), why);
            }
            Pair::Both(old, new) => {
                let path = path(new);
                let wires = (&old.wire, &new.wire);
                compare_wires(report, &path, wires, (&old.aliases, &new.aliases));
                report.compare_docs(&path, &old.doc, &new.doc);
            }
        }
    }
}

fn compare_unknown(report: &mut Report, name: &RustName, old: &RustName, new: &RustName) {
    let property = "variant for unknown values";
    report.compare_code(SemverLevel::Major, name.as_str(), property, (old, new));
}

/// Compares the names on the wire of an enum value or of a variant.
fn compare_wires(
    report: &mut Report,
    path: &str,
    (old_wire, new_wire): (&WireName, &WireName),
    (old_aliases, new_aliases): (&[String], &[String]),
) {
    let wires = (old_wire, new_wire);
    report.compare_code(SemverLevel::Major, path, "wire value", wires);
    for alias in old_aliases.iter().filter(|it| !new_aliases.contains(it)) {
        let why = format!("no longer has the alias `{alias}`");
        report.changed(SemverLevel::Major, path, why);
    }
    for alias in new_aliases.iter().filter(|it| !old_aliases.contains(it)) {
        let why = format!("has the alias `{alias}`");
        report.changed(SemverLevel::Minor, path, why);
    }
}

fn compare_unions(report: &mut Report, versions: &Versions<'_>, old: &Union, new: &Union) {
    let name = new.name.as_str();
    let tag = |union: &Union| match &union.tag {
        Some(tag) => format!("`{tag}`"),
        None if !union.kinds.is_empty() => "absent, with JSON kinds".to_owned(),
        None => "absent".to_owned(),
    };
    report.compare(SemverLevel::Major, name, "tag", (tag(old), tag(new)));
    compare_unknown(report, &new.name, &old.unknown, &new.unknown);
    compare_identifying_keys(report, old, new);
    compare_kinds(report, old, new);
    let are_tagged = old.tag.is_some() && new.tag.is_some();
    let path = |variant: &Variant| format!("{name}::{}", variant.rust);
    for pair in pairs(&old.variants, &new.variants, |variant| {
        variant.rust.as_str()
    }) {
        match pair {
            Pair::Old(variant) => report.removed(path(variant), "variant"),
            Pair::New(variant) => {
                let (level, before) = previously(new, variant, old);
                report.added(level, path(variant), before);
            }
            Pair::Both(old, new) => {
                let path = path(new);
                // In an untagged union, the wire name is not on the wire.
                if are_tagged {
                    let wires = (&old.wire, &new.wire);
                    compare_wires(report, &path, wires, (&old.aliases, &new.aliases));
                }
                compare_box(report, &path, old.is_boxed, new.is_boxed);
                report.compare_docs(&path, &old.body.doc, &new.body.doc);
                let owner = owner(versions, new.body.name.as_str(), name);
                fields::compare(report, &owner, &old.body.fields, &new.body.fields);
            }
        }
    }
}

/// Compares the variants of unions of JSON kinds.
fn compare_kinds(report: &mut Report, old: &Union, new: &Union) {
    let path = |kind: &KindVariant| format!("{}::{}", new.name, kind.rust);
    for pair in pairs(&old.kinds, &new.kinds, |kind| kind.rust.as_str()) {
        match pair {
            Pair::Old(kind) => report.removed(path(kind), "variant"),
            Pair::New(kind) => {
                let mut others = old.kinds.iter();
                let other = others.find(|it| it.kind.accepts(kind.kind));
                // Variants of objects come from a union without kinds.
                let had_objects = kind.kind == JsonKind::Object && !old.variants.is_empty();
                let before = match other {
                    Some(other) => format!("`{}`", other.rust),
                    None if had_objects => "one of its variants".to_owned(),
                    None => format!("`{}`", old.unknown),
                };
                let kinds = kind.kind.as_str();
                let why = format!("variant; {kinds} were previously read as {before}");
                // Values of a known variant move to the new one without notice.
                let level = if other.is_some() || had_objects {
                    SemverLevel::Major
                } else {
                    SemverLevel::Minor
                };
                report.added(level, path(kind), why);
            }
            Pair::Both(old, new) => {
                let path = path(new);
                let types = (old.ty.to_string(), new.ty.to_string());
                report.compare_code(SemverLevel::Major, &path, "type", types);
                compare_box(report, &path, old.is_boxed, new.is_boxed);
                report.compare_docs(&path, &old.doc, &new.doc);
            }
        }
    }
}

/// Returns the level and the message of a new variant, with the variant that the old client reads
/// instead.
fn previously(new: &Union, variant: &Variant, old: &Union) -> (SemverLevel, String) {
    let object = match &new.tag {
        Some(_) => format!("`{}`", variant.wire),
        None => "its object".to_owned(),
    };
    let mut kinds = old.kinds.iter();
    let (level, before) = match kinds.find(|it| it.kind == JsonKind::Object) {
        Some(objects) => (SemverLevel::Major, &objects.rust),
        None => (SemverLevel::Minor, &old.unknown),
    };
    let why = format!("variant; {object} was previously read as `{before}`");
    (level, why)
}

/// Compares the keys that identify the variants of untagged unions.
///
/// An object that has only one of them is no longer read as the variant if the key loses that
/// role. Added, removed and optional fields are reported with the fields.
fn compare_identifying_keys(report: &mut Report, old: &Union, new: &Union) {
    if old.tag.is_some() || new.tag.is_some() {
        return;
    }
    let (old_keys, new_keys) = (old.unique_keys(), new.unique_keys());
    for (old_variant, old_keys) in old.variants.iter().zip(&old_keys) {
        let mut new_variants = new.variants.iter().zip(&new_keys);
        let same = new_variants.find(|(it, _)| it.rust == old_variant.rust);
        let Some((new_variant, new_keys)) = same else {
            continue;
        };
        let path = format!("{}::{}", new.name, new_variant.rust);
        for key in lost_keys(old_keys, new_keys, &new_variant.body) {
            let why = format!("`{key}` no longer identifies the variant");
            report.changed(SemverLevel::Major, &path, why);
        }
        for key in lost_keys(new_keys, old_keys, &old_variant.body) {
            let why = format!("`{key}` identifies the variant");
            report.changed(SemverLevel::Minor, &path, why);
        }
    }
}

/// Returns the keys in `keys` that are not in `others`, although `body` requires them.
fn lost_keys<'a>(keys: &[&'a Field], others: &[&Field], body: &Struct) -> Vec<&'a WireName> {
    let keys = keys.iter().map(|it| &it.wire);
    let requires = |key: &WireName| {
        let mut fields = body.fields.iter();
        fields.any(|it| it.wire == *key && it.is_required_in(Direction::Response))
    };
    keys.filter(|key| requires(key) && others.iter().all(|it| it.wire != **key))
        .collect()
}
