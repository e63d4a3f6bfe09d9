//! The kinds of credentials, and the settings that make them up.

use api_runtime::Error;

use super::input;
use super::source::{
    AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID, CLIENT_ID, CLIENT_SECRET, Found, Layer,
    PASSWORD, Setting, TOKEN, TOKEN_COMMAND, USERNAME, find,
};

/// A way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    Basic,
    OAuth,
    Azure,
    Command,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [
        Self::Token,
        Self::Basic,
        Self::OAuth,
        Self::Azure,
        Self::Command,
    ];

    /// What `auth_type` calls it.
    pub(super) const fn auth_type(self) -> &'static str {
        match self {
            Self::Token => "pat",
            Self::Basic => "basic",
            Self::OAuth => "oauth-m2m",
            Self::Azure => "azure-client-secret",
            Self::Command => "command",
        }
    }

    /// Every setting that it takes.
    pub(super) const fn needs(self) -> &'static [Setting] {
        match self {
            Self::Token => &[TOKEN],
            Self::Basic => &[USERNAME, PASSWORD],
            Self::OAuth => &[CLIENT_ID, CLIENT_SECRET],
            Self::Azure => &[AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET],
            Self::Command => &[TOKEN_COMMAND],
        }
    }

    /// The settings of which one tells that it is meant. The ids alone do not: they serve other
    /// kinds as well, and other tools.
    const fn signs(self) -> &'static [Setting] {
        match self {
            Self::OAuth => &[CLIENT_SECRET],
            Self::Azure => &[AZURE_CLIENT_SECRET],
            kind => kind.needs(),
        }
    }
}

/// What was found of a kind.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) kind: Kind,
    found: Vec<Found>,
}

impl Candidate {
    /// Looks for the settings of a kind; nothing if none tells that it is meant.
    pub(super) fn look(kind: Kind, layers: &[&dyn Layer]) -> Result<Option<Self>, Error> {
        let mut found = Vec::new();
        for setting in kind.needs() {
            found.extend(find(layers, *setting)?);
        }
        let meant = found
            .iter()
            .any(|found: &Found| kind.signs().contains(&found.setting));
        Ok(meant.then_some(Self { kind, found }))
    }

    /// The number of the earliest place that has something of it.
    pub(super) fn level(&self) -> usize {
        let levels = self.found.iter().map(|found| found.level);
        levels.min().unwrap_or(usize::MAX)
    }

    /// What speaks for it, for people: of several settings, the one from the earliest place.
    pub(super) fn describe(&self) -> String {
        let first = self.found.iter().min_by_key(|found| found.level);
        first.map(Found::describe).unwrap_or_default()
    }

    /// The values in the order of [`Kind::needs`].
    pub(super) fn values<const N: usize>(&self) -> Result<[&Found; N], Error> {
        let needs = self.kind.needs();
        let missing = needs
            .iter()
            .find(|need| self.found.iter().all(|found| found.setting != **need));
        if let Some(missing) = missing {
            return Err(half(&self.describe(), *missing));
        }
        let found: Vec<&Found> = self.found.iter().collect();
        found
            .try_into()
            .map_err(|_| input("a kind of credentials has another number of settings"))
    }

    /// The places that it came from.
    pub(super) fn origin(&self) -> String {
        let mut origins: Vec<&str> = Vec::new();
        for found in &self.found {
            if !origins.contains(&found.origin.as_str()) {
                origins.push(&found.origin);
            }
        }
        origins.join(" and ")
    }
}

/// There is something, but not what belongs to it.
pub(super) fn half(there: &str, missing: Setting) -> Error {
    let missing = match missing {
        USERNAME => "user".to_owned(),
        PASSWORD => "password".to_owned(),
        Setting { key, .. } => format!("`{key}`"),
    };
    input(format!(
        "there is {there}, but no {missing} is given with it"
    ))
}
