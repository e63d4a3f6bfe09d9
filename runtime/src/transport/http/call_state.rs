//! State of the call that runs on a thread.
//!
//! `ureq` runs a call on the calling thread from its first byte to its last, and passes nothing of
//! the request to the connection. So the state of the call is stored per thread.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use super::super::call::Limits;
use super::super::inspection::Inspection;
use super::super::timeouts::Timeouts;
use crate::clock::Interrupt;
use crate::delivery::Delivery;

/// Number of bytes of a response body in memory that must arrive within the idle timeout.
const MIN_PROGRESS_BYTES: usize = 1024;

thread_local! {
    static CURRENT: RefCell<CallState> = const { RefCell::new(CallState::NONE) };
}

/// Phase of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the first byte, and between establishing a connection and sending.
    Prepare,
    /// Establishing a connection.
    Connect,
    /// Sending the request.
    Send,
    /// Waiting for the complete head of the response.
    AwaitResponse,
    /// Reading the body of the response.
    ReadBody,
}

/// Reason for which a call was canceled on this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cancellation {
    Deadline,
    Interrupt,
}

/// State of one call.
#[derive(Debug)]
pub(super) struct CallState {
    pub(super) phase: Phase,
    deadline: Option<Instant>,
    /// See [`Limits::grace`].
    grace: Duration,
    /// The same moment by the clock of the client and by that of the operating system.
    clocks: Option<(Instant, Instant)>,
    /// Time at which the interrupt was raised, by the clock of the operating system.
    raised_at: Option<Instant>,
    timeouts: Timeouts,
    /// Deadline of the current phase or of the next part of the response body, computed on first use.
    /// Each write has a separate deadline.
    phase_deadline: Option<Instant>,
    pub(super) interrupt: Option<Interrupt>,
    /// See [`Limits::fresh_connection`].
    pub(super) fresh_connection: bool,
    /// Set if writing has failed although the server has sent a response.
    pub(super) write_failed: bool,
    /// Set once the server has closed the connection.
    pub(super) closed: bool,
    /// Set on cancellation. The error that `ureq` returns may not contain the reason.
    pub(super) canceled: Option<Cancellation>,
    /// Set for a connection that is closed once it is established.
    pub(super) inspection: Option<Box<Inspection>>,
    /// The inspection, once it is complete.
    pub(super) completed_inspection: Option<Box<Inspection>>,
    bytes_sent: u64,
    /// Number of bytes of the response body that must arrive within the idle timeout.
    min_progress: usize,
    /// Number of these bytes that have arrived.
    progress: usize,
    /// Number of writes: one for the head of the request, then those of its body.
    writes: u32,
}

impl CallState {
    pub(super) const NONE: Self = Self {
        phase: Phase::Prepare,
        deadline: None,
        grace: Duration::ZERO,
        clocks: None,
        raised_at: None,
        timeouts: Timeouts {
            connect: None,
            response: None,
            idle: None,
        },
        phase_deadline: None,
        interrupt: None,
        fresh_connection: false,
        write_failed: false,
        closed: false,
        canceled: None,
        inspection: None,
        completed_inspection: None,
        bytes_sent: 0,
        min_progress: 0,
        progress: 0,
        writes: 0,
    };

    pub(super) fn new(timeouts: Timeouts, limits: Limits) -> Self {
        let clocks = limits.now.map(|now| (now, Instant::now()));
        Self {
            timeouts,
            deadline: limits.deadline.map(|at| to_system_time(at, clocks)),
            grace: limits.grace,
            clocks,
            interrupt: limits.interrupt,
            fresh_connection: limits.fresh_connection,
            ..Self::NONE
        }
    }

    /// Returns the reason if the call must be canceled now.
    pub(super) fn check_canceled(&mut self) -> Option<Cancellation> {
        if self.is_interrupted() {
            self.canceled = Some(Cancellation::Interrupt);
        } else if self.deadline.is_some_and(|at| at <= Instant::now()) {
            self.canceled = Some(Cancellation::Deadline);
        }
        self.canceled
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_raised)
    }

    /// Returns the deadline of the call, including the grace once a byte has been sent.
    pub(super) fn call_deadline(&self) -> Option<Instant> {
        let deadline = self.deadline?;
        if self.is_sent() {
            deadline.checked_add(self.grace)
        } else {
            Some(deadline)
        }
    }

    /// Returns the time at which the interrupt cancels the call; `None` if it was not raised.
    pub(super) fn interrupt_end(&mut self) -> Option<Instant> {
        let raised_at = self.interrupt.as_ref()?.raised_at()?;
        let clocks = self.clocks;
        // A time in the future belongs to another clock than that of the client.
        let convert = || to_system_time(raised_at, clocks).min(Instant::now());
        let raised_at = *self.raised_at.get_or_insert_with(convert);
        let grace = if self.is_sent() {
            self.grace
        } else {
            Duration::ZERO
        };
        Some(raised_at.checked_add(grace).unwrap_or(raised_at + FOREVER))
    }

    /// Returns whether a byte of the request was passed to the operating system.
    fn is_sent(&self) -> bool {
        // Bytes sent while connecting belong to the TLS handshake or to the proxy.
        self.phase != Phase::Connect && self.bytes_sent > 0
    }

    pub(super) fn delivery(&self) -> Delivery {
        if self.is_sent() {
            Delivery::Unknown
        } else {
            Delivery::NotProcessed
        }
    }

    pub(super) fn add_sent(&mut self, bytes: usize) {
        self.bytes_sent += bytes as u64;
    }

    /// Returns the deadline of the current phase, of the current part of the response body, or of the
    /// write that begins `now`.
    pub(super) fn phase_deadline(&mut self, now: Instant) -> Option<Instant> {
        let timeout = match self.phase {
            Phase::Prepare => return None,
            Phase::Send => return now.checked_add(self.timeouts.idle?),
            Phase::ReadBody => self.timeouts.idle?,
            Phase::Connect => self.timeouts.connect?,
            Phase::AwaitResponse => self.timeouts.response?,
        };
        self.phase_deadline = self.phase_deadline.or_else(|| now.checked_add(timeout));
        self.phase_deadline
    }

    pub(super) fn begin_connect(&mut self) {
        self.set_phase(Phase::Connect);
    }

    /// Ends the connect phase. No byte of the request has been sent over the new connection.
    pub(super) fn end_connect(&mut self) {
        self.set_phase(Phase::Prepare);
        self.closed = false;
        self.bytes_sent = 0;
    }

    /// Begins the write of the head or of a part of the body.
    pub(super) fn begin_write(&mut self) {
        if self.write_failed {
            return;
        }
        self.set_phase(Phase::Send);
        self.writes = self.writes.saturating_add(1);
    }

    /// Begins to wait for the response, or for the intermediate response to `expect`.
    pub(super) fn begin_await_response(&mut self) {
        if self.phase == Phase::Send {
            self.set_phase(Phase::AwaitResponse);
        }
    }

    /// Begins to read the body of the response.
    ///
    /// A body that is written to a sink may arrive at any pace, e.g. the lines of a log. For others, a
    /// server that sends single bytes from time to time must not block the call forever.
    pub(super) fn begin_read_body(&mut self, has_sink: bool) {
        self.set_phase(Phase::ReadBody);
        self.min_progress = if has_sink { 1 } else { MIN_PROGRESS_BYTES };
    }

    /// Begins to read a body whose items are used while it arrives, after the call has responded.
    pub(super) fn begin_read_stream(&mut self) {
        self.begin_read_body(true);
        self.grace = Duration::ZERO;
    }

    /// Ends the call after `duration` at the latest.
    pub(super) fn end_within(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        self.deadline = Some(self.deadline.map_or(end, |deadline| deadline.min(end)));
    }

    /// Counts bytes of the response.
    pub(super) fn add_received(&mut self, bytes: usize) {
        if self.phase != Phase::ReadBody {
            return;
        }
        self.progress = self.progress.saturating_add(bytes);
        if self.progress >= self.min_progress {
            self.progress = 0;
            self.phase_deadline = None;
        }
    }

    /// Records that writing has failed, and begins to read the response that the server has sent. The
    /// rest of the request is dropped.
    pub(super) fn set_write_failed(&mut self) {
        self.write_failed = true;
        self.begin_await_response();
    }

    /// Records that the server has closed the connection.
    pub(super) fn set_closed(&mut self) {
        self.closed = true;
    }

    fn set_phase(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            self.phase_deadline = None;
        }
    }

    /// Returns whether written bytes must be sent immediately.
    ///
    /// The head of a request is held back until its body follows, and handshake messages until a
    /// read follows, so that small requests are sent in one packet. No request follows an inspection.
    pub(super) fn must_flush(&self) -> bool {
        self.phase == Phase::Send && self.writes > 1 || self.inspection.is_some()
    }
}

/// Time after which nothing is expected to happen.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// Converts a time of the client's clock, given the same moment by both clocks.
fn to_system_time(at: Instant, clocks: Option<(Instant, Instant)>) -> Instant {
    let Some((client, system)) = clocks else {
        return at;
    };
    match at.checked_duration_since(client) {
        Some(after) => system.checked_add(after),
        None => system.checked_sub(client.saturating_duration_since(at)),
    }
    .unwrap_or(at)
}

/// Makes `call` the current call of this thread.
pub(super) fn enter(call: CallState) -> Scope {
    Scope(Some(CURRENT.replace(call)))
}

/// Accesses the current call of this thread.
pub(super) fn with<T>(access: impl FnOnce(&mut CallState) -> T) -> T {
    CURRENT.with_borrow_mut(access)
}

/// Restores the previous call of the thread when dropped. Calls nest: the reader of a request body
/// may itself send a request.
pub(super) struct Scope(Option<CallState>);

impl Scope {
    /// Restores the previous call, and returns the state of this one, which continues later.
    pub(super) fn leave(mut self) -> CallState {
        CURRENT.replace(self.0.take().unwrap_or(CallState::NONE))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if let Some(outer) = self.0.take() {
            drop(CURRENT.replace(outer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn reading(begin: fn(&mut CallState)) -> CallState {
        let timeouts = Timeouts {
            idle: Some(MINUTE),
            ..Timeouts::default()
        };
        let mut call = CallState::new(timeouts, Limits::default());
        begin(&mut call);
        call
    }

    #[test]
    fn each_read_of_a_stream_has_its_own_idle_timeout() {
        let start = Instant::now();
        let later = start + 10 * MINUTE;
        let mut stream = reading(CallState::begin_read_stream);
        assert_eq!(stream.phase_deadline(start), Some(start + MINUTE));
        stream.add_received(1);
        assert_eq!(stream.phase_deadline(later), Some(later + MINUTE));

        // A body in memory needs more progress.
        let mut body = reading(|call| call.begin_read_body(false));
        assert_eq!(body.phase_deadline(start), Some(start + MINUTE));
        body.add_received(1);
        assert_eq!(body.phase_deadline(later), Some(start + MINUTE));
    }

    #[test]
    fn stream_has_no_grace() {
        let deadline = Instant::now() + MINUTE;
        let limits = Limits {
            deadline: Some(deadline),
            grace: MINUTE,
            ..Limits::default()
        };
        let mut call = CallState::new(Timeouts::default(), limits);
        call.add_sent(1);
        call.phase = Phase::AwaitResponse;
        assert_eq!(call.call_deadline(), Some(deadline + MINUTE));
        call.begin_read_stream();
        assert_eq!(call.call_deadline(), Some(deadline));
        call.end_within(Duration::from_millis(10));
        assert!(call.call_deadline() < Some(deadline));
    }
}
