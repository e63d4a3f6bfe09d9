//! Where the host and the credentials of a workspace come from.
//!
//! The same places as for the other tools of Databricks, in the same order:
//!
//! 1. the arguments: what was said to [`Config`]
//! 2. the variables `DATABRICKS_...` and `ARM_...` that [`Config`] lists; an empty one counts as
//!    not set
//! 3. a profile: one section of `~/.databrickscfg`
//! 4. netrc, for credentials only: `~/.netrc`, where `curl -n` looks too
//!
//! What an earlier place says is never replaced by a later one.

mod auth_type;
mod azure;
mod command_line;
mod credentials;
mod environment;
mod file;
mod host;
mod netrc;
mod profile;
mod source;

use std::fmt;
use std::path::PathBuf;

use api_runtime::{Credentials, Error, ErrorKind, Secret};

pub use environment::Environment;
use host::Host;
use profile::Profile;
use source::{
    AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_RESOURCE_ID, AZURE_TENANT_ID, CLIENT_ID,
    CLIENT_SECRET, CLUSTER_ID, HOST, Layer, PASSWORD, PROFILE, Setting, TOKEN, TOKEN_COMMAND,
    USERNAME, find, identifying,
};

/// What the caller says himself about the workspace; everything else is looked up.
///
/// # Where it is looked up
///
/// Each setting is taken from the first place that has it:
///
/// | | arguments | variable | key in a profile |
/// |---|---|---|---|
/// | host | [`host`](Self::host) | `DATABRICKS_HOST` | `host` |
/// | personal access token | [`token`](Self::token) | `DATABRICKS_TOKEN` | `token` |
/// | user, password | [`basic`](Self::basic) | `DATABRICKS_USERNAME`, `_PASSWORD` | `username`, `password` |
/// | OAuth client of a service principal | [`oauth`](Self::oauth) | `DATABRICKS_CLIENT_ID`, `_CLIENT_SECRET` | `client_id`, `client_secret` |
/// | service principal of Azure | [`azure`](Self::azure) | `ARM_TENANT_ID`, `_CLIENT_ID`, `_CLIENT_SECRET` | `azure_tenant_id`, `azure_client_id`, `azure_client_secret` |
/// | its workspace, where it is no user of it | [`azure_resource_id`](Self::azure_resource_id) | `DATABRICKS_AZURE_RESOURCE_ID` | `azure_workspace_resource_id` |
/// | its cloud, where the host does not tell | | `ARM_ENVIRONMENT` | `azure_environment` |
/// | command that prints a token | [`token_command`](Self::token_command) | `DATABRICKS_TOKEN_COMMAND` | `token_command` |
/// | kind of credentials | | `DATABRICKS_AUTH_TYPE` | `auth_type` |
/// | cluster | [`cluster_id`](Self::cluster_id) | `DATABRICKS_CLUSTER_ID` | `cluster_id` |
/// | profile | [`profile`](Self::profile) | `DATABRICKS_CONFIG_PROFILE` | |
/// | file of profiles | [`config_file`](Self::config_file) | `DATABRICKS_CONFIG_FILE` | |
///
/// Variables and values in the file are freed of the white space around them, a password in a
/// variable of line ends alone. An empty one counts as not set. Arguments are taken as they are.
///
/// **The profile** is the one asked for; else the one that `default_profile` in the section
/// `[__settings__]` of the file names; else `DEFAULT`. It has its own settings only: nothing is
/// taken over from `DEFAULT`. The file is not read at all if no profile is asked for, and the
/// arguments or variables already give the host or anything that authenticates: half an identity
/// is not completed from a file that may belong to another workspace.
///
/// **One kind of credentials** is used, the one from the earliest place, so that an argument
/// replaces a variable of another kind. `auth_type` (`pat`, `basic`, `oauth-m2m`,
/// `azure-client-secret`, `command`) names another one if it stands in the same place or an
/// earlier one. Two kinds in one place are an error if no `auth_type` decides. An id without its
/// secret is no kind yet.
///
/// **OAuth and Azure**: the token is fetched by the first call, over the client's own connections,
/// and anew before it expires: see [`Refreshing`](api_runtime::auth::CachedToken). An OAuth client
/// is that of a service principal of the workspace (`oauth-m2m`); its id and secret go to the
/// server of the workspace alone. Those of Azure go to Microsoft Entra. The calls carry a second
/// token, for the management of Azure, if there is a resource id.
///
/// **The token command** is ours: other tools do not know it. It is a line of words between white
/// space; what stands between `"` or `'` belongs together, and nothing is escaped or expanded, as
/// no shell sees it. It prints a token alone, or JSON as `databricks auth token` does: see
/// [`TokenCommand`](api_runtime::auth::TokenCommand).
///
/// ```ini
/// [dev]
/// host          = https://adb-123.azuredatabricks.net
/// token_command = databricks auth token --host https://adb-123.azuredatabricks.net
/// ```
///
/// **Netrc** is read last, if no place says anything about credentials: the file that the variable
/// `NETRC` names, else `~/.netrc` (`~/_netrc` on Windows). Its login and password are sent as they
/// stand there, which for Databricks are the word `token` and a personal access token.
///
/// **A server on this machine** (`localhost`, `127.0.0.1`, `[::1]`) needs no credentials.
///
/// # The host
///
/// A URL copied from the browser will do: the path and everything behind it are dropped, and so is
/// the usual port. Without a scheme it is `https`; `http` is kept where it is written.
///
/// # Example
///
/// ```
/// use generated_client::config::{Config, Environment};
///
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
///     "a bearer token from the variable DATABRICKS_TOKEN"
/// );
/// assert_eq!(settings.cluster_id.as_deref(), Some("0123-456789-abcde"));
/// # Ok::<(), api_runtime::Error>(())
/// ```
///
/// A program passes [`Environment::from_process`] instead.
#[derive(Clone, Default)]
pub struct Config {
    /// Any of them may be secret.
    said: Vec<(Setting, Secret)>,
    file: Option<PathBuf>,
    azure_login: Option<String>,
    token_hosts: Vec<String>,
}

/// A workspace, and who calls it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Scheme, host and, if it is not the usual one, port: `https://adb-123.azuredatabricks.net`.
    pub host: String,
    /// Who calls, and where that was found.
    pub credentials: Credentials,
    /// The cluster to use where the caller names none.
    pub cluster_id: Option<String>,
}

impl Config {
    /// Nothing said: everything is looked up.
    pub fn new() -> Self {
        Self::default()
    }

    fn say(mut self, setting: Setting, value: impl Into<Secret>) -> Self {
        self.said.retain(|(said, _)| *said != setting);
        self.said.push((setting, value.into()));
        self
    }

    /// The host of the workspace, or any URL of it.
    #[must_use]
    pub fn host(self, host: impl Into<String>) -> Self {
        self.say(HOST, host.into())
    }

    /// A personal access token, or another bearer token.
    #[must_use]
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.say(TOKEN, token)
    }

    /// A user and a password.
    #[must_use]
    pub fn basic(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.say(USERNAME, user.into()).say(PASSWORD, password)
    }

    /// The id and an OAuth secret of a service principal of the workspace.
    #[must_use]
    pub fn oauth(self, client_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.say(CLIENT_ID, client_id.into())
            .say(CLIENT_SECRET, secret)
    }

    /// A service principal of Azure: its tenant, its id there, and a client secret.
    #[must_use]
    pub fn azure(
        self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        self.say(AZURE_TENANT_ID, tenant_id.into())
            .say(AZURE_CLIENT_ID, client_id.into())
            .say(AZURE_CLIENT_SECRET, secret)
    }

    /// The workspace as Azure names it (`/subscriptions/.../workspaces/...`): for a service
    /// principal that may manage it, and is no user of it.
    #[must_use]
    pub fn azure_resource_id(self, id: impl Into<String>) -> Self {
        self.say(AZURE_RESOURCE_ID, id.into())
    }

    /// Where Microsoft Entra issues tokens, in place of `https://login.microsoftonline.com` or
    /// that of the cloud: for tests, and for clouds of their own.
    #[must_use]
    pub fn azure_login(mut self, url: impl Into<String>) -> Self {
        self.azure_login = Some(url.into());
        self
    }

    /// A program that prints a token, with its arguments: `["databricks", "auth", "token"]`.
    #[must_use]
    pub fn token_command<W: Into<String>>(self, words: impl IntoIterator<Item = W>) -> Self {
        self.say(TOKEN_COMMAND, command_line::join(words))
    }

    /// A further host, by its name alone, that may be shown the secret of an
    /// [OAuth client](Self::oauth) if the workspace names it for that; else only the host of the
    /// workspace is.
    #[must_use]
    pub fn trust_token_host(mut self, name: impl Into<String>) -> Self {
        self.token_hosts.push(name.into());
        self
    }

    /// The profile to use: a section of the file of profiles.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        self.say(PROFILE, name.into())
    }

    /// The cluster to use where none is named.
    #[must_use]
    pub fn cluster_id(self, id: impl Into<String>) -> Self {
        self.say(CLUSTER_ID, id.into())
    }

    /// The file of profiles, in place of `~/.databrickscfg`.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Looks up what was not said.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`], with a text that names the place at fault, or every place that was
    /// looked at, and shows nothing of a secret:
    ///
    /// - no host, or one that cannot be used
    /// - no credentials, half of them, two kinds of them in one place, or a kind that is not
    ///   supported yet, such as a managed identity
    /// - a profile that was asked for and is not there
    /// - a file that cannot be read or understood
    pub fn resolve(&self, environment: &Environment) -> Result<Settings, Error> {
        let stated: [&dyn Layer; 2] = [self, environment];
        let profile = self.find_profile(environment, &stated)?;
        let layers: [&dyn Layer; 3] = [self, environment, &profile];

        let host = find_host(&layers, &profile)?;
        let cluster_id = find_cluster(&layers)?;
        let credentials = credentials::find_for(&host, self, &layers, environment, &profile)?;
        Ok(Settings {
            host: host.into_url(),
            credentials,
            cluster_id,
        })
    }

    fn find_profile(
        &self,
        environment: &Environment,
        stated: &[&dyn Layer],
    ) -> Result<Profile, Error> {
        let path = match &self.file {
            Some(path) => environment.expand(path),
            None => environment.config_file(),
        };
        if let Some(asked) = find(stated, PROFILE)? {
            return Profile::load(&path, Some(&asked));
        }
        for setting in identifying() {
            if let Some(found) = find(stated, setting)? {
                return Ok(Profile::skipped(&path, &found));
            }
        }
        Profile::load(&path, None)
    }
}

impl Layer for Config {
    fn value(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let mut said = self.said.iter();
        let said = said.find(|(said, _)| *said == setting);
        Ok(said.map(|(_, value)| value.clone()))
    }

    fn origin(&self, _: Setting) -> String {
        "the arguments".to_owned()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        for (setting, value) in &self.said {
            match *setting {
                // As it was written, the host may hold a password.
                HOST => shown.field(
                    setting.key,
                    &Host::parse(value.expose()).map(Host::into_url),
                ),
                PROFILE | CLUSTER_ID | AZURE_RESOURCE_ID => {
                    shown.field(setting.key, &value.expose())
                }
                _ => shown.field(setting.key, value),
            };
        }
        shown.field("file", &self.file).finish_non_exhaustive()
    }
}

fn find_host(layers: &[&dyn Layer], profile: &Profile) -> Result<Host, Error> {
    let Some(found) = find(layers, HOST)? else {
        return Err(input(format!(
            "no host is known: give it as an argument, in the variable DATABRICKS_HOST, or as \
             `host` in {profile}"
        )));
    };
    Host::parse(found.value.expose()).map_err(|fault| {
        input(format!(
            "the host from {} cannot be used: {fault}",
            found.origin
        ))
    })
}

fn find_cluster(layers: &[&dyn Layer]) -> Result<Option<String>, Error> {
    match find(layers, CLUSTER_ID)? {
        Some(found) if found.value.expose().is_empty() => Err(input(format!(
            "the cluster id from {} is empty",
            found.origin
        ))),
        found => Ok(found.map(|found| found.value.expose().to_owned())),
    }
}

fn input(message: impl Into<String>) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests;
