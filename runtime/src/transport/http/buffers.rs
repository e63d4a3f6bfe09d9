//! Buffers of a connection.

use ureq::unversioned::transport::Buffers;

/// Size of each buffer. It must be larger than the 64 KiB that the head of a response may have.
/// Untouched memory costs nothing, and large bodies need fewer system calls.
const BUFFER_BYTES: usize = 128 * 1024;

/// An output buffer that can hold bytes back, and an input buffer.
#[derive(Default)]
pub(super) struct SocketBuffers {
    output: Vec<u8>,
    pending: usize,
    input: Vec<u8>,
    consumed: usize,
    filled: usize,
    /// Set if the input has changed since `ureq` last parsed it.
    has_progress: bool,
}

impl SocketBuffers {
    /// Adds the next `amount` bytes of the output to the pending bytes.
    pub(super) fn add_pending(&mut self, amount: usize) {
        self.pending += amount;
    }

    /// Returns whether more than half of the output buffer is pending.
    pub(super) fn is_nearly_full(&self) -> bool {
        self.pending > BUFFER_BYTES / 2
    }

    /// Returns whether bytes are pending.
    pub(super) fn has_pending(&self) -> bool {
        self.pending > 0
    }

    /// Takes the pending bytes.
    pub(super) fn take_pending(&mut self) -> &[u8] {
        let pending = std::mem::take(&mut self.pending);
        &self.output[..pending]
    }

    fn allocate(&mut self) {
        if self.output.is_empty() {
            self.output = vec![0; BUFFER_BYTES];
            self.input = vec![0; BUFFER_BYTES];
        }
    }

    fn discard_consumed(&mut self) {
        if self.consumed == self.filled {
            self.consumed = 0;
            self.filled = 0;
        } else if self.consumed > 0 && self.filled > BUFFER_BYTES / 2 {
            self.input.copy_within(self.consumed..self.filled, 0);
            self.filled -= self.consumed;
            self.consumed = 0;
        }
    }
}

impl Buffers for SocketBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.allocate();
        &mut self.output[self.pending..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.allocate();
        self.discard_consumed();
        &mut self.input[self.filled..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.filled += amount;
        self.has_progress = amount > 0;
    }

    fn input_consume(&mut self, amount: usize) {
        self.has_progress = amount > 0;
        self.consumed += amount;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.allocate();
        self.discard_consumed();
        (
            &mut self.input[self.filled..],
            &mut self.output[self.pending..],
        )
    }

    fn can_use_input(&self) -> bool {
        self.consumed < self.filled && self.has_progress
    }
}
