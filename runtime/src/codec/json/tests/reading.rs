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
            map.push((key, list));
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
            let result = match u.int_in_range(0..=13)? {
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
                12 => Err(reader.missing("a")),
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
