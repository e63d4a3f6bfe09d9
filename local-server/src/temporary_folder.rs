//! The temporary folder of a server.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use tempfile::TempDir;

const PREFIX: &str = "local-server-";
const LOCK: &str = "lock";

/// A folder that only this user can access. Removed with its contents on drop.
///
/// A server that is killed leaves its folder behind. The next server removes it: the file `lock` in it is
/// locked as long as its server runs.
#[derive(Debug)]
pub(crate) struct TemporaryFolder {
    folder: TempDir,
    /// Unlocked by the operating system when the process exits.
    _lock: File,
}

impl TemporaryFolder {
    pub(crate) fn create() -> io::Result<Self> {
        Self::create_in(&std::env::temp_dir())
    }

    fn create_in(parent: &Path) -> io::Result<Self> {
        remove_abandoned(parent);
        let folder = TempDir::with_prefix_in(PREFIX, parent)?;
        // Renamed after it is locked: the folder would be abandoned with an unlocked file of this name.
        let unlocked = folder.path().join("lock.new");
        let lock = File::create_new(&unlocked)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        fs::rename(unlocked, folder.path().join(LOCK))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of servers that were killed. Errors are ignored: a folder may belong to another
/// user.
fn remove_abandoned(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _ = remove_if_abandoned(&entry.path());
        }
    }
}

fn remove_if_abandoned(folder: &PathBuf) -> io::Result<()> {
    let lock = File::open(folder.join(LOCK))?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
    fs::remove_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_of_a_killed_server_is_removed() {
        let parent = tempfile::tempdir().unwrap();
        let running = TemporaryFolder::create_in(parent.path()).unwrap();
        let abandoned = parent.path().join("local-server-abandoned");
        let unrelated = parent.path().join("local-server-unrelated");
        for folder in [&abandoned, &unrelated] {
            fs::create_dir_all(folder.join("dbfs")).unwrap();
        }
        fs::write(abandoned.join(LOCK), "").unwrap();

        let started = TemporaryFolder::create_in(parent.path()).unwrap();
        assert!(!abandoned.exists());
        for folder in [running.path(), started.path(), &unrelated] {
            assert!(folder.exists());
        }
        let path = started.path().to_owned();
        drop(started);
        assert!(!path.exists());
    }
}
