//! Clients built from the configuration.

use api_runtime::{Client, ClientBuilder, Error};

use crate::config::{Config, Environment, Settings};

/// Header in which the Databricks tools send the workspace id.
const WORKSPACE_ID_HEADER: &str = "x-databricks-workspace-id";

/// Builds a client from the environment: the variables `DATABRICKS_*` and `ARM_*`, then a profile
/// in `~/.databrickscfg`, then netrc.
///
/// This is [`Config::client`] without any arguments; [`Config`] lists the settings and the order in
/// which they are looked up.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the configuration is incomplete,
/// contradictory or unreadable. The message lists the sources that were searched.
///
/// # Examples
///
/// ```no_run
/// let client = generated_client::from_env()?;
/// # Ok::<(), generated_client::Error>(())
/// ```
pub fn from_env() -> Result<Client, Error> {
    Config::new().client()
}

impl Config {
    /// Builds a client from these arguments, and takes all other settings from the environment of
    /// the process.
    ///
    /// To set further options of the client, for example timeouts, call
    /// [`resolve`](Self::resolve) and [`Settings::client_builder`].
    ///
    /// # Errors
    ///
    /// See [`resolve`](Self::resolve).
    ///
    /// # Examples
    ///
    /// ```
    /// use generated_client::Config;
    ///
    /// let client = Config::new()
    ///     .host("http://127.0.0.1:8112")
    ///     .token("secret")
    ///     .client()?;
    /// assert_eq!(client.base_url(), "http://127.0.0.1:8112");
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn client(&self) -> Result<Client, Error> {
        self.resolve(&Environment::from_process())?
            .client_builder()
            .build()
    }
}

impl Settings {
    /// Returns a builder for a client with these settings.
    pub fn client_builder(&self) -> ClientBuilder {
        let builder = Client::builder(&self.host);
        #[cfg(feature = "_tls")]
        let builder = match &self.ca_file {
            Some(path) => builder.ca_file(path),
            None => builder,
        };
        let builder = match &self.workspace_id {
            Some(id) => builder.header(WORKSPACE_ID_HEADER, id),
            None => builder,
        };
        builder
            .network_variables(self.network_variables.clone())
            .credentials(self.credentials.clone())
            .user_agent(concat!("generated-client/", env!("CARGO_PKG_VERSION")))
    }
}
