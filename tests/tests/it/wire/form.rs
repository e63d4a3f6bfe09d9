//! Form bodies (`application/x-www-form-urlencoded`), and requests without body.

use generated_client::api_runtime;
use test_server::{Action, Server};

use super::Client;

mod api {
    generated_client::api_runtime::api! { r#"
        [api]
        name = "Forms"
        doc = "Endpoints with form bodies."

        [enums.Colour.values]
        red = ""
        "deep blue" = ""

        [endpoints.forms.send]
        doc = "Sends a form."
        http = "POST /forms/send"
        retry = "never"
        query = { version = "int" }
        form = { name = "string", "first name" = "string?", colour = "Colour?", count = "int?", share = "float?", agreed = "bool?" }

        [endpoints.forms.clear]
        doc = "Has neither a request body nor a response body."
        http = "POST /forms/clear"
        retry = "never"

        [endpoints.forms.remove]
        doc = "Has a request body, unlike most DELETE endpoints."
        http = "DELETE /forms"
        json = { name = "string" }

        [endpoints.forms.check]
        doc = "Has only a response head."
        http = "HEAD /forms"
    "# , runtime = api_runtime }
}

use self::api::forms;

fn sent(call: impl FnOnce(&Client) -> Result<(), api_runtime::Error>) -> test_server::Request {
    let server = Server::scripted([Action::json(200, "")]);
    call(&Client::builder(server.url()).build().unwrap()).unwrap();
    server.request()
}

#[test]
fn form_fields_are_percent_encoded() {
    let request = sent(|client| {
        let request = forms::Send::new(-2, "a b&c=d+é\n%")
            .first_name("~*-._")
            .colour(api::Colour::DeepBlue)
            .count(i64::MIN)
            .share(1.5e300)
            .agreed(false);
        forms::send(client, &request)
    });
    assert_eq!(request.line, "POST /forms/send?version=-2 HTTP/1.1");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        request.text(),
        "name=a%20b%26c%3Dd%2B%C3%A9%0A%25&first%20name=~%2A-._&colour=deep%20blue\
         &count=-9223372036854775808&share=1.5e%2B300&agreed=false"
    );
}

#[test]
fn absent_fields_are_omitted() {
    let request = sent(|client| forms::send(client, &forms::Send::new(1, "")));
    assert_eq!(request.text(), "name=");
    assert_eq!(request.header("content-length"), Some("5"));
}

#[test]
fn post_without_body_has_content_length_zero() {
    let request = sent(|client| forms::clear(client, &forms::Clear::new()));
    assert_eq!(request.line, "POST /forms/clear HTTP/1.1");
    assert_eq!(request.header("content-length"), Some("0"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn delete_can_have_a_body() {
    let request = sent(|client| forms::remove(client, &forms::Remove::new("x")));
    assert_eq!(request.line, "DELETE /forms HTTP/1.1");
    assert_eq!(request.text(), r#"{"name":"x"}"#);
}

#[test]
fn content_length_of_head_responses_is_ignored() {
    let response = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
    let server = Server::scripted([
        Action::Send(response.to_vec()),
        Action::Send(response.to_vec()),
    ]);
    let client = Client::builder(server.url()).build().unwrap();
    forms::check(&client, &forms::Check::new()).unwrap();
    forms::check(&client, &forms::Check::new()).unwrap();
    assert_eq!(server.requests()[1].line, "HEAD /forms HTTP/1.1");
    assert_eq!(server.connections(), 1);
}
