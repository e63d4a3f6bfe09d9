//! Iteration over the pages of a list.

use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Error, ErrorKind};

use crate::support::client;

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/pages.toml");
}

use api::files;

fn script(responses: &[&str]) -> Scripted {
    responses.iter().fold(Scripted::new(), |script, response| {
        script.respond(200, *response)
    })
}

fn targets(script: &Scripted) -> Vec<String> {
    script
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect()
}

#[test]
fn token_selects_the_next_page() {
    let script = script(&[
        r#"{"names": ["a", "b"], "next": "p2"}"#,
        r#"{"next": "p3"}"#,
        r#"{"names": ["c"], "next": ""}"#,
    ]);
    let client = client(&script);
    let names: Result<Vec<_>, _> = files::list_all(&client, files::List::new().size(2)).collect();
    assert_eq!(names.unwrap(), ["a", "b", "c"]);
    let expected = ["?size=2", "?token=p2&size=2", "?token=p3&size=2"];
    assert_eq!(
        targets(&script),
        expected.map(|query| format!("/base/files{query}"))
    );
}

#[test]
fn pages_are_requested_on_demand() {
    let script = script(&[r#"{"hits": [1, 2], "next": "x"}"#]);
    let client = client(&script);
    let mut items = files::walk_all(&client, files::Walk::new());
    assert_eq!(targets(&script).len(), 0);
    assert_eq!(
        (
            items.next().unwrap().unwrap(),
            items.next().unwrap().unwrap()
        ),
        (1, 2)
    );
    assert_eq!(targets(&script).len(), 1);
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::Connect
    );
    assert!(items.next().is_none());
}

#[test]
fn offsets_count_items_and_page_numbers_count_pages() {
    let responses = [r#"{"hits": [1, 2]}"#, r#"{"hits": [3]}"#, r#"{"hits": []}"#];
    let first = script(&responses);
    let found: Result<Vec<_>, Error> =
        files::find_all(&client(&first), files::Find::new()).collect();
    assert_eq!(found.unwrap(), [1, 2, 3]);
    let bodies: Vec<_> = first
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, [&b"{}"[..], br#"{"from":2}"#, br#"{"from":3}"#]);

    let second = script(&responses);
    let found: Result<Vec<_>, _> =
        files::browse_all(&client(&second), files::Browse::new(0)).collect();
    assert_eq!(found.unwrap(), [1, 2, 3]);
    assert_eq!(
        targets(&second),
        [0, 1, 2].map(|page| format!("/base/pages?page={page}"))
    );
}

#[test]
fn repeated_token_is_an_error() {
    let script = script(&[
        r#"{"hits": [1], "next": "x"}"#,
        r#"{"hits": [2], "next": "x"}"#,
    ]);
    let client = client(&script);
    let mut items = files::walk_all(&client, files::Walk::new());
    assert_eq!(
        (
            items.next().unwrap().unwrap(),
            items.next().unwrap().unwrap()
        ),
        (1, 2)
    );
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::InvalidResponse
    );
    assert!(items.next().is_none());

    // The token of the first request counts as well.
    let script = self::script(&[r#"{"hits": [1], "next": "x"}"#; 3]);
    let items =
        files::walk_all(&self::client(&script), files::Walk::new().token("x")).collect::<Vec<_>>();
    assert_eq!(items.len(), 2);
    assert!(items[1].is_err());
    assert_eq!(script.requests().len(), 1);
}

/// Adds a response with a `Link` header.
fn linked(script: Scripted, link: &str, body: &str) -> Scripted {
    let response = Response::builder().header("link", link);
    script.respond_with(response.body(body.as_bytes().to_vec()).unwrap())
}

/// A parameter of the link is copied into the request. The link itself, which may point to another
/// server, is not requested.
#[test]
fn link_parameter_selects_the_next_page() {
    let link = r#"<https://elsewhere.example/x?size=7&page=2>; rel="next""#;
    let script = linked(Scripted::new(), link, r#"["a","b"]"#);
    let script = linked(script, r#"</x?page=1>; rel="prev""#, r#"["c"]"#);
    let client = client(&script);
    let request = files::Linked::new().size(3);
    let items: Result<Vec<_>, _> = files::linked_all(&client, request).collect();
    assert_eq!(items.unwrap(), ["a", "b", "c"]);
    let expected = ["/base/linked?size=3", "/base/linked?page=2&size=3"];
    assert_eq!(targets(&script), expected);
}

#[test]
fn links_without_a_valid_parameter_are_errors() {
    for query in ["page=two", "seite=2", "page=5"] {
        let link = format!("<?{query}>; rel=next");
        let script = linked(Scripted::new(), &link, r#"["a"]"#);
        let client = client(&script);
        let mut items = files::linked_all(&client, files::Linked::new().page(5));
        assert_eq!(items.next().unwrap().unwrap(), "a");
        let error = items.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{query}");
        assert!(items.next().is_none());
    }
}

/// A page without the header is the last one.
#[test]
fn missing_link_ends_the_list() {
    let script = script(&[r#"["a"]"#]);
    let client = client(&script);
    let items = files::linked_all(&client, files::Linked::new());
    assert_eq!(items.count(), 1);
}
