//! Credentials in headers and in the query, sets of them, methods and media types.

mod custom;

use std::fmt::Write as _;

use api_runtime::transport::{RecordedRequest, Scripted};
use api_runtime::{Client, ClientBuilder, Credentials, CurlVariables, Error, ErrorKind};
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/credentials.toml");
}

use api::places;

const KEY: &str = "k&1=ü/ 2";
const ENCODED_KEY: &str = "k%261%3D%C3%BC%2F%202";

fn connect(builder: ClientBuilder, responses: usize) -> (Client, Scripted) {
    let script = (0..responses).fold(Scripted::new(), |script, _| script.respond(200, "{}"));
    let client = builder.transport(script.clone()).build().unwrap();
    (client, script)
}

fn header<'a>(request: &'a RecordedRequest, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn key_in_the_query_is_encoded_and_sent_last() {
    let (client, script) = connect(api::builder_with_key(KEY).unwrap(), 2);
    places::list(&client, &places::List::new()).unwrap();
    places::list(&client, &places::List::new().near("a&b")).unwrap();
    let targets = script.requests().into_iter().map(|request| request.target);
    assert_eq!(
        targets.collect::<Vec<_>>(),
        [
            format!("/v1/places?key={ENCODED_KEY}"),
            format!("/v1/places?near=a%26b&key={ENCODED_KEY}"),
        ]
    );
}

#[test]
fn each_set_of_credentials_has_a_function() {
    let places = |builder: Result<ClientBuilder, Error>| {
        let (client, script) = connect(builder.unwrap(), 1);
        places::list(&client, &places::List::new()).unwrap();
        script.requests().remove(0)
    };
    let pair = places(api::builder_with_x_client_id_and_x_secret("id", "s3cret"));
    assert_eq!(header(&pair, "x-client-id"), Some("id"));
    assert_eq!(header(&pair, "x-secret"), Some("s3cret"));
    assert_eq!(header(&pair, "authorization"), None);
    let bot = places(api::builder_with_token("t"));
    assert_eq!(header(&bot, "authorization"), Some("Bot t"));
    let bearer = places(api::builder_with_token_2("t"));
    assert_eq!(header(&bearer, "authorization"), Some("Bearer t"));
    let basic = places(api::builder_with_password("me", "open"));
    assert_eq!(header(&basic, "authorization"), Some("Basic bWU6b3Blbg=="));
    let none = places(Ok(api::builder()));
    assert_eq!(header(&none, "authorization"), None);
}

#[test]
fn endpoint_receives_only_the_credentials_that_it_selects() {
    let builder = api::builder_with_x_client_id_and_x_secret("id", "s3cret").unwrap();
    let (client, script) = connect(builder, 4);
    places::find(&client, &places::Find::new("a")).unwrap();
    places::patch(&client, &places::Patch::new(serde_json::json!({"a": null}))).unwrap();
    places::about(&client, &places::About::new()).unwrap();
    places::keys(&client, &places::Keys::new()).unwrap();
    let requests = script.requests();
    let sent = requests
        .iter()
        .map(|it| (header(it, "x-client-id"), header(it, "x-secret")));
    assert_eq!(
        sent.collect::<Vec<_>>(),
        [
            (Some("id"), None),
            (Some("id"), Some("s3cret")),
            (None, None),
            (None, None),
        ]
    );
    assert!(requests.iter().all(|it| !it.target.contains("key=")));
}

#[test]
fn credentials_that_the_client_lacks_are_an_error_before_sending() {
    let (client, script) = connect(api::builder_with_key("k123").unwrap(), 0);
    let request = places::Patch::new(serde_json::json!({}));
    let error = places::patch(&client, &request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.message(),
        "the endpoint requires credentials in the header `X-Client-Id` and the header `X-Secret`, but \
         the client has an API key in the query parameter `key`"
    );
    assert!(client.to_curl(places::Patch::OPERATION, &request).is_err());
    assert!(script.requests().is_empty());

    // Another scheme in the same header.
    let (client, script) = connect(api::builder_with_token_2("t").unwrap(), 0);
    let error = places::send(&client, &places::Send::new("a")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(script.requests().is_empty());
}

#[test]
fn client_without_credentials_sends_requests_without_them() {
    let (client, script) = connect(Client::builder(api::BASE_URL), 2);
    places::find(&client, &places::Find::new("a")).unwrap();
    places::send(&client, &places::Send::new("a")).unwrap();
    for request in script.requests() {
        assert_eq!(header(&request, "authorization"), None);
        assert!(!request.target.contains("key="), "{}", request.target);
    }
}

#[test]
fn alternative_with_credentials_is_preferred_to_none() {
    let (client, script) = connect(api::builder_with_token_2("t").unwrap(), 1);
    places::keys(&client, &places::Keys::new()).unwrap();
    let request = script.requests().remove(0);
    assert_eq!(header(&request, "authorization"), Some("Bearer t"));
    assert_eq!(request.method, "LIST");
}

#[test]
fn link_with_the_key_of_the_server_contains_the_own_key_once() {
    let (client, script) = connect(api::builder_with_key("k123").unwrap(), 1);
    let link = "http://localhost:1/v1/places?key=old&page=2&keys=3";
    places::follow(&client, &places::Follow::new(link)).unwrap();
    let other = places::Follow::new("http://other.example.com/v1/places?page=2");
    let error = places::follow(&client, &other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let targets: Vec<_> = script.requests().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/v1/places?page=2&keys=3&key=k123"]);
}

#[test]
fn two_credentials_in_the_same_place_are_rejected() {
    let bearer = Credentials::bearer("t").unwrap();
    let basic = Credentials::basic("me", "open").unwrap();
    let error = Credentials::all([bearer, basic]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let keys = ["a", "b"].map(|key| Credentials::query_key("key", key).unwrap());
    assert!(Credentials::all(keys).is_err());
    let keys = ["one", "other"].map(|name| Credentials::query_key(name, "a").unwrap());
    assert!(Credentials::all(keys).is_ok());
    for key in ["", "k\n"] {
        assert!(Credentials::query_key("key", key).is_err(), "{key:?}");
    }
    assert!(Credentials::key_with_prefix("Authorization", "Bot ", "k\n").is_err());
}

#[test]
fn password_is_redacted_alone_and_in_its_header() {
    let builder = Client::builder(api::BASE_URL);
    let credentials = Credentials::basic("me", "open-sesame").unwrap();
    let echo = r#"{"message": "open-sesame bWU6b3Blbi1zZXNhbWU="}"#;
    let script = Scripted::new().respond(400, echo);
    let client = builder.credentials(credentials).transport(script).build();
    let error = places::send(&client.unwrap(), &places::Send::new("a")).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains("sesame") && !text.contains("bWU6"), "{text}");
    assert!(text.contains("***"), "{text}");
}

#[test]
fn keys_are_redacted_in_errors_events_and_previews() {
    let repeated = format!(r#"{{"message": "no: {KEY} {ENCODED_KEY} s3cret-token"}}"#);
    let script = Scripted::new().respond(400, repeated);
    let credentials = Credentials::all([
        Credentials::query_key("key", KEY).unwrap(),
        Credentials::key_with_prefix("Authorization", "Token token=", "s3cret-token").unwrap(),
    ]);
    let events = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let log = std::sync::Arc::clone(&events);
    let client = Client::builder(api::BASE_URL)
        .credentials(credentials.unwrap())
        .transport(script.clone())
        .observe(move |event| write!(log.lock().unwrap(), "{event} {event:?}").unwrap())
        .build()
        .unwrap();
    let request = places::List::new().near("x");
    let error = places::list(&client, &request).unwrap_err();
    let preview = client.preview(places::List::OPERATION, &request).unwrap();
    let plain = preview.to_curl(&CurlVariables::default());
    assert_eq!(
        plain,
        "curl 'http://localhost:1/v1/places?near=x&key=***' -H 'authorization: Token token=***'"
    );
    assert_eq!(
        preview.to_string(),
        "GET http://localhost:1/v1/places?near=x&key=***\nauthorization: Token token=***"
    );
    let variables = CurlVariables {
        keys: &[("key", "KEY"), ("Authorization", "TOKEN")],
        ..CurlVariables::default()
    };
    assert_eq!(
        preview.to_curl(&variables),
        "curl 'http://localhost:1/v1/places?near=x' --url-query \"key=$KEY\" \\\n  \
         -H \"Authorization: Token token=$TOKEN\""
    );
    let all = format!(
        "{error} {error:?} {:?} {preview:?} {}",
        client.credentials(),
        events.lock().unwrap()
    );
    for secret in [KEY, ENCODED_KEY, "s3cret-token"] {
        assert!(!all.contains(secret), "{all}");
    }
    let request = script.requests().remove(0);
    assert_eq!(
        header(&request, "authorization"),
        Some("Token token=s3cret-token")
    );
}

#[test]
fn methods_bodies_and_media_types_arrive_at_a_server() {
    let server = Server::scripted((0..5).map(|_| Action::json(200, "{}")));
    let connect = |credentials: Credentials| {
        let builder = Client::builder(server.url()).credentials(credentials);
        builder.build().unwrap()
    };
    let key = connect(Credentials::query_key("key", "k").unwrap());
    places::find(&key, &places::Find::new("a")).unwrap();
    places::about(&key, &places::About::new()).unwrap();
    let pair = connect(
        Credentials::all([
            Credentials::key("X-Client-Id", "id").unwrap(),
            Credentials::key("X-Secret", "s").unwrap(),
        ])
        .unwrap(),
    );
    places::patch(&pair, &places::Patch::new(serde_json::json!({"a": null}))).unwrap();
    places::keys(&pair, &places::Keys::new()).unwrap();
    let basic = connect(Credentials::basic("me", "open").unwrap());
    places::send(&basic, &places::Send::new("ä")).unwrap();
    let requests = server.requests();
    let received: Vec<_> = requests
        .iter()
        .map(|request| {
            let media_type = request.header("content-type").unwrap_or("-").to_owned();
            let length = request.header("content-length").unwrap_or("-").to_owned();
            (request.line.clone(), media_type, length, request.text())
        })
        .collect();
    let expected = [
        (
            "GET /places/find?key=k HTTP/1.1",
            "application/json",
            "12",
            r#"{"text":"a"}"#,
        ),
        ("OPTIONS /about HTTP/1.1", "-", "-", ""),
        (
            "PATCH /places HTTP/1.1",
            "application/merge-patch+json",
            "10",
            r#"{"a":null}"#,
        ),
        ("LIST /keys HTTP/1.1", "-", "-", ""),
        (
            "PUT /places HTTP/1.1",
            "application/x-www-form-urlencoded; charset=utf-8",
            "11",
            "name=%C3%A4",
        ),
    ];
    assert_eq!(received.len(), expected.len());
    for (received, expected) in received.iter().zip(expected) {
        let (line, media_type, length, text) = received;
        assert_eq!((&**line, &**media_type, &**length, &**text), expected);
    }
}

/// A transport that prints calls, as that of a program may do.
#[derive(Debug, Default)]
struct Printing(std::sync::Arc<std::sync::Mutex<String>>);

impl api_runtime::transport::Transport for Printing {
    fn send(
        &self,
        call: api_runtime::transport::Call<'_>,
    ) -> Result<api_runtime::http::Response<Vec<u8>>, api_runtime::transport::TransportError> {
        write!(self.0.lock().unwrap(), "{call:?}").unwrap();
        Scripted::new().respond(200, "{}").send(call)
    }
}

#[test]
fn debug_output_of_a_call_shows_no_credentials() {
    let printed = std::sync::Arc::default();
    let credentials = Credentials::all([
        Credentials::query_key("key", "k0123").unwrap(),
        Credentials::key("X-Key", "k4567").unwrap(),
    ]);
    let client = Client::builder(api::BASE_URL)
        .credentials(credentials.unwrap())
        .transport(Printing(std::sync::Arc::clone(&printed)))
        .build()
        .unwrap();
    places::list(&client, &places::List::new()).unwrap();
    let printed = printed.lock().unwrap();
    assert!(
        printed.contains("http://localhost:1/v1/places?***"),
        "{printed}"
    );
    assert!(
        !printed.contains("k0123") && !printed.contains("k4567"),
        "{printed}"
    );
}
