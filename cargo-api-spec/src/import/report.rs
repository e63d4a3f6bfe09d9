//! Differences between the document and the imported spec.

mod notes;
mod reasons;
mod summary;

pub(super) use notes::Report;
pub(super) use summary::{Places, Summary};
