//! Requests of each endpoint: request line, headers and body.

use generated_client::{Credentials, Language, Upload, commands, contexts};
use test_server::{Action, Request, Server};
use tests::secret::TOKEN;

use super::{CLUSTER, COMMAND, CONTEXT, Client, client, client_with};

/// Returns the request of a call whose response contains an id.
fn sent(call: impl FnOnce(&Client)) -> (Server, Request) {
    let server = Server::scripted([Action::json(200, r#"{"id": "1", "status": "Running"}"#)]);
    call(&client(&server));
    let request = server.request();
    (server, request)
}

/// Returns the expected headers of a request, with additional ones in `more`.
fn expected_headers(server: &Server, more: &str) -> String {
    format!(
        "accept: application/json\naccept-encoding: gzip\n{more}host: {}\nuser-agent: generated-client/{}\n",
        server.address(),
        env!("CARGO_PKG_VERSION"),
    )
}

fn authorization() -> String {
    format!("authorization: Bearer {TOKEN}\n")
}

#[track_caller]
fn assert_get((server, request): (Server, Request), line: &str) {
    assert_eq!(request.line, line);
    assert_eq!(
        request.sorted_headers(),
        expected_headers(&server, &authorization())
    );
    assert_eq!(request.text(), "");
}

#[track_caller]
fn assert_post((server, request): (Server, Request), line: &str, body: &str) {
    let headers = expected_headers(
        &server,
        &format!(
            "{}content-length: {}\ncontent-type: application/json\n",
            authorization(),
            body.len()
        ),
    );
    assert_eq!(request.line, line);
    assert_eq!(request.sorted_headers(), headers);
    assert_eq!(request.text(), body);
}

#[test]
fn contexts_create_sends_all_fields() {
    let sent = sent(|client| {
        let request = contexts::Create::new(CLUSTER, Language::Python);
        assert_eq!(contexts::create(client, &request).unwrap().id.as_str(), "1");
    });
    assert_post(
        sent,
        "POST /api/1.2/contexts/create HTTP/1.1",
        r#"{"clusterId":"0123-456789-abcde","language":"python"}"#,
    );
}

#[test]
fn contexts_status_sends_all_fields() {
    let sent = sent(|client| {
        let request = contexts::Status::new(CLUSTER, CONTEXT);
        contexts::status(client, &request).unwrap();
    });
    assert_get(
        sent,
        "GET /api/1.2/contexts/status?clusterId=0123-456789-abcde&contextId=1793653964133248955 HTTP/1.1",
    );
}

#[test]
fn contexts_destroy_sends_all_fields() {
    let sent = sent(|client| {
        let request = contexts::Destroy::new(CLUSTER, CONTEXT);
        contexts::destroy(client, &request).unwrap();
    });
    assert_post(
        sent,
        "POST /api/1.2/contexts/destroy HTTP/1.1",
        r#"{"clusterId":"0123-456789-abcde","contextId":"1793653964133248955"}"#,
    );
}

#[test]
fn commands_execute_sends_all_fields() {
    let sent = sent(|client| {
        let request = commands::Execute::new(CLUSTER, CONTEXT, Language::R, "1 + 1");
        commands::execute(client, &request).unwrap();
    });
    assert_post(
        sent,
        "POST /api/1.2/commands/execute HTTP/1.1",
        r#"{"clusterId":"0123-456789-abcde","contextId":"1793653964133248955","language":"r","command":"1 + 1"}"#,
    );
}

#[test]
fn commands_execute_file_sends_all_fields() {
    let (server, request) = sent(|client| {
        let file = Upload::bytes("hello.py", "print('hello')\n");
        let request = commands::ExecuteFile::new(CLUSTER, CONTEXT, Language::Python, file);
        commands::execute_file(client, &request).unwrap();
    });
    assert_eq!(request.line, "POST /api/1.2/commands/execute HTTP/1.1");
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = [
        "--BOUNDARY",
        "Content-Disposition: form-data; name=\"clusterId\"",
        "",
        CLUSTER,
        "--BOUNDARY",
        "Content-Disposition: form-data; name=\"contextId\"",
        "",
        CONTEXT,
        "--BOUNDARY",
        "Content-Disposition: form-data; name=\"language\"",
        "",
        "python",
        "--BOUNDARY",
        "Content-Disposition: form-data; name=\"command\"; filename=\"hello.py\"",
        "Content-Type: application/octet-stream",
        "",
        "print('hello')\n",
        "--BOUNDARY--",
        "",
    ];
    let body = body.join("\r\n").replace("BOUNDARY", boundary);
    assert_eq!(request.text(), body);
    let head = format!(
        "{}content-length: {}\ncontent-type: {content_type}\n",
        authorization(),
        body.len()
    );
    assert_eq!(request.sorted_headers(), expected_headers(&server, &head));
}

#[test]
fn commands_status_sends_all_fields() {
    let server = Server::scripted([Action::json(200, r#"{"status": "Finished"}"#)]);
    super::command_status(&client(&server)).unwrap();
    let request = server.request();
    assert_get(
        (server, request),
        "GET /api/1.2/commands/status?clusterId=0123-456789-abcde&contextId=1793653964133248955\
         &commandId=1234ab56-7890-1cde-234f-5abcdef67890 HTTP/1.1",
    );
}

#[test]
fn commands_cancel_sends_all_fields() {
    let sent = sent(|client| {
        let request = commands::Cancel::new(CLUSTER, CONTEXT, COMMAND);
        commands::cancel(client, &request).unwrap();
    });
    assert_post(
        sent,
        "POST /api/1.2/commands/cancel HTTP/1.1",
        r#"{"clusterId":"0123-456789-abcde","contextId":"1793653964133248955","commandId":"1234ab56-7890-1cde-234f-5abcdef67890"}"#,
    );
}

/// Returns the `Authorization` header of a request with these credentials.
fn sent_with(credentials: Credentials) -> Option<String> {
    let server = Server::scripted([Action::json(200, r#"{"status": "Finished"}"#)]);
    super::command_status(&client_with(&server, credentials)).unwrap();
    server.request().header("authorization").map(str::to_owned)
}

#[test]
fn credentials_are_sent_as_authorization_header() {
    let bearer = sent_with(Credentials::bearer(TOKEN).unwrap());
    assert_eq!(bearer.unwrap(), format!("Bearer {TOKEN}"));
    let basic = sent_with(Credentials::basic("token", TOKEN).unwrap());
    // From `printf %s token:dapi0Secret1Secret2Secret3 | base64`.
    assert_eq!(
        basic.unwrap(),
        "Basic dG9rZW46ZGFwaTBTZWNyZXQxU2VjcmV0MlNlY3JldDM="
    );
    let unusual =
        sent_with(Credentials::basic("user@example.com", "pässwörd:with:colons").unwrap());
    // From `printf %s 'user@example.com:pässwörd:with:colons' | base64`, in UTF-8.
    assert_eq!(
        unusual.unwrap(),
        "Basic dXNlckBleGFtcGxlLmNvbTpww6Rzc3fDtnJkOndpdGg6Y29sb25z"
    );
    assert_eq!(sent_with(Credentials::none()), None);
}

#[test]
fn base_url_may_have_a_path() {
    let server = Server::scripted([Action::json(200, r#"{"status": "Finished"}"#)]);
    let client = Client::builder(format!("{}/behind/a/proxy/", server.url()))
        .build()
        .unwrap();
    super::command_status(&client).unwrap();
    let line = server.request().line;
    assert!(
        line.starts_with("GET /behind/a/proxy/api/1.2/commands/status?"),
        "{line}"
    );
}
