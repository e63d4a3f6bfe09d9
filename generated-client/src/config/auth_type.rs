//! Supported kinds of credentials.

use super::setting::{
    AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_RESOURCE_ID, AZURE_TENANT_ID, CLIENT_ID,
    CLIENT_SECRET, HOST, PASSWORD, Setting, TOKEN, TOKEN_COMMAND, UNSUPPORTED, USERNAME,
};

/// Kind of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AuthType {
    Token,
    Basic,
    OAuth,
    Azure,
    Command,
}

impl AuthType {
    pub(super) const ALL: [Self; 5] = [
        Self::Token,
        Self::Basic,
        Self::OAuth,
        Self::Azure,
        Self::Command,
    ];

    /// Parses the value of the setting `auth_type`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Returns the value for the setting `auth_type`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Token => "pat",
            Self::Basic => "basic",
            Self::OAuth => "oauth-m2m",
            Self::Azure => "azure-client-secret",
            Self::Command => "command",
        }
    }

    /// Returns the required settings.
    pub(super) const fn required(self) -> &'static [Setting] {
        match self {
            Self::Token => &[TOKEN],
            Self::Basic => &[USERNAME, PASSWORD],
            Self::OAuth => &[CLIENT_ID, CLIENT_SECRET],
            Self::Azure => &[AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET],
            Self::Command => &[TOKEN_COMMAND],
        }
    }

    /// Returns the settings that select this kind of credentials. One of them is enough.
    pub(super) const fn selectors(self) -> &'static [Setting] {
        match self {
            // The ids are also used by other kinds of credentials and by other tools.
            Self::OAuth => &[CLIENT_SECRET],
            Self::Azure => &[AZURE_CLIENT_SECRET],
            other => other.required(),
        }
    }
}

/// Returns the settings that identify a workspace or a caller.
pub(super) fn identifying_settings() -> impl Iterator<Item = Setting> {
    let required = AuthType::ALL.into_iter().flat_map(AuthType::required);
    [HOST]
        .into_iter()
        .chain(required.copied())
        .chain([AZURE_RESOURCE_ID])
        .chain(UNSUPPORTED.iter().copied())
}
