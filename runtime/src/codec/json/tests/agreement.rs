//! The reader accepts what `serde_json` accepts, with the same result, and unpaired surrogates, which
//! `serde_json` rejects.

use std::borrow::Cow;

use arbtest::arbitrary::{Result as Drawn, Unstructured};
use arbtest::arbtest;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::mutation::{TOKENS, mutated_document, value};
use super::support::{pair_surrogates, read, read_error};
use crate::codec::json::Reader;

/// Checks that `serde_json` reads the same value, or that both fail. For `serde_json`, unpaired
/// surrogates are replaced in advance.
fn check(bytes: &[u8]) {
    let paired = pair_surrogates(bytes);
    let theirs = serde_json::from_slice::<Value>(&paired);
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
        // The range of a skipped number is not checked.
        Some(error) if error.contains("out of range") => {
            let theirs = serde_json::from_slice::<IgnoredAny>(&paired);
            assert_eq!(
                skipped.is_none(),
                theirs.is_ok(),
                "{}: {skipped:?}",
                shown()
            );
        }
        error => assert_eq!(skipped, error, "{}", shown()),
    }
    if let Ok(theirs) = theirs {
        let (raw, _) = read(bytes, Reader::paired_raw).unwrap();
        let reread = serde_json::from_str(&raw).unwrap();
        assert!(same(&reread, &theirs), "{}: {raw}", shown());
    }
}

/// Returns whether two values are equal. Floats may differ in the last bits, because `serde_json`
/// does not round all of them correctly.
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

#[test]
fn valid_documents() {
    arbtest(|u| {
        let value = value(u, 0)?;
        check(&serde_json::to_vec(&value).unwrap());
        check(&serde_json::to_vec_pretty(&value).unwrap());
        Ok(())
    });
}

#[test]
fn mutated_documents() {
    arbtest(|u| {
        check(&mutated_document(u)?);
        Ok(())
    });
}

#[test]
fn sequences_of_tokens() {
    arbtest(|u| {
        let tokens = (0..u.int_in_range(0..=12)?).map(|_| Ok(*u.choose(TOKENS)?));
        check(&tokens.collect::<Drawn<Vec<_>>>()?.concat());
        Ok(())
    });
}

#[test]
fn arbitrary_bytes() {
    arbtest(|u| {
        check(u.bytes(u.len())?);
        Ok(())
    });
}

#[test]
fn edge_cases() {
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
        "\"\\ud800",
        "\"\\ud800\\",
        "\"\\ud800\\u",
        "\"\\ud800\\u12\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud83d\\ud83d\\ude00\"",
        "\"\\ude00\\ud83d\"",
        "\"\\\\ud800\"",
        "{\"\\ud800\":1,\"\\udfff\":2}",
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
fn nesting_up_to_the_limit() {
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
        read_error(&deep, |reader| reader.peek_tag("tag"))
            .ends_with("more than 127 nested lists and objects")
    );
    assert!(
        read_error(&"[".repeat(200), |reader| (0..200).try_for_each(|_| reader
            .begin_list()
            .and(reader.next_item().map(drop))))
        .contains("nested")
    );
}

#[test]
fn floats_are_rounded_to_the_nearest() {
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
fn written_floats_are_read_exactly() {
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
fn written_strings_are_read_exactly() {
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
fn utf16_code_units_are_read_like_the_standard_library_does() {
    arbtest(|u| {
        let units = (0..u.int_in_range(0..=8)?).map(|_| match u.int_in_range(0..=3)? {
            0 => u.arbitrary(),
            1 => u.int_in_range(0xD800..=0xDBFF),
            2 => u.int_in_range(0xDC00..=0xDFFF),
            _ => u.int_in_range(0x20..=0x7e),
        });
        let units = units.collect::<Drawn<Vec<u16>>>()?;
        let escaped = units.iter().map(|unit| format!("\\u{unit:04x}"));
        let escaped = escaped.collect::<Vec<_>>().concat();
        let document = format!("{{\"{escaped}\":\"{escaped}\"}}");
        let expected = String::from_utf16_lossy(&units);
        let pair = read(document.as_bytes(), |reader| {
            reader.begin_object()?;
            let key = reader.next_entry()?.map(Cow::into_owned);
            let value = reader.string()?;
            reader.next_entry()?;
            Ok((key, value))
        });
        assert_eq!(pair, Ok((Some(expected.clone()), expected)), "{document}");
        Ok(())
    });
}
