//! Requests for display.

use std::fmt;

use ureq::http::{HeaderName, HeaderValue, Request, header};

use super::curl::{self, CurlVariables, Shown};
use super::shown::{
    is_multipart, query_names, redacted, unusual_multipart, visible, with_parameter,
};
use crate::auth::RequestCredentials;
use crate::codec::encode::BodyPreview;
use crate::transport::Body;

/// A request that was not sent, for display. Credentials and secret fields are shown as `***`.
///
/// The `Display` form has a line with method and URL, a line per header, and the body. The header
/// `content-type` is omitted for JSON and multipart bodies, and a multipart body is shown as one line
/// `name=value` or `name=@file` per part.
pub struct RequestPreview {
    request: Request<Body<'static>>,
    /// The parts of a multipart body, or the file that is the whole body.
    parts: Vec<BodyPreview>,
    /// The credentials, whose query parameters are not in the URL. Their values may be placeholders.
    credentials: RequestCredentials,
    base_url: String,
    /// Origin of the credentials.
    origin: Option<String>,
}

impl RequestPreview {
    pub(super) fn new(
        request: Request<Body<'static>>,
        parts: Vec<BodyPreview>,
        credentials: RequestCredentials,
        base_url: &str,
        origin: Option<&str>,
    ) -> Self {
        Self {
            request,
            parts,
            credentials,
            base_url: base_url.to_owned(),
            origin: origin.map(str::to_owned),
        }
    }

    /// Returns the request as a `curl` command line for a POSIX shell.
    ///
    /// curl sends the same method, URL, body and headers, except for those that describe the client.
    /// With variables for the credentials, the command line works as printed, unless the request has
    /// secret fields, which are `***`.
    ///
    /// # Examples
    ///
    /// ```
    /// # mod api {
    /// #     #![allow(missing_docs)]
    /// #     api_runtime::api! { r#"
    /// #         [api]
    /// #         name = "Clock"
    /// #         doc = "Time of day."
    /// #         [endpoints.time.show]
    /// #         doc = "Shows the time."
    /// #         http = "GET /time"
    /// #         query = { zone = "string" }
    /// #     "# }
    /// # }
    /// # use api::time;
    /// use api_runtime::{Client, Credentials, CurlVariables};
    ///
    /// let client = Client::builder("https://example.com")
    ///     .credentials(Credentials::bearer("dapi0123")?)
    ///     .build()?;
    /// let preview = client.preview(time::Show::OPERATION, &time::Show::new("UTC"))?;
    /// let variables = CurlVariables { token: Some("TOKEN"), ..CurlVariables::default() };
    /// assert_eq!(
    ///     preview.to_curl(&variables),
    ///     r#"curl 'https://example.com/time?zone=UTC' -H "Authorization: Bearer $TOKEN""#
    /// );
    /// assert_eq!(
    ///     preview.to_string(),
    ///     "GET https://example.com/time?zone=UTC\nauthorization: Bearer ***"
    /// );
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    #[must_use]
    pub fn to_curl(&self, variables: &CurlVariables<'_>) -> String {
        let shown = Shown {
            request: &self.request,
            parts: &self.parts,
            credentials: &self.credentials,
            base_url: &self.base_url,
        };
        curl::command_line(&shown, variables)
    }

    /// Returns whether the command line needs values that it does not contain: secret fields.
    pub fn has_secret_fields(&self) -> bool {
        // Queries and forms escape the asterisks.
        let is_redacted = |text: &[u8]| {
            text.windows(3).any(|window| window == b"***")
                || text.windows(9).any(|window| window == b"%2A%2A%2A")
        };
        let in_parts = self.parts.iter().any(|part| match part {
            BodyPreview::Text { text, .. } => text.contains("***"),
            BodyPreview::File { .. } | BodyPreview::Body { .. } => false,
        });
        let in_body = matches!(self.request.body(), Body::Bytes(bytes) if is_redacted(bytes));
        in_parts || in_body || is_redacted(self.request.uri().to_string().as_bytes())
    }

    fn fmt_header(
        &self,
        name: &HeaderName,
        value: &HeaderValue,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        write!(f, "\n{name}: {}", redacted(name, value, &self.credentials))?;
        match &self.origin {
            Some(origin) if value.is_sensitive() => write!(f, " ({origin})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for RequestPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.request.uri().to_string();
        for name in query_names(&self.credentials) {
            url = with_parameter(&url, name, "***");
        }
        write!(f, "{} {url}", self.request.method())?;
        let is_multipart = is_multipart(&self.parts);
        for (name, value) in visible(self.request.headers()) {
            if *name != header::CONTENT_TYPE || !is_multipart && value != "application/json" {
                self.fmt_header(name, value, f)?;
            } else if let Some(media_type) = unusual_multipart(value).filter(|_| is_multipart) {
                write!(f, "\n{name}: {media_type}")?;
            }
        }
        for part in &self.parts {
            match part {
                BodyPreview::Text { name, text, .. } => write!(f, "\n{name}={text}")?,
                BodyPreview::File { name, path, .. } => write!(f, "\n{name}=@{path}")?,
                BodyPreview::Body { path } => write!(f, "\n@{path}")?,
            }
        }
        match self.request.body() {
            Body::Bytes(bytes) if self.parts.is_empty() && !bytes.is_empty() => {
                write!(f, "\n{}", String::from_utf8_lossy(bytes))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for RequestPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestPreview")
            .field(&format_args!("{self}"))
            .finish()
    }
}
