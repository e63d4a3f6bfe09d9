//! The reader takes what `serde_json` takes, and makes the same of it.

#![no_main]

use api_runtime::{Decode as _, Reader};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let mut reader = Reader::new(data);
    let ours = Value::decode(&mut reader).and_then(|value| reader.end().map(|()| value));
    let theirs = serde_json::from_slice::<Value>(data);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs),
        (Err(error), Err(_)) => drop(error.to_string()),
        _ => panic!("{ours:?}, but {theirs:?}"),
    }
});
