//! Where an API is, and who its callers are.

use api_runtime::transport::{RecordedRequest, Scripted};
use api_runtime::{ClientBuilder, ErrorKind};

mod keyed {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."
        url = "http://localhost:1/v2/"
        auth = { header = "X-Api-Key" }

        [endpoints.files.list]
        doc = "Lists files."
        http = "GET /files"

        [endpoints.files.about]
        doc = "Tells what this is."
        http = "GET /about"
        auth = "none"
    "# }
}

mod token {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."
        auth = "bearer"

        [endpoints.files.list]
        doc = "Lists files."
        http = "GET /files"

        [endpoints.files.about]
        doc = "Tells what this is."
        http = "GET /about"
        auth = "none"
    "# }
}

mod password {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."
        url = "https://files.example.com"
        auth = "basic"
    "# }
}

mod public {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."
        url = "https://files.example.com"
    "# }
}

fn header(request: &RecordedRequest, name: &str) -> Option<String> {
    let found = request.headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone())
}

fn two_answers() -> Scripted {
    Scripted::new().respond(200, "").respond(200, "")
}

#[test]
fn a_key_goes_into_its_header_where_it_is_wanted() {
    let script = two_answers();
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
fn a_token_goes_to_the_url_of_the_caller() {
    let script = two_answers();
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

/// Credentials that are refused are not asked for anew where none were sent.
#[test]
fn a_refusal_of_nobody_is_final() {
    let script = Scripted::new().respond(401, "{}");
    let builder = keyed::builder("k123").unwrap();
    let client = builder.transport(script.clone()).build().unwrap();
    let error = keyed::files::about(&client, &keyed::files::About::new()).unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn what_cannot_be_sent_is_told() {
    let error = keyed::builder("k\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(password::builder("a:b", "c").is_err());
    assert!(password::builder("me", "secret").is_ok());
    let _: ClientBuilder = public::builder();
}
