//! Blocks of transfers.

/// Size of a block before it is encoded in base64. The service accepts no larger ones.
pub(super) const BLOCK_BYTES: usize = 1 << 20;
