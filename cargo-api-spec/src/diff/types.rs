//! Declared types.

use api_spec::model::{Api, Enum, Field, Struct, Union, Value, Variant};
use api_spec::names::WireName;

use super::Two;
use super::change::{Level, Report};
use super::fields::{self, Owner};
use super::pairs::{Pair, pairs};

/// A declared type of whatever kind.
struct Item<'a> {
    name: &'a str,
    doc: &'a str,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Id,
    Enum(&'a Enum),
    Struct(&'a Struct),
    Union(&'a Union),
}

impl Kind<'_> {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Id => "an id",
            Self::Enum(_) => "an enumeration",
            Self::Struct(_) => "a struct",
            Self::Union(_) => "a union",
        }
    }
}

pub(super) fn compare(report: &mut Report, two: &Two<'_>) {
    let (old, new) = (items(two.old.0), items(two.new.0));
    for pair in pairs(&old, &new, |item| item.name) {
        match pair {
            Pair::Old(item) => report.removed(item.name, format!("{} is gone", item.kind.as_str())),
            Pair::New(item) => report.added(Level::Minor, item.name, item.kind.as_str()),
            Pair::Both(old, new) => compare_items(report, two, old, new),
        }
    }
}

fn items(api: &Api) -> Vec<Item<'_>> {
    let item = |name, doc, kind| Item { name, doc, kind };
    let ids = api
        .ids
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Kind::Id));
    let enums = api
        .enums
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Kind::Enum(it)));
    let structs = api
        .structs
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Kind::Struct(it)));
    let unions = api
        .unions
        .iter()
        .map(|it| item(it.name.as_str(), &it.doc, Kind::Union(it)));
    ids.chain(enums).chain(structs).chain(unions).collect()
}

fn compare_items(report: &mut Report, two: &Two<'_>, old: &Item<'_>, new: &Item<'_>) {
    report.doc(old.doc, new.doc, new.name);
    match (&old.kind, &new.kind) {
        (Kind::Id, Kind::Id) => {}
        (Kind::Enum(old), Kind::Enum(new)) => compare_enums(report, old, new),
        (Kind::Struct(old), Kind::Struct(new)) => {
            let owner = owner(two, new.name.as_str(), new.name.as_str());
            fields::compare(report, &owner, &old.fields, &new.fields);
        }
        (Kind::Union(old), Kind::Union(new)) => compare_unions(report, two, old, new),
        (before, now) => {
            let why = format!("it is {}, was {}", now.as_str(), before.as_str());
            report.changed(Level::Major, new.name, why);
        }
    }
}

/// The struct at `path`, which is sent when the declared type `name` is.
fn owner(two: &Two<'_>, path: &str, name: &str) -> Owner {
    Owner {
        path: path.to_owned(),
        sent: (two.old.1.is_sent(name), two.new.1.is_sent(name)),
    }
}

/// A value of an enumeration, or a variant of a union.
struct Word<'a> {
    path: String,
    wire: &'a str,
    also: &'a [String],
}

fn compare_enums(report: &mut Report, old: &Enum, new: &Enum) {
    let path = |value: &Value| format!("{}::{}", new.name, value.rust);
    compare_unknown(report, &new.name, &old.unknown, &new.unknown);
    for pair in pairs(&old.values, &new.values, |value| value.rust.as_str()) {
        match pair {
            Pair::Old(value) => report.removed(path(value), "the value is gone"),
            Pair::New(value) => {
                let why = format!("a value; `{}` was {} before", value.wire, old.unknown);
                report.added(Level::Minor, path(value), why);
            }
            Pair::Both(old, new) => {
                let word = |value| word(path(value), value);
                compare_words(report, &word(old), &word(new));
                report.doc(&old.doc, &new.doc, &path(new));
            }
        }
    }
}

fn word(path: String, value: &Value) -> Word<'_> {
    Word {
        path,
        wire: value.wire.as_str(),
        also: &value.aliases,
    }
}

fn compare_unknown(
    report: &mut Report,
    name: &api_spec::names::RustName,
    old: &api_spec::names::RustName,
    new: &api_spec::names::RustName,
) {
    if old != new {
        let why = format!("what is not known is kept in `{new}`, was in `{old}`");
        report.changed(Level::Major, name.as_str(), why);
    }
}

fn compare_words(report: &mut Report, old: &Word<'_>, new: &Word<'_>) {
    if old.wire != new.wire {
        let why = format!("it is `{}` on the wire, was `{}`", new.wire, old.wire);
        report.changed(Level::Major, &new.path, why);
    }
    for word in old.also.iter().filter(|word| !new.also.contains(word)) {
        let why = format!("`{word}` is not read as it any more");
        report.changed(Level::Major, &new.path, why);
    }
    for word in new.also.iter().filter(|word| !old.also.contains(word)) {
        let why = format!("`{word}` is read as it, too");
        report.changed(Level::Minor, &new.path, why);
    }
}

fn compare_unions(report: &mut Report, two: &Two<'_>, old: &Union, new: &Union) {
    let name = new.name.as_str();
    if old.tag != new.tag {
        let tag = |union: &Union| {
            union
                .tag
                .as_ref()
                .map_or("nothing".into(), |tag| format!("`{tag}`"))
        };
        let why = format!("its tag is {}, was {}", tag(new), tag(old));
        report.changed(Level::Major, name, why);
    }
    compare_unknown(report, &new.name, &old.unknown, &new.unknown);
    compare_own_keys(report, old, new);
    let tagged = old.tag.is_some() && new.tag.is_some();
    let path = |variant: &Variant| format!("{name}::{}", variant.rust);
    for pair in pairs(&old.variants, &new.variants, |variant| {
        variant.rust.as_str()
    }) {
        match pair {
            Pair::Old(variant) => report.removed(path(variant), "the variant is gone"),
            Pair::New(variant) => {
                let why = format!("a variant; {} before", was_unknown(new, variant, old));
                report.added(Level::Minor, path(variant), why);
            }
            Pair::Both(old, new) => {
                // Without a tag they are names, and not on the wire.
                if tagged {
                    let word = |variant| variant_word(path(variant), variant);
                    compare_words(report, &word(old), &word(new));
                }
                report.doc(&old.body.doc, &new.body.doc, &path(new));
                let owner = owner(two, new.body.name.as_str(), name);
                fields::compare(report, &owner, &old.body.fields, &new.body.fields);
            }
        }
    }
}

/// What a new variant was for those who did not know it.
fn was_unknown(new: &Union, variant: &Variant, old: &Union) -> String {
    match &new.tag {
        Some(_) => format!("`{}` was {}", variant.wire, old.unknown),
        None => format!("it was {}", old.unknown),
    }
}

/// What was a variant by a key alone is not any more when the key tells nothing. That a field comes
/// or goes, or may be left out, is told with the fields.
fn compare_own_keys(report: &mut Report, old: &Union, new: &Union) {
    if old.tag.is_some() || new.tag.is_some() {
        return;
    }
    let (own_before, own_now) = (old.own_keys(), new.own_keys());
    for (before, told_before) in old.variants.iter().zip(&own_before) {
        let mut now = new.variants.iter().zip(&own_now);
        let Some((now, tells_now)) = now.find(|(now, _)| now.rust == before.rust) else {
            continue;
        };
        let path = format!("{}::{}", new.name, now.rust);
        for key in lost(told_before, tells_now, &now.body) {
            let why = format!("`{key}` does not tell it from others any more");
            report.changed(Level::Major, &path, why);
        }
        for key in lost(tells_now, told_before, &before.body) {
            let why = format!("`{key}` tells it from others");
            report.changed(Level::Minor, &path, why);
        }
    }
}

/// The keys among the first that are not among the second, though the variant has to have them.
fn lost<'a>(some: &[&'a Field], others: &[&Field], body: &Struct) -> Vec<&'a WireName> {
    let keys = some.iter().map(|it| &it.wire);
    let needs = |key: &WireName| {
        let mut fields = body.fields.iter();
        fields.any(|it| it.wire == *key && it.is_required())
    };
    keys.filter(|key| needs(key) && others.iter().all(|it| it.wire != **key))
        .collect()
}

fn variant_word(path: String, variant: &Variant) -> Word<'_> {
    Word {
        path,
        wire: variant.wire.as_str(),
        also: &variant.aliases,
    }
}
