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
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
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

mod with_a_client;
