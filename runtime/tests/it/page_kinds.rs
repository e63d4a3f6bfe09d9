//! Pages by the last item, by URLs and by nested fields, and flags for the last page.

use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Client, Error, ErrorKind};

use crate::support::client;

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/page_kinds.toml");
}

use api::{PageOptions, boards, customers, messages, records, results, search};

fn script(responses: &[&str]) -> Scripted {
    responses.iter().fold(Scripted::new(), |script, response| {
        script.respond(200, *response)
    })
}

fn targets(script: &Scripted) -> Vec<String> {
    let requests = script.requests().into_iter();
    requests.map(|request| request.target).collect()
}

fn bodies(script: &Scripted) -> Vec<String> {
    let requests = script.requests().into_iter();
    let bodies = requests.map(|request| String::from_utf8(request.body).unwrap());
    bodies.collect()
}

/// Returns the message of the last item, an error after which the list ends.
#[track_caller]
fn last_error<T: std::fmt::Debug>(
    items: impl Iterator<Item = Result<T, Error>>,
) -> (usize, String) {
    let mut items: Vec<_> = items.collect();
    let error = items.pop().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(items.iter().all(Result::is_ok), "{items:?}");
    (items.len(), error.message().to_owned())
}

#[test]
fn last_item_selects_the_next_page() {
    let script = script(&[
        r#"{"data": [{"id": "a"}, {"id": "b"}], "has_more": true}"#,
        r#"{"data": [{"id": "c"}], "has_more": false}"#,
    ]);
    let client = client(&script);
    let items = customers::list_all(&client, customers::List::new().limit(2));
    let ids: Result<Vec<_>, _> = items.map(|item| item.map(|it| it.id.to_string())).collect();
    assert_eq!(ids.unwrap(), ["a", "b", "c"]);
    let expected = ["?limit=2", "?limit=2&starting_after=b"];
    assert_eq!(
        targets(&script),
        expected.map(|query| format!("/base/customers{query}"))
    );
}

#[test]
fn list_without_flag_ends_with_an_empty_page() {
    let script = script(&[
        r#"[{"meta": {"id": 9}}, {"meta": {"id": 7}}]"#,
        r#"[{"meta": {"id": -5}}]"#,
        "[]",
    ]);
    let client = client(&script);
    let items = messages::list_all(&client, messages::List::new());
    assert_eq!(items.map(Result::unwrap).count(), 3);
    let expected = ["", "?before=7", "?before=-5"];
    assert_eq!(
        targets(&script),
        expected.map(|query| format!("/base/messages{query}"))
    );
}

#[test]
fn pages_by_the_last_item_without_progress_are_errors() {
    let empty = script(&[r#"{"data": [], "has_more": true}"#]);
    let items = customers::list_all(&client(&empty), customers::List::new()).collect::<Vec<_>>();
    let (count, message) = last_error(items.into_iter());
    assert_eq!(count, 0);
    assert!(
        message.contains("does not select the next one"),
        "{message}"
    );

    let first = r#"{"data": [{"id": "a"}], "has_more": true}"#;
    let page = r#"{"data": [{"id": "b"}], "has_more": true}"#;
    let repeated = script(&[first, page, page, page]);
    let items = customers::list_all(&client(&repeated), customers::List::new()).collect::<Vec<_>>();
    let (count, message) = last_error(items.into_iter());
    assert_eq!(count, 3);
    assert!(message.contains("same page"), "{message}");

    let without_id = script(&[r#"[{"meta": {"id": 9}}, {}]"#]);
    let items = messages::list_all(&client(&without_id), messages::List::new()).collect::<Vec<_>>();
    let (count, message) = last_error(items.into_iter());
    assert_eq!(count, 2);
    assert!(message.contains("no id"), "{message}");
}

#[test]
fn url_selects_the_next_page() {
    let script = script(&[
        r#"{"results": [1], "next": "http://127.0.0.1:1/other/results?page=2&x=%20#top"}"#,
        r#"{"results": [2], "next": "/results?page=3"}"#,
        r#"{"results": [], "next": "/results?page=4"}"#,
        r#"{"results": [3], "next": null}"#,
    ]);
    let client = client(&script);
    let request = results::List::new("a b").page_size(5).x_tenant("t");
    let items: Result<Vec<_>, _> = results::list_all(&client, request).collect();
    assert_eq!(items.unwrap(), [1, 2, 3]);
    let expected = [
        "/base/results/a%20b?page_size=5",
        "/other/results?page=2&x=%20",
        "/results?page=3",
        "/results?page=4",
    ];
    assert_eq!(targets(&script), expected);
    for request in script.requests() {
        let tenant = ("x-tenant".to_owned(), "t".to_owned());
        assert!(request.headers.contains(&tenant), "{:?}", request.headers);
    }
}

#[test]
fn empty_url_ends_the_list() {
    let script = script(&[r#"{"results": [1], "next": ""}"#]);
    let client = client(&script);
    let items = results::list_all(&client, results::List::new("a"));
    assert_eq!(items.map(Result::unwrap).collect::<Vec<_>>(), [1]);
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn urls_of_other_servers_and_repeated_urls_are_errors() {
    for (url, expected) in [
        ("http://127.0.0.1:2/results", "leads to another server"),
        ("https://127.0.0.1:1/results", "leads to another server"),
        ("//127.0.0.1:1/results", "a single slash"),
        ("results?page=2", "not a URL"),
    ] {
        let page = format!(r#"{{"results": [1], "next": "{url}"}}"#);
        let script = script(&[&page, &page]);
        let items =
            results::list_all(&client(&script), results::List::new("a")).collect::<Vec<_>>();
        let (count, message) = last_error(items.into_iter());
        assert_eq!((count, script.requests().len()), (1, 1), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    let pages = ["/a", "/b", "/c"].map(|url| format!(r#"{{"results": [1], "next": "{url}"}}"#));
    let pages: Vec<_> = pages.iter().cycle().take(30).map(String::as_str).collect();
    let script = script(&pages);
    let items = results::list_all(&client(&script), results::List::new("a")).collect::<Vec<_>>();
    let (count, message) = last_error(items.into_iter());
    assert!(count < 15, "{count} requests");
    assert!(message.contains("same page"), "{message}");
}

#[test]
fn nested_fields_select_pages_of_a_post_request() {
    let script = script(&[
        r#"{"data": {"hits": {"items": ["a"], "next": "n1", "more": true}}}"#,
        r#"{"data": {"hits": {"next": "n2"}}}"#,
        r#"{"data": {"hits": {"items": ["b"], "next": "n3", "more": false}}}"#,
    ]);
    let client = client(&script);
    let items: Result<Vec<_>, _> = search::run_all(&client, search::Run::new("x")).collect();
    assert_eq!(items.unwrap(), ["a", "b"]);
    assert_eq!(
        bodies(&script),
        [
            r#"{"text":"x"}"#,
            r#"{"text":"x","page":{"inner":{"cursor":"n1"}}}"#,
            r#"{"text":"x","page":{"inner":{"cursor":"n2"}}}"#,
        ]
    );
}

#[test]
fn fields_beside_the_cursor_are_kept() {
    let script = script(&[
        r#"{"data": {"hits": {"items": ["a"], "next": "n1"}}}"#,
        r#"{"data": {"hits": null}}"#,
    ]);
    let inner = PageOptions::new().offset(3_u64);
    let request = search::Run::new("x").page(PageOptions::new().inner(inner).offset(4_u64));
    let client = client(&script);
    let items: Result<Vec<_>, _> = search::run_all(&client, request).collect();
    assert_eq!(items.unwrap(), ["a"]);
    assert_eq!(
        bodies(&script),
        [
            r#"{"text":"x","page":{"offset":4,"inner":{"offset":3}}}"#,
            r#"{"text":"x","page":{"offset":4,"inner":{"cursor":"n1","offset":3}}}"#,
        ]
    );
}

#[test]
fn missing_token_is_an_error_if_there_are_more_pages() {
    for page in [
        r#"{"data": {"hits": {"items": ["a"], "more": true}}}"#,
        r#"{"data": {"hits": {"items": ["a"], "next": "", "more": true}}}"#,
    ] {
        let script = script(&[page]);
        let items = search::run_all(&client(&script), search::Run::new("x")).collect::<Vec<_>>();
        let (count, message) = last_error(items.into_iter());
        assert_eq!(count, 1);
        assert!(
            message.contains("does not select the next one"),
            "{message}"
        );
    }
}

#[test]
fn flag_ends_offsets_and_page_numbers() {
    let first = script(&[
        r#"{"hits": [1, 2], "more": true}"#,
        r#"{"hits": [3]}"#,
        r#"{"hits": [4], "more": false}"#,
    ]);
    let request = search::Offset::new(PageOptions::new());
    let items: Result<Vec<_>, _> = search::offset_all(&client(&first), request).collect();
    assert_eq!(items.unwrap(), [1, 2, 3, 4]);
    assert_eq!(bodies(&first), ["{}", r#"{"offset":2}"#, r#"{"offset":3}"#]);

    // An empty page is not the last one if the flag is set.
    let second = script(&[
        r#"{"hits": [1], "more": true}"#,
        r#"{"hits": [], "more": true}"#,
        r#"{"hits": [2]}"#,
        r#"{"hits": []}"#,
    ]);
    let items: Result<Vec<_>, _> =
        search::numbered_all(&client(&second), search::Numbered::new()).collect();
    assert_eq!(items.unwrap(), [1, 2]);
    let expected = ["", "?page=2", "?page=3", "?page=4"];
    assert_eq!(
        targets(&second),
        expected.map(|query| format!("/base/search/numbered{query}"))
    );
}

#[test]
fn offset_without_progress_is_an_error() {
    let empty = script(&[r#"{"hits": [], "more": true}"#]);
    let request = search::Offset::new(PageOptions::new());
    let items = search::offset_all(&client(&empty), request).collect::<Vec<_>>();
    assert_eq!(last_error(items.into_iter()).0, 0);

    let overflow = script(&[r#"{"hits": [1]}"#]);
    let request = search::Numbered::new().page(u64::MAX);
    let items = search::numbered_all(&client(&overflow), request).collect::<Vec<_>>();
    assert_eq!(last_error(items.into_iter()).0, 1);
}

#[test]
fn debug_output_contains_no_url() {
    let script = script(&[r#"{"results": [1], "next": "/results?key=hunter2"}"#]);
    let client: Client = client(&script);
    let mut items = results::list_all(&client, results::List::new("a"));
    items.next().unwrap().unwrap();
    assert!(!format!("{items:?}").contains("hunter2"));
}

#[test]
fn flag_that_is_true_ends_the_list() {
    let script = script(&[
        r#"{"values": [1, 2], "isLast": false}"#,
        r#"{"values": [3], "isLast": true}"#,
    ]);
    let client = client(&script);
    let items = boards::list_all(&client, boards::List::new());
    assert_eq!(items.map(Result::unwrap).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(targets(&script), ["/base/boards", "/base/boards?startAt=2"]);
}

#[test]
fn empty_page_that_is_not_the_last_one_is_followed() {
    let script = script(&[
        r#"{"values": [], "meta": {"is_last": false}}"#,
        r#"{"values": [3], "meta": {"is_last": true}}"#,
    ]);
    let client = client(&script);
    let items = boards::numbered_all(&client, boards::Numbered::new());
    assert_eq!(items.map(Result::unwrap).collect::<Vec<_>>(), [3]);
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn list_without_its_last_flag_ends_with_an_empty_page() {
    let script = script(&[r#"{"values": [1]}"#, r#"{"values": []}"#]);
    let client = client(&script);
    let items = boards::list_all(&client, boards::List::new());
    assert_eq!(items.map(Result::unwrap).count(), 1);
    assert_eq!(script.requests().len(), 2);
}

/// Returns a response with these headers.
fn page(headers: [(&str, &str); 2], body: &str) -> Response<Vec<u8>> {
    let response = Response::builder().status(200);
    let response = headers
        .into_iter()
        .fold(response, |response, (name, value)| {
            response.header(name, value)
        });
    response.body(body.into()).unwrap()
}

#[test]
fn url_in_a_header_selects_the_next_page() {
    let next = ("next-page", "http://127.0.0.1:1/base/records?token=b");
    let script = Scripted::new()
        .respond_with(page([next, ("x-other", "")], r#"{"data": [1, 2]}"#))
        .respond(200, r#"{"data": [3]}"#);
    let client = client(&script);
    let items = records::list_all(&client, records::List::new());
    assert_eq!(items.collect::<Result<Vec<_>, _>>().unwrap(), [1, 2, 3]);
    assert_eq!(targets(&script), ["/base/records", "/base/records?token=b"]);
}

#[test]
fn token_and_flag_in_headers_select_the_next_page() {
    let script = Scripted::new()
        .respond_with(page(
            [("x-continuation", "b"), ("x-more", "true")],
            r#"["u", "v"]"#,
        ))
        .respond_with(page(
            [("x-continuation", "c"), ("x-more", "false")],
            r#"["w"]"#,
        ));
    let client = client(&script);
    let items = records::tables_all(&client, records::Tables::new());
    let names: Result<Vec<_>, _> = items.collect();
    assert_eq!(names.unwrap(), ["u", "v", "w"]);
    assert_eq!(targets(&script), ["/base/tables", "/base/tables?token=b"]);
}
