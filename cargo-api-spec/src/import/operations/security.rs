//! Credentials.

use std::collections::HashMap;

use crate::import::document::{Document, Node, Version};
use crate::import::report::Report;
use crate::toml;

/// The security schemes of a document.
pub(super) struct Security<'d> {
    schemes: HashMap<&'d str, &'d Node>,
    /// The requirements of the document, or the most frequent ones of its operations.
    default: Option<&'d Node>,
}

impl<'d> Security<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let root = document.root();
        let schemes = match document.version {
            Version::Swagger2 => root.object("securityDefinitions"),
            Version::OpenApi3 => root
                .get("components")
                .map_or(&[][..], |it| it.object("securitySchemes")),
        };
        Self {
            schemes: schemes.iter().map(|(name, it)| (&**name, it)).collect(),
            default: root.get("security").or_else(|| most_frequent(root)),
        }
    }

    /// Returns the value of `auth` in `[api]`.
    pub(super) fn default_auth(&self, document: &Document, report: &mut Report) -> Option<String> {
        self.alternative(document, self.default?, report)
    }

    /// Returns the value of `auth` of an operation, if it differs from that of the API.
    pub(super) fn auth(
        &self,
        document: &Document,
        operation: &'d Node,
        report: &mut Report,
    ) -> Option<String> {
        let Some(own) = operation.get("security") else {
            // Without requirements in the document, the operation has none.
            let is_implied = document.root().peek("security").is_none() && self.default.is_some();
            return is_implied.then(|| toml::string("none"));
        };
        // An empty list of requirements overrides those of the document.
        if own.items().iter().all(|it| it.members().is_empty()) {
            own.items().iter().for_each(|it| {
                it.read();
            });
            return self.default.map(|_| toml::string("none"));
        }
        let auth = self.alternative(document, own, report);
        if auth.is_some() && auth != self.default_auth(document, report) {
            let names: Vec<_> = own.items().iter().flat_map(Node::members).collect();
            let names: Vec<_> = names.iter().map(|(name, _)| format!("`{name}`")).collect();
            let note = format!(
                "authenticated like the API instead of by {}",
                names.join(", ")
            );
            report.approximate(own, "", note);
        }
        None
    }

    /// Returns the first alternative of requirements that the language supports.
    fn alternative(
        &self,
        document: &Document,
        requirements: &Node,
        report: &mut Report,
    ) -> Option<String> {
        for requirement in requirements.items() {
            let [(name, _)] = requirement.members() else {
                continue;
            };
            let scheme = self.schemes.get(&**name);
            let scheme = scheme.and_then(|it| report.resolve(document, it));
            if let Some(auth) = scheme.and_then(|it| auth_of(it, report)) {
                read_requirement(requirement);
                return Some(auth);
            }
        }
        None
    }
}

/// Maximum number of requirements that others are compared with.
const MAX_KNOWN_REQUIREMENTS: usize = 64;

/// Returns the most frequent requirements of operations, in a document without its own.
fn most_frequent(root: &Node) -> Option<&Node> {
    let items = root.peek_object("paths").iter();
    let operations = items.flat_map(|(_, item)| item.members());
    let mut counts: Vec<(&Node, usize)> = Vec::new();
    for (_, operation) in operations {
        let Some(own) = operation
            .peek("security")
            .filter(|it| !it.items().is_empty())
        else {
            continue;
        };
        match counts.iter().position(|(known, _)| *known == own) {
            Some(index) => counts[index].1 += 1,
            None if counts.len() < MAX_KNOWN_REQUIREMENTS => counts.push((own, 1)),
            None => {}
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    let found = counts.into_iter().find(|(_, count)| *count == most);
    found.map(|(requirements, _)| requirements)
}

/// Returns the value of `auth` for a security scheme, or `None` if it is not supported.
fn auth_of(scheme: &Node, report: &mut Report) -> Option<String> {
    let auth = supported(scheme, report);
    if auth.is_none() {
        report.ignore(scheme, "a security scheme that is not supported");
    }
    auth
}

fn supported(scheme: &Node, report: &mut Report) -> Option<String> {
    let auth = match scheme.text("type")? {
        "http" => {
            let name = scheme.text("scheme")?;
            match name.to_lowercase().as_str() {
                "bearer" => toml::string("bearer"),
                "basic" => toml::string("basic"),
                _ => return None,
            }
        }
        "basic" => toml::string("basic"),
        "apiKey" if scheme.peek_text("in") == Some("header") => {
            scheme.text("in");
            let name = scheme.text("name")?;
            format!("{{ header = {} }}", toml::string(name))
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

/// Marks a requirement as read. The scopes of a token are up to the caller.
fn read_requirement(requirement: &Node) {
    for (_, scopes) in requirement.read().members() {
        scopes.mark_reported();
    }
}
