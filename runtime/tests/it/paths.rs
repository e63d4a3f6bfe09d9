//! Parameters of paths.

use api_runtime::{Argument, ErrorKind};

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/paths.toml");
}

use api::repos;

#[track_caller]
fn target(owner: &str, repo: &str) -> String {
    let (client, script) = answered();
    repos::show(&client, &repos::Show::new(owner, repo).full(true)).unwrap();
    sent(&script).target
}

#[test]
fn parameter_is_escaped_into_one_segment() {
    assert_eq!(target("a", "b"), "/base/repos/a/b.json?full=true");
    assert_eq!(
        target("a/b", "c?d#e"),
        "/base/repos/a%2Fb/c%3Fd%23e.json?full=true"
    );
    assert_eq!(
        target("é %", ".."),
        "/base/repos/%C3%A9%20%25/...json?full=true"
    );
}

#[test]
fn slashes_are_not_escaped_in_parameters_with_a_plus() {
    for (path, expected) in [
        ("a/b c/d.txt", "a/b%20c/d.txt"),
        ("a/", "a/"),
        ("...", "..."),
    ] {
        let (client, script) = answered();
        repos::read(&client, &repos::Read::new(path)).unwrap();
        assert_eq!(sent(&script).target, format!("/base/files/{expected}"));
    }
}

#[test]
fn parameters_that_change_the_path_are_not_sent() {
    let (client, script) = answered();
    for path in ["", ".", "..", "a/../b", "a/..", "/a", "a//b", "/"] {
        let error = repos::read(&client, &repos::Read::new(path)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path}");
        assert!(!error.may_have_been_processed());
    }
    let error = repos::show(&client, &repos::Show::new("", "b")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "repos.show: the path parameter `owner` is empty"
    );
    let error = repos::show(&client, &repos::Show::new("..", "b")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "repos.show: a path parameter results in the segment `..`, which changes the path"
    );
    assert!(script.requests().is_empty());
}

#[test]
fn calls_by_name_write_path_parameters() {
    let (client, script) = answered();
    let text = |name: &str, text: &str| (name.to_owned(), Argument::Text(text.to_owned()));
    let arguments = [
        text("repo", "b c"),
        text("full", "true"),
        text("owner", "a"),
    ];
    client.call_by_name(&api::ENDPOINTS[0], &arguments).unwrap();
    assert_eq!(sent(&script).target, "/base/repos/a/b%20c.json?full=true");
}

#[test]
fn link_is_resolved_as_a_url() {
    for (link, expected) in [
        ("/a%20b/c?d=%2F", "/a%20b/c?d=%2F&n=7"),
        ("/a", "/a?n=7"),
        ("/ä\n", "/%C3%A4%0A?n=7"),
        ("http://127.0.0.1:1/a/../b?x#y", "/a/../b?x&n=7"),
    ] {
        let (client, script) = answered();
        repos::follow(&client, &repos::Follow::new(link).n(7)).unwrap();
        assert_eq!(sent(&script).target, expected, "{link}");
    }
}

#[test]
fn links_to_other_servers_are_rejected() {
    let (client, script) = answered();
    for link in ["http://127.0.0.1:2/a", "//a/b", "a", "", "/a b"] {
        let error = repos::follow(&client, &repos::Follow::new(link)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{link}: {error}");
    }
    let link = (
        "link".to_owned(),
        Argument::Text("http://127.0.0.2:1/".to_owned()),
    );
    let error = client
        .call_by_name(&api::ENDPOINTS[2], &[link])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "repos.follow: the link to follow leads to another server than the base URL"
    );
    assert!(script.requests().is_empty());
}
