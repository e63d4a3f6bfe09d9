//! Cells of notebooks.

use crate::language::Language;

/// Cell with code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Line of the file in which the code begins, from 1, or `None` if lines of the code are not lines
    /// of the file.
    pub(crate) line: Option<usize>,
    pub(crate) language: Language,
    pub(crate) code: String,
    /// Index in the list of all cells of the file.
    pub(super) index: usize,
}

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
