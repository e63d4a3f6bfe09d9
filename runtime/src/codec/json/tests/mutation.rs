//! Valid documents, and documents that are almost valid.

use arbtest::arbitrary::{Result as Drawn, Unstructured};
use serde_json::{Map, Number, Value};

/// Draws a value. Deep values are scalars.
pub(super) fn value(u: &mut Unstructured<'_>, depth: u8) -> Drawn<Value> {
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

/// Draws the document of a value with up to three bytes removed, replaced or inserted.
pub(super) fn mutated_document(u: &mut Unstructured<'_>) -> Drawn<Vec<u8>> {
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

/// Tokens of JSON, and some that are not part of JSON.
pub(super) const TOKENS: &[&[u8]] = &[
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
