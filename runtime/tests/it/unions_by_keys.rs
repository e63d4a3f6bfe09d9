//! Unions whose variants are distinguished by their keys.

use api_runtime::ErrorKind;
use api_runtime::transport::Scripted;
use serde_json::json;

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/unions_by_keys.toml", derive = [PartialEq]);
}

use api::{Entry, FileEntry, FolderEntry, ValueEntry, files};

fn read(response: &str) -> Result<Entry, api_runtime::Error> {
    let script = Scripted::new().respond(200, response);
    let any = Entry::Value(ValueEntry::new(json!(1)));
    files::put(&client(&script), &files::Put::new(any))
}

#[test]
fn variant_is_selected_by_its_keys() {
    let file = FileEntry::new("a", 1).owner("me".to_owned());
    let read_file = read(r#"{"name": "a", "owner": "me", "size": 1}"#).unwrap();
    assert_eq!(read_file, Entry::File(file));
    let text =
        r#"{"inodes": 1, "entries": [{"size": 2, "name": "b"}, {"value": []}], "name": "c"}"#;
    let entries = vec![
        Entry::File(FileEntry::new("b", 2)),
        Entry::Value(ValueEntry::new(json!([]))),
    ];
    assert_eq!(
        read(text).unwrap(),
        Entry::Folder(FolderEntry::new("c", entries, 1))
    );
    // The order of the spec is significant, not that of the response.
    let both = read(r#"{"value": 1, "si\u007ae": 3, "name": "d"}"#).unwrap();
    assert_eq!(both, Entry::File(FileEntry::new("d", 3)));
}

#[test]
fn object_without_a_key_of_any_variant_is_kept_as_unknown() {
    for text in [
        r#"{"name": "a", "owner": "me"}"#,
        r#"{"link": {"size": 1, "entries": []}}"#,
        r#"{"size": null, "target": "x"}"#,
        "{}",
    ] {
        let kept = Entry::Unknown(text.parse().unwrap());
        assert_eq!(read(text).unwrap(), kept, "{text}");
    }
}

/// A null member is ignored, unless the type of the field is `json` or `raw`.
#[test]
fn null_member_does_not_select_a_variant() {
    let value = Entry::Value(ValueEntry::new(json!(null)));
    assert_eq!(read(r#"{"size": null, "value": null}"#).unwrap(), value);
    let file = Entry::File(FileEntry::new("a", 1));
    let text = r#"{"value": null, "name": "a", "size": 1}"#;
    assert_eq!(read(text).unwrap(), file);
}

#[test]
fn selected_variant_must_be_valid() {
    for (text, expected) in [
        (r#"{"size": 1}"#, "`name`"),
        (r#"{"name": "a", "entries": []}"#, "`inodes`"),
        (r#"{"name": "a", "size": "1"}"#, "`size`"),
        (r#"[{"size": 1}]"#, "an object"),
        (r#"{"other": [}, "size": 1}"#, "at byte 11"),
        (r#"{"name": "a", "#, "end"),
        ("null", "an object"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
}

#[test]
fn variants_are_sent_without_a_tag() {
    for (entry, body) in [
        (
            Entry::Folder(FolderEntry::new(
                "c",
                vec![Entry::File(FileEntry::new("b", 2))],
                1,
            )),
            r#"{"name":"c","entries":[{"name":"b","size":2}],"inodes":1}"#,
        ),
        (
            Entry::Value(ValueEntry::new(json!(null))),
            r#"{"value":null}"#,
        ),
        (Entry::Unknown(json!({ "to": 1 }).into()), r#"{"to":1}"#),
    ] {
        let script = Scripted::new().respond(200, body);
        let request = files::Put::new(entry.clone());
        assert_eq!(files::put(&client(&script), &request).unwrap(), entry);
        assert_eq!(String::from_utf8(sent(&script).body).unwrap(), body);
    }
}
