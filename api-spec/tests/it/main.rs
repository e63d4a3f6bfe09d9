//! The cases of `tests/valid` and `tests/invalid`, and what holds for every text.
//!
//! A new case is a new file; `INSTA_UPDATE=always cargo test -p api-spec` writes its snapshot.

mod cases;
mod catalogue;
mod fuzz;
mod language;
mod readme;
