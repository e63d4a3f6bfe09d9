//! The grant of OAuth for programs: an id and a secret for a token.

use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::http::{HeaderValue, Method, Request as HttpRequest, Uri, header};

use super::answers::{self, Mask};
use super::endpoint;
use super::exchange::Exchange;
use super::token::{self, Token, TokenSource};
use super::{invalid, not_understood};
use crate::codec::encode::{self, Encoder, Request};
use crate::codec::secret::Secret;
use crate::error::Error;
use crate::operation::BodyFormat;
use crate::transport::Body;

/// All but what every reader of forms takes as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Tokens for the id and the secret of a client (RFC 6749, section 4.4).
///
/// They go to the token endpoint in an `Authorization: Basic` header, over https or to this
/// machine only. What a server says of an error is shown, without the secret.
///
/// # Example
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
    trusted: Vec<String>,
}

enum Endpoint {
    Known(Uri),
    /// What the description at the first says, once it was read.
    Described(Uri, OnceLock<Uri>),
}

impl ClientCredentials {
    /// Those of a token endpoint.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if that is no URL, or one of plain `http` to
    /// another machine; or if the id or the secret is empty.
    pub fn new(
        token_endpoint: &str,
        id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let endpoint = endpoint::parse("the token endpoint", token_endpoint)?;
        Self::at(Endpoint::Known(endpoint), id.into(), secret.into())
    }

    /// Those of the token endpoint that a server's description of itself names (RFC 8414), as at
    /// `https://example.com/.well-known/oauth-authorization-server`. It is read once.
    ///
    /// The endpoint must be on the server of the description, or on a
    /// [trusted](Self::trust_host) one: a description is not to send the secret elsewhere.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn discovered(
        description: &str,
        id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let at = endpoint::parse("the URL of the OAuth server's description", description)?;
        let endpoint = Endpoint::Described(at, OnceLock::new());
        Self::at(endpoint, id.into(), secret.into())
    }

    fn at(endpoint: Endpoint, id: String, secret: Secret) -> Result<Self, Error> {
        if id.is_empty() || secret.expose().is_empty() {
            return Err(invalid("the id or the secret of the client is empty"));
        }
        Ok(Self {
            endpoint,
            id,
            secret,
            scope: None,
            trusted: Vec::new(),
        })
    }

    /// What the token is to be good for; the words of several have a space between them.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// A further host, by its name alone, that the description may name for the token endpoint.
    #[must_use]
    pub fn trust_host(mut self, name: impl Into<String>) -> Self {
        self.trusted.push(name.into());
        self
    }

    fn endpoint(&self, exchange: &Exchange<'_>) -> Result<Uri, Error> {
        let (at, found) = match &self.endpoint {
            Endpoint::Known(endpoint) => return Ok(endpoint.clone()),
            Endpoint::Described(at, found) => (at, found),
        };
        if let Some(endpoint) = found.get() {
            return Ok(endpoint.clone());
        }
        let endpoint = self.discover(exchange, at)?;
        Ok(found.get_or_init(|| endpoint).clone())
    }

    fn discover(&self, exchange: &Exchange<'_>, at: &Uri) -> Result<Uri, Error> {
        let what = format!("the OAuth server's description at {at}");
        let mut request = HttpRequest::new(Body::Empty);
        *request.uri_mut() = at.clone();
        let answer = answers::object(&what, exchange.send(request)?, &self.mask())?;
        let Some(text) = answer.get("token_endpoint").and_then(Value::as_str) else {
            return Err(not_understood(format!("{what} names no `token_endpoint`")));
        };
        let endpoint = endpoint::parse("the token endpoint", text)
            .map_err(|error| not_understood(format!("{what} is refused: {}", error.message())))?;
        if endpoint::same_server(at, &endpoint) || self.trusts(&endpoint) {
            return Ok(endpoint);
        }
        let host = endpoint.authority().map_or("", |host| host.as_str());
        Err(not_understood(format!(
            "{what} is refused: the token endpoint is on another server, {host}, which is not \
             trusted with the secret"
        )))
    }

    fn trusts(&self, endpoint: &Uri) -> bool {
        let host = endpoint.host().unwrap_or_default();
        let mut trusted = self.trusted.iter();
        trusted.any(|name| name.eq_ignore_ascii_case(host))
    }

    fn request(&self, endpoint: &Uri) -> Result<HttpRequest<Body<'static>>, Error> {
        let grant = Grant {
            scope: self.scope.as_deref(),
        };
        let (body, content_type) = encode::body(BodyFormat::Form, |encoder| grant.body(encoder))?;
        let mut authorization =
            HeaderValue::from_str(&format!("Basic {}", self.pair().expose()))
                .map_err(|_| invalid("HTTP does not allow the id and the secret of the client"))?;
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

    /// Both are encoded before they are joined (RFC 6749, section 2.3.1), as they may hold colons.
    fn pair(&self) -> Secret {
        let (id, secret) = (percent(&self.id), self.secret_on_the_wire());
        let both = Secret::new(format!("{id}:{}", secret.expose()));
        Secret::new(STANDARD.encode(both.expose()))
    }

    fn secret_on_the_wire(&self) -> Secret {
        Secret::new(percent(self.secret.expose()))
    }

    /// The secret in all the forms in which a server might repeat it.
    fn mask(&self) -> Mask {
        Mask::new(vec![
            self.secret.clone(),
            self.secret_on_the_wire(),
            self.pair(),
        ])
    }
}

impl TokenSource for ClientCredentials {
    fn kind(&self) -> &'static str {
        "an OAuth client id and secret"
    }

    fn fetch(&self, exchange: &Exchange<'_>) -> Result<Token, Error> {
        let endpoint = self.endpoint(exchange)?;
        let what = format!("the token endpoint {endpoint}");
        let response = exchange.send(self.request(&endpoint)?)?;
        let json = answers::object(&what, response, &self.mask())?;
        token::read(json, SystemTime::now())
            .map_err(|fault| not_understood(format!("the answer of {what} is no use: {fault}")))
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Endpoint::Known(at) | Endpoint::Described(at, _)) = &self.endpoint;
        f.debug_struct("ClientCredentials")
            .field("endpoint", at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The form that asks for a token.
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
