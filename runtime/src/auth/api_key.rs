//! A key in a header of its own.

use ureq::http::HeaderName;

use super::{Authenticate, Exchange, Headers};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

#[derive(Debug)]
pub(super) struct Key(Headers);

impl Key {
    pub(super) fn new(header: &str, key: &Secret) -> Result<Self, Error> {
        let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| {
            let text = format!("there can be no header `{}`", header.escape_debug());
            Error::before_sending(ErrorKind::InvalidInput, text)
        })?;
        Headers::new().with(name, key).map(Self)
    }
}

impl Authenticate for Key {
    fn kind(&self) -> &'static str {
        "an API key"
    }

    fn authorize(&self, _: &Exchange<'_>) -> Result<Headers, Error> {
        Ok(self.0.clone())
    }
}
