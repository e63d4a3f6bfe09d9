//! Who the caller says to be.
//!
//! [`Credentials`] are what a client is given: a token or a user and password that stay as they
//! are, or [one's own](Credentials::custom), asked before each request for the headers to send.
//! [`Refreshing`] are credentials whose tokens expire: of an OAuth client
//! ([`ClientCredentials`]), of a program that prints them ([`TokenCommand`]), or of any other
//! [`TokenSource`].

mod answers;
mod client_credentials;
mod command;
mod endpoint;
mod exchange;
mod headers;
mod key;
mod refreshing;
mod sender;
#[cfg(test)]
mod testing;
mod token;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use self::client_credentials::ClientCredentials;
pub use self::command::TokenCommand;
pub use self::exchange::Exchange;
pub use self::headers::Headers;
pub use self::refreshing::Refreshing;
pub(crate) use self::sender::Sender;
pub use self::token::{Token, TokenSource};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// Credentials that are not fixed: they are asked before each request is sent.
pub trait Authenticate: fmt::Debug + Send + Sync {
    /// What they are, for people: `an OAuth client id and secret`. Nothing of a secret. Where
    /// they come from is said with [`Credentials::found_in`].
    fn kind(&self) -> &str;

    /// The headers for one request. It is called by many threads at once.
    ///
    /// # Errors
    ///
    /// Any; the request is not sent then. The text shows nothing of a secret.
    fn authorize(&self, exchange: &Exchange<'_>) -> Result<Headers, Error>;

    /// Told that a server refused these headers with 401. Whether [`authorize`](Self::authorize)
    /// may bring better ones now: the call is sent once more then, whatever its class, as what is
    /// refused was not processed.
    fn renew(&self, exchange: &Exchange<'_>, refused: &Headers) -> bool {
        let _ = (exchange, refused);
        false
    }
}

/// What goes into the `Authorization` header, and where it came from.
///
/// `Debug` and error messages tell the kind and the origin, never the value. Clones share what
/// was fetched.
///
/// # Example
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
    /// No credentials: the header is not sent.
    pub const fn none() -> Self {
        Self::of(Kind::None)
    }

    /// One's own, which change with time or need more than one header.
    pub fn custom(own: impl Authenticate + 'static) -> Self {
        Self::of(Kind::Custom(Arc::new(own)))
    }

    const fn of(kind: Kind) -> Self {
        Self { kind, origin: None }
    }

    /// A bearer token (RFC 6750): a personal access token, or one of OAuth.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the token is empty or holds anything but visible ASCII, as one that
    /// was pasted with a line end does.
    pub fn bearer(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        check_token(&token)?;
        let header = Secret::new(format!("Bearer {}", token.expose()));
        Ok(Self::of(Kind::Bearer(header)))
    }

    /// A user and a password (RFC 7617). Databricks takes the user `token` with a personal access
    /// token as the password.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the user holds a colon, or one of the two a control character.
    pub fn basic(user: &str, password: impl Into<Secret>) -> Result<Self, Error> {
        let password = password.into();
        if user.contains(':') {
            return Err(invalid(
                "the user name holds a colon, which ends it on the wire",
            ));
        }
        let both = Secret::new(format!("{user}:{}", password.expose()));
        if let Some(fault) = both.expose().chars().find(|c| c.is_control()) {
            return Err(invalid(&format!(
                "the user or the password holds {}",
                name_of(fault)
            )));
        }
        let header = Secret::new(format!("Basic {}", STANDARD.encode(both.expose())));
        Ok(Self::of(Kind::Basic { header, password }))
    }

    /// A key in a header of its own, as in `X-Api-Key`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if there can be no header of this name, or none with this key.
    pub fn key(header: &str, key: impl Into<Secret>) -> Result<Self, Error> {
        key::Key::new(header, &key.into()).map(Self::custom)
    }

    /// Says where the credentials were found, for the messages of answers 401 and 403.
    #[must_use]
    pub fn found_in(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The value of the `Authorization` header that all requests have.
    pub(crate) fn header(&self) -> Option<&Secret> {
        match &self.kind {
            Kind::Basic { header, .. } | Kind::Bearer(header) => Some(header),
            Kind::None | Kind::Custom(_) => None,
        }
    }

    /// What is secret about fixed ones: as it is sent, and a password by itself.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let sent = self
            .header()
            .and_then(|header| header.expose().split_once(' '));
        let password = match &self.kind {
            Kind::Basic { password, .. } => Some(password.expose()),
            _ => None,
        };
        [sent.map(|(_scheme, secret)| secret), password]
            .into_iter()
            .flatten()
    }

    /// The headers of the next request, where they are not the same for all.
    pub(crate) fn authorize(&self, exchange: &Exchange<'_>) -> Result<Option<Headers>, Error> {
        let Kind::Custom(own) = &self.kind else {
            return Ok(None);
        };
        let headers = own.authorize(exchange).map_err(|error| {
            if error.kind() == ErrorKind::Interrupted {
                return error;
            }
            let words = format!("cannot authenticate with {self}: {}", error.message());
            reworded(&error, words)
        });
        headers.map(Some)
    }

    /// Whether it is worth sending once more what was refused with these.
    pub(crate) fn renew(&self, exchange: &Exchange<'_>, refused: Option<&Headers>) -> bool {
        match (&self.kind, refused) {
            (Kind::Custom(own), Some(refused)) => own.renew(exchange, refused),
            _ => false,
        }
    }

    /// What stands for headers that are not known without fetching them.
    pub(crate) fn placeholder(&self) -> Option<Headers> {
        match self.kind {
            Kind::Custom(_) => Headers::bearer(&Secret::new("unknown")).ok(),
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
            Kind::Custom(own) => own.kind(),
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

fn check_token(token: &Secret) -> Result<(), Error> {
    if token.expose().is_empty() {
        return Err(invalid("the token is empty"));
    }
    match token.expose().chars().find(|c| !c.is_ascii_graphic()) {
        Some(fault) => Err(invalid(&format!("the token holds {}", name_of(fault)))),
        None => Ok(()),
    }
}

/// The same error in other words. What lies below it is not kept: one error may be told to many.
fn reworded(error: &Error, message: String) -> Error {
    let same = Error::new(error.kind(), error.delivery(), message)
        .with_code(error.code().map(str::to_owned))
        .with_transient(error.is_transient())
        .with_timed_out(error.is_timeout())
        .with_retry_after(error.retry_after());
    match error.status() {
        Some(status) => same.with_status(status),
        None => same,
    }
}

fn interrupted() -> Error {
    Error::before_sending(ErrorKind::Interrupted, "interrupted before it was sent")
}

fn not_understood(message: String) -> Error {
    Error::before_sending(ErrorKind::InvalidResponse, message)
}

fn invalid(message: &str) -> Error {
    Error::before_sending(
        ErrorKind::InvalidInput,
        format!("the credentials cannot be sent: {message}"),
    )
}

/// A character that must not be printed as it is, and tells nothing of the secret around it.
fn name_of(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "a line end",
        ' ' | '\t' => "white space",
        c if c.is_control() => "a control character",
        _ => "a character that is not ASCII",
    }
}

#[cfg(test)]
mod tests;
