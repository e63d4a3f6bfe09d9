//! Entries of all processes.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::entry::{Entry, Workspace};
use super::lock;
use super::session::{ENTRY_EXTENSION, LOCK_EXTENSION, PARTIAL_EXTENSION, journal_dir, remove};
use crate::console;
use crate::handle::Handle;

/// Age of an incomplete file whose process has been killed.
const MAX_PARTIAL_AGE: Duration = Duration::from_secs(60 * 60);

/// Journal of all processes.
#[derive(Debug)]
pub(crate) struct Store {
    dir: Option<PathBuf>,
}

/// Entry, and the state of its process.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) entry: Entry,
    path: PathBuf,
    /// Set while the process that has created the context lives.
    pub(crate) is_live: bool,
}

impl Record {
    /// Returns whether the process has ended and has not left the context on purpose.
    pub(crate) fn is_abandoned(&self) -> bool {
        !self.is_live && !self.entry.is_detached
    }

    /// Removes the entry.
    pub(crate) fn remove(&self) -> io::Result<()> {
        remove(&self.path)
    }
}

impl Store {
    pub(crate) fn open() -> Self {
        Self { dir: journal_dir() }
    }

    /// Returns all entries, the oldest first. Files that cannot be read are a warning.
    pub(crate) fn records(&self) -> io::Result<Vec<Record>> {
        let mut records = Vec::new();
        for path in self.files(ENTRY_EXTENSION)? {
            // The lock is checked first: an entry that is read after the end of its process is final.
            let is_live = !lock::is_released(&lock_of(&path));
            match fs::read_to_string(&path) {
                Ok(text) => match Entry::from_json(&text) {
                    Some(entry) => records.push(Record {
                        entry,
                        path,
                        is_live,
                    }),
                    None => warn_unreadable(&path, "it is not an entry of this version"),
                },
                // Removed in the meantime.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => warn_unreadable(&path, &error.to_string()),
            }
        }
        records.sort_by_key(|record| record.entry.started);
        Ok(records)
    }

    /// Removes the locks of ended processes without entries, and old incomplete files.
    pub(crate) fn remove_remains(&self) -> io::Result<()> {
        let entries = self.files(ENTRY_EXTENSION)?;
        for path in self.files(LOCK_EXTENSION)? {
            // A process without entries has not started to write, or has ended.
            if !entries.iter().any(|entry| lock_of(entry) == path) && lock::is_released(&path) {
                remove(&path)?;
            }
        }
        for path in self.files(PARTIAL_EXTENSION)? {
            let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
            let age = modified.map(|time| SystemTime::now().duration_since(time));
            if matches!(age, Ok(Ok(age)) if age > MAX_PARTIAL_AGE) && lock::is_released(&path) {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes the entries of ended processes for a context that has been destroyed. Failures are a
    /// warning.
    pub(crate) fn forget(&self, workspace: &Workspace, handle: &Handle) {
        let is_destroyed = |record: &Record| {
            let entry = &record.entry;
            !record.is_live
                && entry.workspace.host == workspace.host
                && entry.cluster == handle.cluster
                && entry.context.as_ref() == Some(&handle.context)
        };
        let removed = self.records().and_then(|records| {
            let mut destroyed = records.iter().filter(|record| is_destroyed(record));
            destroyed.try_for_each(Record::remove)
        });
        if let Err(error) = removed {
            console::warn(format_args!(
                "cannot change the journal of contexts: {error}"
            ));
        }
    }

    fn files(&self, extension: &str) -> io::Result<Vec<PathBuf>> {
        match &self.dir {
            Some(dir) => files(dir, extension),
            None => Ok(Vec::new()),
        }
    }
}

/// Removes the entries of other processes for the same context, and returns one of them.
pub(super) fn take_earlier(dir: &Path, session: &str, entry: &Entry) -> io::Result<Option<Entry>> {
    let mut taken = None;
    for path in files(dir, ENTRY_EXTENSION)? {
        if session_of(&path) == session {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        let other = Entry::from_json(&text).filter(|other| {
            let key = |entry: &Entry| {
                (
                    entry.workspace.host.clone(),
                    entry.cluster.clone(),
                    entry.context.clone(),
                )
            };
            key(other) == key(entry) && other.is_detached
        });
        if other.is_some() {
            remove(&path)?;
            taken = other;
        }
    }
    Ok(taken)
}

/// Returns the files with an extension. A folder that does not exist has none.
fn files(dir: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = paths.collect::<io::Result<_>>()?;
    let has_extension = |path: &PathBuf| path.extension() == Some(OsStr::new(extension));
    Ok(paths.into_iter().filter(has_extension).collect())
}

/// Returns the name of the process of an entry: the part before the first dot.
fn session_of(path: &Path) -> &str {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

fn lock_of(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}.{LOCK_EXTENSION}", session_of(path)))
}

fn warn_unreadable(path: &Path, reason: &str) {
    console::warn(format_args!("cannot read {}: {reason}", path.display()));
}
