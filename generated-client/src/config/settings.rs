//! Resolved configuration.

use std::path::PathBuf;

use api_runtime::{Credentials, NetworkVariables, Secret};

use super::entry::SettingEntry;
use super::report::Report;

/// Resolved configuration: host, credentials and cluster.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Base URL of the workspace: scheme, host and non-default port, for example
    /// `https://adb-123.azuredatabricks.net`.
    pub host: String,
    /// Credentials and their origin.
    pub credentials: Credentials,
    /// Default cluster.
    pub cluster_id: Option<String>,
    /// Workspace id, which [`client_builder`](Self::client_builder) adds to all requests as the header
    /// `X-Databricks-Workspace-Id`. Required by hosts that serve several workspaces.
    pub workspace_id: Option<String>,
    /// File of the trusted root certificates. It takes precedence over the variables.
    pub ca_file: Option<PathBuf>,
    /// Environment variables for proxies and root certificates.
    pub network_variables: NetworkVariables,
    /// Configured token, if the credentials are a token.
    pub(super) token: Option<Secret>,
    /// Path of the profile file.
    pub(super) config_file: PathBuf,
    pub(super) report: Report,
    pub(super) entries: Vec<SettingEntry>,
}

impl Settings {
    /// Returns the origin of each setting, one line each, and the settings that are not used. The lines
    /// contain no secrets.
    pub fn origins(&self) -> &[String] {
        &self.report.origins
    }

    /// Returns the settings of all sources: those that are used, and those that are ignored with the reason.
    /// They contain no secrets.
    ///
    /// # Examples
    ///
    /// ```
    /// use generated_client::config::{Config, Environment, Origin};
    ///
    /// let variables = [("DATABRICKS_HOST", "adb-1.net"), ("DATABRICKS_TOKEN", "dapi0123")];
    /// let settings = Config::new().resolve(&Environment::from_pairs(None, variables))?;
    /// let host = &settings.entries()[0];
    /// assert_eq!((host.name, host.value.as_deref()), ("host", Some("https://adb-1.net")));
    /// assert_eq!(host.origin, Origin::Variable("DATABRICKS_HOST"));
    /// assert_eq!(settings.entries()[1].value, None);
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn entries(&self) -> &[SettingEntry] {
        &self.entries
    }

    /// Returns notes for the user, e.g. that a profile was selected by its host.
    pub fn notes(&self) -> &[String] {
        &self.report.notes
    }
}
