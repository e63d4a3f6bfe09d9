//! Lists in pages.

use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Error, ErrorKind};

use crate::support::client;

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."

        [ids]
        Token = "A page."

        [structs.Page]
        fields = { names = "[string]?", next = "string" }

        [endpoints.files.list]
        doc = "Lists files."
        http = "GET /files"
        query = { token = "string?", size = "int?" }
        response = "Page"
        pages = { items = "names", next = "next", into = "token" }

        [endpoints.files.find]
        doc = "Finds files."
        http = "POST /files"
        json = { from = "uint?" }
        response = { hits = "[int]" }
        pages = { items = "hits", offset = "from" }

        [endpoints.files.browse]
        doc = "Browses files."
        http = "GET /pages"
        query = { page = "int", token = "Token?" }
        response = { hits = "[int]", next = "Token?" }
        pages = { items = "hits", page = "page" }

        [endpoints.files.walk]
        doc = "Browses files by tokens."
        http = "GET /walk"
        query = { token = "Token?" }
        response = { hits = "[int]", next = "Token?" }
        pages = { items = "hits", next = "next", into = "token" }

        [endpoints.files.linked]
        doc = "Lists files, with links."
        http = "GET /linked"
        query = { page = "uint?", size = "int?" }
        response = "[string]"
        response_headers = { Link = "string?" }
        pages = { items = "body", link = "Link", into = "page" }
    "# }
}

use api::files;

fn script(answers: &[&str]) -> Scripted {
    answers.iter().fold(Scripted::new(), |script, answer| {
        script.respond(200, *answer)
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
fn a_token_leads_on() {
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
fn pages_are_asked_for_as_they_are_needed() {
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
fn numbers_count_items_or_pages() {
    let answers = [r#"{"hits": [1, 2]}"#, r#"{"hits": [3]}"#, r#"{"hits": []}"#];
    let first = script(&answers);
    let found: Result<Vec<_>, Error> =
        files::find_all(&client(&first), files::Find::new()).collect();
    assert_eq!(found.unwrap(), [1, 2, 3]);
    let bodies: Vec<_> = first
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, [&b"{}"[..], br#"{"from":2}"#, br#"{"from":3}"#]);

    let second = script(&answers);
    let found: Result<Vec<_>, _> =
        files::browse_all(&client(&second), files::Browse::new(0)).collect();
    assert_eq!(found.unwrap(), [1, 2, 3]);
    assert_eq!(
        targets(&second),
        [0, 1, 2].map(|page| format!("/base/pages?page={page}"))
    );
}

#[test]
fn a_circle_ends() {
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
}

/// A script of one more answer, with a link in its head.
fn linked(script: Scripted, link: &str, body: &str) -> Scripted {
    let response = Response::builder().header("link", link);
    script.respond_with(response.body(body.as_bytes().to_vec()).unwrap())
}

/// What the link says goes into the request; the link itself is followed nowhere.
#[test]
fn links_lead_on() {
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
fn links_that_lead_nowhere_are_errors() {
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

/// Without the header there is one page.
#[test]
fn no_link_is_the_end() {
    let script = script(&[r#"["a"]"#]);
    let client = client(&script);
    let items = files::linked_all(&client, files::Linked::new());
    assert_eq!(items.count(), 1);
}
