//! Fields with defaults and bounds.

use api_runtime::transport::Scripted;
use api_runtime::{Argument, ErrorKind};

use crate::support::{answered, client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/defaults_and_bounds.toml", derive = [PartialEq]);
}

use api::{Filter, Order, files};

fn rejected(request: &files::Find) -> String {
    let script = Scripted::new();
    let error = files::find(&client(&script), request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(script.requests().len(), 0);
    error.to_string()
}

#[test]
fn default_is_sent_unless_another_value_is_set() {
    let script = Scripted::new();
    let script = script
        .respond(200, r#"{"filter": {}}"#)
        .respond(200, r#"{"filter": {}}"#);
    let client = client(&script);
    files::find(&client, &files::Find::new()).unwrap();
    let request = files::Find::new()
        .limit(7)
        .order(Order::Newest)
        .x_owner("you");
    files::find(&client, &request.filter(Filter::new())).unwrap();
    let requests = script.requests();
    assert_eq!(requests[0].target, "/base/files?limit=20&order=oldest");
    assert_eq!(requests[0].body, b"{}");
    assert_eq!(requests[1].target, "/base/files?limit=7&order=newest");
    assert_eq!(requests[1].body, br#"{"filter":{"ratio":1.0}}"#);
    let owners = requests.iter().flat_map(|request| &request.headers);
    let owners: Vec<_> = owners.filter(|(name, _)| name == "x-owner").collect();
    assert_eq!((&*owners[0].1, &*owners[1].1), ("me", "you"));
}

#[test]
fn missing_and_null_fields_of_a_response_have_their_default() {
    let script = Scripted::new();
    let script = script
        .respond(200, r#"{"filter": {"ratio": null}, "next": null}"#)
        .respond(
            200,
            r#"{"filter": {"ratio": 0.25}, "next": "b", "order": "oldest"}"#,
        );
    let client = client(&script);
    let found = files::find(&client, &files::Find::new()).unwrap();
    assert_eq!((found.next.as_str(), found.order), ("none", Order::Newest));
    assert_eq!((found.count.0, found.total.0), (-1, 1));
    assert_eq!(found.filter, Filter::new());
    let found = files::find(&client, &files::Find::new()).unwrap();
    assert_eq!((found.next.as_str(), found.order), ("b", Order::Oldest));
    assert_eq!(found.filter, Filter::new().ratio(0.25));
}

#[test]
fn invalid_value_is_not_replaced_by_the_default() {
    let script = Scripted::new().respond(200, r#"{"filter": {"ratio": "x"}}"#);
    let error = files::find(&client(&script), &files::Find::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[test]
fn values_out_of_bounds_are_not_sent() {
    let cases = [
        (files::Find::new().limit(0), "`limit` must be at least 1"),
        (files::Find::new().limit(101), "`limit` must be at most 100"),
        (
            files::Find::new().name("a"),
            "`name` must be at least 2 characters long",
        ),
        (
            files::Find::new().name("abcd"),
            "`name` must be at most 3 characters long",
        ),
        (
            files::Find::new().tags(vec![]),
            "`tags` must be at least 1 item long",
        ),
        (
            files::Find::new().filter(Filter::new().ratio(1.75)),
            "`filter.ratio` must be at most 1.5",
        ),
        (
            files::Find::new().filter(Filter::new().words(vec![String::new(); 3])),
            "`filter.words` must be at most 2 items long",
        ),
    ];
    for (request, expected) in cases {
        let message = rejected(&request);
        assert!(message.contains(expected), "{message}");
    }
    let mut request = files::Find::new();
    request.limit = 1000;
    assert!(rejected(&request).contains("`limit`"));
}

/// The length of a string is its number of characters, and bounds are inclusive.
#[test]
fn values_at_the_bounds_are_sent() {
    let script = Scripted::new().respond(200, r#"{"filter": {}}"#);
    let request = files::Find::new().name("äöü").limit(100);
    let request = request.filter(Filter::new().ratio(1.5).words(vec![String::new(); 2]));
    files::find(&client(&script), &request).unwrap();
}

#[test]
fn calls_by_name_apply_defaults_and_bounds() {
    let find = &api::ENDPOINTS[0];
    let (client, script) = answered();
    client.call_by_name(find, &[]).unwrap();
    assert_eq!(sent(&script).target, "/base/files?limit=20&order=oldest");
    let limit = ("limit".to_owned(), Argument::Text("0".to_owned()));
    let error = client.call_by_name(find, &[limit]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("at least 1"), "{error}");
}
