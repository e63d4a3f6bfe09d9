//! Tests of credentials.

mod with_client;

use ureq::http::HeaderMap;

use super::Credentials;
use crate::error::ErrorKind;

#[test]
fn authorization_header_has_scheme_and_credentials() {
    let header = |credentials: Credentials| {
        let mut headers = HeaderMap::new();
        if let Some(sent) = credentials.places() {
            sent.add_to(&mut headers);
        }
        let value = headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    assert_eq!(header(Credentials::none()), "");
    assert_eq!(
        header(Credentials::bearer("dapi0123").unwrap()),
        "Bearer dapi0123"
    );
    // The example of RFC 7617, section 2.
    assert_eq!(
        header(Credentials::basic("Aladdin", "open sesame").unwrap()),
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
}

#[test]
fn error_of_invalid_credentials_does_not_show_them() {
    let results = [
        Credentials::bearer(""),
        Credentials::bearer("dapi0123\n"),
        Credentials::bearer("dapi 0123"),
        Credentials::bearer("dapié"),
        Credentials::bearer("\"dapi0123\""),
        Credentials::bearer("'dapi0123'"),
        Credentials::basic("a:b", "c"),
        Credentials::basic("a", "dapi\r\nX: y"),
    ];
    for result in results {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error} {error:?}").contains("dapi"), "{error:?}");
    }
}

#[test]
fn display_and_debug_show_no_secret() {
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
