//! Cells as they are in the file.

use crate::language::Language;

/// Unprocessed cell.
#[derive(Debug)]
pub(super) struct RawCell {
    pub(super) line: Option<usize>,
    /// Language of the cell, or `None` for that of the notebook.
    pub(super) language: Option<Language>,
    /// Code, which may begin with a magic command.
    pub(super) code: String,
    /// Index in the list of all cells of the file.
    pub(super) index: usize,
}
