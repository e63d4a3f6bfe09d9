use super::*;

const SHAPE: ErrorShape = ErrorShape {
    message: &["error", "message"],
    code: &["error_code"],
    conditions: &[],
    expired: &["ExpiredToken", "Token * expired"],
    refused: &["NotReady", "Pool * is full"],
    failed: &["try again"],
};

/// Bodies of real servers.
#[test]
fn message_and_code_are_found_in_error_bodies() {
    let cases: &[(&str, &str, Option<&str>)] = &[
        (r#"{"error": "Name: text"}"#, "Name: text", None),
        (
            r#"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"}"#,
            "gone",
            Some("RESOURCE_DOES_NOT_EXIST"),
        ),
        (
            r#"{"error_code": 403, "message": "Invalid access token."}"#,
            "Invalid access token.",
            Some("403"),
        ),
        (r#"{"error": null, "message": "second"}"#, "second", None),
        (r#"{"detail": "other"}"#, r#"{"detail": "other"}"#, None),
        ("MALFORMED_REQUEST: no", "MALFORMED_REQUEST: no", None),
        (
            "<html><pre>Worker not ready</pre></html>",
            "Worker not ready",
            None,
        ),
        (
            "<html><title>Bad &amp; worse</title><p>x</p></html>",
            "Bad & worse",
            None,
        ),
        // Cut inside a surrogate pair, and not UTF-8.
        (
            r#"{"error_code": "A\ud83d", "message": "row \ude00 5"}"#,
            "row \u{fffd} 5",
            Some("A\u{fffd}"),
        ),
        (
            r#"{"message": "first", "message": "last", "x\ud83d": [{}]}"#,
            "last",
            None,
        ),
        // Incomplete JSON.
        (r#"{"message": "first""#, r#"{"message": "first""#, None),
        (
            r#"{"message": "first"} x"#,
            r#"{"message": "first"} x"#,
            None,
        ),
        ("", "", None),
        ("\u{1b}[31mred\u{1b}[0m\u{7}", "red", None),
    ];
    for (body, message, code) in cases {
        let text = ErrorText::parse(body.as_bytes(), &SHAPE, &Redactor::default());
        assert_eq!(
            (&*text.message, text.code.as_deref()),
            (*message, *code),
            "{body}"
        );
    }
}

#[test]
fn message_in_a_body_that_is_not_utf8_is_kept() {
    let body = b"{\"error\": \"caf\xe9\", \"error_code\": 7.50}";
    let text = ErrorText::parse(body, &SHAPE, &Redactor::default());
    assert_eq!(text.message, "caf\u{fffd}");
    assert_eq!(text.code.as_deref(), Some("7.5"));
}

#[test]
fn message_and_code_are_found_in_nested_objects() {
    const NESTED: ErrorShape = ErrorShape {
        message: &["error.message", "errors.message", "a.b"],
        code: &["error.code", "errors.code"],
        ..SHAPE
    };
    let cases: &[(&str, &str, Option<&str>)] = &[
        (r#"{"error": {"code": 7, "message": "x"}}"#, "x", Some("7")),
        (
            r#"{"errors": [{"code": "A", "message": "first"}, {"message": "second"}]}"#,
            "first",
            Some("A"),
        ),
        (r#"{"a.b": "whole", "a": {"b": "parts"}}"#, "whole", None),
        (r#"[{"a": {"b": "listed"}}]"#, "listed", None),
        (r#"{"errors": []}"#, r#"{"errors": []}"#, None),
        (r#"{"error": "text"}"#, r#"{"error": "text"}"#, None),
    ];
    for (body, message, code) in cases {
        let text = ErrorText::parse(body.as_bytes(), &NESTED, &Redactor::default());
        assert_eq!(
            (&*text.message, text.code.as_deref()),
            (*message, *code),
            "{body}"
        );
    }
}

#[test]
fn delivery_follows_from_the_status_code_and_the_message() {
    use Delivery::{NotProcessed, Unknown};
    for (status, message, expected) in [
        (429, "", (NotProcessed, true)),
        (429, "please try again", (NotProcessed, true)),
        (500, "NotReadyException: x", (NotProcessed, true)),
        (
            500,
            "com.example.NotReadyException: x",
            (NotProcessed, true),
        ),
        (500, "Pool 7 is full", (NotProcessed, true)),
        (503, "NotReady", (NotProcessed, true)),
        (400, "NotReady", (NotProcessed, true)),
        (500, "the job printed: NotReady", (Unknown, false)),
        (500, "Error: NotReady", (Unknown, false)),
        (500, "Pool  is full", (Unknown, false)),
        (500, "Pool 7 is not full", (Unknown, false)),
        (500, "please try again", (Unknown, true)),
        (400, "please try again", (Unknown, true)),
        (401, "please try again", (Unknown, true)),
        (502, "", (Unknown, true)),
        (503, "", (Unknown, true)),
        (504, "", (Unknown, true)),
        (500, "", (Unknown, false)),
        (501, "", (Unknown, false)),
        (505, "", (Unknown, false)),
        (400, "", (NotProcessed, false)),
        (401, "", (NotProcessed, false)),
        (403, "", (NotProcessed, false)),
        (404, "", (NotProcessed, false)),
        (409, "", (NotProcessed, false)),
        (413, "", (NotProcessed, false)),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(
            classify(status, message, &SHAPE),
            expected,
            "{status} {message}"
        );
    }
}

#[test]
fn credentials_are_rejected_by_status_code_message_or_challenge() {
    for (status, challenge, message, expected) in [
        (401, "", "", true),
        (401, "", "permission denied", true),
        (403, "", "", false),
        (403, "", "permission denied", false),
        (403, "Bearer realm=\"x\"", "denied", false),
        (403, "", "Token abc expired", true),
        (403, "", "TOKEN abc EXPIRED.", true),
        (400, "", "com.example.ExpiredTokenException: at 12:00", true),
        (403, "", "denied: ExpiredToken", false),
        (403, "", "Token a b expired", false),
        (403, "Bearer realm=\"x\", error=\"invalid_token\"", "", true),
        (400, "Basic, bearer Error=invalid_token", "", true),
        (403, "Bearer error=\"insufficient_scope\"", "", false),
        (404, "", "Token abc expired", false),
        (
            429,
            "Bearer error=\"invalid_token\"",
            "Token abc expired",
            false,
        ),
        (500, "", "Token abc expired", false),
    ] {
        let response = Response::builder().status(status);
        let response = response.header("www-authenticate", challenge);
        let response = response.body(Vec::new()).unwrap();
        assert_eq!(
            rejects_credentials(&response, message, &SHAPE),
            expected,
            "{status} {challenge} {message}"
        );
    }
}

#[test]
fn long_bodies_are_truncated_and_invalid_utf8_is_replaced() {
    let long = "é".repeat(5000);
    let text = ErrorText::parse(long.as_bytes(), &SHAPE, &Redactor::default());
    assert!(text.message.chars().count() <= 401 && text.message.ends_with('…'));
    let text = ErrorText::parse(&[0xff, 0xfe, b'x'], &SHAPE, &Redactor::default());
    assert!(text.message.contains('x'));
}

/// Appears in no error, whatever a server sends.
const TOKEN: &str = "dapi0Mark1Mark2";

fn redactor() -> Redactor {
    Redactor::new([TOKEN.into()])
}

#[test]
fn secret_is_redacted_wherever_it_appears() {
    for body in [
        format!("<pre>{TOKEN}</pre>"),
        "dapi0Mark\u{7}1Mark2".to_owned(),
        "dapi0\u{1b}[1mMark1\u{1b}[0mMark2".to_owned(),
        format!("{{\"error\": \"dapi0\\u00004{TOKEN}\", \"error_code\": \"{TOKEN}\"}}"),
        format!("{}{TOKEN}", "x".repeat(390)),
        format!("{}{TOKEN}", "\t".repeat(16 * 400 - 8)),
    ] {
        let text = ErrorText::parse(body.as_bytes(), &SHAPE, &redactor());
        let shown = format!("{text:?}");
        assert!(
            !shown.contains("dapi0Ma") && !shown.contains("Mark2"),
            "{shown}"
        );
    }
}

#[test]
fn any_body_becomes_a_short_line_without_secrets() {
    const PARTS: &[&str] = &[
        "{\"error\": \"",
        "\"}",
        "{\"error_code\": ",
        "\", \"message\": \"",
        "<pre>",
        "</pre>",
        "<title",
        ">",
        "&lt;",
        "&amp;",
        TOKEN,
        "dapi0Mark",
        "1Mark2",
        "\u{1b}",
        "[31m",
        "\u{7}",
        "\\u001b",
        "\n",
        " ",
        "\u{85}",
        "\u{202e}",
        "é",
        "𝄞",
        "0",
    ];
    arbtest::arbtest(|u| {
        let mut body = Vec::new();
        for _ in 0..u.int_in_range(0..=12)? {
            if u.ratio(1, 12)? {
                body.push(u.arbitrary()?);
            } else {
                let times = *u.choose(&[1, 1, 1, 450, 3300])?;
                body.extend(u.choose(PARTS)?.repeat(times).bytes());
            }
        }
        let text = ErrorText::parse(&body, &SHAPE, &redactor());
        for text in [Some(&text.message), text.code.as_ref()]
            .into_iter()
            .flatten()
        {
            assert!(!text.contains(TOKEN), "{text:?}");
            assert!(!text.contains(char::is_control), "{text:?}");
            assert!(text.chars().count() <= 401, "{text:?}");
        }
        Ok(())
    });
}
