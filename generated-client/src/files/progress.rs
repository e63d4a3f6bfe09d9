//! Progress of transfers.

/// Progress of an upload or a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferProgress {
    /// Bytes that were transferred by the current attempt.
    pub bytes: u64,
    /// Size of the file in bytes, if it is known.
    pub total: Option<u64>,
    /// Number of the attempt to transfer the whole file, starting at 1. An upload that starts over has
    /// several.
    pub attempt: u32,
}

/// Callback for the progress of a transfer.
pub(super) type OnProgress<'a> = Box<dyn FnMut(&TransferProgress) + 'a>;
