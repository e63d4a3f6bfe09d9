//! JSON: the reader accepts the same input as `serde_json` and returns the same values, except for the
//! last bits of floats, which `serde_json` rounds less accurately than the standard library.

#![no_main]

use api_runtime::codec::{Decode as _, Reader};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let mut reader = Reader::new(data);
    let ours = Value::decode(&mut reader).and_then(|value| reader.finish().map(|()| value));
    let theirs = serde_json::from_slice::<Value>(data);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert!(same(ours, theirs), "{ours}, not {theirs}"),
        (Err(error), Err(_)) => drop(error.to_string()),
        _ => panic!("{ours:?}, not {theirs:?}"),
    }
});

fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) if ours.is_f64() && theirs.is_f64() => {
            is_near(ours.as_f64(), theirs.as_f64())
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            let same = |(key, value)| theirs.get(key).is_some_and(|theirs| same(value, theirs));
            ours.len() == theirs.len() && ours.iter().all(same)
        }
        _ => ours == theirs,
    }
}

fn is_near(ours: Option<f64>, theirs: Option<f64>) -> bool {
    ours.zip(theirs).is_some_and(|(ours, theirs)| {
        ours.is_sign_negative() == theirs.is_sign_negative()
            && ours.to_bits().abs_diff(theirs.to_bits()) <= 4
    })
}
