//! Text from servers in errors.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use api_runtime::auth::{AuthContext, Authenticate, RequestCredentials};
use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Argument, Client, Credentials, Error, ErrorKind, RetryPolicy, Secret, Wait};

mod api {
    #![allow(missing_docs)]
    api_runtime::api! { r#"
        [api]
        name = "Jobs"
        doc = "Jobs."
        errors = { message = ["error"], code = ["code"] }
        [ids]
        JobId = "Id of a job."
        [enums.State]
        values = { Running = "", Done = "" }
        [structs.Job.fields]
        id = "JobId"
        state = "State"
        [endpoints.jobs.start]
        doc = "Starts a job."
        http = "POST /jobs"
        retry = "never"
        json = { password = "secret" }
        response = "Job"
        wait = { poll = "jobs.show", bind = { id = "response.id" }, field = "state", until = ["Done"], pending = ["Running"] }
        [endpoints.jobs.show]
        doc = "Shows a job."
        http = "GET /jobs/{id}"
        path = { id = "JobId" }
        response = "Job"
        [structs.Card]
        fields = { number = "secret", kind = "string" }
        [endpoints.jobs.open]
        doc = "Opens a job."
        http = "PUT /jobs/open/{key}"
        path = { key = "secret" }
        query = { code = "secret" }
        headers = { X-Password = "secret" }
        json = { card = "Card" }
    "# }
}

use api::{Card, JobId, State, jobs};

const HOSTILE: &str = "\u{1b}[2Jodd\r\nerror: forged\u{202e}";
const CLEAN: &str = "odd error: forged";

/// Credentials with another token for each request.
#[derive(Debug, Default)]
struct Rotating(AtomicU32);

impl Authenticate for Rotating {
    fn kind(&self) -> &'static str {
        "rotating tokens"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        RequestCredentials::bearer(&Secret::new(format!("token-{number}-")))
    }
}

fn client(script: &Scripted) -> Client {
    let client = Client::builder("http://127.0.0.1:1")
        .transport(script.clone())
        .credentials(Credentials::custom(Rotating::default()));
    client.build().unwrap().retries(RetryPolicy::none())
}

fn job(state: &str) -> String {
    serde_json::json!({"id": "7", "state": state}).to_string()
}

#[test]
fn token_of_an_earlier_request_and_secret_fields_are_redacted() {
    let echo =
        r#"{"error": "was token-0-, is token-1-, not hunter2 or hunter%32", "code": "token-0-"}"#;
    let script = Scripted::new().respond(200, job("Done")).respond(400, echo);
    let client = client(&script);
    jobs::start(&client, &jobs::Start::new("other")).unwrap();
    let error = jobs::start(&client, &jobs::Start::new("hunter2")).unwrap_err();
    assert_eq!(
        error.message(),
        "the server responded with 400 Bad Request: was ***, is ***, not *** or ***"
    );
    assert_eq!(error.code(), Some("***"));
    assert_eq!(client.redact("token-0- token-9-"), "*** token-9-");
}

#[test]
fn secret_fields_of_all_parts_of_a_request_are_redacted() {
    let echo = r#"{"error": "in-path in-query in-header in-body a-kind"}"#;
    let script = Scripted::new().respond(400, echo).respond(400, echo);
    let client = client(&script);
    let card = Card::new("in-body", "a-kind");
    let request = jobs::Open::new("in-path", "in-query", "in-header", card);
    let error = jobs::open(&client, &request).unwrap_err();
    assert!(
        error.message().ends_with(": *** *** *** *** a-kind"),
        "{error}"
    );

    let mut endpoints = api::ENDPOINTS.iter();
    let endpoint = endpoints
        .find(|it| it.operation.name == "jobs.open")
        .unwrap();
    let text = |name: &str, text: &str| (name.to_owned(), Argument::Text(text.to_owned()));
    let card = serde_json::json!({"number": "in-body", "kind": "other"});
    let arguments = [
        text("key", "in-path"),
        text("code", "in-query"),
        text("X-Password", "in-header"),
        ("card".to_owned(), Argument::Json(card.into())),
    ];
    let error = client.call_by_name(endpoint, &arguments).unwrap_err();
    assert!(
        error.message().ends_with(": *** *** *** *** a-kind"),
        "{error}"
    );
}

#[test]
fn status_in_the_error_of_a_wait_is_cleaned_cut_and_redacted() {
    let long = "x".repeat(10 << 20);
    for (state, expected) in [
        (HOSTILE.to_owned(), CLEAN.to_owned()),
        ("token-0-".to_owned(), "***".to_owned()),
        (long, "x".repeat(400) + "…"),
    ] {
        let script = Scripted::new()
            .respond(200, job("Running"))
            .respond(200, job(&state))
            .respond(200, job(&state));
        let client = client(&script);
        let request = jobs::Start::new("other");
        let started = jobs::start(&client, &request).unwrap();
        let wait = Wait::new().timeout(Duration::ZERO);
        let error = jobs::wait_for_start(&client, &started, wait).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitTimeout);
        let status = format!("the last status was `{expected}`");
        assert!(error.message().ends_with(&status), "{}", error.message());
    }
}

#[test]
fn ids_and_enum_values_are_displayed_without_control_characters() {
    assert_eq!(JobId::from(HOSTILE).to_string(), CLEAN);
    assert_eq!(JobId::from(HOSTILE).as_str(), HOSTILE);
    assert_eq!(State::from(HOSTILE).to_string(), CLEAN);
    assert_eq!(State::from(HOSTILE).as_str(), HOSTILE);
    assert_eq!(
        format!("{:>4}|{:<3}|", JobId::from("é"), JobId::from("a  b")),
        "   é|a  b|"
    );
}

#[test]
fn text_that_is_not_utf8_is_kept() {
    let body = b"{\"id\": \"7\", \"state\": \"caf\xe9 \\ud83d\"}".to_vec();
    let script = Scripted::new().respond(200, body);
    let job = jobs::show(&client(&script), &jobs::Show::new("7")).unwrap();
    assert_eq!(job.state.as_str(), "caf\u{fffd} \u{fffd}");
}

#[test]
fn location_and_keys_are_cleaned_and_redacted() {
    let redirect = Response::builder().status(302);
    let redirect = redirect.header("location", "http://x/token-0-");
    let script = Scripted::new().respond_with(redirect.body(Vec::new()).unwrap());
    let error = jobs::show(&client(&script), &jobs::Show::new("7")).unwrap_err();
    assert!(
        error.message().contains("redirect to http://x/***"),
        "{error}"
    );

    let key = serde_json::json!({"id": "7", "token-0-\u{9b}\u{202e}": 1, "state": {"token-0-": 1}});
    let script = Scripted::new().respond(200, key.to_string());
    let error = jobs::show(&client(&script), &jobs::Show::new("7")).unwrap_err();
    assert!(!error.to_string().contains("token-0-"), "{error}");
}
