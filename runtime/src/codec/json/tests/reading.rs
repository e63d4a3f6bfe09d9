//! Methods of the reader.

use arbtest::arbtest;

use super::mutation::mutated_document;
use super::support::{read, read_error};
use crate::codec::json::Reader;

#[test]
fn fields_are_found_by_unescaped_name() {
    let text = br#" { "skipped" : [ { "id": [1.5, "\"", null] } ] , "i\u0064" : 7 , "status" : "done", "id" : 8 } "#;
    let mut seen = Vec::new();
    let read = read(text, |reader| {
        reader.begin_object()?;
        while let Some(index) = reader.next_field(&["status", "id"])? {
            seen.push((index, reader.id()?));
        }
        Ok(())
    });
    assert_eq!(read, Ok(()));
    assert_eq!(
        seen,
        [
            (1, "7".to_owned()),
            (0, "done".to_owned()),
            (1, "8".to_owned())
        ]
    );
}

#[test]
fn maps_and_lists_are_read_in_order() {
    let read = read(br#"{"a":[true,null,false],"":[],"b\n":[null]}"#, |reader| {
        let mut map = Vec::new();
        reader.begin_object()?;
        while let Some(key) = reader.next_entry()? {
            let mut list = Vec::new();
            reader.begin_list()?;
            while reader.next_item()? {
                list.push(if reader.try_null()? {
                    None
                } else {
                    Some(reader.boolean()?)
                });
            }
            map.push((key.into_owned(), list));
        }
        Ok(map)
    });
    let expected = [
        ("a", vec![Some(true), None, Some(false)]),
        ("", vec![]),
        ("b\n", vec![None]),
    ];
    assert_eq!(
        read,
        Ok(expected.map(|(key, list)| (key.to_owned(), list)).to_vec())
    );
}

#[test]
fn integers_outside_of_the_type_are_errors() {
    let integer = |text: &str| read(text.as_bytes(), Reader::integer);
    assert_eq!(integer(" 12 "), Ok(12));
    assert_eq!(integer("-0"), Ok(0));
    assert_eq!(integer("9223372036854775807"), Ok(i64::MAX));
    assert_eq!(integer("-9223372036854775808"), Ok(i64::MIN));
    for beyond in [
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ] {
        let message = "at the top level: number out of range for a 64-bit integer";
        assert_eq!(
            integer(beyond).as_ref().map_err(String::as_str),
            Err(message)
        );
    }
    let message =
        "at the top level: expected an integer, found a number with a fraction or exponent";
    assert_eq!(read_error("5.0", Reader::integer), message);
    assert_eq!(read_error("5e1", Reader::integer), message);
    assert_eq!(
        read_error("1e999", Reader::float),
        "at the top level: number out of range for a 64-bit float"
    );
    assert_eq!(
        read(b"-12345678901234567890123", Reader::id).as_deref(),
        Ok("-12345678901234567890123")
    );
    assert_eq!(
        read_error("1.5", Reader::id),
        "at the top level: expected a string or an integer, found a number with a fraction or exponent",
    );
}

#[test]
fn no_method_panics_on_invalid_documents() {
    arbtest(|u| {
        let bytes = mutated_document(u)?;
        let mut reader = Reader::new(&bytes);
        while !u.is_empty() {
            let result = match u.int_in_range(0..=15)? {
                0 => reader.begin_object(),
                1 => reader.next_field(&["a", ""]).map(drop),
                2 => reader.next_entry().map(drop),
                3 => reader.begin_list(),
                4 => reader.next_item().map(drop),
                5 => reader.try_null().map(drop),
                6 => reader.boolean().map(drop),
                7 => reader.integer().map(drop),
                8 => reader.float().map(drop),
                9 => reader.id().map(drop),
                10 if u.arbitrary()? => reader.peek_tag("a").map(drop),
                10 => reader
                    .peek_variant(&[("a", 1, false), ("", 0, true)])
                    .map(drop),
                11 => reader.finish(),
                12 => reader.raw().map(drop),
                13 => reader.json_number().map(drop),
                14 => Err(reader.missing("a")),
                _ => Err(reader.invalid("a")),
            };
            if let Err(error) = result {
                error.describe(&bytes);
                error.describe(bytes.get(..bytes.len() / 2).unwrap());
            }
        }
        Ok(())
    });
}

#[test]
fn raw_text_excludes_white_space_around_the_value() {
    let raw = |text: &str| read(text.as_bytes(), |reader| reader.raw().map(str::to_owned));
    for text in [
        "{ \"a\": [1, 2.50] }",
        "null",
        "-0.0e+1",
        "\"\\u00e9\"",
        "[]",
    ] {
        assert_eq!(raw(&format!(" \n{text}\t ")), Ok(text.to_owned()));
    }
    let error = raw("[1, [2,]]").unwrap_err();
    assert!(error.contains("at byte 7"), "{error}");
}

/// A value that was read in part, completely or not at all.
#[test]
fn reader_leaves_a_value_after_any_part_of_it() {
    let list = br#"[ {"a": [1, {"b": "x"}], "c": 2} , 7]"#;
    for steps in 0..8 {
        let mut reader = Reader::new(list);
        reader.begin_list().unwrap();
        assert!(reader.next_item().unwrap());
        let start = reader.position();
        let mut read_part = |step| match step {
            0 | 6 => reader.begin_object().map(drop),
            1 => reader.next_entry().map(drop),
            2 => reader.begin_list().map(drop),
            3 | 5 => reader.next_item().map(drop),
            4 => reader.integer().map(drop),
            _ => reader.boolean().map(drop),
        };
        for step in 0..steps {
            read_part(step).unwrap();
        }
        assert!(steps == 0 || read_part(7).is_err());
        reader.leave_value(start).unwrap();
        assert!(reader.next_item().unwrap());
        assert_eq!(reader.integer(), Ok(7));
        assert!(!reader.next_item().unwrap());
        reader.finish().unwrap();
    }
}
