//! Tests of the reader, most of them in comparison with `serde_json`.

mod agreement;
mod errors;
mod lookahead;
mod mutation;
mod reading;
mod support;
