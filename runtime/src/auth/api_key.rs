//! API keys.

use ureq::http::HeaderName;

use super::authenticate::Authenticate;
use super::context::AuthContext;
use super::headers::Headers;
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// An API key in a header.
#[derive(Debug)]
pub(super) struct ApiKey(Headers);

impl ApiKey {
    pub(super) fn new(header: &str, key: &Secret) -> Result<Self, Error> {
        let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| {
            let text = format!("invalid header name `{}`", header.escape_debug());
            Error::before_sending(ErrorKind::InvalidInput, text)
        })?;
        Headers::new().with(name, key).map(Self)
    }
}

impl Authenticate for ApiKey {
    fn kind(&self) -> &'static str {
        "an API key"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<Headers, Error> {
        Ok(self.0.clone())
    }

    fn placeholder(&self) -> Option<Headers> {
        Some(self.0.clone())
    }
}
