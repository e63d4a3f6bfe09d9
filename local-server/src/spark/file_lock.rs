//! Locks between processes.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// Locks a file, which is created if necessary, until the returned file is dropped or the process exits.
/// Returns `None` if another process holds the lock.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    try_operation(path, FlockOperation::NonBlockingLockExclusive)
}

/// Locks a file as [`try_lock`] does, but together with other processes that use this function.
pub(super) fn try_lock_shared(path: &Path) -> io::Result<Option<File>> {
    try_operation(path, FlockOperation::NonBlockingLockShared)
}

fn try_operation(path: &Path, operation: FlockOperation) -> io::Result<Option<File>> {
    let file = File::create(path)?;
    match flock(&file, operation) {
        Ok(()) => Ok(Some(file)),
        Err(error) if io::Error::from(error).kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error.into()),
    }
}
