//! Every bound of the server in one place. The crate page tells them to its reader.

use std::time::Duration;

/// The body of a request.
pub(crate) const BODY: usize = 64 << 20;

/// What is read and thrown away of a body that is too long, so that its sender hears the answer.
pub(crate) const DRAINED: usize = 256 << 20;

/// The text of one result.
pub(crate) const TEXT: usize = 1 << 20;

/// Contexts at a time. The service has the same limit per cluster.
pub(crate) const CONTEXTS: usize = 145;

/// Commands that wait in one context, by number and by the length of their source.
pub(crate) const QUEUED: usize = 1000;
pub(crate) const QUEUED_BYTES: usize = 128 << 20;

/// Results that one context keeps, by number and by length.
pub(crate) const KEPT: usize = 10_000;
pub(crate) const KEPT_BYTES: usize = 32 << 20;

/// One message of an interpreter: a cause of a mebibyte, each byte of it escaped.
pub(crate) const FRAME: usize = 16 << 20;

/// How long an interpreter may take to say that it is ready.
pub(crate) const START: Duration = Duration::from_secs(60);

/// How long a cancelled command may take to end, and how often it is told.
pub(crate) const CANCEL_GRACE: Duration = Duration::from_secs(5);
pub(crate) const CANCEL_AGAIN: Duration = Duration::from_millis(500);

/// How long an interpreter that closed its pipe may take to exit, so that its exit code is known.
pub(crate) const EXIT: Duration = Duration::from_secs(1);

/// How long requests under way may take when the server stops.
pub(crate) const GOODBYE: Duration = Duration::from_secs(1);
