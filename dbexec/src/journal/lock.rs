//! Files that are locked for as long as a process lives.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Locks a file of this process, which must not exist, until the returned file is dropped.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    system::make_exclusive(&mut options);
    let file = options.open(path)?;
    system::lock(&file)?;
    Ok(file)
}

/// Returns whether the process that created the file has ended. A missing file counts as such.
pub(super) fn is_released(path: &Path) -> bool {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => system::can_share(&file),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

#[cfg(unix)]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::{FlockOperation, flock};

    pub(super) fn make_exclusive(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn lock(file: &File) -> io::Result<()> {
        Ok(flock(file, FlockOperation::NonBlockingLockExclusive)?)
    }

    /// Shared, so that processes that check at the same time do not see each other.
    pub(super) fn can_share(file: &File) -> bool {
        flock(file, FlockOperation::NonBlockingLockShared).is_ok()
    }
}

/// On Windows, a file that is open without sharing cannot be opened.
#[cfg(not(unix))]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;

    #[cfg(windows)]
    pub(super) fn make_exclusive(options: &mut OpenOptions) {
        use std::os::windows::fs::OpenOptionsExt as _;

        options.share_mode(0);
    }

    #[cfg(not(windows))]
    pub(super) fn make_exclusive(_: &mut OpenOptions) {}

    #[expect(clippy::unnecessary_wraps, reason = "fallible on Unix")]
    pub(super) fn lock(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn can_share(_: &File) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_locked_until_it_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.lock");
        assert!(is_released(&path), "missing");
        let file = create(&path).unwrap();
        assert!(!is_released(&path));
        assert_eq!(create(&path).unwrap_err().kind(), ErrorKind::AlreadyExists);
        drop(file);
        assert!(is_released(&path) && is_released(&path));
    }
}
