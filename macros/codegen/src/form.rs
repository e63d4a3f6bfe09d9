//! Forms of generated code.

/// Form of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Output of the macro: few tokens, since each costs compile time.
    Macro,
    /// Text of a file: one attribute per line of documentation, and one `allow` for all items.
    File,
}
