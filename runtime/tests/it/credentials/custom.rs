//! Credentials that are not fixed.

use api_runtime::auth::{
    AuthContext, Authenticate, CachedToken, RequestCredentials, Token, TokenSource,
};
use api_runtime::http::HeaderName;
use api_runtime::transport::Scripted;
use api_runtime::{Client, Credentials, Error, ErrorKind, RetryPolicy, Secret};

use super::api::{self, places};
use super::{connect, header};

/// Credentials with values in several places, or an error.
#[derive(Debug)]
struct Several(Option<ErrorKind>);

impl Authenticate for Several {
    fn kind(&self) -> &'static str {
        "several values"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        if let Some(kind) = self.0 {
            return Err(Error::before_sending(kind, "no values"));
        }
        let value = Secret::new("v123");
        let sent = RequestCredentials::new().with_query("key", &value);
        sent.with(HeaderName::from_static("x-client-id"), &value)?
            .with(HeaderName::from_static("x-secret"), &value)
    }

    fn placeholder(&self) -> Option<RequestCredentials> {
        None
    }
}

#[test]
fn custom_credentials_are_sent_only_where_the_endpoint_selects_them() {
    let credentials = Credentials::custom(Several(None));
    let builder = Client::builder(api::BASE_URL).credentials(credentials);
    let (client, script) = connect(builder, 1);
    places::find(&client, &places::Find::new("a")).unwrap();
    let request = script.requests().remove(0);
    assert_eq!(header(&request, "x-client-id"), Some("v123"));
    assert_eq!(header(&request, "x-secret"), None);
    assert!(!request.target.contains("key="), "{}", request.target);
}

#[test]
fn error_of_custom_credentials_names_them_unless_it_is_an_interrupt() {
    for (kind, expected) in [
        (
            ErrorKind::InvalidInput,
            "cannot authenticate with several values: no values",
        ),
        (ErrorKind::Interrupted, "no values"),
    ] {
        let credentials = Credentials::custom(Several(Some(kind)));
        let builder = Client::builder(api::BASE_URL).credentials(credentials);
        let (client, script) = connect(builder, 0);
        let error = places::list(&client, &places::List::new()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (kind, expected));
        assert!(script.requests().is_empty());
    }
}

/// A source of numbered tokens.
#[derive(Debug)]
struct Numbered(std::sync::atomic::AtomicUsize);

impl TokenSource for Numbered {
    fn kind(&self) -> &'static str {
        "a numbered token"
    }

    fn fetch(&self, _: &AuthContext<'_>) -> Result<Token, Error> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Token::new(format!("token-{number}"))
    }
}

/// The token is refreshed if it was sent, and not if the endpoint selects only the key.
#[test]
fn token_beside_a_key_is_refreshed_after_401() {
    let script = Scripted::new()
        .respond(401, "{}")
        .respond(200, "{}")
        .respond(401, "{}");
    let token = Credentials::custom(CachedToken::new(Numbered(0.into())));
    let key = Credentials::query_key("key", "k123").unwrap();
    let client = Client::builder(api::BASE_URL)
        .credentials(Credentials::all([token, key]).unwrap())
        .retries(RetryPolicy::none())
        .transport(script.clone())
        .build()
        .unwrap();
    places::list(&client, &places::List::new()).unwrap();
    let error = places::find(&client, &places::Find::new("a")).unwrap_err();
    assert_eq!(error.status(), Some(401));
    let requests = script.requests();
    let tokens: Vec<_> = requests
        .iter()
        .map(|it| header(it, "authorization"))
        .collect();
    assert_eq!(
        tokens,
        [Some("Bearer token-0"), Some("Bearer token-1"), None]
    );
    assert!(requests.iter().all(|it| it.target.ends_with("?key=k123")));
}

/// Credentials in the header `X-Client-Id`.
#[derive(Debug)]
struct ClientId;

impl Authenticate for ClientId {
    fn kind(&self) -> &'static str {
        "a client id"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        let name = HeaderName::from_static("x-client-id");
        RequestCredentials::new().with(name, &Secret::new("v123"))
    }

    fn placeholder(&self) -> Option<RequestCredentials> {
        let name = HeaderName::from_static("x-client-id");
        RequestCredentials::new()
            .with(name, &Secret::new("unknown"))
            .ok()
    }
}

#[test]
fn credentials_that_the_endpoint_does_not_select_are_not_refreshed() {
    let script = Scripted::new().respond(401, "{}").respond(200, "{}");
    let token = Credentials::custom(CachedToken::new(Numbered(0.into())));
    let client = Client::builder(api::BASE_URL)
        .credentials(Credentials::all([Credentials::custom(ClientId), token]).unwrap())
        .transport(script.clone())
        .build()
        .unwrap();
    let error = places::find(&client, &places::Find::new("a")).unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert_eq!(script.requests().len(), 1);
}
