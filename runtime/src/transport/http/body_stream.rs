//! Bodies that are read while they arrive.

use std::fmt;
use std::io::{ErrorKind, Read};
use std::time::Duration;

use super::super::error::TransportError;
use super::super::stream::BodyStream;
use super::call_state::{self, CallState};
use super::response_body::{read_all, read_error};

/// Time for the end of a body of which nothing else is expected. It arrives together with the last
/// item, so that the connection can be used again.
const FINISH_TIMEOUT: Duration = Duration::from_millis(10);

/// Maximum number of bytes that are read then.
const FINISH_BYTES: u64 = 4096;

/// Body of a call that continues after `Transport::open` has returned, possibly on another thread.
pub(super) struct HttpStream {
    reader: Box<dyn Read + Send>,
    /// State of the call while it is not read from.
    state: CallState,
    max_size: u64,
}

impl HttpStream {
    pub(super) fn new(reader: Box<dyn Read + Send>, state: CallState, max_size: u64) -> Self {
        Self {
            reader,
            state,
            max_size,
        }
    }

    /// Calls a function while the state of the call is that of this thread.
    fn with_state<R>(&mut self, access: impl FnOnce(&mut dyn Read) -> R) -> R {
        let state = std::mem::replace(&mut self.state, CallState::NONE);
        let scope = call_state::enter(state);
        let result = access(&mut *self.reader);
        self.state = scope.leave();
        result
    }
}

impl BodyStream for HttpStream {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        self.with_state(|reader| {
            loop {
                match reader.read(buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // The state of the call has the reason of a cancellation.
                    result => return result.map_err(read_error),
                }
            }
        })
    }

    fn into_bytes(mut self: Box<Self>) -> Result<Vec<u8>, TransportError> {
        let max_size = self.max_size;
        self.with_state(|reader| {
            call_state::with(|call| call.begin_read_body(false));
            let mut bytes = Vec::new();
            read_all(reader, max_size, &mut bytes).map(|()| bytes)
        })
    }

    fn finish(mut self: Box<Self>) {
        self.with_state(|reader| {
            call_state::with(|call| call.end_within(FINISH_TIMEOUT));
            // If it fails, the connection is closed.
            let _ = std::io::copy(&mut reader.take(FINISH_BYTES), &mut std::io::sink());
        });
    }
}

impl fmt::Debug for HttpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpStream").finish_non_exhaustive()
    }
}
