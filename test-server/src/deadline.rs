//! Timeout of the operations of tests.

use std::time::Duration;

/// Timeout of each read, write and wait. Much longer than any test takes, even on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(120);
