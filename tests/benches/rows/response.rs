//! Responses that are decoded.
//!
//! The text is written to one allocation of sufficient size: no freed memory can be reused by the
//! decoder, which would reduce its peak.

use std::fmt::Write as _;

pub(crate) const ROWS: usize = 100_000;
pub(crate) const NULLS: usize = 12_000_000;

/// Returns a table with integers, fractions, strings and nulls. The tag follows the rows, like in
/// responses of Spark.
pub(crate) fn rows() -> Vec<u8> {
    let mut text = String::with_capacity(128 * ROWS);
    text.push_str(r#"{"id":"1","status":"Finished","results":{"data":["#);
    for n in 0..ROWS {
        let _ = write!(
            text,
            r#"[{n},{},{}.25,"name {n}","été {n}",null,true,"2024-05-01T12:00:00Z",{}.5e3,"x"],"#,
            n * 7919,
            n % 1000,
            n % 97
        ); // never fails
    }
    text.pop();
    text.push_str(r#"],"schema":["#);
    for (n, ty) in TYPES.into_iter().enumerate() {
        let _ = write!(
            text,
            r#"{{"name":"c{n}","type":"\"{ty}\"","metadata":"{{}}"}},"#
        ); // never fails
    }
    text.pop();
    text.push_str(r#"],"truncated":false,"isJsonSchema":true,"resultType":"table"}}"#);
    text.into_bytes()
}

const TYPES: [&str; 10] = [
    "long",
    "long",
    "double",
    "string",
    "string",
    "string",
    "boolean",
    "timestamp",
    "double",
    "string",
];

/// Returns a table with one row of nulls, 60 MB.
pub(crate) fn nulls() -> Vec<u8> {
    let mut text = String::with_capacity(5 * NULLS + 200);
    text.push_str(r#"{"id":"1","status":"Finished","results":{"data":[["#);
    text.extend(std::iter::repeat_n("null,", NULLS));
    text.pop();
    text.push_str(r#"]],"schema":[],"resultType":"table"}}"#);
    text.into_bytes()
}
