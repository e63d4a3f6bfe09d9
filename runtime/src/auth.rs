//! Who the caller says to be.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// What goes into the `Authorization` header, and where it came from.
///
/// `Debug` and error messages tell the kind and the origin, never the value.
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
#[derive(Clone, Debug)]
pub struct Credentials {
    kind: Kind,
    origin: Option<String>,
    header: Option<Secret>,
    password: Option<Secret>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    None,
    Basic,
    Bearer,
}

impl Credentials {
    /// No credentials: the header is not sent.
    pub const fn none() -> Self {
        Self {
            kind: Kind::None,
            origin: None,
            header: None,
            password: None,
        }
    }

    /// A bearer token (RFC 6750): a personal access token, or one of OAuth.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if the token is empty or holds anything but visible ASCII, as one that
    /// was pasted with a line end does.
    pub fn bearer(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        if token.expose().is_empty() {
            return Err(invalid("the token is empty"));
        }
        if let Some(fault) = token.expose().chars().find(|c| !c.is_ascii_graphic()) {
            return Err(invalid(&format!("the token holds {}", name_of(fault))));
        }
        let header = Secret::new(format!("Bearer {}", token.expose()));
        Ok(Self {
            kind: Kind::Bearer,
            origin: None,
            header: Some(header),
            password: None,
        })
    }

    /// A user and a password (RFC 7617). Databricks takes the user `token` with a personal access
    /// token as the password.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if the user holds a colon, or one of the two a control character.
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
        Ok(Self {
            kind: Kind::Basic,
            origin: None,
            header: Some(header),
            password: Some(password),
        })
    }

    /// Says where the credentials were found, for the messages of answers 401 and 403.
    #[must_use]
    pub fn found_in(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The text without the secret, should a server repeat it. Secrets of under four characters
    /// are none, and would be found in any text.
    pub(crate) fn redact(&self, text: String) -> String {
        let header = self
            .header
            .as_ref()
            .and_then(|header| header.expose().split_once(' '));
        let password = self.password.as_ref().map(Secret::expose);
        let secrets = [header.map(|(_scheme, value)| value), password];
        secrets
            .into_iter()
            .flatten()
            .filter(|secret| secret.len() >= 4)
            .fold(text, |text, secret| text.replace(secret, "***"))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> Option<&Secret> {
        self.header.as_ref()
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::None => "no credentials",
            Kind::Basic => "a user and password",
            Kind::Bearer => "a bearer token",
        })?;
        match &self.origin {
            Some(origin) => write!(f, " from {origin}"),
            None => Ok(()),
        }
    }
}

fn invalid(message: &str) -> Error {
    Error::new(
        ErrorKind::Input,
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
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let header = |credentials: Credentials| {
            credentials
                .header()
                .map(|secret| secret.expose().to_owned())
                .unwrap_or_default()
        };
        assert_eq!(header(Credentials::none()), "");
        assert_eq!(
            header(Credentials::bearer("dapi0123").unwrap()),
            "Bearer dapi0123"
        );
        // The pair of RFC 7617, section 2.
        assert_eq!(
            header(Credentials::basic("Aladdin", "open sesame").unwrap()),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }

    #[test]
    fn what_cannot_be_sent_is_refused_without_being_shown() {
        let faults = [
            Credentials::bearer(""),
            Credentials::bearer("dapi0123\n"),
            Credentials::bearer("dapi 0123"),
            Credentials::bearer("dapié"),
            Credentials::basic("a:b", "c"),
            Credentials::basic("a", "dapi\r\nX: y"),
        ];
        for fault in faults {
            let error = fault.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
            assert!(!format!("{error} {error:?}").contains("dapi"), "{error:?}");
        }
    }

    #[test]
    fn nothing_printable_shows_the_value() {
        let credentials = Credentials::basic("me", "hunter2")
            .unwrap()
            .found_in("~/.netrc");
        assert_eq!(credentials.to_string(), "a user and password from ~/.netrc");
        let debug = format!("{credentials:?}");
        assert!(
            !debug.contains("hunter2") && !debug.contains("aHVudGVyMg"),
            "{debug}"
        );
    }
}
