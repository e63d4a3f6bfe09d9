//! Credentials of a client.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::api_key::ApiKey;
use super::authenticate::Authenticate;
use super::context::AuthContext;
use super::error::invalid_credentials;
use super::headers::Headers;
use super::token::{check_token, describe_char};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// Credentials and their origin.
///
/// `Debug` and error messages contain the kind and the origin, never a secret. Clones share cached
/// tokens.
///
/// # Examples
///
/// ```
/// use api_runtime::Credentials;
///
/// let credentials = Credentials::bearer("dapi0123")?.found_in("the variable DATABRICKS_TOKEN");
/// assert_eq!(credentials.to_string(), "a bearer token from the variable DATABRICKS_TOKEN");
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    kind: Kind,
    origin: Option<String>,
}

#[derive(Clone)]
enum Kind {
    None,
    Basic { header: Secret, password: Secret },
    Bearer(Secret),
    Custom(Arc<dyn Authenticate>),
}

impl Credentials {
    /// Creates credentials that add no header.
    pub const fn none() -> Self {
        Self::new(Kind::None)
    }

    /// Creates credentials that change over time or consist of several headers.
    pub fn custom(custom: impl Authenticate + 'static) -> Self {
        Self::new(Kind::Custom(Arc::new(custom)))
    }

    const fn new(kind: Kind) -> Self {
        Self { kind, origin: None }
    }

    /// Creates credentials from a bearer token (RFC 6750), e.g. a personal access token or an OAuth
    /// access token.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the token is empty or contains anything but visible
    /// ASCII characters, e.g. a line break at its end.
    pub fn bearer(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        check_token(&token)?;
        let header = Secret::new(format!("Bearer {}", token.expose()));
        Ok(Self::new(Kind::Bearer(header)))
    }

    /// Creates credentials from a user name and a password (RFC 7617). Databricks accepts the user
    /// name `token` with a personal access token as the password.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the user name contains a colon, or either of them a
    /// control character.
    pub fn basic(user: &str, password: impl Into<Secret>) -> Result<Self, Error> {
        let password = password.into();
        if user.contains(':') {
            return Err(invalid_credentials("the user name contains a colon"));
        }
        let pair = Secret::new(format!("{user}:{}", password.expose()));
        if let Some(c) = pair.expose().chars().find(|c| c.is_control()) {
            return Err(invalid_credentials(&format!(
                "the user name or the password contains {}",
                describe_char(c)
            )));
        }
        let header = Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())));
        Ok(Self::new(Kind::Basic { header, password }))
    }

    /// Creates credentials from an API key in a header, e.g. `X-Api-Key`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the name of the header or the key is invalid.
    pub fn key(header: &str, key: impl Into<Secret>) -> Result<Self, Error> {
        ApiKey::new(header, &key.into()).map(Self::custom)
    }

    /// Sets the origin of the credentials, for the messages after 401 and 403.
    #[must_use]
    pub fn found_in(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// Returns the origin of the credentials, if it was set with [`found_in`](Self::found_in).
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Returns the value of the `Authorization` header if it is the same for all requests.
    pub(crate) fn fixed_header(&self) -> Option<&Secret> {
        match &self.kind {
            Kind::Basic { header, .. } | Kind::Bearer(header) => Some(header),
            Kind::None | Kind::Custom(_) => None,
        }
    }

    /// Returns the secrets of fixed credentials: in the form in which they are sent, and a password.
    pub(crate) fn fixed_secrets(&self) -> impl Iterator<Item = Secret> {
        let sent = self
            .fixed_header()
            .and_then(|header| header.expose().split_once(' '))
            .map(|(_scheme, secret)| Secret::new(secret));
        let password = match &self.kind {
            Kind::Basic { password, .. } => Some(password.clone()),
            _ => None,
        };
        sent.into_iter().chain(password)
    }

    /// Returns the headers of one request; `None` for fixed credentials.
    pub(crate) fn authorize(&self, context: &AuthContext<'_>) -> Result<Option<Headers>, Error> {
        let Kind::Custom(custom) = &self.kind else {
            return Ok(None);
        };
        let headers = custom.authorize(context).map_err(|error| {
            if error.kind() == ErrorKind::Interrupted {
                return error;
            }
            let message = format!("cannot authenticate with {self}: {}", error.message());
            error.copy_with_message(message)
        });
        headers.map(Some)
    }

    /// Returns whether there are other headers than the ones that a server has rejected.
    pub(crate) fn refresh(&self, context: &AuthContext<'_>, rejected: Option<&Headers>) -> bool {
        match (&self.kind, rejected) {
            (Kind::Custom(custom), Some(rejected)) => custom.refresh(context, rejected),
            _ => false,
        }
    }

    /// Returns headers to show in place of those that would have to be fetched.
    pub(crate) fn placeholder(&self) -> Option<Headers> {
        match &self.kind {
            Kind::Custom(custom) => custom.placeholder(),
            _ => None,
        }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.kind {
            Kind::None => "no credentials",
            Kind::Basic { .. } => "a user and password",
            Kind::Bearer(_) => "a bearer token",
            Kind::Custom(custom) => custom.kind(),
        })?;
        match &self.origin {
            Some(origin) => write!(f, " from {origin}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials")
            .field(&format_args!("{self}"))
            .finish()
    }
}
