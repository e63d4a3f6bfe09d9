//! The fields of structs.

use api_spec::model::Field;

use super::change::{Level, Report};
use super::pairs::{Pair, pairs};

/// A struct, before and after.
pub(super) struct Owner {
    /// Its path in Rust.
    pub(super) path: String,
    /// Whether it has `new`, and setters.
    pub(super) sent: (bool, bool),
}

pub(super) fn compare<'a>(
    report: &mut Report,
    owner: &Owner,
    old: impl IntoIterator<Item = &'a Field>,
    new: impl IntoIterator<Item = &'a Field>,
) {
    let (old, new): (Vec<_>, Vec<_>) = (old.into_iter().collect(), new.into_iter().collect());
    compare_use(report, owner);
    let name = |field: &'a Field| field.rust.as_str();
    for pair in pairs(old.iter().copied(), new.iter().copied(), name) {
        match pair {
            Pair::Old(field) => removed(report, owner, field, &new),
            Pair::New(field) => added(report, owner, field),
            Pair::Both(old, new) => compare_field(report, owner, old, new),
        }
    }
    if owner.sent == (true, true) && order(&old, &new) != order(&new, &old) {
        let item = format!("{}::new", owner.path);
        report.changed(Level::Major, item, "takes its arguments in another order");
    }
}

fn compare_use(report: &mut Report, owner: &Owner) {
    let item = format!("{}::new", owner.path);
    match owner.sent {
        (true, false) => report.removed(item, "no request holds it any more"),
        (false, true) => report.added(Level::Minor, item, "requests hold it now"),
        _ => {}
    }
}

/// The arguments of `new` that are arguments on the other side as well.
fn order<'f>(here: &[&'f Field], there: &[&Field]) -> Vec<&'f str> {
    let required = |field: &&&Field| field.is_required();
    let also = |name: &&str| {
        there
            .iter()
            .filter(required)
            .any(|field| field.rust.as_str() == *name)
    };
    let names = here
        .iter()
        .filter(required)
        .map(|field| field.rust.as_str());
    names.filter(also).collect()
}

fn path(owner: &Owner, field: &Field) -> String {
    format!("{}::{}", owner.path, field.rust)
}

fn removed(report: &mut Report, owner: &Owner, field: &Field, new: &[&Field]) {
    let renamed = new.iter().find(|new| new.wire == field.wire);
    let why = match renamed {
        Some(new) => format!("the field is called `{}` now", new.rust),
        None => "the field is gone".to_owned(),
    };
    report.removed(path(owner, field), why);
}

fn added(report: &mut Report, owner: &Owner, field: &Field) {
    let (level, why) = match (owner.sent.1, !field.is_required()) {
        (true, false) if owner.sent.0 => (Level::Major, "a required field: `new` takes it"),
        (false, false) => (
            Level::Minor,
            "a field; answers without it are not understood",
        ),
        _ => (Level::Minor, "a field, which may be left out"),
    };
    report.added(level, path(owner, field), why);
}

fn compare_field(report: &mut Report, owner: &Owner, old: &Field, new: &Field) {
    let path = path(owner, new);
    let (old_type, new_type) = (old.ty.to_string(), new.ty.to_string());
    if old_type != new_type {
        let why = format!("its type is `{new_type}`, was `{old_type}`");
        report.changed(Level::Major, &path, why);
    }
    if old.wire != new.wire {
        let why = format!("it is `{}` on the wire, was `{}`", new.wire, old.wire);
        report.changed(Level::Major, &path, why);
    }
    if old.join != new.join {
        report.changed(
            Level::Major,
            &path,
            "the items of the list are sent otherwise",
        );
    }
    compare_limits(report, owner, old, new);
    report.deprecation(old.deprecated.as_ref(), new.deprecated.as_ref(), &path);
    report.doc(&old.doc, &new.doc, &path);
}

/// Defaults and bounds. Wider bounds break nobody.
fn compare_limits(report: &mut Report, owner: &Owner, old: &Field, new: &Field) {
    let path = path(owner, new);
    if old.default != new.default {
        let why = match (&old.default, &new.default) {
            (None, _) => "it has a default, and is no argument of `new`",
            (_, None) => "it has no default any more",
            _ => "its default is another",
        };
        report.changed(Level::Major, &path, why);
    }
    if old.bounds == new.bounds {
        return;
    }
    let (level, why) = match (owner.sent.1, new.bounds.is_empty()) {
        (false, _) => (Level::Patch, "the bounds that it is said to have"),
        (true, true) => (Level::Minor, "it has no bounds any more"),
        (true, false) => (
            Level::Major,
            "it has other bounds: what was sent may be refused",
        ),
    };
    report.changed(level, &path, why);
}
