//! Folders as open descriptors. No function follows symbolic links.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
const NEW_FOLDER: Mode = Mode::from_raw_mode(0o777); // reduced by the umask

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

/// A regular file or a folder.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) is_folder: bool,
    pub(super) size: u64,
    pub(super) modified: i64,
}

impl Folder {
    /// Opens a folder by its path on this machine, which may contain symbolic links.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(rustix::fs::openat(CWD, path, FOLDER, Mode::empty())?))
    }

    pub(super) fn child(&self, name: &str) -> io::Result<Self> {
        let flags = FOLDER | OFlags::NOFOLLOW;
        match rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(folder) => Ok(Self(folder)),
            // A symbolic link.
            Err(Errno::LOOP) => Err(io::ErrorKind::NotADirectory.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a folder, and creates it if it does not exist.
    pub(super) fn create_child(&self, name: &str) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.0, name, NEW_FOLDER) {
            Ok(()) | Err(Errno::EXIST) => self.child(name),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn own_entry(&self) -> io::Result<Entry> {
        entry(&rustix::fs::fstat(&self.0)?)
    }

    /// Returns the properties of a file or folder. Others, for example symbolic links, are not found.
    pub(super) fn entry(&self, name: &str) -> io::Result<Entry> {
        entry(&rustix::fs::statat(
            &self.0,
            name,
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }

    /// Returns the names of the entries. Names that are not UTF-8 are skipped.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            if let Ok(name) = entry?.file_name().to_str()
                && !matches!(name, "." | "..")
            {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Opens a file for reading.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        // Opening a named pipe would block without `NONBLOCK`, which has no effect on regular files.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?);
        if !file.metadata()?.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(file)
    }

    pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Moves an entry to another folder. Replaces an existing file.
    pub(super) fn rename(&self, name: &str, folder: &Self, new_name: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, name, &folder.0, new_name)?)
    }
}

fn entry(stat: &Stat) -> io::Result<Entry> {
    let is_folder = match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => true,
        FileType::RegularFile => false,
        _ => return Err(io::ErrorKind::NotFound.into()),
    };
    let size = if is_folder { 0 } else { stat.st_size };
    Ok(Entry {
        is_folder,
        size: size.try_into().unwrap_or(0),
        modified: milliseconds(stat),
    })
}

#[expect(
    clippy::useless_conversion,
    reason = "the types of the fields depend on the platform"
)]
fn milliseconds(stat: &Stat) -> i64 {
    let seconds = i64::try_from(stat.st_mtime).unwrap_or(0);
    let nanoseconds = i64::try_from(stat.st_mtime_nsec).unwrap_or(0);
    seconds
        .saturating_mul(1000)
        .saturating_add(nanoseconds / 1_000_000)
}
