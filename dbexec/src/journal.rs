//! Journal of the contexts that `dbexec` has created and not destroyed.
//!
//! The API cannot list contexts: after SIGKILL or a power failure, the journal is the only trace of them.
//!
//! ```text
//! recorder ─▶ session ─▶ lock        files of this process
//! store    ─▶ entry, lock            files of all processes
//! ```
//!
//! The folder has one file per context, `PROCESS.NUMBER.json`, and one per process, `PROCESS.lock`, which
//! is locked for as long as the process lives. Files are replaced as a whole, and belong to one process
//! until it has ended.

mod entry;
mod lock;
mod recorder;
mod session;
mod store;

pub(crate) use self::entry::{Entry, Workspace};
pub(crate) use self::recorder::Recorder;
pub(crate) use self::store::{Record, Store};
