//! State of awaited operations.

/// State of the awaited operation according to one response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Completed.
    Done,
    /// Failed, with this status.
    Failed(&'a str),
    /// Not completed yet, with this status.
    Pending(&'a str),
}
