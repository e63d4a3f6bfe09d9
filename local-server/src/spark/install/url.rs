//! URLs of archives.

use std::fmt;

use api_runtime::http::Uri;

use super::error::InstallError;

/// A URL with the scheme `http` or `https`, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url(Uri);

impl Url {
    pub(super) fn parse(text: &str) -> Result<Self, InstallError> {
        // The text of an invalid URL is not repeated, as it may contain a password.
        let invalid = |reason| InstallError::Url(reason);
        let uri: Uri = text.parse().map_err(|_| invalid("invalid syntax"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(invalid("the scheme is neither http nor https"));
        }
        match uri.authority() {
            Some(authority) if authority.as_str().contains('@') => {
                Err(invalid("credentials are not supported"))
            }
            Some(_) => Ok(Self(uri)),
            None => Err(invalid("there is no host")),
        }
    }

    /// Resolves the header `location` of a response to a request for this URL.
    pub(super) fn redirect(&self, location: &str) -> Result<Self, InstallError> {
        if location.contains("://") {
            return Self::parse(location);
        }
        let base = &self.0;
        let (Some(scheme), Some(authority)) = (base.scheme(), base.authority()) else {
            return Err(InstallError::Url("there is no host"));
        };
        if location.starts_with("//") {
            return Self::parse(&format!("{scheme}:{location}"));
        }
        let folder = base
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let path = if location.starts_with('/') {
            location.to_owned()
        } else {
            format!("{folder}/{location}")
        };
        Self::parse(&format!("{scheme}://{authority}{path}"))
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }
}

/// Formats the URL without its query, which may contain a signature.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split('?').next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_resolved() {
        let base = Url::parse("https://example.com:8443/a/b.tar.gz?x=1").unwrap();
        for (location, expected) in [
            ("http://other/c", "http://other/c"),
            ("//other/c", "https://other/c"),
            ("/c", "https://example.com:8443/c"),
            ("c", "https://example.com:8443/a/c"),
        ] {
            assert_eq!(base.redirect(location).unwrap().to_string(), expected);
        }
        assert!(base.redirect("ftp://other/c").is_err());
    }

    #[test]
    fn invalid_urls_are_rejected_without_repeating_them() {
        for text in [
            "ftp://example.com/x",
            "https://user:secret@example.com/x",
            "https:// secret/",
        ] {
            let error = Url::parse(text).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
