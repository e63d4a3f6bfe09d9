//! Tests of the reader: the cases of `tests/valid` and `tests/invalid`, and properties of every spec.
//!
//! A case is a file. `INSTA_UPDATE=always cargo test -p api-spec` writes its snapshot.

mod cases;
mod catalogue;
mod dump;
mod faults;
mod fuzz;
mod language;
mod readme;
