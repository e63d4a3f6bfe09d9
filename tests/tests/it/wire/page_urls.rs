//! Pages at URLs of responses: credentials are sent to the server of the client only.

use api_runtime::{Credentials, ErrorKind};
use test_server::{Action, Request, Server};

use super::{TOKEN, client_with, failure};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Results"
        doc = "Lists results."
        headers = { "X-Version" = "2" }
        query = { v = "2" }

        [endpoints.results.list]
        doc = "Lists results."
        http = "GET /results"
        query = { size = "int?" }
        response = { results = "[int]", next = "string?" }
        pages = { items = "results", url = "next" }
    "# }
}

use api::results;

fn page(next: &str) -> Action {
    Action::json(200, format!(r#"{{"results": [1], "next": {next}}}"#))
}

#[test]
fn page_at_a_url_is_requested_as_the_server_wrote_it() {
    let server = Server::start(|mut connection| {
        let host = connection
            .read_request()?
            .header("host")
            .unwrap()
            .to_owned();
        let absolute = format!(r#""http://{host}/results?v=2&cursor=a%2Fb%20c""#);
        for next in [absolute.as_str(), r#""/results?v=2&cursor=2#top""#, "null"] {
            let body = format!(r#"{{"results": [1], "next": {next}}}"#);
            connection.send(test_server::response(200, &[], body))?;
            if next != "null" {
                connection.read_request()?;
            }
        }
        Ok(())
    });
    let client = client_with(&server, Credentials::bearer(TOKEN).unwrap());
    let items = results::list_all(&client, results::List::new().size(1));
    assert_eq!(items.map(Result::unwrap).count(), 3);
    let requests = server.requests();
    let targets: Vec<_> = requests.iter().map(Request::target).collect();
    let expected = [
        "/results?v=2&size=1",
        "/results?v=2&cursor=a%2Fb%20c",
        "/results?v=2&cursor=2",
    ];
    assert_eq!(targets, expected);
    let bearer = format!("Bearer {TOKEN}");
    for request in &requests {
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        assert_eq!(request.header("x-version"), Some("2"));
    }
}

#[test]
fn credentials_are_not_sent_to_another_server() {
    let other = Server::scripted([page("null")]);
    let url = format!(r#""{}/results?page=2""#, other.url());
    let server = Server::scripted([page(&url)]);
    let client = client_with(&server, Credentials::bearer(TOKEN).unwrap());
    let mut items = results::list_all(&client, results::List::new());
    assert_eq!(items.next().unwrap().unwrap(), 1);
    let error = failure(items.next().unwrap());
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.message().contains("another server"), "{error}");
    assert!(items.next().is_none());
    assert_eq!(other.connections(), 0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn key_in_the_query_is_added_to_urls_once() {
    let server = Server::scripted([
        page(r#""/results?cursor=2""#),
        page(r#""/results?key=old&cursor=3""#),
        page("null"),
    ]);
    let client = client_with(&server, Credentials::query_key("key", TOKEN).unwrap());
    let items = results::list_all(&client, results::List::new());
    assert_eq!(items.map(Result::unwrap).count(), 3);
    let requests = server.requests();
    let targets: Vec<_> = requests.iter().map(Request::target).collect();
    let expected = ["v=2", "cursor=2", "cursor=3"];
    assert_eq!(
        targets,
        expected.map(|it| format!("/results?{it}&key={TOKEN}"))
    );
}
