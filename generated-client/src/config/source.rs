//! The settings, and the places that are asked for them in order.

use api_runtime::{Error, Secret};

use super::auth_type::Kind;

/// What can be set: its key in a profile and its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) variable: &'static str,
}

pub(super) const HOST: Setting = setting("host", "DATABRICKS_HOST");
pub(super) const TOKEN: Setting = setting("token", "DATABRICKS_TOKEN");
pub(super) const USERNAME: Setting = setting("username", "DATABRICKS_USERNAME");
pub(super) const PASSWORD: Setting = setting("password", "DATABRICKS_PASSWORD");
pub(super) const AUTH_TYPE: Setting = setting("auth_type", "DATABRICKS_AUTH_TYPE");
pub(super) const CLUSTER_ID: Setting = setting("cluster_id", "DATABRICKS_CLUSTER_ID");
pub(super) const PROFILE: Setting = setting("profile", "DATABRICKS_CONFIG_PROFILE");

pub(super) const CLIENT_ID: Setting = setting("client_id", "DATABRICKS_CLIENT_ID");
pub(super) const CLIENT_SECRET: Setting = setting("client_secret", "DATABRICKS_CLIENT_SECRET");
pub(super) const AZURE_TENANT_ID: Setting = setting("azure_tenant_id", "ARM_TENANT_ID");
pub(super) const AZURE_CLIENT_ID: Setting = setting("azure_client_id", "ARM_CLIENT_ID");
pub(super) const AZURE_CLIENT_SECRET: Setting = setting("azure_client_secret", "ARM_CLIENT_SECRET");
pub(super) const AZURE_RESOURCE_ID: Setting = setting(
    "azure_workspace_resource_id",
    "DATABRICKS_AZURE_RESOURCE_ID",
);
pub(super) const AZURE_ENVIRONMENT: Setting = setting("azure_environment", "ARM_ENVIRONMENT");
/// One of our own; the tools of Databricks know their own commands only.
pub(super) const TOKEN_COMMAND: Setting = setting("token_command", "DATABRICKS_TOKEN_COMMAND");

/// Settings that would authenticate with the tools of Databricks, and do not yet do so here.
pub(super) const UNSUPPORTED: &[Setting] = &[
    setting("oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV"),
    setting("metadata_service_url", "DATABRICKS_METADATA_SERVICE_URL"),
    setting("azure_use_msi", "ARM_USE_MSI"),
    setting("google_credentials", "GOOGLE_CREDENTIALS"),
];

/// Settings that name a workspace or a caller.
pub(super) fn identifying() -> impl Iterator<Item = Setting> {
    let kinds = Kind::ALL.into_iter().flat_map(Kind::needs).copied();
    [HOST]
        .into_iter()
        .chain(kinds)
        .chain([AZURE_RESOURCE_ID])
        .chain(UNSUPPORTED.iter().copied())
}

const fn setting(key: &'static str, variable: &'static str) -> Setting {
    Setting { key, variable }
}

/// A place that may know a setting.
pub(super) trait Layer {
    /// The value; what is empty there counts as not set.
    fn value(&self, setting: Setting) -> Result<Option<Secret>, Error>;

    /// The place, for people; called for settings that it has.
    fn origin(&self, setting: Setting) -> String;
}

/// A value and the place it came from.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) setting: Setting,
    /// Secret or not: what it will turn out to be is not known here.
    pub(super) value: Secret,
    pub(super) origin: String,
    /// The number of the place; an earlier one is preferred.
    pub(super) level: usize,
}

impl Found {
    /// Key and place, for people.
    pub(super) fn describe(&self) -> String {
        format!("`{}` from {}", self.setting.key, self.origin)
    }
}

/// Asks one place after the other.
pub(super) fn find(layers: &[&dyn Layer], setting: Setting) -> Result<Option<Found>, Error> {
    for (level, layer) in layers.iter().enumerate() {
        if let Some(value) = layer.value(setting)? {
            return Ok(Some(Found {
                setting,
                value,
                origin: layer.origin(setting),
                level,
            }));
        }
    }
    Ok(None)
}

/// Frees a value of a variable or a file of the white space around it; nothing left is no value.
pub(super) fn trimmed(setting: Setting, text: &str) -> Option<Secret> {
    let text = match setting {
        // White space may belong to it, a line end cannot.
        PASSWORD => text.trim_end_matches(['\r', '\n']),
        _ => text.trim(),
    };
    (!text.is_empty()).then(|| Secret::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_trimmed_and_empty_ones_are_none() {
        let trimmed = |setting, text| {
            trimmed(setting, text)
                .map(|secret| secret.expose().to_owned())
                .unwrap_or_default()
        };
        assert_eq!(trimmed(TOKEN, " dapi0123\r\n"), "dapi0123");
        assert_eq!(trimmed(HOST, "\tadb\n"), "adb");
        assert_eq!(trimmed(PASSWORD, " pass word \r\n"), " pass word ");
        assert!(super::trimmed(TOKEN, " \n").is_none());
        assert!(super::trimmed(PASSWORD, "\n").is_none());
    }
}
