//! Types that contain themselves in optional fields and in unions.

use api_runtime::types::Nullable;
use api_runtime::{Client, ErrorKind};
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/recursive_types.toml",
        derive = [PartialEq, Serialize, Deserialize]
    );
}

use api::{
    BothFilter, Filter, Folder, InsidePlace, NameFilter, NotFilter, Place, Reference, RootPlace,
    User, Value, files,
};

const BODY: &str = r#"{"below":{"name":"c","parent":{"name":"b","parent":{"name":"a","target":null}},"target":{"name":"t"},"owner":{"name":"me","home":{"name":"h"},"level":2}},"filter":{"op":"not","filter":{"op":"both","left":{"op":"name","is":"x"},"right":{"op":"name","is":"y"}}},"place":{"inside":{"inside":{"root":"/"}}},"value":{"to":{"to":"x"},"or":"y"}}"#;

fn request() -> files::Find {
    let root = Folder::new("a").target(None);
    let parent = Folder::new("b").parent(root);
    let owner = User::new("me").home(Folder::new("h")).level(2);
    let below = Folder::new("c")
        .parent(parent)
        .target(Some(Folder::new("t")))
        .owner(owner);
    let name = |text: &str| Filter::Name(NameFilter::new(text));
    let both = Filter::Both(Box::new(BothFilter::new(name("x")).right(name("y"))));
    let root = Place::Root(RootPlace::new("/"));
    let inside = Place::Inside(Box::new(InsidePlace::new(root)));
    files::Find::new(
        below,
        Filter::Not(Box::new(NotFilter::new(both))),
        Place::Inside(Box::new(InsidePlace::new(inside))),
        Reference::new(Reference::new("x")).or("y"),
    )
}

fn find(response: &str) -> (Result<files::FindResponse, api_runtime::Error>, Server) {
    let server = Server::scripted([Action::json(200, response)]);
    let client = Client::builder(server.url()).build().unwrap();
    let result = files::find(&client, &request());
    (result, server)
}

#[test]
fn recursive_values_are_sent_and_read() {
    let (response, server) = find(BODY);
    assert_eq!(String::from_utf8(server.request().body).unwrap(), BODY);
    let (request, response) = (request(), response.unwrap());
    assert_eq!(response.below, request.below);
    assert_eq!(response.filter, request.filter);
    assert_eq!(response.place, request.place);
    assert_eq!(response.value, request.value);
    let parent: &Folder = response.below.parent.as_ref().unwrap();
    assert_eq!(parent.parent.as_ref().unwrap().target, Nullable::Null);
    assert_eq!(parent.target, Nullable::Absent);
    let Value::Reference(reference) = response.value else {
        panic!("{:?}", response.value)
    };
    assert_eq!(reference.or.as_deref(), Some(&Value::from("y")));
}

#[test]
fn absent_and_null_values_end_the_recursion() {
    let body = r#"{"below": {"name": "a", "parent": null, "owner": {"name": "me"}}, "filter": {"op": "xor"},
        "place": {"root": "/", "inside": null}, "value": 1}"#;
    let response = find(body).0.unwrap();
    assert_eq!(response.below, Folder::new("a").owner(User::new("me")));
    assert!(matches!(response.filter, Filter::Unknown(_)));
    assert_eq!(response.place, Place::Root(RootPlace::new("/")));
    assert!(matches!(response.value, Value::Unknown(_)));
}

#[test]
fn error_in_a_nested_value_has_its_path() {
    let body = BODY.replace(r#"{"name":"a","target":null}"#, r#"{"target":null}"#);
    let error = find(&body).0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(
        error.to_string().contains("`below.parent.parent"),
        "{error}"
    );
}

/// The reader limits the depth, so that the stack does not overflow.
#[test]
fn deep_values_are_errors() {
    let deep = |levels: usize| {
        let (open, close) = (
            r#"{"name":"x","parent":"#.repeat(levels),
            "}".repeat(levels),
        );
        BODY.replacen(
            r#"{"name":"c""#,
            &format!(r#"{{"name":"c","owner":null,"target":{open}null{close}"#),
            1,
        )
    };
    find(&deep(100)).0.unwrap();
    assert_eq!(
        find(&deep(100_000)).0.unwrap_err().kind(),
        ErrorKind::InvalidResponse
    );
}

#[test]
fn recursive_values_are_serialized_as_in_the_api() {
    let request = request();
    let body: serde_json::Value = serde_json::from_str(BODY).unwrap();
    let json = serde_json::to_value(&request.below).unwrap();
    assert_eq!(json, body["below"]);
    assert_eq!(
        serde_json::from_value::<Folder>(json).unwrap(),
        request.below
    );
}
