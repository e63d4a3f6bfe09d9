//! Credentials of security schemes.

use std::fmt;

use super::header_names::is_header_name;
use crate::import::document::Node;
use crate::import::extensions;
use crate::import::report::Report;
use crate::toml;

/// A credential of the language. `Display` writes it in TOML.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Credential {
    Bearer,
    Basic,
    Header {
        name: String,
        prefix: Option<String>,
    },
    Query(String),
}

impl Credential {
    /// Returns the credential of a security scheme, or `None` if it is not supported. The keys stay unread.
    pub(super) fn of_scheme(scheme: &Node) -> Option<Self> {
        match scheme.peek_text("type")? {
            "http" => match scheme.peek_text("scheme")?.to_lowercase().as_str() {
                "bearer" => Some(Self::Bearer),
                "basic" => Some(Self::Basic),
                _ => None,
            },
            "basic" => Some(Self::Basic),
            "apiKey" => Self::of_key(scheme),
            "oauth2" | "openIdConnect" => Some(Self::Bearer),
            _ => None,
        }
    }

    fn of_key(scheme: &Node) -> Option<Self> {
        let name = scheme.peek_text("name")?.to_owned();
        match scheme.peek_text("in")? {
            "header" if is_header_name(&name) => {
                let exported = scheme.peek_text("x-api-spec-prefix").map(str::to_owned);
                let prefix = exported.or_else(|| described_prefix(scheme));
                Some(Self::Header { name, prefix })
            }
            "query" => Some(Self::Query(name)),
            _ => None,
        }
    }

    /// Marks the keys of a scheme as read, apart from those that only its caller needs.
    pub(super) fn read_scheme(&self, scheme: &Node, report: &mut Report) {
        if matches!(scheme.text("type"), Some("oauth2" | "openIdConnect")) {
            let note = "imported as a bearer token, which the caller obtains";
            report.approximate(scheme, "", note);
            return;
        }
        match self {
            Self::Bearer | Self::Basic => {
                scheme.text("scheme");
            }
            Self::Header { prefix, .. } => {
                scheme.text("in");
                scheme.text("name");
                if extensions::get(scheme, "prefix").is_none() && prefix.is_some() {
                    scheme.text("description");
                }
            }
            Self::Query(_) => {
                scheme.text("in");
                scheme.text("name");
            }
        }
    }

    /// Returns whether the client sends the credential as the parameter `name` in `location`.
    pub(super) fn is_parameter(&self, location: &str, name: &str) -> bool {
        match (location, self.header()) {
            ("header", Some(header)) => header.eq_ignore_ascii_case(name),
            ("query", _) => matches!(self, Self::Query(query) if query == name),
            _ => false,
        }
    }

    /// Returns whether both are sent in the same header or query parameter.
    pub(super) fn has_place_of(&self, other: &Self) -> bool {
        match (self.header(), other.header()) {
            (Some(header), Some(other)) => header.eq_ignore_ascii_case(other),
            _ => self == other,
        }
    }

    fn header(&self) -> Option<&str> {
        match self {
            Self::Bearer | Self::Basic => Some("Authorization"),
            Self::Header { name, .. } => Some(name),
            Self::Query(_) => None,
        }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => f.write_str(&toml::string("bearer")),
            Self::Basic => f.write_str(&toml::string("basic")),
            Self::Header { name, prefix: None } => {
                write!(f, "{{ header = {} }}", toml::string(name))
            }
            Self::Header {
                name,
                prefix: Some(prefix),
            } => {
                let (name, prefix) = (toml::string(name), toml::string(prefix));
                write!(f, "{{ header = {name}, prefix = {prefix} }}")
            }
            Self::Query(name) => write!(f, "{{ query = {} }}", toml::string(name)),
        }
    }
}

/// Returns the word before a key in a header, which OpenAPI has no keyword for. Documents of the
/// Django REST framework describe it as `required prefix "Token"`.
fn described_prefix(scheme: &Node) -> Option<String> {
    let description = scheme.peek_text("description")?;
    let (_, quoted) = description.split_once("required prefix \"")?;
    let (prefix, _) = quoted.split_once('"')?;
    Some(format!("{prefix} "))
}
