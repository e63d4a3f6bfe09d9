//! Base URL and credentials of the generated `builder` functions.

use api_runtime::transport::{RecordedRequest, Scripted};
use api_runtime::{ClientBuilder, ErrorKind};

mod keyed {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/authentication_keyed.toml");
}

mod token {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/authentication_token.toml");
}

mod password {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/authentication_password.toml");
}

mod public {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/authentication_public.toml");
}

fn header(request: &RecordedRequest, name: &str) -> Option<String> {
    let found = request.headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone())
}

fn two_responses() -> Scripted {
    Scripted::new().respond(200, "").respond(200, "")
}

#[test]
fn key_is_sent_in_its_header_to_authenticated_endpoints() {
    let script = two_responses();
    let builder = keyed::builder("k123").unwrap();
    let client = builder.transport(script.clone()).build().unwrap();
    assert_eq!(client.base_url(), keyed::BASE_URL);
    keyed::files::list(&client, &keyed::files::List::new()).unwrap();
    keyed::files::about(&client, &keyed::files::About::new()).unwrap();
    let requests = script.requests();
    assert_eq!(requests[0].target, "/v2/files");
    assert_eq!(header(&requests[0], "x-api-key").as_deref(), Some("k123"));
    assert_eq!(header(&requests[1], "x-api-key"), None);
    let shown = client.to_curl(keyed::files::List::OPERATION, &keyed::files::List::new());
    assert!(!shown.unwrap().contains("k123"));
}

#[test]
fn token_is_sent_to_the_url_of_the_caller() {
    let script = two_responses();
    let builder = token::builder("http://localhost:2", "t123").unwrap();
    let client = builder.transport(script.clone()).build().unwrap();
    token::files::list(&client, &token::files::List::new()).unwrap();
    token::files::about(&client, &token::files::About::new()).unwrap();
    let requests = script.requests();
    let sent = requests
        .iter()
        .map(|request| header(request, "authorization"));
    assert_eq!(
        sent.collect::<Vec<_>>(),
        [Some("Bearer t123".to_owned()), None]
    );
}

/// New credentials do not help if the request was sent without credentials.
#[test]
fn status_401_of_an_unauthenticated_request_is_not_retried() {
    let script = Scripted::new().respond(401, "{}");
    let builder = keyed::builder("k123").unwrap();
    let client = builder.transport(script.clone()).build().unwrap();
    let error = keyed::files::about(&client, &keyed::files::About::new()).unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn invalid_credentials_are_rejected() {
    let error = keyed::builder("k\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(password::builder("a:b", "c").is_err());
    assert!(password::builder("me", "secret").is_ok());
    let _: ClientBuilder = public::builder();
}
