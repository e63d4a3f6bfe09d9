//! HTTP methods.

use std::fmt;

use ureq::http;

use crate::error::{Error, ErrorKind};

/// HTTP method: a token of RFC 9110, e.g. `GET` or `LIST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method<'a>(&'a str);

impl<'a> Method<'a> {
    /// `GET`
    pub const GET: Self = Self("GET");
    /// `POST`
    pub const POST: Self = Self("POST");
    /// `PUT`
    pub const PUT: Self = Self("PUT");
    /// `PATCH`
    pub const PATCH: Self = Self("PATCH");
    /// `DELETE`
    pub const DELETE: Self = Self("DELETE");
    /// `HEAD`
    pub const HEAD: Self = Self("HEAD");

    /// Creates a method with this name. Names are case-sensitive.
    pub const fn new(name: &'a str) -> Self {
        Self(name)
    }

    /// Returns the name.
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the name is not a token.
    pub(crate) fn to_http(self) -> Result<http::Method, Error> {
        http::Method::from_bytes(self.0.as_bytes()).map_err(|_| {
            let message = format!("invalid HTTP method `{}`", self.0.escape_debug());
            Error::before_sending(ErrorKind::InvalidInput, message)
        })
    }
}

impl fmt::Display for Method<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl PartialEq<str> for Method<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}
