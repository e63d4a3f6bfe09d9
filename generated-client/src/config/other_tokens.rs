//! Configured token, and those of other profiles, for messages after a token was rejected.

use api_runtime::{Error, Secret};

use super::auth_type::AuthType;
use super::host::Host;
use super::profile_file::ProfileFile;
use super::selection;
use super::setting::{TOKEN, WORKSPACE_ID};
use super::settings::Settings;
use super::source::{Source, find};

/// Returns the token of the sources, if they have no other credentials.
pub(super) fn configured(sources: &[&dyn Source]) -> Result<Option<Secret>, Error> {
    let candidate = selection::select(sources)?;
    if !candidate.is_some_and(|it| it.auth_type == AuthType::Token) {
        return Ok(None);
    }
    Ok(find(sources, TOKEN)?.map(|token| token.value))
}

impl Settings {
    /// Returns the number of characters of the configured token, or `None` for other credentials.
    pub fn token_chars(&self) -> Option<usize> {
        let token = self.token.as_ref()?;
        Some(token.expose().chars().count())
    }

    /// Returns the names of the profiles with another token for the same workspace, in the order of the
    /// profile file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the file cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use generated_client::config::{Config, Environment};
    ///
    /// let variables = [("DATABRICKS_HOST", "adb-1.net"), ("DATABRICKS_TOKEN", "dapi0123")];
    /// let settings = Config::new().resolve(&Environment::from_pairs(None, variables))?;
    /// assert_eq!(settings.token_chars(), Some(8));
    /// assert!(settings.profiles_with_other_tokens()?.is_empty());
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn profiles_with_other_tokens(&self) -> Result<Vec<String>, Error> {
        let is_same_host = |host: &str| Host::parse(host).is_ok_and(|host| host.url() == self.host);
        let mut names = Vec::new();
        for profile in ProfileFile::read(&self.config_file)?.profiles_with_host(is_same_host)? {
            let token = profile.get(TOKEN)?;
            let id = profile.get(WORKSPACE_ID)?;
            let is_other_workspace = match (&id, &self.workspace_id) {
                (Some(id), Some(own)) => id.expose() != own,
                _ => false,
            };
            if token.is_some() && token != self.token && !is_other_workspace {
                names.push(profile.name().to_owned());
            }
        }
        Ok(names)
    }
}
