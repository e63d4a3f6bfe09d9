//! JSON that is kept as text.

use api_runtime::transport::Scripted;
use api_runtime::types::{Nullable, RawJson};
use api_runtime::{Argument, ErrorKind};
use serde_json::json;

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/raw_json.toml",
        derive = [PartialEq, Serialize, Deserialize]
    );
}

use api::{Metadata, Preview, files};

/// Numbers beyond 64 bits, duplicate keys, escapes and white space.
const EXACT: &str = "{\"a\": 1.50,\n \"a\": 123456789012345678901234567890, \"\\u00e9\" :[ ] }";

fn raw(text: &str) -> RawJson {
    text.parse().unwrap()
}

#[test]
fn response_keeps_the_text_of_values() {
    let body = format!(
        r#"{{"metadata": {{"all":{EXACT} , "list": [ 1e400,null, {EXACT}], "map": {{"k": -0}},
            "replaced": null, "some": null}}, "preview": {{"rows": null}}}}"#
    );
    let script = Scripted::new().respond(200, body);
    let request = files::Metadata::new(Metadata::new(raw("1"), vec![]));
    let response = files::metadata(&client(&script), &request).unwrap();
    let metadata = response.metadata;
    assert_eq!(metadata.all.as_str(), EXACT);
    assert_eq!(metadata.list, [raw("1e400"), RawJson::NULL, raw(EXACT)]);
    assert_eq!(metadata.map.unwrap()["k"].as_str(), "-0");
    assert_eq!((metadata.some, metadata.replaced), (None, Nullable::Null));
    // A required field of type `raw` may be null.
    let Some(Preview::Rows(preview)) = response.preview else {
        panic!("{:?}", response.preview)
    };
    assert!(preview.rows.is_null());
}

#[test]
fn request_contains_the_text_of_values() {
    let script = Scripted::new().respond(200, r#"{"metadata": {"all": 1, "list": []}}"#);
    let metadata = Metadata::new(raw(EXACT), vec![raw(" 1.0 "), json!({"a": ["b"]}).into()])
        .replaced(Some(RawJson::NULL));
    let request = files::Metadata::new(metadata).extra(json!("x"));
    files::metadata(&client(&script), &request).unwrap();
    let expected = format!(
        r#"{{"metadata":{{"all":{EXACT},"replaced":null,"list":[1.0,{{"a":["b"]}}]}},"extra":"x"}}"#
    );
    assert_eq!(String::from_utf8(sent(&script).body).unwrap(), expected);
}

#[test]
fn whole_body_is_a_value() {
    let script = Scripted::new().respond(200, format!(" {EXACT}\r\n"));
    let response = files::replace(&client(&script), &files::Replace::new(raw(EXACT))).unwrap();
    assert_eq!(response.as_str(), EXACT);
    assert_eq!(sent(&script).body, EXACT.as_bytes());
}

#[test]
fn invalid_syntax_is_an_error_of_the_response() {
    let nested = format!("{}{}", "[".repeat(128), "]".repeat(128));
    for value in [
        "{\"a\" 1}",
        "[1,]",
        "01",
        "\"\u{1}\"",
        "nul",
        "\"\\x\"",
        &nested,
    ] {
        let body = format!(r#"{{"metadata": {{"all": {value}, "list": []}}}}"#);
        let script = Scripted::new().respond(200, body);
        let request = files::Metadata::new(Metadata::new(json!(1), vec![]));
        let error = files::metadata(&client(&script), &request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{value}: {error}");
        assert!(value.parse::<RawJson>().is_err(), "{value}");
    }
}

#[test]
fn value_is_deserialized_on_demand() {
    let value = raw(r#"[{"name": "a", "tags": null}]"#);
    let parsed: Vec<(String, Option<Vec<String>>)> = raw(r#"[["a", null]]"#).parse().unwrap();
    assert_eq!(parsed, [("a".to_owned(), None)]);
    let borrowed: Vec<std::collections::BTreeMap<&str, Option<&str>>> = value.parse().unwrap();
    assert_eq!(borrowed[0]["name"], Some("a"));
    let error = value.parse::<i64>().unwrap_err();
    assert!(error.to_string().contains("expected i64"), "{error}");
}

/// Servers cut text at UTF-16 code units.
#[test]
fn unpaired_surrogates_are_replaced() {
    for (text, expected) in [
        (
            r#"{"\ud83d": "rows: 5 \ud83d"}"#,
            r#"{"\ufffd": "rows: 5 \ufffd"}"#,
        ),
        (
            r#"["\\ud83d", "\uDE00\ud83d\ude00"]"#,
            r#"["\\ud83d", "\ufffd\ud83d\ude00"]"#,
        ),
        (r#""\ufffd é \n""#, r#""\ufffd é \n""#),
    ] {
        let value = raw(text);
        assert_eq!(value.as_str(), expected);
        value.parse::<serde_json::Value>().unwrap();
    }
}

#[test]
fn debug_output_is_limited() {
    let long = raw(&format!("\"{}\"", "é".repeat(100_000)));
    let debug = format!("{long:?}");
    assert!(debug.chars().count() < 300, "{debug}");
    assert!(debug.ends_with("\u{2026} 200002 bytes)"), "{debug}");
    assert_eq!(format!("{:?}", raw(" [1] ")), "RawJson([1])");
}

#[test]
fn serde_traits_convert_the_value() {
    let metadata = Metadata::new(raw("{ \"a\" : 1 }"), vec![RawJson::default()]);
    let value = json!({"all": {"a": 1}, "list": [null]});
    assert_eq!(serde_json::to_value(&metadata).unwrap(), value);
    let read: Metadata = serde_json::from_value(value).unwrap();
    assert_eq!(read.all.as_str(), r#"{"a":1}"#);
}

#[test]
fn call_by_name_sends_the_text() {
    let script = Scripted::new().respond(200, "{}");
    let argument = |text: &str| [("body".to_owned(), Argument::Text(text.to_owned()))];
    let endpoint = api::ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.operation.name == "files.replace")
        .unwrap();
    client(&script)
        .call_by_name(endpoint, &argument(EXACT))
        .unwrap();
    assert_eq!(sent(&script).body, EXACT.as_bytes());
    let error = client(&script)
        .call_by_name(endpoint, &argument("{"))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn items_of_pages_errors_and_responses_by_status_code_keep_their_text() {
    let error = format!(r#"{{"message": "no", "detail": {EXACT}}}"#);
    let script = Scripted::new()
        .respond(200, format!(r#"{{"files": [1.50, {EXACT}], "next": "b"}}"#))
        .respond(400, error.clone())
        .respond(200, EXACT)
        .respond(404, format!(r#"{{"detail": {EXACT}}}"#));
    let client = client(&script);
    let mut items = files::list_all(&client, files::List::new());
    for expected in ["1.50", EXACT] {
        assert_eq!(items.next().unwrap().unwrap().as_str(), expected);
    }
    let failed = items.next().unwrap().unwrap_err();
    assert_eq!(failed.details::<RawJson>().unwrap().as_str(), error);
    let inspect = || files::inspect(&client, &files::Inspect::new()).unwrap();
    assert!(matches!(inspect(), files::InspectResponse::Ok(found) if found.as_str() == EXACT));
    let missing = inspect();
    assert!(
        matches!(&missing, files::InspectResponse::NotFound(body) if body.detail.as_str() == EXACT),
        "{missing:?}"
    );
}
