//! Files of this process.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

use super::entry::Entry;
use super::lock;
use crate::state_dir::state_dir;

pub(super) const ENTRY_EXTENSION: &str = "json";
pub(super) const LOCK_EXTENSION: &str = "lock";
/// Extension of files that are not complete.
pub(super) const PARTIAL_EXTENSION: &str = "partial";

/// Returns the folder of the journal, or `None` if there is no folder for state.
pub(super) fn journal_dir() -> Option<PathBuf> {
    Some(state_dir()?.join("contexts"))
}

/// Files of this process. Entries that remain when it is dropped are those of an ended process.
pub(super) struct Session {
    dir: PathBuf,
    name: String,
    _lock: File,
}

impl Session {
    /// Creates the folder and locks a new name in it.
    pub(super) fn start(dir: &Path) -> io::Result<Self> {
        create_dir(dir)?;
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let mut number = time.unwrap_or_default().as_nanos();
        loop {
            let name = format!("{}-{number:x}", process::id());
            let path = dir.join(&name).with_extension(LOCK_EXTENSION);
            // The file is locked before it is renamed, so that other processes never find it without a lock.
            let partial = dir.join(format!("{name}.{PARTIAL_EXTENSION}"));
            match lock::create(&partial) {
                Ok(lock) => {
                    fs::rename(&partial, &path)?;
                    return Ok(Self {
                        dir: dir.to_owned(),
                        name,
                        _lock: lock,
                    });
                }
                // A container with the same process id, for example.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn entry_path(&self, key: u64) -> PathBuf {
        self.dir
            .join(format!("{}.{key}.{ENTRY_EXTENSION}", self.name))
    }

    /// Writes an entry, in place of an earlier one. `is_durable` lets it survive a power failure, which
    /// takes milliseconds.
    pub(super) fn write(&self, key: u64, entry: &Entry, is_durable: bool) -> io::Result<()> {
        write(&self.entry_path(key), entry, is_durable)
    }

    /// Removes an entry, if it exists.
    pub(super) fn remove(&self, key: u64) -> io::Result<()> {
        remove(&self.entry_path(key))
    }

    /// Removes the lock, after all entries.
    pub(super) fn end(self) -> io::Result<()> {
        remove(&self.dir.join(format!("{}.{LOCK_EXTENSION}", self.name)))
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Writes an entry to another file, which then replaces it: readers see the old or the new one.
pub(super) fn write(path: &Path, entry: &Entry, is_durable: bool) -> io::Result<()> {
    let partial = path.with_extension(PARTIAL_EXTENSION);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    restrict(&mut options);
    let mut file = options.open(&partial)?;
    file.write_all(entry.to_json().as_bytes())?;
    if is_durable {
        file.sync_all()?;
    }
    fs::rename(&partial, path)?;
    if is_durable
        && cfg!(unix)
        && let Some(dir) = path.parent()
    {
        // The new name is in the folder.
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// Removes a file, if it exists.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn create_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;

    options.mode(0o600);
}

#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions) {}
