//! Responses with headers, by status code, and of items.

use super::*;

const API: &str = r#"
[api]
name = "Shop"
doc = "Sells things."

[endpoints.things.create]
doc = "Creates a thing."
http = "POST /things"
retry = "never"
json = { name = "string" }
response = { id = "string" }
response_headers = { Location = "string", X-Count = "int?" }

[endpoints.things.about]
doc = "Describes the shop."
http = "GET /about"
response = "text"
response_headers = { ETag = "string?" }

[endpoints.things.read]
doc = "Reads a thing."
http = "GET /read"
responses = { 200 = { size = "int" }, 203 = "text", 304 = "nothing" }
response_headers = { ETag = "string?" }

[endpoints.things.plain]
doc = "Reads a thing."
http = "GET /plain"
responses = { 200 = "bytes", 204 = "nothing" }

[endpoints.things.watch]
doc = "Returns changes."
http = "GET /watch"
events = { item = { n = "decimal" }, end = "[DONE]" }
response_headers = { X-Limit = "int" }
"#;

fn shop(status: u16, headers: &[&str], body: &str) -> Shop {
    let shop = Shop::new([Action::respond(status, headers, body)]);
    shop.sandbox.write("shop.toml", API);
    shop
}

#[test]
fn headers_are_members_beside_those_of_the_body() {
    let headers = ["Location: /things/7", "X-Count: 7"];
    let call = ["things.create", "name=a"];
    let created = |headers: &[&str]| shop(201, headers, r#"{"id": "7", "more": 1.50}"#);
    created(&headers).call(&call).assert(
        0,
        "{\"id\": \"7\", \"more\": 1.50, \"Location\": \"/things/7\", \"X-Count\": 7}\n",
        "",
    );
    let get = [&call[..], &["--get", "Location"]].concat();
    created(&headers).call(&get).assert(0, "/things/7\n", "");
    created(&headers[1..]).call(&call).assert(
        3,
        "",
        "error: things.create: the response has no header `Location`\n\
         help: check the effects of the request before you send it again\n",
    );
}

#[test]
fn headers_of_a_text_are_written_to_standard_error() {
    let about = || shop(200, &["ETag: \"v1\""], "We sell.\n");
    let outcome = about().call(&["things.about"]);
    outcome.assert(0, "We sell.\n", "note: ETag: \"v1\"\n");
    let outcome = about().call(&["things.about", "--get", "ETag"]);
    outcome.assert(0, "\"v1\"\n", "");
}

#[test]
fn status_code_selects_the_output() {
    let headers = ["ETag: e"];
    let cases = [
        (
            200,
            r#"{"size":3}"#,
            "{\"size\": 3, \"ETag\": \"e\"}\n",
            "note: 200 OK\n",
        ),
        (
            203,
            "12\n",
            "12\n",
            "note: 203 Non Authoritative Information\nnote: ETag: e\n",
        ),
        (304, "", "{\"ETag\": \"e\"}\n", "note: 304 Not Modified\n"),
    ];
    for (status, body, output, messages) in cases {
        let outcome = shop(status, &headers, body).call(&["things.read"]);
        outcome.assert(0, output, messages);
    }
    // The request has no effects that could be checked.
    shop(206, &headers, "{}").call(&["things.read"]).assert(
        3,
        "",
        "error: things.read: unexpected status code 206\n",
    );
    let outcome = shop(204, &[], "").call(&["things.plain"]);
    outcome.assert(0, "", "note: 204 No Content\n");
    let output = shop(200, &[], "\u{1}\u{ff}")
        .command(&["things.plain"])
        .output();
    assert_eq!(output.unwrap().stdout, "\u{1}\u{ff}".as_bytes());
}

#[test]
fn headers_of_items_precede_them() {
    let headers = ["Content-Type: text/event-stream", "X-Limit: 5"];
    let body = "data: {\"n\":1.50}\n\ndata: [DONE]\n\n";
    let outcome = shop(200, &headers, body).call(&["things.watch"]);
    outcome.assert(0, "{\"n\": 1.50}\n", "note: X-Limit: 5\n");
}

#[test]
fn help_describes_headers_and_status_codes() {
    let shop = shop(200, &[], "");
    let help = |name: &str| shop.call(&[name, "--help"]).stdout;
    let expected = "\nResponse:\n  200 Ok\n    size  int\n    headers:\n      ETag  string?\n  203 \
                    NonAuthoritative\n    text\n    headers:\n      ETag  string?\n  304";
    let text = help("things.read");
    assert!(text.contains(expected), "{text}");
    let expected = "\nResponse:\n  events of objects, one JSON value per line:\n    n  decimal\n  \
                    headers:\n    X-Limit  int\n\n";
    let text = help("things.watch");
    assert!(text.contains(expected), "{text}");
}
