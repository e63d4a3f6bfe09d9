//! The interface of credentials that are not fixed.

use std::fmt;

use super::context::AuthContext;
use super::request_credentials::RequestCredentials;
use crate::codec::secret::Secret;
use crate::error::Error;

/// Credentials that provide the headers of each request.
pub trait Authenticate: fmt::Debug + Send + Sync {
    /// Returns the kind of the credentials for messages, e.g. `an OAuth client id and secret`. It
    /// must not contain a secret. [`Credentials::found_in`](super::Credentials::found_in) adds their
    /// origin.
    fn kind(&self) -> &str;

    /// Returns the headers of one request. It may be called by many threads concurrently.
    ///
    /// # Errors
    ///
    /// Any error; the request is then not sent. The message must not contain a secret.
    fn authorize(&self, context: &AuthContext<'_>) -> Result<RequestCredentials, Error>;

    /// Returns headers with the names and schemes of those of a request, for display. Values are not
    /// shown. The default is a bearer token.
    fn placeholder(&self) -> Option<RequestCredentials> {
        RequestCredentials::bearer(&Secret::new("unknown")).ok()
    }

    /// Called after a server rejected these headers: with 401, or with a 400 or 403 that reports an
    /// expired token. Returns whether [`authorize`](Self::authorize) can now provide others.
    ///
    /// If so, the request is sent again, once per call and whatever its retry class: a rejected request
    /// was not processed.
    fn refresh(&self, context: &AuthContext<'_>, rejected: &RequestCredentials) -> bool {
        let _ = (context, rejected);
        false
    }
}
