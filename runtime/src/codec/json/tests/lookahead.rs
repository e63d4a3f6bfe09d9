//! Search for tags and keys.

use super::support::read;
use crate::codec::json::Reader;

#[test]
fn peek_tag_finds_strings_and_reads_nothing() {
    let tag = |text: &str, key| {
        let mut reader = Reader::new(text.as_bytes());
        let tag = reader
            .peek_tag(key)
            .map(|tag| tag.map(String::from))
            .map_err(|error| error.to_string());
        assert!(
            tag.is_err() || reader.json().is_ok(),
            "peeking must not read"
        );
        tag
    };
    let text = r#"{"data":[{"type":"no"},"type","}"],"t\u0079pe":"a\nb","type":"late","count":1}"#;
    assert_eq!(tag(text, "type"), Ok(Some("a\nb".to_owned())));
    assert_eq!(tag(text, "count"), Ok(None));
    assert_eq!(tag(text, "absent"), Ok(None));
    assert_eq!(
        tag("[]", "type"),
        Err("at byte 0: expected an object, found a list".to_owned())
    );

    let nested = br#"[{"type":"a"}, {"type":"b"}]"#;
    let tags = read(nested, |reader| {
        let mut tags = Vec::new();
        reader.begin_list()?;
        while reader.next_item()? {
            tags.extend(reader.peek_tag("type")?.map(String::from));
            reader.skip()?;
        }
        Ok(tags)
    });
    assert_eq!(tags, Ok(vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn peek_variant_returns_the_smallest_index() {
    let keys = [
        ("a", 2, false),
        ("b", 1, false),
        ("c", 1, true),
        ("d", 0, false),
    ];
    let found = |text: &str| {
        let mut reader = Reader::new(text.as_bytes());
        let found = reader.peek_variant(&keys).map_err(|it| it.to_string());
        assert!(
            found.is_err() || reader.json().is_ok(),
            "peeking must not read"
        );
        found
    };
    for (text, index) in [
        ("{}", None),
        (r#"{"x":{"a":1},"y":["b"],"A":1,"z":"}d"}"#, None),
        (r#"{"x":[],"a":1}"#, Some(2)),
        (r#"{"a":[{"d":1}],"b":{}}"#, Some(1)),
        (r#"{"b":1,"a":1,"\u0064":1}"#, Some(0)),
        (r#"{"a":null,"b":null,"d":null}"#, None),
        (r#"{"a":1,"c":null}"#, Some(1)),
        (r#"{"a":null,"a":1}"#, Some(2)),
    ] {
        assert_eq!(found(text), Ok(index), "{text}");
    }
    assert_eq!(
        found("[]"),
        Err("at byte 0: expected an object, found a list".to_owned())
    );
    assert_eq!(
        found(r#"{"x":[nul],"a"}"#).unwrap_err().get(..10),
        Some("at byte 6:")
    );
}
