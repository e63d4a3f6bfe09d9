//! Credentials.

use std::collections::HashMap;

use crate::import::document::{Document, Node, Version};
use crate::import::extensions;
use crate::import::report::Report;
use crate::toml;

/// Credentials that are sent together, in TOML. Without any, the request has none.
type Set = Vec<String>;

/// The security schemes of a document.
pub(super) struct Security<'d> {
    schemes: HashMap<&'d str, &'d Node>,
    /// The first scheme of each credential.
    names: HashMap<String, &'d str>,
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
    fn note_shared(&mut self, credential: &str, name: &'d str, scheme: &Node, report: &mut Report) {
        let first = *self.names.entry(credential.to_owned()).or_insert(name);
        if first != name {
            let note = format!("sent like `{first}`: use a client for each, if the values differ");
            report.approximate(scheme, "", note);
        }
    }

    /// Returns the supported alternatives of requirements.
    fn alternatives(
        &mut self,
        document: &'d Document,
        requirements: &'d Node,
        report: &mut Report,
    ) -> Vec<Set> {
        let mut alternatives: Vec<Set> = Vec::new();
        for requirement in requirements.items() {
            let mut set = Set::new();
            let mut is_supported = true;
            for (name, scopes) in requirement.members() {
                read_scopes(scopes, report);
                let scheme = self.schemes.get(&**name);
                let scheme = scheme.and_then(|it| report.resolve(document, it));
                let credential = scheme.and_then(|it| credential(it, report));
                if let (Some(scheme), Some(credential)) = (scheme, &credential) {
                    self.note_shared(credential, name, scheme, report);
                }
                match credential {
                    Some(credential) if set.contains(&credential) => {}
                    Some(credential) => set.push(credential),
                    None => is_supported = false,
                }
            }
            if is_supported {
                requirement.read();
            }
            if is_supported && !alternatives.contains(&set) {
                alternatives.push(set);
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
            [only] => only.clone(),
            several => format!("[{}]", several.join(", ")),
        })
        .collect();
    match &sets[..] {
        [only] => only.clone(),
        several => format!("{{ any = [{}] }}", several.join(", ")),
    }
}

/// Returns the credential of a security scheme, or `None` if it is not supported.
fn credential(scheme: &Node, report: &mut Report) -> Option<String> {
    let credential = supported(scheme, report);
    if credential.is_none() {
        report.ignore(scheme, "a security scheme that is not supported");
    }
    credential
}

fn supported(scheme: &Node, report: &mut Report) -> Option<String> {
    let auth = match scheme.text("type")? {
        "http" => match scheme.text("scheme")?.to_lowercase().as_str() {
            "bearer" => toml::string("bearer"),
            "basic" => toml::string("basic"),
            _ => return None,
        },
        "basic" => toml::string("basic"),
        "apiKey" => {
            let place = match scheme.peek_text("in") {
                Some("header") => "header",
                Some("query") => "query",
                _ => return None,
            };
            scheme.text("in");
            let name = toml::string(scheme.text("name")?);
            let exported = extensions::get(scheme, "prefix").and_then(Node::as_text);
            let prefix = exported.map(str::to_owned);
            let prefix = prefix.or_else(|| described_prefix(scheme).filter(|_| place == "header"));
            match prefix {
                Some(prefix) => {
                    let prefix = toml::string(&prefix);
                    format!("{{ {place} = {name}, prefix = {prefix} }}")
                }
                None => format!("{{ {place} = {name} }}"),
            }
        }
        "oauth2" | "openIdConnect" => {
            let note = "imported as a bearer token, which the caller obtains";
            report.approximate(scheme, "", note);
            toml::string("bearer")
        }
        _ => return None,
    };
    Some(auth)
}

/// Returns the word before a key in a header, which OpenAPI has no keyword for. Documents of the
/// Django REST framework describe it as `required prefix "Token"`.
fn described_prefix(scheme: &Node) -> Option<String> {
    let description = scheme.peek_text("description")?;
    let (_, quoted) = description.split_once("required prefix \"")?;
    let (prefix, _) = quoted.split_once('"')?;
    scheme.text("description");
    Some(format!("{prefix} "))
}
