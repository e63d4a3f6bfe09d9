//! Credentials.

use std::collections::HashMap;

use super::credential::Credential;
use crate::import::document::{Document, Node, Version};
use crate::import::report::Report;
use crate::toml;

/// Credentials that are sent together. Without any, the request has none.
pub(super) type Set = Vec<Credential>;

/// The security schemes of a document.
pub(super) struct Security<'d> {
    schemes: HashMap<&'d str, &'d Node>,
    /// The first scheme of each credential.
    names: HashMap<Credential, &'d str>,
    /// Alternatives of the document.
    default: Vec<Set>,
    /// Alternatives of the document and of all operations so far.
    all: Vec<Set>,
}

impl<'d> Security<'d> {
    pub(super) fn new(document: &'d Document, report: &mut Report) -> Self {
        let root = document.root();
        let schemes = match document.version {
            Version::Swagger2 => root.object("securityDefinitions"),
            Version::OpenApi3 => root
                .get("components")
                .map_or(&[][..], |it| it.object("securitySchemes")),
        };
        let mut security = Self {
            schemes: schemes.iter().map(|(name, it)| (&**name, it)).collect(),
            names: HashMap::new(),
            default: Vec::new(),
            all: Vec::new(),
        };
        if let Some(requirements) = root.get("security") {
            security.default = security.alternatives(document, requirements, report);
            security.all = security.default.clone();
        }
        security
    }

    /// Returns whether the client sends a parameter as a part of the credentials of an operation.
    pub(super) fn sends(
        &self,
        document: &'d Document,
        operation: &'d Node,
        (location, name): (&str, &str),
    ) -> bool {
        let requirements = operation.peek("security");
        let requirements = requirements.or(document.root().peek("security"));
        let requirements = requirements.map_or(&[][..], Node::items).iter();
        let mut sets = requirements.filter_map(|it| self.set(document, it));
        sets.any(|set| set.iter().any(|it| it.is_parameter(location, name)))
    }

    /// Returns the alternatives of an operation.
    pub(super) fn of_operation(
        &mut self,
        document: &'d Document,
        operation: &'d Node,
        report: &mut Report,
    ) -> Vec<Set> {
        let Some(own) = operation.get("security") else {
            return self.default.clone();
        };
        let alternatives = self.alternatives(document, own, report);
        for set in &alternatives {
            // An operation may require a part of the credentials that others send together.
            let is_known = |it| self.all.iter().flatten().any(|known| known == it);
            if !set.iter().all(is_known) {
                self.all.push(set.clone());
            }
        }
        alternatives
    }

    /// Returns the value of `auth` in `[api]`: one of all alternatives.
    pub(super) fn api_auth(&self) -> Option<String> {
        let sets = self.api_sets();
        sets.iter()
            .any(|set| !set.is_empty())
            .then(|| one_of(&sets))
    }

    /// Returns the value of `auth` of an endpoint with these alternatives, if it differs from that
    /// of the API.
    pub(super) fn endpoint_auth(&self, alternatives: &[Set]) -> Option<String> {
        self.api_auth()?;
        let all = self.api_sets();
        let is_same = all.len() == alternatives.len();
        if is_same && all.iter().all(|set| alternatives.contains(set)) {
            return None;
        }
        Some(if alternatives.iter().all(Vec::is_empty) {
            toml::string("none")
        } else {
            one_of(&in_order(alternatives.iter()))
        })
    }

    /// Returns the alternatives of the API. A request without credentials is one of them if the
    /// document has it.
    fn api_sets(&self) -> Vec<&Set> {
        let all = self.all.iter();
        in_order(all.filter(|set| !set.is_empty() || self.default.contains(set)))
    }

    /// Records that another scheme is sent in the same way, possibly with another value.
    fn note_shared(
        &mut self,
        credential: &Credential,
        name: &'d str,
        scheme: &Node,
        report: &mut Report,
    ) {
        let first = *self.names.entry(credential.clone()).or_insert(name);
        if first != name {
            let note = format!("sent like `{first}`: use a client for each, if the values differ");
            report.approximate(scheme, "", note);
        }
    }

    /// Returns the credentials of a requirement, or `None` if one of them is not supported, or if two of
    /// them have the same place.
    fn set(&self, document: &'d Document, requirement: &'d Node) -> Option<Set> {
        let mut set = Set::new();
        for (name, _) in requirement.members() {
            let scheme = document.peek_resolved(self.schemes.get(&**name)?)?;
            let credential = Credential::of_scheme(scheme)?;
            if set.contains(&credential) {
                continue;
            }
            if set.iter().any(|it| it.has_place_of(&credential)) {
                return None;
            }
            set.push(credential);
        }
        Some(set)
    }

    /// Returns the supported alternatives of requirements, and reads them.
    fn alternatives(
        &mut self,
        document: &'d Document,
        requirements: &'d Node,
        report: &mut Report,
    ) -> Vec<Set> {
        let mut alternatives: Vec<Set> = Vec::new();
        for requirement in requirements.items() {
            for (name, scopes) in requirement.members() {
                read_scopes(scopes, report);
                let scheme = self.schemes.get(&**name);
                let Some(scheme) = scheme.and_then(|it| report.resolve(document, it)) else {
                    continue;
                };
                match Credential::of_scheme(scheme) {
                    Some(credential) => {
                        credential.read_scheme(scheme, report);
                        self.note_shared(&credential, name, scheme, report);
                    }
                    None => report.ignore(scheme, "a security scheme that is not supported"),
                }
            }
            if let Some(set) = self.set(document, requirement) {
                requirement.read();
                if !alternatives.contains(&set) {
                    alternatives.push(set);
                }
            }
        }
        alternatives
    }
}

/// Returns alternatives with that without credentials as the last one.
fn in_order<'s>(sets: impl Iterator<Item = &'s Set>) -> Vec<&'s Set> {
    let (mut first, last): (Vec<_>, Vec<_>) = sets.partition(|set| !set.is_empty());
    first.extend(last);
    first
}

/// Reads the scopes that an operation requires of a token.
fn read_scopes(scopes: &Node, report: &mut Report) {
    if scopes.read().items().is_empty() {
        return;
    }
    report.ignore(scopes, "the caller obtains the token");
}

/// Returns the value of `auth` for one of several sets.
fn one_of(sets: &[&Set]) -> String {
    let sets: Vec<String> = sets
        .iter()
        .map(|set| match &set[..] {
            [] => toml::string("none"),
            [only] => only.to_string(),
            several => {
                let several: Vec<String> = several.iter().map(Credential::to_string).collect();
                format!("[{}]", several.join(", "))
            }
        })
        .collect();
    match &sets[..] {
        [only] => only.clone(),
        several => format!("{{ any = [{}] }}", several.join(", ")),
    }
}
