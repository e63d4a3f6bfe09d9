//! Fields of structs.

use api_spec::model::{Direction, Field};

use super::pairs::{Pair, pairs};
use super::report::Report;
use crate::semver::SemverLevel;

/// A struct in both versions.
pub(super) struct Owner {
    /// Path in the module of the client.
    pub(super) path: String,
    /// Use in requests: such a struct has a constructor and setters.
    pub(super) in_request: Use,
    /// Use in responses.
    pub(super) in_response: Use,
}

impl Owner {
    /// The request of an endpoint.
    pub(super) const fn request(path: String) -> Self {
        Self {
            path,
            in_request: Use::ALWAYS,
            in_response: Use::NEVER,
        }
    }

    /// A response of an endpoint.
    pub(super) const fn response(path: String) -> Self {
        Self {
            path,
            in_request: Use::NEVER,
            in_response: Use::ALWAYS,
        }
    }
}

/// Use of a struct in one direction, in each version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) old: bool,
    pub(super) new: bool,
}

impl Use {
    const ALWAYS: Self = Self {
        old: true,
        new: true,
    };
    const NEVER: Self = Self {
        old: false,
        new: false,
    };
}

pub(super) fn compare<'a>(
    report: &mut Report,
    owner: &Owner,
    old: impl IntoIterator<Item = &'a Field>,
    new: impl IntoIterator<Item = &'a Field>,
) {
    let is_used = |field: &&Field| field.is_used();
    let old: Vec<_> = old.into_iter().filter(is_used).collect();
    let new: Vec<_> = new.into_iter().filter(is_used).collect();
    compare_usage(report, owner);
    let name = |field: &'a Field| field.rust.as_str();
    for pair in pairs(old.iter().copied(), new.iter().copied(), name) {
        match pair {
            Pair::Old(field) => removed(report, owner, field, &new),
            Pair::New(field) => added(report, owner, field),
            Pair::Both(old, new) => compare_field(report, owner, old, new),
        }
    }
    if owner.in_request == Use::ALWAYS
        && common_arguments(&old, &new) != common_arguments(&new, &old)
    {
        let item = format!("{}::new", owner.path);
        report.changed(SemverLevel::Major, item, "order of the arguments");
    }
}

fn compare_usage(report: &mut Report, owner: &Owner) {
    let item = format!("{}::new", owner.path);
    match owner.in_request {
        Use {
            old: true,
            new: false,
        } => report.removed(item, "no longer used in requests"),
        Use {
            old: false,
            new: true,
        } => report.added(SemverLevel::Minor, item, "used in requests"),
        _ => {}
    }
}

/// Returns the arguments of `new` in one version that are arguments in the other one as well.
fn common_arguments<'f>(fields: &[&'f Field], other: &[&Field]) -> Vec<&'f str> {
    let is_argument = |field: &&&Field| field.is_required();
    let is_common = |name: &&str| {
        other
            .iter()
            .filter(is_argument)
            .any(|field| field.rust.as_str() == *name)
    };
    let arguments = fields.iter().filter(is_argument);
    let names = arguments.map(|field| field.rust.as_str());
    names.filter(is_common).collect()
}

fn path(owner: &Owner, field: &Field) -> String {
    format!("{}::{}", owner.path, field.rust)
}

fn removed(report: &mut Report, owner: &Owner, field: &Field, new: &[&Field]) {
    let renamed = new.iter().find(|new| new.wire == field.wire);
    let why = match renamed {
        Some(new) => format!("field renamed to `{}`", new.rust),
        None => "field".to_owned(),
    };
    report.removed(path(owner, field), why);
}

fn added(report: &mut Report, owner: &Owner, field: &Field) {
    let is_read_only = !owner.in_request.new || field.partial() == Some(Direction::Response);
    let (level, why) = if owner.in_request == Use::ALWAYS && field.is_required() {
        (SemverLevel::Major, "required field, an argument of `new`")
    } else if is_read_only && field.is_required_in(Direction::Response) {
        let why = "required field: responses without it are invalid";
        (SemverLevel::Minor, why)
    } else {
        (SemverLevel::Minor, "optional field")
    };
    report.added(level, path(owner, field), why);
}

fn compare_field(report: &mut Report, owner: &Owner, old: &Field, new: &Field) {
    let path = path(owner, new);
    // Names are compared: a declared type of another kind is reported with the type.
    let types = (old.ty.to_string(), new.ty.to_string());
    report.compare_code(SemverLevel::Major, &path, "type", types);
    compare_directions(report, owner, &path, old, new);
    compare_box(report, &path, old.is_boxed, new.is_boxed);
    let names = (&old.wire, &new.wire);
    report.compare_code(SemverLevel::Major, &path, "wire name", names);
    if old.style != new.style {
        report.changed(SemverLevel::Major, &path, "encoding of the value");
    }
    compare_default(report, &path, old, new);
    compare_bounds(report, owner, &path, old, new);
    report.compare_deprecation(&path, old.deprecated.as_ref(), new.deprecated.as_ref());
    report.compare_docs(&path, &old.doc, &new.doc);
}

/// Compares the directions in which a field exists, among those in which both versions have the struct.
fn compare_directions(report: &mut Report, owner: &Owner, path: &str, old: &Field, new: &Field) {
    let uses = [
        (
            Direction::Request,
            owner.in_request,
            ["no longer sent", "now sent"],
        ),
        (
            Direction::Response,
            owner.in_response,
            ["no longer decoded", "now decoded"],
        ),
    ];
    for (direction, used, [removed, added]) in uses {
        if used != Use::ALWAYS {
            continue;
        }
        match (old.exists_in(direction), new.exists_in(direction)) {
            (true, false) => report.changed(SemverLevel::Major, path, removed),
            (false, true) => report.changed(SemverLevel::Major, path, added),
            _ => compare_presence(report, direction, path, old, new),
        }
    }
}

/// Compares whether a field of one direction is required, which its type in Rust does not show.
fn compare_presence(
    report: &mut Report,
    direction: Direction,
    path: &str,
    old: &Field,
    new: &Field,
) {
    if (old.partial(), new.partial()) != (Some(direction), Some(direction)) || old.ty != new.ty {
        return;
    }
    let is_required = (old.is_required_in(direction), new.is_required_in(direction));
    match (direction, is_required) {
        (Direction::Request, (false, true)) => {
            report.changed(SemverLevel::Major, path, "now an argument of `new`");
        }
        (Direction::Request, (true, false)) => {
            report.changed(SemverLevel::Major, path, "no longer an argument of `new`");
        }
        (Direction::Response, (false, true)) => {
            report.changed(
                SemverLevel::Minor,
                path,
                "responses without it are now invalid",
            );
        }
        (Direction::Response, (true, false)) => {
            report.changed(
                SemverLevel::Minor,
                path,
                "responses without it are now valid",
            );
        }
        _ => {}
    }
}

/// Compares whether a type that contains itself is in a `Box`.
pub(super) fn compare_box(report: &mut Report, path: &str, old: bool, new: bool) {
    if old != new {
        let why = if new {
            "is now in a `Box`"
        } else {
            "is no longer in a `Box`"
        };
        report.changed(SemverLevel::Major, path, why);
    }
}

fn compare_default(report: &mut Report, path: &str, old: &Field, new: &Field) {
    if old.default == new.default {
        return;
    }
    let why = match (&old.default, &new.default) {
        (None, _) => "has a default and is no longer an argument of `new`",
        (_, None) => "no longer has a default",
        _ => "default value",
    };
    report.changed(SemverLevel::Major, path, why);
}

fn compare_bounds(report: &mut Report, owner: &Owner, path: &str, old: &Field, new: &Field) {
    if old.bounds == new.bounds {
        return;
    }
    let (level, why) = match (owner.in_request.new, new.bounds.is_empty()) {
        // Bounds are checked in requests only.
        (false, _) => (SemverLevel::Patch, "documented bounds"),
        (true, true) => (SemverLevel::Minor, "no longer has bounds"),
        (true, false) => (
            SemverLevel::Major,
            "has other bounds: values that were valid may be rejected",
        ),
    };
    report.changed(level, path, why);
}
