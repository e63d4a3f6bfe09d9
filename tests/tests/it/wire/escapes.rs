//! Escaping of special characters in URLs, JSON and multipart headers.

use generated_client::{Language, Upload, commands, contexts};
use test_server::{Action, Server};

use super::{CLUSTER, CONTEXT, client};

/// Returns the escaped id in the query of a request.
fn query_with(id: &str) -> String {
    let server = Server::scripted([Action::json(200, r#"{"status": "Running"}"#)]);
    contexts::status(&client(&server), &contexts::Status::new(CLUSTER, id)).unwrap();
    let line = server.request().line;
    let line =
        line.strip_prefix("GET /api/1.2/contexts/status?clusterId=0123-456789-abcde&contextId=");
    line.and_then(|line| line.strip_suffix(" HTTP/1.1"))
        .unwrap()
        .to_owned()
}

#[test]
fn query_values_are_percent_encoded() {
    let cases = [
        ("a b", "a%20b"),
        ("a&contextId=b", "a%26contextId%3Db"),
        ("1+1", "1%2B1"),
        ("100%", "100%25"),
        ("%20", "%2520"),
        ("a#b?c/d", "a%23b%3Fc%2Fd"),
        (
            "line\nend\r\nX-Header: x",
            "line%0Aend%0D%0AX-Header%3A%20x",
        ),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("𝄞", "%F0%9D%84%9E"),
        ("\0\u{7f}", "%00%7F"),
        ("Az09-._~", "Az09-._~"),
        ("", ""),
    ];
    for (id, expected) in cases {
        assert_eq!(query_with(id), expected, "{id:?}");
    }
}

/// Returns the escaped command in the body of a request.
fn json_with(command: &str) -> String {
    let server = Server::scripted([Action::json(200, r#"{"id": "1"}"#)]);
    let request = commands::Execute::new(CLUSTER, CONTEXT, Language::Python, command);
    commands::execute(&client(&server), &request).unwrap();
    let body = server.request().text().to_owned();
    let body = body.strip_prefix(
        r#"{"clusterId":"0123-456789-abcde","contextId":"1793653964133248955","language":"python","command":"#,
    );
    body.and_then(|body| body.strip_suffix('}'))
        .unwrap()
        .to_owned()
}

#[test]
fn json_strings_are_escaped() {
    let cases = [
        (r#"print("a\b")"#, r#""print(\"a\\b\")""#),
        ("a\n\tb\r\n", r#""a\n\tb\r\n""#),
        (
            "\0\u{1}\u{8}\u{c}\u{1b}\u{1f}\u{7f}",
            "\"\\u0000\\u0001\\u0008\\u000c\\u001b\\u001f\u{7f}\"",
        ),
        ("🦀 größe", "\"🦀 größe\""),
        // Line terminators in JavaScript, but not in JSON.
        ("\u{2028}\u{2029}", "\"\u{2028}\u{2029}\""),
        ("</script>", "\"</script>\""),
        ("", "\"\""),
    ];
    for (command, expected) in cases {
        assert_eq!(json_with(command), expected, "{command:?}");
    }
}

#[test]
fn json_strings_round_trip_through_serde_json() {
    let all: String = (0..0x3000)
        .chain(0xff00..0x1_1000)
        .chain(0x1_f300..0x1_f700)
        .filter_map(char::from_u32)
        .collect();
    let decoded: String = serde_json::from_str(&json_with(&all)).unwrap();
    assert!(decoded == all);
}

#[test]
fn multipart_file_names_are_escaped() {
    let server = Server::scripted([Action::json(200, r#"{"id": "1"}"#)]);
    let file = Upload::bytes("a \"b\"\r\nX-Header: x;\\ é.py", "");
    let request = commands::ExecuteFile::new("cluster\r\n--x", CONTEXT, Language::Python, file);
    commands::execute_file(&client(&server), &request).unwrap();
    let request = server.request();
    let text = request.text();
    let name = "\r\nContent-Disposition: form-data; name=\"command\"; filename=\"a %22b%22%0D%0AX-Header: x;\\ é.py\"\r\n";
    assert!(text.contains(name), "{text}");
    assert!(text.contains("\r\n\r\ncluster\r\n--x\r\n--part-"), "{text}");
}
