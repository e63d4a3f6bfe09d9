//! Host and credentials of a workspace.
//!
//! Settings are looked up in the same sources, and in the same order, as by the Databricks tools:
//!
//! 1. the arguments: the methods of [`Config`]
//! 2. the environment variables `DATABRICKS_*` and `ARM_*` that [`Config`] lists
//! 3. a profile: a section of `~/.databrickscfg`
//! 4. netrc, for credentials only: `~/.netrc`, in the format that `curl -n` supports
//!
//! Earlier sources take precedence. A profile that is passed as an argument precedes the variables.
//! Sources for another host contribute nothing: credentials are never sent to a host other than the one
//! that their source names.

mod arguments;
mod auth_type;
mod azure;
mod candidate;
mod command_line;
mod credentials;
mod entry;
mod environment;
mod error;
mod file;
mod found;
mod host;
mod ini;
mod matching;
mod netrc;
mod new_profile;
mod origin;
mod other_tokens;
mod profile;
mod profile_file;
mod report;
mod resolve;
mod selection;
mod setting;
mod settings;
mod source;
mod workspace;
mod workspace_id;

use std::fmt;
use std::path::PathBuf;

use api_runtime::Secret;

pub use self::entry::SettingEntry;
pub use self::environment::Environment;
pub use self::new_profile::NewProfile;
pub use self::origin::Origin;
pub use self::settings::Settings;

use self::arguments::Arguments;
use self::credentials::TokenOptions;
use self::setting::{
    AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_RESOURCE_ID, AZURE_TENANT_ID, CLIENT_ID,
    CLIENT_SECRET, CLUSTER_ID, HOST, PASSWORD, PROFILE, Setting, TOKEN, TOKEN_COMMAND, USERNAME,
    WORKSPACE_ID,
};

/// Configuration of a client: settings passed as arguments, with defaults from the environment.
///
/// [`client`](Self::client) builds a client. [`resolve`](Self::resolve) returns the [`Settings`]
/// instead, for example to read the cluster id or to set other options of the client.
///
/// # Settings
///
/// Each setting is taken from the first source that has it:
///
/// | setting | argument | variable | profile key |
/// |---|---|---|---|
/// | host | [`host`](Self::host) | `DATABRICKS_HOST` | `host` |
/// | personal access token | [`token`](Self::token) | `DATABRICKS_TOKEN` | `token` |
/// | user name, password | [`basic`](Self::basic) | `DATABRICKS_USERNAME`, `_PASSWORD` | `username`, `password` |
/// | OAuth client of a service principal | [`oauth`](Self::oauth) | `DATABRICKS_CLIENT_ID`, `_CLIENT_SECRET` | `client_id`, `client_secret` |
/// | Azure service principal | [`azure`](Self::azure) | `ARM_TENANT_ID`, `_CLIENT_ID`, `_CLIENT_SECRET` | `azure_tenant_id`, `azure_client_id`, `azure_client_secret` |
/// | Azure resource id of the workspace | [`azure_resource_id`](Self::azure_resource_id) | `DATABRICKS_AZURE_RESOURCE_ID` | `azure_workspace_resource_id` |
/// | Azure cloud (default: from the host) | | `ARM_ENVIRONMENT` | `azure_environment` |
/// | command that prints a token | [`token_command`](Self::token_command) | `DATABRICKS_TOKEN_COMMAND` | `token_command` |
/// | kind of credentials | | `DATABRICKS_AUTH_TYPE` | `auth_type` |
/// | workspace id | [`workspace_id`](Self::workspace_id) | `DATABRICKS_WORKSPACE_ID` | `workspace_id` |
/// | cluster id | [`cluster_id`](Self::cluster_id) | `DATABRICKS_CLUSTER_ID` | `cluster_id` |
/// | profile | [`profile`](Self::profile) | `DATABRICKS_CONFIG_PROFILE` | |
/// | profile file | [`config_file`](Self::config_file) | `DATABRICKS_CONFIG_FILE` | |
/// | trusted root certificates | `ca_file` | `SSL_CERT_FILE`, `SSL_CERT_DIR`, `CURL_CA_BUNDLE`, `REQUESTS_CA_BUNDLE` | |
/// | proxy | | `https_proxy`, `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY`, `NO_PROXY` | |
///
/// Values of variables and profile keys are trimmed; only line ends are removed from the end of a
/// password. Empty values count as not set. Arguments are used unchanged.
///
/// # Network
///
/// The variables for proxies and root certificates have the same meaning as for curl: see
/// [`NetworkVariables`](crate::NetworkVariables). They apply to the workspace and to requests for
/// tokens. As in curl, servers on this machine are not excluded from proxies unless `NO_PROXY` lists
/// them.
///
/// # Profile
///
/// The profile is the selected one, otherwise the one that `default_profile` in the section
/// `[__settings__]` of the file names, otherwise `DEFAULT`. A profile does not inherit settings from
/// `DEFAULT`.
///
/// If no profile is selected and the arguments or variables contain the host or any setting for
/// credentials, the default profile is not used. If they contain the host only, the profile with this
/// host is used instead, and [`Settings::notes`] mentions it. Several such profiles are an error.
///
/// # Precedence
///
/// The host is taken from the first source that has one: the arguments, the variables, the profile. A
/// profile that was passed as an argument precedes the variables; one in `DATABRICKS_CONFIG_PROFILE`
/// follows them. A source that names another host or workspace id is then ignored as a whole, so that
/// credentials are not sent to the wrong host, nor a cluster id to the wrong workspace. A source without
/// a host fills gaps. [`Settings::origins`] lists the result.
///
/// # Credentials
///
/// One kind of credentials is used: the one from the first source that has any. `auth_type` (`pat`,
/// `basic`, `oauth-m2m`, `azure-client-secret`, `command`) selects another kind if it is set in the
/// same source or an earlier one. Two kinds in one source are an error without `auth_type`. An id
/// without its secret does not count as credentials.
///
/// - **OAuth and Azure** credentials fetch a token with the first request and refresh it before it
///   expires: see [`CachedToken`](api_runtime::auth::CachedToken). The id and secret of an OAuth client
///   (`oauth-m2m`) are sent to the host of the workspace only, those of Azure to Microsoft Entra
///   only. With an Azure resource id, requests carry a second token for Azure management.
/// - **A token command** is an extension of this crate. The value is split into arguments at white
///   space, with `"` and `'` as quotes. There are no escapes and no expansions, since no shell is
///   involved. The command prints a token, or JSON like `databricks auth token`: see
///   [`TokenCommand`](api_runtime::auth::TokenCommand).
/// - **Netrc** is searched if no other source contains credentials: the file in the variable `NETRC`,
///   otherwise `~/.netrc` (`~/_netrc` on Windows). For Databricks the login is `token` and the
///   password is a personal access token.
/// - **A server on this machine** (`localhost`, `127.0.0.1`, `[::1]`) needs no credentials.
///
/// ```ini
/// [dev]
/// host          = https://adb-123.azuredatabricks.net
/// token_command = databricks auth token --host https://adb-123.azuredatabricks.net
/// ```
///
/// # Host
///
/// The host is a host name or a URL, for example one copied from the browser. The path, the query
/// and the default port are removed. The default scheme is `https`, and `http` for a server on this machine,
/// except on port 443.
///
/// A host that serves several workspaces requires the workspace id, which is sent with all requests in
/// the header `X-Databricks-Workspace-Id`. The parameters `w`, `o` and `workspace_id` in the query of
/// the host, for example `https://adb-123.azuredatabricks.net/?o=123`, set it as well.
///
/// # Examples
///
/// ```
/// use generated_client::config::{Config, Environment};
///
/// // A program uses `Environment::from_process()`.
/// let environment = Environment::from_pairs(
///     None,
///     [
///         ("DATABRICKS_HOST", "https://adb-123.azuredatabricks.net/?o=123"),
///         ("DATABRICKS_TOKEN", "dapi0123"),
///     ],
/// );
/// let settings = Config::new().cluster_id("0123-456789-abcde").resolve(&environment)?;
///
/// assert_eq!(settings.host, "https://adb-123.azuredatabricks.net");
/// assert_eq!(
///     settings.credentials.to_string(),
///     "a bearer token from the environment variable `DATABRICKS_TOKEN`"
/// );
/// assert_eq!(settings.workspace_id.as_deref(), Some("123"));
/// assert_eq!(settings.cluster_id.as_deref(), Some("0123-456789-abcde"));
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Config {
    arguments: Arguments,
    file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    token_options: TokenOptions,
    is_host_required: bool,
}

impl Config {
    /// Creates a configuration without arguments.
    pub fn new() -> Self {
        Self::default()
    }

    fn set(mut self, setting: Setting, value: impl Into<Secret>) -> Self {
        self.arguments.set(setting, value);
        self
    }

    /// Sets the host of the workspace: a host name or a URL.
    #[must_use]
    pub fn host(self, host: impl Into<String>) -> Self {
        self.set(HOST, host.into())
    }

    /// Sets a personal access token or another bearer token.
    #[must_use]
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.set(TOKEN, token)
    }

    /// Sets a user name and password.
    #[must_use]
    pub fn basic(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.set(USERNAME, user.into()).set(PASSWORD, password)
    }

    /// Sets the client id and an OAuth secret of a Databricks service principal.
    #[must_use]
    pub fn oauth(self, client_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.set(CLIENT_ID, client_id.into())
            .set(CLIENT_SECRET, secret)
    }

    /// Sets the tenant id, client id and a client secret of an Azure service principal.
    #[must_use]
    pub fn azure(
        self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        self.set(AZURE_TENANT_ID, tenant_id.into())
            .set(AZURE_CLIENT_ID, client_id.into())
            .set(AZURE_CLIENT_SECRET, secret)
    }

    /// Sets the Azure resource id of the workspace (`/subscriptions/.../workspaces/...`). It is
    /// required for a service principal that manages the workspace without being a user of it.
    #[must_use]
    pub fn azure_resource_id(self, id: impl Into<String>) -> Self {
        self.set(AZURE_RESOURCE_ID, id.into())
    }

    /// Sets the base URL of Microsoft Entra. The default is that of the Azure cloud, for example
    /// `https://login.microsoftonline.com`.
    #[must_use]
    pub fn azure_login(mut self, url: impl Into<String>) -> Self {
        self.token_options.azure_login = Some(url.into());
        self
    }

    /// Sets a program that prints a token, and its arguments: `["databricks", "auth", "token"]`.
    #[must_use]
    pub fn token_command<A: Into<String>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.set(TOKEN_COMMAND, command_line::join(arguments))
    }

    /// Allows sending the secret of the [OAuth client](Self::oauth) to another host if the workspace
    /// names it as its token endpoint. By default only the host of the workspace is allowed.
    ///
    /// `name` is a host name without scheme and port.
    #[must_use]
    pub fn trust_token_host(mut self, name: impl Into<String>) -> Self {
        self.token_options.trusted_hosts.push(name.into());
        self
    }

    /// Selects a profile: a section of the profile file.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        self.set(PROFILE, name.into())
    }

    /// Sets the default cluster.
    #[must_use]
    pub fn cluster_id(self, id: impl Into<String>) -> Self {
        self.set(CLUSTER_ID, id.into())
    }

    /// Sets the id of the workspace. Required by hosts that serve several workspaces.
    #[must_use]
    pub fn workspace_id(self, id: impl Into<String>) -> Self {
        self.set(WORKSPACE_ID, id.into())
    }

    /// Sets the profile file. The default is `~/.databrickscfg`.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Sets the file of the trusted root certificates, in PEM format, for example with the authority of
    /// a company that inspects TLS. They replace the default ones and those of the environment.
    #[cfg(feature = "_tls")]
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// Ignores variables and profiles without a host. For hosts that the user has not chosen for this call,
    /// e.g. those in a file: the default is to use such sources for every host.
    ///
    /// The default entry of netrc is still used.
    #[must_use]
    pub fn require_host(mut self) -> Self {
        self.is_host_required = true;
        self
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("arguments", &self.arguments)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
