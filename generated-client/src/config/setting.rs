//! Settings with their profile keys and environment variables.

use api_runtime::Secret;

/// Setting that can be configured in a profile or an environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// Key in a profile.
    pub(super) key: &'static str,
    /// Name of the environment variable.
    pub(super) variable: &'static str,
}

const fn setting(key: &'static str, variable: &'static str) -> Setting {
    Setting { key, variable }
}

pub(super) const HOST: Setting = setting("host", "DATABRICKS_HOST");
pub(super) const TOKEN: Setting = setting("token", "DATABRICKS_TOKEN");
pub(super) const USERNAME: Setting = setting("username", "DATABRICKS_USERNAME");
pub(super) const PASSWORD: Setting = setting("password", "DATABRICKS_PASSWORD");
pub(super) const AUTH_TYPE: Setting = setting("auth_type", "DATABRICKS_AUTH_TYPE");
pub(super) const CLUSTER_ID: Setting = setting("cluster_id", "DATABRICKS_CLUSTER_ID");
/// Workspace of a host that serves several, which the Databricks tools send in a header.
pub(super) const WORKSPACE_ID: Setting = setting("workspace_id", "DATABRICKS_WORKSPACE_ID");
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
/// Extension of this crate. The Databricks tools run only their own commands.
pub(super) const TOKEN_COMMAND: Setting = setting("token_command", "DATABRICKS_TOKEN_COMMAND");

/// Settings for credentials that the Databricks tools support and this crate does not.
pub(super) const UNSUPPORTED: &[Setting] = &[
    setting("oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV"),
    setting("metadata_service_url", "DATABRICKS_METADATA_SERVICE_URL"),
    setting("azure_use_msi", "ARM_USE_MSI"),
    setting("google_credentials", "GOOGLE_CREDENTIALS"),
];

/// Trims the value of a variable or profile key. Returns `None` if nothing is left.
pub(super) fn trim(setting: Setting, text: &str) -> Option<Secret> {
    let text = match setting {
        // White space can be part of a password, a line end at its end cannot.
        PASSWORD => text.trim_end_matches(['\r', '\n']),
        // The Databricks CLI writes `none` to the profile of an account.
        WORKSPACE_ID if text.trim() == "none" => "",
        _ => text.trim(),
    };
    (!text.is_empty()).then(|| Secret::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_trimmed_and_empty_values_are_none() {
        let text = |setting, text| {
            trim(setting, text)
                .map(|secret| secret.expose().to_owned())
                .unwrap_or_default()
        };
        assert_eq!(text(TOKEN, " dapi0123\r\n"), "dapi0123");
        assert_eq!(text(HOST, "\tadb\n"), "adb");
        assert_eq!(text(PASSWORD, " pass word \r\n"), " pass word ");
        assert_eq!(text(WORKSPACE_ID, " 123\n"), "123");
        assert!(trim(WORKSPACE_ID, "none").is_none());
        assert!(trim(TOKEN, " \n").is_none());
        assert!(trim(PASSWORD, "\n").is_none());
    }
}
