//! The buffers of a connection.

use ureq::unversioned::transport::Buffers;

/// Must be more than the 64 KiB that the head of an answer may have. Memory that is never touched
/// costs nothing, and a large answer or upload takes fewer system calls.
const SIZE: usize = 128 * 1024;

/// An output that can hold bytes back, and an input.
#[derive(Default)]
pub(super) struct Store {
    output: Vec<u8>,
    held: usize,
    input: Vec<u8>,
    consumed: usize,
    filled: usize,
    /// Whether the input may be of more use than when it was last looked at.
    has_progress: bool,
}

impl Store {
    /// Adds the next `amount` bytes of the output to those that wait to be sent.
    pub(super) fn hold(&mut self, amount: usize) {
        self.held += amount;
    }

    /// Whether there is little room left to hold more.
    pub(super) fn is_crowded(&self) -> bool {
        self.held > SIZE / 2
    }

    /// Whether bytes wait to be sent.
    pub(super) fn holds_output(&self) -> bool {
        self.held > 0
    }

    /// The bytes that wait to be sent. From now on they do not.
    pub(super) fn take_output(&mut self) -> &[u8] {
        let held = std::mem::take(&mut self.held);
        &self.output[..held]
    }

    fn allocate(&mut self) {
        if self.output.is_empty() {
            self.output = vec![0; SIZE];
            self.input = vec![0; SIZE];
        }
    }

    fn shift(&mut self) {
        if self.consumed == self.filled {
            self.consumed = 0;
            self.filled = 0;
        } else if self.consumed > 0 && self.filled > SIZE / 2 {
            self.input.copy_within(self.consumed..self.filled, 0);
            self.filled -= self.consumed;
            self.consumed = 0;
        }
    }
}

impl Buffers for Store {
    fn output(&mut self) -> &mut [u8] {
        self.allocate();
        &mut self.output[self.held..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.allocate();
        self.shift();
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
        self.shift();
        (
            &mut self.input[self.filled..],
            &mut self.output[self.held..],
        )
    }

    fn can_use_input(&self) -> bool {
        self.consumed < self.filled && self.has_progress
    }
}
