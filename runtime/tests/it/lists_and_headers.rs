//! Lists in query strings, forms and multipart bodies, and headers.

use api_runtime::{Argument, ErrorKind, Upload};

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/lists_and_headers.toml");
}

use api::{Kind, files};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

#[test]
fn items_are_repeated_or_joined_by_style() {
    let (client, script) = answered();
    let find = files::Find::new(vec![1, 2], 3)
        .name(texts(&["a,b", "c"]))
        .word(texts(&["d e", "f"]))
        .kind(vec![Kind::Plain, Kind::Folder]);
    files::find(&client, &find).unwrap();
    assert_eq!(
        sent(&script).target,
        "/base/files?id=1&id=2&name=a%2Cb,c&word=d%20e%20f&kind=plain%7Cfolder"
    );

    let (client, script) = answered();
    files::find(&client, &files::Find::new(vec![], 3).name(vec![])).unwrap();
    assert_eq!(sent(&script).target, "/base/files");

    let (client, script) = answered();
    files::tag(&client, &files::Tag::new(vec![1, 2], texts(&["a", "b"]))).unwrap();
    assert_eq!(sent(&script).body, b"id=1&id=2&tags=a,b");
}

#[test]
fn list_of_files_is_one_part_per_file() {
    let (client, script) = answered();
    let uploads = vec![Upload::bytes("a.txt", "one"), Upload::bytes("b.txt", "two")];
    files::put(&client, &files::Put::new(uploads).name(texts(&["x", "y"]))).unwrap();
    let body = String::from_utf8(sent(&script).body).unwrap();
    assert_eq!(
        body.matches("name=\"file\"; filename=").count(),
        2,
        "{body}"
    );
    assert_eq!(body.matches("name=\"name\"").count(), 2, "{body}");
    assert!(
        body.contains("one\r\n") && body.contains("two\r\n"),
        "{body}"
    );
}

#[test]
fn headers_are_sent_unchanged() {
    let (client, script) = answered();
    let find = files::Find::new(vec![], -3)
        .x_request_id("né 1")
        .x_tags(texts(&["a", "b"]));
    files::find(&client, &find).unwrap();
    let headers = sent(&script).headers;
    for (name, value) in [
        ("x-request-id", "né 1"),
        ("x-tags", "a,b"),
        ("x-depth", "-3"),
    ] {
        assert!(
            headers.contains(&(name.to_owned(), value.to_owned())),
            "{headers:?}"
        );
    }
}

#[test]
fn header_with_a_control_character_is_not_sent() {
    let (client, script) = answered();
    for value in ["a\r\nX-Evil: 1", "a\nb", "\0"] {
        let find = files::Find::new(vec![], 3).x_request_id(value);
        let error = files::find(&client, &find).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains("`X-Request-Id`"), "{error}");
    }
    assert!(script.requests().is_empty());
}

#[test]
fn calls_by_name_write_lists_and_headers() {
    let (client, script) = answered();
    let json = |name: &str, json: &str| (name.to_owned(), Argument::Json(json.parse().unwrap()));
    let arguments = [
        json("id", "[1, 2]"),
        json("name", "[\"a\", \"b\"]"),
        json("X-Depth", "7"),
    ];
    client.call_by_name(&api::ENDPOINTS[0], &arguments).unwrap();
    let sent = sent(&script);
    assert_eq!(sent.target, "/base/files?id=1&id=2&name=a,b");
    assert!(
        sent.headers
            .contains(&("x-depth".to_owned(), "7".to_owned()))
    );
}
