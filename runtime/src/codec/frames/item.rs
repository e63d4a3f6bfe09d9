//! Bytes of an item.

/// Bytes at the end of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// There are none, or they are not an item.
    Nothing,
    /// An item without a line end.
    Item,
}

/// Error for an item that is longer than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Appends bytes to an item.
pub(super) fn append(to: &mut Vec<u8>, bytes: &[u8], max: usize) -> Result<(), TooLong> {
    if bytes.len() > max.saturating_sub(to.len()) {
        return Err(TooLong);
    }
    to.extend_from_slice(bytes);
    Ok(())
}
