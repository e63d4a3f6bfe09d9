//! What the layers of a connection know of the call under way.
//!
//! `ureq` runs a call from its first byte to its last on the thread that asked for it, and tells a
//! connection nothing of the request it carries. So the state of the call belongs to the thread.

use std::cell::RefCell;
use std::time::Instant;

use super::super::Limits;
use super::config::Timeouts;
use crate::clock::Interrupt;
use crate::delivery::Delivery;

thread_local! {
    static CURRENT: RefCell<Call> = const { RefCell::new(Call::NONE) };
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing is under way.
    Prepare,
    /// A connection is made.
    Connect,
    /// The request goes out.
    Send,
    /// The request is out, and its answer has no complete head yet.
    Answer,
    /// The body of the answer comes in.
    Read,
}

/// What ended a call from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Deadline,
    Interrupt,
}

/// The state of one call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) phase: Phase,
    /// When the call must be over.
    pub(super) deadline: Option<Instant>,
    /// What its phases may take.
    timeouts: Timeouts,
    /// When a phase that has a time as a whole must be over; found when it is first asked for.
    phase_ends: Option<Instant>,
    /// Ends the call from another thread.
    pub(super) interrupt: Option<Interrupt>,
    /// Whether a connection that lay idle for long is out of the question.
    pub(super) fresh: bool,
    /// Whether the server answered and does not take the rest of the request.
    pub(super) refused: bool,
    /// Whether the server has closed the connection.
    pub(super) closed: bool,
    /// Set when this side ended the call: the error that reaches the top may not tell.
    pub(super) end: Option<End>,
    sent: u64,
    /// Of the request: its head, and then those of its body.
    pieces: u32,
}

impl Call {
    const NONE: Self = Self {
        phase: Phase::Prepare,
        deadline: None,
        timeouts: Timeouts {
            connect: None,
            response: None,
            idle: None,
        },
        phase_ends: None,
        interrupt: None,
        fresh: false,
        refused: false,
        closed: false,
        end: None,
        sent: 0,
        pieces: 0,
    };

    pub(super) fn new(timeouts: Timeouts, limits: Limits) -> Self {
        Self {
            timeouts,
            deadline: limits.deadline,
            interrupt: limits.interrupt,
            fresh: limits.fresh_connection,
            ..Self::NONE
        }
    }

    /// What ends it now, if something does.
    pub(super) fn over(&mut self) -> Option<End> {
        if self.is_interrupted() {
            self.end = Some(End::Interrupt);
        } else if self.deadline.is_some_and(|at| at <= Instant::now()) {
            self.end = Some(End::Deadline);
        }
        self.end
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_raised)
    }

    /// Returns `Unknown` once a byte of the request was passed to the operating system.
    pub(super) fn delivery(&self) -> Delivery {
        // What goes over a connection that is being made is not the request.
        if self.phase == Phase::Connect || self.sent == 0 {
            Delivery::NotProcessed
        } else {
            Delivery::Unknown
        }
    }

    /// These bytes left.
    pub(super) fn count(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// When the present phase must be over, or the one read or write that begins in it `now`.
    pub(super) fn phase_ends(&mut self, now: Instant) -> Option<Instant> {
        let whole = match self.phase {
            Phase::Prepare => return None,
            Phase::Send | Phase::Read => return now.checked_add(self.timeouts.idle?),
            Phase::Connect => self.timeouts.connect?,
            Phase::Answer => self.timeouts.response?,
        };
        self.phase_ends = self.phase_ends.or_else(|| now.checked_add(whole));
        self.phase_ends
    }

    /// A connection is made.
    pub(super) fn connecting(&mut self) {
        self.go(Phase::Connect);
    }

    /// A connection stands; what went over it so far was not the request.
    pub(super) fn connected(&mut self) {
        self.go(Phase::Prepare);
        self.closed = false;
        self.sent = 0;
    }

    /// A piece of the request follows: its head, and then its body.
    pub(super) fn sending(&mut self) {
        self.go(Phase::Send);
        self.pieces = self.pieces.saturating_add(1);
    }

    /// The request is out as far as it goes for now.
    pub(super) fn listening(&mut self) {
        if self.phase == Phase::Send {
            self.go(Phase::Answer);
        }
    }

    /// The head of the answer is here.
    pub(super) fn reading(&mut self) {
        self.go(Phase::Read);
    }

    /// No more of the answer will come.
    pub(super) fn closed(&mut self) {
        self.closed = true;
    }

    fn go(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            self.phase_ends = None;
        }
    }

    /// Whether bytes must go out at once. The head of a request waits for its body instead, and a
    /// handshake until it listens, so that what belongs together leaves together.
    pub(super) fn pushes(&self) -> bool {
        self.phase == Phase::Send && self.pieces > 1
    }
}

/// Makes `call` the one of this thread.
pub(super) fn enter(call: Call) -> Scope {
    Scope(CURRENT.replace(call))
}

/// Looks at the call of this thread.
pub(super) fn with<T>(look: impl FnOnce(&mut Call) -> T) -> T {
    CURRENT.with_borrow_mut(look)
}

/// For as long as it lives the call is the one of this thread; then the one before is, as a body
/// may be read from the answer to another call.
pub(super) struct Scope(Call);

impl Drop for Scope {
    fn drop(&mut self) {
        let outer = std::mem::replace(&mut self.0, Call::NONE);
        drop(CURRENT.replace(outer));
    }
}
