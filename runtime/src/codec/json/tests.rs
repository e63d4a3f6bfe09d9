//! What the reader reads and refuses: above all, that `serde_json` agrees.

use std::fmt::Debug;

use arbtest::arbitrary::{Result as Drawn, Unstructured};
use arbtest::arbtest;
use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::{ReadError, Reader};

/// Reads a whole answer.
fn read<'a, T>(
    bytes: &'a [u8],
    decode: impl FnOnce(&mut Reader<'a>) -> Result<T, ReadError>,
) -> Result<T, String> {
    let mut reader = Reader::new(bytes);
    let read = decode(&mut reader).and_then(|value| reader.finish().map(|()| value));
    read.map_err(|error| error.describe(bytes))
}

/// [`read`] from text, which must be refused.
fn refusal<'a, T: Debug>(
    text: &'a str,
    decode: impl FnOnce(&mut Reader<'a>) -> Result<T, ReadError>,
) -> String {
    read(text.as_bytes(), decode).expect_err("refused")
}

/// Checks that these bytes mean the same to `serde_json`, or nothing to both.
fn check(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(bytes);
    let ours = read(bytes, Reader::json);
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert!(same(ours, theirs), "{}: {ours} is not {theirs}", shown());
        }
        (Err(_), Err(_)) => {}
        _ => panic!("{}: {ours:?} but {theirs:?}", shown()),
    }
    let skipped = read(bytes, Reader::skip).err();
    match ours.err() {
        // What is not looked at may be beyond any type.
        Some(error) if error.contains("out of the range") => {
            let theirs = serde_json::from_slice::<IgnoredAny>(bytes);
            assert_eq!(
                skipped.is_none(),
                theirs.is_ok(),
                "{}: {skipped:?}",
                shown()
            );
        }
        error => assert_eq!(skipped, error, "{}", shown()),
    }
}

/// Whether two values are equal, where floats may differ by how they were rounded.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) if ours.is_f64() && theirs.is_f64() => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            ours.is_sign_negative() == theirs.is_sign_negative()
                && ours.to_bits().abs_diff(theirs.to_bits()) <= 4
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|(key, ours)| theirs.get(key).is_some_and(|theirs| same(ours, theirs)))
        }
        _ => ours == theirs,
    }
}

/// Draws a value.
fn value(u: &mut Unstructured<'_>, depth: u8) -> Drawn<Value> {
    Ok(match u.int_in_range(0..=if depth < 5 { 8 } else { 6 })? {
        0 => Value::Null,
        1 => Value::Bool(u.arbitrary()?),
        2 => Value::from(u.arbitrary::<u64>()? >> u.int_in_range(0..=63)?),
        3 => Value::from(u.arbitrary::<i64>()? >> u.int_in_range(0..=63)?),
        4 => Number::from_f64(u.arbitrary()?).map_or(Value::Null, Value::Number),
        5 => Value::from(f64::from(u.arbitrary::<i32>()?) / 100.0),
        6 => Value::String(u.arbitrary()?),
        7 => (0..u.int_in_range(0..=4)?)
            .map(|_| value(u, depth + 1))
            .collect::<Drawn<Vec<_>>>()?
            .into(),
        _ => {
            let members =
                (0..u.int_in_range(0..=4)?).map(|_| Ok((u.arbitrary()?, value(u, depth + 1)?)));
            members.collect::<Drawn<Map<_, _>>>()?.into()
        }
    })
}

/// Draws an answer that may be almost JSON: a value, some of whose bytes are lost, doubled or
/// replaced.
fn document(u: &mut Unstructured<'_>) -> Drawn<Vec<u8>> {
    let value = value(u, 0)?;
    let write = if u.arbitrary()? {
        serde_json::to_vec
    } else {
        serde_json::to_vec_pretty
    };
    let mut bytes = write(&value).unwrap();
    for _ in 0..u.int_in_range(0..=3)? {
        let at = u.choose_index(bytes.len() + 1)?.min(bytes.len());
        let token = *u.choose(TOKENS)?;
        match u.int_in_range(0..=3)? {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 => bytes.truncate(at.max(1)),
            2 => drop(bytes.splice(at..(at + 1).min(bytes.len()), token.iter().copied())),
            _ => drop(bytes.splice(at..at, token.iter().copied())),
        }
    }
    Ok(bytes)
}

/// What JSON is made of, and what it is not.
const TOKENS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b" ",
    b"\n",
    b"\t",
    b"\r",
    b"0",
    b"7",
    b"-",
    b"+",
    b".",
    b"e",
    b"E",
    b"e5",
    b"0.5",
    b"12345678901234567890",
    b"1e400",
    b"-0",
    b"null",
    b"true",
    b"false",
    b"nul",
    b"\\u",
    b"\\u0041",
    b"\\uD83D",
    b"\\ude00",
    b"\\ud83d\\ude00",
    b"\\n",
    b"\\x",
    b"\x00",
    b"\x1f",
    b"\x7f",
    b"\xff",
    b"\xc3\xa9",
    b"\xc3",
    b"\xa9",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\"a\":1,",
    b"\"a\"",
    b"[[]]",
    b"{\"\":{}}",
    b"/",
    b"'",
    b"NaN",
    b"Infinity",
    b"aaaaaaaa",
    b"//",
];

#[test]
fn agrees_on_values() {
    arbtest(|u| {
        let value = value(u, 0)?;
        check(&serde_json::to_vec(&value).unwrap());
        check(&serde_json::to_vec_pretty(&value).unwrap());
        Ok(())
    });
}

#[test]
fn agrees_on_broken_values() {
    arbtest(|u| {
        check(&document(u)?);
        Ok(())
    });
}

#[test]
fn agrees_on_tokens() {
    arbtest(|u| {
        let tokens = (0..u.int_in_range(0..=12)?).map(|_| Ok(*u.choose(TOKENS)?));
        check(&tokens.collect::<Drawn<Vec<_>>>()?.concat());
        Ok(())
    });
}

#[test]
fn agrees_on_bytes() {
    arbtest(|u| {
        check(u.bytes(u.len())?);
        Ok(())
    });
}

#[test]
fn agrees_on_the_special() {
    for text in [
        "",
        " ",
        "-",
        "-0",
        "0",
        "00",
        "01",
        "-01",
        "0.0",
        "-0.0",
        "1.",
        ".1",
        "1e",
        "1e+",
        "1E-2",
        "1e400",
        "-1e400",
        "0e400",
        "0e99999999999999999999",
        "1e-99999999999999999999",
        "1e99999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "184467440737095516150",
        "1.7976931348623157e308",
        "1.8e308",
        "4.9e-324",
        "1e-400",
        "123456789012345678901234567890e-10",
        "nul",
        "nulll",
        "tru",
        "truefalse",
        "[,]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,,2]",
        "[",
        "[1",
        "[1,",
        "{",
        "{\"",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1,\"a\":[2]}",
        "[}",
        "{]",
        "]",
        "[1}",
        "{\"a\":1]",
        "\u{feff}1",
        "1 2",
        "1,",
        "[] []",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\n\"",
        "\"\\ud800x\"",
        "\"\\ud83d\\ude00\"",
        "\"\\uD83D\\uDE00\"",
        "\"\\u00e9\"",
        "\"\\u00g9\"",
        "\"\\u12\"",
        "\"\\u12",
        "\"\\",
        "\"\\\"",
        "\"\u{7f}\"",
        "\"\n\"",
        "\"12345678\n\"",
        "\"1234567\\\\89\"",
        "\u{a0}1",
        "\u{b}1",
        "\u{c}1",
    ] {
        check(text.as_bytes());
    }
}

#[test]
fn agrees_on_depth() {
    for depth in [1, 126, 127, 128, 129, 100_000] {
        check(&[b"[".repeat(depth), b"]".repeat(depth)].concat());
        check(&b"[".repeat(depth));
        check(&[b"{\"\":".repeat(depth), b"0".to_vec(), b"}".repeat(depth)].concat());
        check(&[b"[{\"\":".repeat(depth), b"0".to_vec(), b"}]".repeat(depth)].concat());
    }
    let wide = [b"[".to_vec(), b"[],{},".repeat(300), b"[]]".to_vec()].concat();
    check(&wide);
    let deep = format!("{{\"a\":{},\"tag\":\"\"}}", "[".repeat(127));
    assert!(
        refusal(&deep, |reader| reader.peek_tag("tag"))
            .ends_with("nests more than 127 lists and objects")
    );
    assert!(
        refusal(&"[".repeat(200), |reader| (0..200).try_for_each(|_| reader
            .begin_list()
            .and(reader.next_item().map(drop))))
        .contains("nests")
    );
}

#[test]
fn floats_are_the_nearest() {
    arbtest(|u| {
        let digits = |u: &mut Unstructured<'_>, most| -> Drawn<String> {
            (0..u.int_in_range(1..=most)?)
                .map(|_| Ok(char::from(u.int_in_range(b'0'..=b'9')?)))
                .collect()
        };
        let mut literal = digits(u, 22)?;
        literal = literal.trim_start_matches('0').to_owned();
        if literal.is_empty() {
            literal.push('0');
        }
        if u.arbitrary()? {
            literal = format!("-{literal}");
        }
        if u.arbitrary()? {
            literal = format!("{literal}.{}", digits(u, 22)?);
        }
        if u.arbitrary()? {
            literal = format!("{literal}e{}", u.int_in_range(-345..=310)?);
        }
        let nearest: f64 = literal.parse().unwrap();
        let float = read(literal.as_bytes(), Reader::float).ok();
        assert_eq!(
            float.map(f64::to_bits),
            nearest.is_finite().then_some(nearest.to_bits()),
            "{literal}"
        );
        check(literal.as_bytes());
        Ok(())
    });
}

#[test]
fn floats_survive() {
    arbtest(|u| {
        let float: f64 = u.arbitrary()?;
        if float.is_finite() {
            let read = read(format!("{float:e}").as_bytes(), Reader::float).unwrap();
            assert_eq!(read.to_bits(), float.to_bits());
        }
        Ok(())
    });
}

#[test]
fn strings_survive() {
    arbtest(|u| {
        let text: String = u.arbitrary()?;
        let plain = serde_json::to_vec(&text).unwrap();
        let units: Vec<_> = text
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04X}"))
            .collect();
        let units = units.concat();
        let escaped = format!("\"{units}\"");
        for bytes in [&plain, escaped.as_bytes()] {
            assert_eq!(read(bytes, Reader::string).as_deref(), Ok(text.as_str()));
            assert_eq!(read(bytes, Reader::text).as_deref(), Ok(text.as_str()));
            assert_eq!(read(bytes, Reader::id).as_deref(), Ok(text.as_str()));
        }
        Ok(())
    });
}

#[test]
fn no_method_panics() {
    arbtest(|u| {
        let bytes = document(u)?;
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

#[test]
fn reads_objects() {
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
fn reads_maps_and_lists() {
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
fn reads_numbers() {
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
        let message = "at the top level: the number is out of the range of 64-bit integers";
        assert_eq!(
            integer(beyond).as_ref().map_err(String::as_str),
            Err(message)
        );
    }
    let message =
        "at the top level: expected an integer, found a number with a fraction or an exponent";
    assert_eq!(refusal("5.0", Reader::integer), message);
    assert_eq!(refusal("5e1", Reader::integer), message);
    assert_eq!(
        refusal("1e999", Reader::float),
        "at the top level: the number is out of the range of 64-bit floats"
    );
    assert_eq!(
        read(b"-12345678901234567890123", Reader::id).as_deref(),
        Ok("-12345678901234567890123")
    );
    assert_eq!(
        refusal("1.5", Reader::id),
        "at the top level: expected a string or an integer, found a number with a fraction or an exponent",
    );
}

#[test]
fn looks_ahead_for_tags() {
    let tag = |text: &str, key| {
        let mut reader = Reader::new(text.as_bytes());
        let tag = reader
            .peek_tag(key)
            .map(|tag| tag.map(String::from))
            .map_err(|error| error.to_string());
        assert!(tag.is_err() || reader.json().is_ok(), "nothing is read");
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
fn looks_ahead_for_keys() {
    let keys = [
        ("a", 2, false),
        ("b", 1, false),
        ("c", 1, true),
        ("d", 0, false),
    ];
    let found = |text: &str| {
        let mut reader = Reader::new(text.as_bytes());
        let found = reader.peek_variant(&keys).map_err(|it| it.to_string());
        assert!(found.is_err() || reader.json().is_ok(), "nothing is read");
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

/// Reads `{"results": {"id": integer, "data": [[string]]}}`.
fn results(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    reader.begin_object()?;
    while reader.next_field(&["results"])?.is_some() {
        let mut id = None;
        reader.begin_object()?;
        while let Some(index) = reader.next_field(&["id", "data"])? {
            if index == 0 {
                id = Some(reader.integer()?);
                continue;
            }
            reader.begin_list()?;
            while reader.next_item()? {
                reader.begin_list()?;
                while reader.next_item()? {
                    if reader.string()? == "secret" {
                        return Err(reader.invalid("a date"));
                    }
                }
            }
        }
        id.ok_or_else(|| reader.missing("id"))?;
    }
    Ok(())
}

#[test]
fn errors_tell_the_path() {
    for (text, message) in [
        (
            r#"{"results":{"data":[[],["a"],[],[0]]}}"#,
            "at `results.data[3][0]`: expected a string, found a number",
        ),
        (
            r#"{"results":{"data":[[],["a"] , ["b" , {}]]}}"#,
            "at `results.data[2][1]`: expected a string, found an object",
        ),
        (
            r#"{"results":{"data":[["secret"]]}}"#,
            "at `results.data[0][0]`: the value is not a date",
        ),
        (
            r#"{"x":{"results":{}}, "results":{"data":[[]]}}"#,
            "at `results`: the field `id` is missing",
        ),
        (
            r#"{"results": null}"#,
            "at `results`: expected an object, found null",
        ),
        (
            r#"{"results":{"id":"7"}}"#,
            "at `results.id`: expected an integer, found a string",
        ),
        (
            r#"{"results":{"id":1e3}}"#,
            "at `results.id`: expected an integer, found a number with a fraction or an exponent",
        ),
        ("[]", "at the top level: expected an object, found a list"),
        (
            "<html>",
            "at byte 0: expected an object, found something that is not JSON",
        ),
        ("", "at byte 0: the answer ends where an object is expected"),
        ("{} x", "at byte 3: something follows the end of the answer"),
        (
            r#"{"results":{"id":1 "data":[]}}"#,
            "at byte 19: expected `,` or `}`",
        ),
        (
            r#"{"results":{"data":[[]"#,
            "at byte 22: the answer ends in the middle of a list",
        ),
        (
            r#"{"results":{"data":[["a"#,
            "at byte 23: the answer ends in the middle of a string",
        ),
        (
            r#"{"results":{"id":}}"#,
            "at byte 17: expected an integer, found punctuation",
        ),
        (r#"{"results":{"id" 1}}"#, "at byte 17: expected `:`"),
        (
            r#"{"results":{id:1}}"#,
            "at byte 12: expected a key in quotes",
        ),
        (r#"{"results":{"id":-}}"#, "at byte 18: expected a digit"),
        (
            r#"{"results":{"data":[["\q"]]}}"#,
            "at byte 22: invalid escape in a string",
        ),
        (
            r#"{"results":{"data":[["a\udead"]]}}"#,
            "at byte 23: half of a surrogate pair in a string",
        ),
        (
            "{\"results\":{\"data\":[[\"a\tb\"]]}}",
            "at byte 23: unescaped control character in a string",
        ),
        (
            r#"{"other":tru}"#,
            "at byte 9: expected `null`, `true` or `false`",
        ),
    ] {
        assert_eq!(refusal(text, results), message, "{text}");
    }
    let broken = b"{\"results\":{\"data\":[[\"a\xff\"]]}}";
    assert_eq!(
        read(broken, results),
        Err("at byte 23: the answer is not UTF-8".to_owned())
    );
}

#[test]
fn paths_stay_short_and_printable() {
    let key = "k".repeat(1000);
    let text = format!("{{\"a b\":[{{\"\\n\":{{\"{key}\":7}}}}]}}");
    let decode = |reader: &mut Reader<'_>| {
        reader.begin_object()?;
        reader.next_entry()?;
        reader.begin_list()?;
        reader.next_item()?;
        reader.begin_object()?;
        reader.next_entry()?;
        reader.begin_object()?;
        reader.next_entry()?;
        reader.string()
    };
    let message = refusal(&text, decode);
    let key = "k".repeat(48);
    assert_eq!(
        message,
        format!("at `[\"a b\"][0][\"\\n\"][\"{key}…\"]`: expected a string, found a number")
    );
}

#[test]
fn results_stay_small() {
    assert_eq!(size_of::<ReadError>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), ReadError>>(), size_of::<usize>());
    assert_eq!(size_of::<Result<String, ReadError>>(), size_of::<String>());
}
