//! How long a connection lay in the pool.

use std::time::{Duration, Instant};

use super::call;

/// Servers close what was idle for their keep-alive time, which is hardly ever below some seconds.
/// A connection younger than this is not one that is being closed for its age just now.
const FRESH: Duration = Duration::from_secs(1);

/// Whether a connection is in use, and since when it is not.
///
/// The pool asks a connection twice per call whether it is open: when it takes it back, and when it
/// gives it away. Only the second can tell anything, so only that is worth system calls.
#[derive(Debug, Default)]
pub(super) struct Idle {
    since: Option<Instant>,
}

impl Idle {
    /// A call goes over it.
    pub(super) fn used(&mut self) {
        self.since = None;
    }

    /// Whether it comes back from a call just now.
    pub(super) fn returns(&mut self) -> bool {
        if self.since.is_some() {
            return false;
        }
        self.since = Some(Instant::now());
        true
    }

    /// Whether the call that asks would take it as far as its age goes.
    pub(super) fn may_be_open(&self) -> bool {
        let Some(since) = self.since else { return true };
        !call::with(|call| call.fresh) || since.elapsed() < FRESH
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::Call;
    use super::super::config::Timeouts;
    use super::*;
    use crate::transport::Limits;

    #[test]
    fn only_a_wish_keeps_off_an_old_connection() {
        let old = Idle {
            since: Instant::now().checked_sub(FRESH),
        };
        let mut young = Idle::default();
        assert!(young.returns() && !young.returns());
        assert!(old.may_be_open() && young.may_be_open());
        let limits = Limits {
            fresh_connection: true,
            ..Limits::default()
        };
        let _scope = call::enter(Call::new(Timeouts::default(), limits));
        assert!(!old.may_be_open() && young.may_be_open());
    }
}
