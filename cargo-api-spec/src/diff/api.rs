//! Properties of the API as a whole.

use api_spec::model::{Api, Auth, Credential};

use super::report::Report;
use crate::semver::SemverLevel;

/// Item of changes that affect every call.
const CLIENT: &str = "client";
/// Function that creates a client, generated if the spec has the URL or the authentication.
const BUILDER: &str = "builder";

pub(super) fn compare(report: &mut Report, old: &Api, new: &Api) {
    if (&old.name, &old.doc) != (&new.name, &new.doc) {
        report.changed(SemverLevel::Patch, CLIENT, "documentation");
    }
    compare_builders(report, old, new);
    if old.errors.conditions != new.errors.conditions {
        let why = "other responses with a success status are errors (`errors`)";
        report.changed(SemverLevel::Major, CLIENT, why);
    }
    let keys = |api: &Api| (api.errors.message.clone(), api.errors.code.clone());
    if keys(old) != keys(new) {
        let why = "error message and code are read from other keys (`errors`)";
        report.changed(SemverLevel::Patch, CLIENT, why);
    }
    if old.errors.expired != new.errors.expired {
        let why = "credentials are refreshed after other error messages (`errors.expired`)";
        report.changed(SemverLevel::Minor, CLIENT, why);
    }
    if old.transient != new.transient {
        let why = "requests are retried after other error messages (`transient`)";
        report.changed(SemverLevel::Minor, CLIENT, why);
    }
}

fn compare_builders(report: &mut Report, old: &Api, new: &Api) {
    let has_builder = |api: &Api| api.url.is_some() || api.auth.is_some();
    match (has_builder(old), has_builder(new)) {
        (false, false) => return,
        (false, true) => return report.added(SemverLevel::Minor, BUILDER, "client builder"),
        (true, false) => return report.removed(BUILDER, "the spec has neither `url` nor `auth`"),
        (true, true) => {}
    }
    match (&old.url, &new.url) {
        (Some(_), None) => report.changed(SemverLevel::Major, BUILDER, "requires the base URL"),
        (None, Some(_)) => {
            let why = "no longer takes the base URL";
            report.changed(SemverLevel::Major, BUILDER, why);
        }
        (None, None) => {}
        (Some(old), Some(new)) => {
            report.compare_code(SemverLevel::Minor, BUILDER, "base URL", (old, new));
        }
    }
    let level = if adds_alternatives(old.auth.as_ref(), new.auth.as_ref()) {
        SemverLevel::Minor
    } else {
        SemverLevel::Major
    };
    let auth = |api: &Api| {
        api.auth
            .as_ref()
            .map_or_else(|| "unspecified".to_owned(), describe_auth)
    };
    report.compare(level, BUILDER, "authentication", (auth(old), auth(new)));
}

/// Returns whether all functions for the old credentials still exist: those of an API with alternatives
/// have other names than the one of an API without.
fn adds_alternatives(old: Option<&Auth>, new: Option<&Auth>) -> bool {
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    old.sets.len() > 1 && new.sets.starts_with(&old.sets)
}

/// Returns credentials for messages.
pub(super) fn describe_auth(auth: &Auth) -> String {
    let credential = |credential: &Credential| match credential {
        Credential::Bearer => "`bearer`".to_owned(),
        Credential::Basic => "`basic`".to_owned(),
        Credential::Header { name, prefix } if prefix.is_empty() => format!("header `{name}`"),
        Credential::Header { name, prefix } => format!("header `{name}: {prefix}…`"),
        Credential::Query(name) => format!("query parameter `{name}`"),
    };
    let sets: Vec<_> = auth
        .sets
        .iter()
        .map(
            |set| match set.iter().map(credential).collect::<Vec<_>>().as_slice() {
                [] => "none".to_owned(),
                set => set.join(" and "),
            },
        )
        .collect();
    sets.join(" or ")
}
