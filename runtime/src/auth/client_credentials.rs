//! The client credentials grant of OAuth.

use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::http::{HeaderValue, Method, Request as HttpRequest, Uri, header};

use super::context::AuthContext;
use super::endpoint;
use super::error::{invalid_credentials, invalid_response};
use super::token::{self, Token, TokenSource};
use super::token_response;
use crate::codec::encode::{self, Encoder, Request};
use crate::codec::secret::Secret;
use crate::error::Error;
use crate::operation::BodyFormat;
use crate::redact::{Redactor, ServerText};
use crate::transport::Body;

/// All characters except those that every form decoder leaves unchanged.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// OAuth client credentials grant (RFC 6749, section 4.4): tokens for a client id and a secret.
///
/// Id and secret are sent to the token endpoint in an `Authorization: Basic` header, over https or
/// to this machine only. Errors contain the message of the server with the secret redacted.
///
/// # Examples
///
/// ```
/// use api_runtime::auth::ClientCredentials;
///
/// let source = ClientCredentials::new("https://example.com/token", "id", "secret")?.scope("all");
/// assert!(ClientCredentials::new("http://example.com/token", "id", "secret").is_err());
/// # let _ = source;
/// # Ok::<(), api_runtime::Error>(())
/// ```
pub struct ClientCredentials {
    endpoint: Endpoint,
    id: String,
    secret: Secret,
    scope: Option<String>,
    trusted_hosts: Vec<String>,
}

enum Endpoint {
    Fixed(Uri),
    /// URL of the server metadata, and the token endpoint once the metadata was read.
    Discovered(Uri, OnceLock<Uri>),
}

impl ClientCredentials {
    /// Creates a source of tokens from this token endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the endpoint is not a
    /// URL or uses plain `http` to another machine, or if the id or the secret is empty.
    pub fn new(
        token_endpoint: &str,
        id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let endpoint = endpoint::parse("the token endpoint", token_endpoint)?;
        Self::with_endpoint(Endpoint::Fixed(endpoint), id.into(), secret.into())
    }

    /// Creates a source of tokens from the token endpoint in the metadata of the authorization server
    /// (RFC 8414), e.g. at `https://example.com/.well-known/oauth-authorization-server`. The metadata
    /// is read once.
    ///
    /// The token endpoint must be on the same server as the metadata or on a
    /// [trusted host](Self::trust_host), so that the metadata cannot redirect the secret.
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn discovered(
        metadata_url: &str,
        id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let url = endpoint::parse("the URL of the OAuth metadata", metadata_url)?;
        let endpoint = Endpoint::Discovered(url, OnceLock::new());
        Self::with_endpoint(endpoint, id.into(), secret.into())
    }

    fn with_endpoint(endpoint: Endpoint, id: String, secret: Secret) -> Result<Self, Error> {
        if id.is_empty() || secret.expose().is_empty() {
            return Err(invalid_credentials("the client id or secret is empty"));
        }
        Ok(Self {
            endpoint,
            id,
            secret,
            scope: None,
            trusted_hosts: Vec::new(),
        })
    }

    /// Sets the scope of the token. Several scopes are separated by spaces.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Adds the name of a host on which the metadata may place the token endpoint.
    #[must_use]
    pub fn trust_host(mut self, name: impl Into<String>) -> Self {
        self.trusted_hosts.push(name.into());
        self
    }

    fn endpoint(&self, context: &AuthContext<'_>) -> Result<Uri, Error> {
        let (url, discovered) = match &self.endpoint {
            Endpoint::Fixed(endpoint) => return Ok(endpoint.clone()),
            Endpoint::Discovered(url, discovered) => (url, discovered),
        };
        if let Some(endpoint) = discovered.get() {
            return Ok(endpoint.clone());
        }
        let endpoint = self.discover(context, url)?;
        Ok(discovered.get_or_init(|| endpoint).clone())
    }

    fn discover(&self, context: &AuthContext<'_>, url: &Uri) -> Result<Uri, Error> {
        let source = format!("the OAuth metadata at {url}");
        let mut request = HttpRequest::new(Body::Empty);
        *request.uri_mut() = url.clone();
        let metadata =
            token_response::decode_object(&source, context.send(request)?, &self.redactor())?;
        let Some(text) = metadata.get("token_endpoint").and_then(Value::as_str) else {
            return Err(invalid_response(format!(
                "{source} has no `token_endpoint`"
            )));
        };
        let endpoint = endpoint::parse("the token endpoint", text).map_err(|error| {
            invalid_response(format!("{source} is rejected: {}", error.message()))
        })?;
        if endpoint::same_server(url, &endpoint) || self.is_trusted(&endpoint) {
            return Ok(endpoint);
        }
        let host = endpoint.authority().map_or("", |host| host.as_str());
        let host = self.redactor().line(ServerText::new(host));
        Err(invalid_response(format!(
            "{source} is rejected: the token endpoint is on another server, {host}, which is not \
             trusted with the secret"
        )))
    }

    fn is_trusted(&self, endpoint: &Uri) -> bool {
        let host = endpoint.host().unwrap_or_default();
        let mut trusted = self.trusted_hosts.iter();
        trusted.any(|name| name.eq_ignore_ascii_case(host))
    }

    fn request(&self, endpoint: &Uri) -> Result<HttpRequest<Body<'static>>, Error> {
        let grant = Grant {
            scope: self.scope.as_deref(),
        };
        let (body, content_type) =
            encode::body(BodyFormat::Form, None, |encoder| grant.body(encoder))?;
        let mut authorization =
            HeaderValue::from_str(&format!("Basic {}", self.basic_credentials().expose()))
                .map_err(|_| invalid_credentials("invalid client id or secret"))?;
        authorization.set_sensitive(true);
        let mut request = HttpRequest::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint.clone();
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, authorization);
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        Ok(request)
    }

    /// Id and secret are percent-encoded before they are joined by a colon (RFC 6749, section 2.3.1).
    fn basic_credentials(&self) -> Secret {
        let (id, secret) = (percent_encode(&self.id), self.encoded_secret());
        let pair = Secret::new(format!("{id}:{}", secret.expose()));
        Secret::new(STANDARD.encode(pair.expose()))
    }

    fn encoded_secret(&self) -> Secret {
        Secret::new(percent_encode(self.secret.expose()))
    }

    fn redactor(&self) -> Redactor {
        Redactor::new([self.secret.clone(), self.basic_credentials()])
    }
}

impl TokenSource for ClientCredentials {
    fn kind(&self) -> &'static str {
        "an OAuth client id and secret"
    }

    fn fetch(&self, context: &AuthContext<'_>) -> Result<Token, Error> {
        let endpoint = self.endpoint(context)?;
        let source = format!("the token endpoint {endpoint}");
        let response = context.send(self.request(&endpoint)?)?;
        let json = token_response::decode_object(&source, response, &self.redactor())?;
        token::parse(json, SystemTime::now())
            .map_err(|reason| invalid_response(format!("invalid response of {source}: {reason}")))
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Endpoint::Fixed(url) | Endpoint::Discovered(url, _)) = &self.endpoint;
        f.debug_struct("ClientCredentials")
            .field("endpoint", url)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Form body of the request for a token.
struct Grant<'a> {
    scope: Option<&'a str>,
}

impl Request for Grant<'_> {
    fn body(&self, encoder: &mut Encoder) {
        encoder.field("grant_type", &"client_credentials");
        encoder.field("scope", &self.scope);
    }
}

#[cfg(test)]
mod tests;
