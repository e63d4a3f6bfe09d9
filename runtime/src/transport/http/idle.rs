//! Idle time of pooled connections.

use std::time::{Duration, Instant};

use super::call_state;

/// Servers close connections that were idle for their keep-alive timeout, which is rarely shorter
/// than some seconds. A connection that was idle for less than this is not about to be closed.
const MAX_FRESH_IDLE: Duration = Duration::from_secs(1);

/// Tracks since when a connection has been idle.
///
/// The pool checks twice per call whether a connection is open: when a call returns it and when
/// another one takes it. Only the second check can fail and is worth a system call.
#[derive(Debug, Default)]
pub(super) struct IdleTimer {
    since: Option<Instant>,
}

impl IdleTimer {
    /// Marks the connection as used by a call.
    pub(super) fn reset(&mut self) {
        self.since = None;
    }

    /// Marks the connection as idle. Returns `false` if it already was.
    pub(super) fn start(&mut self) -> bool {
        if self.since.is_some() {
            return false;
        }
        self.since = Some(Instant::now());
        true
    }

    /// Returns whether the current call accepts a connection that was idle for this long.
    pub(super) fn is_fresh_enough(&self) -> bool {
        let Some(since) = self.since else { return true };
        !call_state::with(|call| call.fresh_connection) || since.elapsed() < MAX_FRESH_IDLE
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::call::Limits;
    use super::super::super::timeouts::Timeouts;
    use super::super::call_state::CallState;
    use super::*;

    #[test]
    fn old_connection_is_rejected_only_if_a_fresh_one_is_required() {
        let old = IdleTimer {
            since: Instant::now().checked_sub(MAX_FRESH_IDLE),
        };
        let mut young = IdleTimer::default();
        assert!(young.start() && !young.start());
        assert!(old.is_fresh_enough() && young.is_fresh_enough());
        let limits = Limits {
            fresh_connection: true,
            ..Limits::default()
        };
        let _scope = call_state::enter(CallState::new(Timeouts::default(), limits));
        assert!(!old.is_fresh_enough() && young.is_fresh_enough());
    }
}
