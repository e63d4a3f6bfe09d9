//! Credentials of requests.

use super::names::RustName;

/// Credentials that requests contain: one of several sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The sets, at least one. The credentials of a set are sent together. An empty set, which is the
    /// last one, is a request without credentials.
    pub sets: Vec<Vec<Credential>>,
}

/// A secret of the caller, and how it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A bearer token.
    Bearer,
    /// HTTP basic authentication with a user and a password.
    Basic,
    /// A key in a header.
    Header {
        /// The name of the header.
        name: String,
        /// The start of its value, e.g. `Bot `; may be empty.
        prefix: String,
    },
    /// A key in the query parameter with this name.
    Query(String),
}

/// The part of a request that contains a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialLocation<'a> {
    /// A header whose value starts with a prefix.
    Header {
        /// The name of the header.
        name: &'a str,
        /// The start of its value.
        prefix: &'a str,
    },
    /// A query parameter.
    Query(&'a str),
}

impl Auth {
    /// Returns whether requests are sent without credentials.
    pub fn is_none(&self) -> bool {
        self.sets.iter().all(Vec::is_empty)
    }

    /// Returns all credentials of all sets, each of them once.
    pub fn credentials(&self) -> Vec<&Credential> {
        let mut all = Vec::new();
        for credential in self.sets.iter().flatten() {
            if !all.contains(&credential) {
                all.push(credential);
            }
        }
        all
    }
}

impl Credential {
    /// Returns the part of a request that contains the secret.
    pub fn location(&self) -> CredentialLocation<'_> {
        const AUTHORIZATION: &str = "authorization";
        match self {
            Self::Bearer => CredentialLocation::Header {
                name: AUTHORIZATION,
                prefix: "Bearer ",
            },
            Self::Basic => CredentialLocation::Header {
                name: AUTHORIZATION,
                prefix: "Basic ",
            },
            Self::Header { name, prefix } => CredentialLocation::Header { name, prefix },
            Self::Query(name) => CredentialLocation::Query(name),
        }
    }

    /// Returns a name for the secret: `token`, `password`, or the one of its header or parameter. If it
    /// is the `only` one, a key without a scheme is named `key`.
    pub fn name(&self, only: bool) -> RustName {
        let key = || RustName::escape("key".to_owned());
        let name = match self {
            Self::Bearer => "token",
            Self::Basic => "password",
            Self::Header { name, .. } if name.eq_ignore_ascii_case("authorization") => "token",
            _ if only => "key",
            Self::Header { name, .. } | Self::Query(name) => name,
        };
        RustName::snake(name).unwrap_or_else(key)
    }
}

impl CredentialLocation<'_> {
    /// Returns whether both are the same header or parameter.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Header { name, .. }, Self::Header { name: other, .. }) => {
                name.eq_ignore_ascii_case(other)
            }
            (Self::Query(name), Self::Query(other)) => name == other,
            _ => false,
        }
    }
}
