//! The client of a workspace.

use std::ops::Deref;

use api_runtime::{ClientBuilder, Error};

use crate::config::{Config, Environment, Settings};

/// Calls the API of one workspace. Clones share their connections.
///
/// It is an [`api_runtime::Client`] that knows how Databricks users keep hosts and credentials;
/// wherever one of those is asked for, `&client` will do. To set more than a [`Config`] can, take
/// [`Settings::builder`], and make a `Client` of what it builds with `from`.
///
/// # Example
///
/// ```
/// use generated_client::{Client, Config};
///
/// let client = Client::new(&Config::new().host("http://127.0.0.1:8112").token("secret"))?;
/// assert_eq!(client.base_url(), "http://127.0.0.1:8112");
/// # Ok::<(), generated_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(api_runtime::Client);

impl Client {
    /// A client with what the surroundings say: the variables `DATABRICKS_*`, then a profile of
    /// `~/.databrickscfg`, then netrc. See [`Config`] for the rules.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if that is not enough, contradicts itself or
    /// cannot be read; the message lists where it was looked for.
    ///
    /// # Example
    ///
    /// ```no_run
    /// let client = generated_client::Client::from_env()?;
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Self::new(&Config::new())
    }

    /// A client with what `config` says, and for the rest what the surroundings say.
    ///
    /// # Errors
    ///
    /// As for [`from_env`](Self::from_env).
    pub fn new(config: &Config) -> Result<Self, Error> {
        config
            .resolve(&Environment::of_process())?
            .builder()
            .build()
            .map(Self)
    }
}

impl Settings {
    /// The settings of a runtime client of that workspace, to be added to.
    pub fn builder(&self) -> ClientBuilder {
        api_runtime::Client::builder(&self.host)
            .credentials(self.credentials.clone())
            .user_agent(concat!("generated-client/", env!("CARGO_PKG_VERSION")))
    }
}

impl Deref for Client {
    type Target = api_runtime::Client;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<api_runtime::Client> for Client {
    fn from(client: api_runtime::Client) -> Self {
        Self(client)
    }
}
