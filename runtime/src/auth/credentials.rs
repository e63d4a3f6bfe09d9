//! Credentials of a client.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ureq::http::{HeaderName, header};

use super::authenticate::Authenticate;
use super::error::invalid_credentials;
use super::request_credentials::{BASIC, RequestCredentials};
use super::token::describe_char;
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
pub(super) enum Kind {
    None,
    Fixed(Arc<Fixed>),
    Custom(Arc<dyn Authenticate>),
    All(Arc<[Credentials]>),
}

/// Credentials that are the same for all requests.
pub(super) struct Fixed {
    kind: String,
    pub(super) sent: RequestCredentials,
    /// Secret that is sent in another form, i.e. the password.
    encoded: Option<Secret>,
}

impl Credentials {
    /// Creates credentials that add nothing to requests.
    pub const fn none() -> Self {
        Self::new(Kind::None)
    }

    /// Creates credentials that change over time.
    pub fn custom(custom: impl Authenticate + 'static) -> Self {
        Self::new(Kind::Custom(Arc::new(custom)))
    }

    const fn new(kind: Kind) -> Self {
        Self { kind, origin: None }
    }

    fn fixed(kind: impl Into<String>, sent: RequestCredentials, encoded: Option<Secret>) -> Self {
        Self::new(Kind::Fixed(Arc::new(Fixed {
            kind: kind.into(),
            sent,
            encoded,
        })))
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
        let sent = RequestCredentials::bearer(&token)?;
        Ok(Self::fixed("a bearer token", sent, None))
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
        let pair = Secret::new(STANDARD.encode(pair.expose()));
        let sent = RequestCredentials::new().with_prefix(header::AUTHORIZATION, BASIC, &pair)?;
        Ok(Self::fixed("a user and password", sent, Some(password)))
    }

    /// Creates credentials from an API key in a header, e.g. `X-Api-Key`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the name of the header or the key is invalid.
    pub fn key(header: &str, key: impl Into<Secret>) -> Result<Self, Error> {
        Self::key_with_prefix(header, "", key)
    }

    /// Creates credentials from an API key or a token in a header, behind a prefix, e.g. `Bot ` or
    /// `Token token=` in the header `Authorization`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the name of the header, the prefix or the key is invalid.
    pub fn key_with_prefix(
        header: &str,
        prefix: &str,
        key: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| {
            let text = format!("invalid header name `{}`", header.escape_debug());
            Error::before_sending(ErrorKind::InvalidInput, text)
        })?;
        let sent = RequestCredentials::new().with_prefix(name, prefix, &key.into())?;
        let kind = format!("an API key in the header `{header}`");
        Ok(Self::fixed(kind, sent, None))
    }

    /// Creates credentials from an API key in the query of each URL. It is percent-encoded.
    ///
    /// Error messages, events and previews of requests do not contain it. Servers and proxies may log
    /// it; prefer a header if the API supports one.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the name or the key is empty, or if the key contains a
    /// control character.
    pub fn query_key(parameter: &str, key: impl Into<Secret>) -> Result<Self, Error> {
        let key = key.into();
        if parameter.is_empty() {
            return Err(invalid_credentials("the query parameter has no name"));
        }
        if key.expose().is_empty() {
            return Err(invalid_credentials("the key is empty"));
        }
        if let Some(c) = key.expose().chars().find(|c| c.is_control()) {
            let reason = format!("the key contains {}", describe_char(c));
            return Err(invalid_credentials(&reason));
        }
        let sent = RequestCredentials::new().with_query(parameter, &key);
        let kind = format!("an API key in the query parameter `{parameter}`");
        Ok(Self::fixed(kind, sent, None))
    }

    /// Combines credentials, all of which are sent with each request. The spec may select some of them
    /// for an endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if two of them have the same place in a request, e.g. the
    /// header `Authorization`.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::Credentials;
    ///
    /// let credentials = Credentials::all([
    ///     Credentials::key("X-Client-Id", "7")?,
    ///     Credentials::query_key("key", "k0123")?,
    /// ])?;
    /// assert_eq!(
    ///     credentials.to_string(),
    ///     "an API key in the header `X-Client-Id` and an API key in the query parameter `key`"
    /// );
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn all(list: impl IntoIterator<Item = Self>) -> Result<Self, Error> {
        let list: Vec<_> = list.into_iter().collect();
        let parts = list.iter().flat_map(Self::parts);
        let sent: Vec<_> = parts.filter_map(Self::places).collect();
        for (index, one) in sent.iter().enumerate() {
            if sent.iter().skip(index + 1).any(|other| one.overlaps(other)) {
                return Err(invalid_credentials(
                    "two of them have the same place in a request",
                ));
            }
        }
        Ok(Self::new(Kind::All(list.into())))
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

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Returns the credentials that this combination consists of; otherwise, itself.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::All(list) => list.iter().flat_map(Self::parts).collect(),
            Kind::None | Kind::Fixed(_) | Kind::Custom(_) => vec![self],
        }
    }

    /// Returns the headers and parameters of requests, whose values may be placeholders. `None` if they
    /// are unknown.
    pub(super) fn places(&self) -> Option<RequestCredentials> {
        match &self.kind {
            Kind::Fixed(fixed) => Some(fixed.sent.clone()),
            Kind::Custom(custom) => custom.placeholder(),
            Kind::None | Kind::All(_) => Some(RequestCredentials::new()),
        }
    }

    /// Returns the secrets of fixed credentials: in the form in which they are sent, and a password.
    pub(crate) fn fixed_secrets(&self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for part in self.parts() {
            if let Kind::Fixed(fixed) = &part.kind {
                secrets.extend(fixed.sent.secrets().map(Secret::new));
                secrets.extend(fixed.encoded.clone());
            }
        }
        secrets
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::None => f.write_str("no credentials")?,
            Kind::Fixed(fixed) => f.write_str(&fixed.kind)?,
            Kind::Custom(custom) => f.write_str(custom.kind())?,
            Kind::All(list) => {
                let list: Vec<_> = list.iter().map(ToString::to_string).collect();
                f.write_str(&list.join(" and "))?;
            }
        }
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
