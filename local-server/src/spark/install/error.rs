//! Errors of an installation.

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Spark cannot be installed.
#[derive(Debug)]
#[non_exhaustive]
pub enum InstallError {
    /// Neither `XDG_CACHE_HOME` nor `HOME` is set.
    NoCacheFolder,
    /// The URL of the archive is invalid.
    Url(&'static str),
    /// The archive cannot be downloaded.
    Download(String),
    /// A file cannot be read.
    Read {
        /// Path or URL of the file.
        path: String,
        /// Error of the operating system.
        reason: String,
    },
    /// A file or folder cannot be written.
    Write {
        /// Path of the file or folder.
        path: PathBuf,
        /// Error of the operating system.
        reason: String,
    },
    /// The file system has not enough space.
    DiskSpace {
        /// The cache folder.
        folder: PathBuf,
        /// Needed space in bytes.
        needed: u64,
        /// Available space in bytes.
        available: u64,
    },
    /// The archive has another length than expected.
    Length {
        /// Path or URL of the archive.
        name: String,
        /// Expected length in bytes.
        expected: u64,
        /// Length of the archive in bytes.
        actual: u64,
    },
    /// The archive has another checksum than expected.
    Checksum {
        /// Path or URL of the archive.
        name: String,
        /// Expected SHA-256 in hexadecimal.
        expected: &'static str,
        /// SHA-256 of the archive in hexadecimal.
        actual: String,
    },
    /// The archive cannot be unpacked.
    Archive(String),
}

impl InstallError {
    pub(super) fn read(path: &Path, error: &io::Error) -> Self {
        Self::Read {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }

    pub(super) fn write(path: &Path, error: &io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    }

    /// Returns the next step for a user of `dbexec`, if there is one.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoCacheFolder => Some("set `HOME`"),
            Self::Url(_) | Self::Read { .. } | Self::Archive(_) | Self::Write { .. } => None,
            Self::Download(_) => Some(
                "run the command again to resume the download, or use `--from URL` for a mirror or \
                 `--from FILE` for a copy of the archive",
            ),
            Self::DiskSpace { .. } => {
                Some("set `XDG_CACHE_HOME` to a folder on another file system")
            }
            Self::Length { .. } | Self::Checksum { .. } => Some(
                "the source has another file; use `--from` with an unmodified copy of the archive",
            ),
        }
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCacheFolder => {
                f.write_str("there is no cache folder: neither `XDG_CACHE_HOME` nor `HOME` is set")
            }
            Self::Url(reason) => write!(f, "invalid URL of the archive: {reason}"),
            Self::Download(reason) => write!(f, "cannot download the archive: {reason}"),
            Self::Read { path, reason } => write!(f, "cannot read `{path}`: {reason}"),
            Self::Write { path, reason } => {
                write!(f, "cannot write `{}`: {reason}", path.display())
            }
            Self::DiskSpace {
                folder,
                needed,
                available,
            } => write!(
                f,
                "not enough disk space in `{}`: {} MB are needed, {} MB are available",
                folder.display(),
                needed.div_ceil(1_000_000),
                available / 1_000_000
            ),
            Self::Length {
                name,
                expected,
                actual,
            } => write!(f, "`{name}` has {actual} bytes, expected {expected}"),
            Self::Checksum {
                name,
                expected,
                actual,
            } => write!(
                f,
                "the SHA-256 of `{name}` is {actual}, expected {expected}"
            ),
            Self::Archive(reason) => write!(f, "cannot unpack the archive: {reason}"),
        }
    }
}

impl std::error::Error for InstallError {}
