//! First phase: from text to a tree of values that has been checked against the tables of the
//! language.

mod definitions;
pub(crate) mod format;
mod include;
mod kinds;
pub(crate) mod raw;
mod reader;
mod recover;
mod texts;
mod toml_errors;

pub(crate) use include::read;
