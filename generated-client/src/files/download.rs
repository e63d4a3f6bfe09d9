//! Downloads.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, Write};
use std::path::{Path, PathBuf};

use api_runtime::{Client, Error, ErrorKind};

use super::error::{unreadable, unwritable};
use super::progress::{OnProgress, TransferProgress};
use super::reader::FileReader;

/// A download of a file of DBFS.
#[must_use = "a download does nothing until it is saved or written"]
pub struct FileDownload<'a> {
    path: String,
    overwrite: bool,
    on_progress: OnProgress<'a>,
}

impl<'a> FileDownload<'a> {
    /// Creates a download of the file with an absolute path, for example `/jars/app.jar`.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            overwrite: false,
            on_progress: Box::new(|_| {}),
        }
    }

    /// Lets [`save`](Self::save) replace an existing file.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Calls `on_progress` at the start and after each block.
    pub fn on_progress(mut self, on_progress: impl FnMut(&TransferProgress) + 'a) -> Self {
        self.on_progress = Box::new(on_progress);
        self
    }

    /// Writes the contents to `target`. Returns their size.
    ///
    /// # Errors
    ///
    /// Errors of the requests, [`ErrorKind::Output`] if `target` cannot be written, and
    /// [`ErrorKind::InvalidResponse`] if the file has changed while it was read. `target` then contains a
    /// part of the file.
    pub fn write_to(mut self, client: &Client, target: &mut impl Write) -> Result<u64, Error> {
        let mut source = FileReader::open(client, &*self.path)?;
        let mut progress = TransferProgress {
            bytes: 0,
            total: Some(source.size()),
            attempt: 1,
        };
        (self.on_progress)(&progress);
        loop {
            let block = source.fill_buf().map_err(unreadable)?;
            if block.is_empty() {
                break;
            }
            target.write_all(block).map_err(unwritable)?;
            let length = block.len();
            source.consume(length);
            progress.bytes += length as u64;
            (self.on_progress)(&progress);
        }
        target.flush().map_err(unwritable)?;
        Ok(progress.bytes)
    }

    /// Writes the contents to a file of this machine. Returns their size.
    ///
    /// They are written to a temporary file in the same folder, `.NAME.RANDOM.part`, which is renamed at the
    /// end and removed after an error. An existing file is an error without [`overwrite`](Self::overwrite);
    /// with it, its permissions are kept. Devices and pipes are written directly.
    ///
    /// # Errors
    ///
    /// Those of [`write_to`](Self::write_to), and [`ErrorKind::InvalidInput`] if the file exists. No file is
    /// left.
    pub fn save(self, client: &Client, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let existing = fs::metadata(path).ok();
        if let Some(existing) = &existing {
            if existing.is_dir() {
                return Err(invalid(path, "is a folder"));
            }
            if !existing.is_file() {
                let mut device = OpenOptions::new().write(true).open(path);
                let device = device.as_mut().map_err(|error| not_created(path, error))?;
                return self.write_to(client, device);
            }
            if !self.overwrite {
                return Err(invalid(path, "exists"));
            }
        }
        // The target of a symbolic link is replaced, not the link.
        let target = existing.as_ref().and_then(|_| fs::canonicalize(path).ok());
        let target = target.as_deref().unwrap_or(path);
        let overwrite = self.overwrite;
        let mut temporary = Temporary::create(target)?;
        let size = self.write_to(client, &mut temporary.file)?;
        if let Some(existing) = existing {
            let changed = temporary.file.set_permissions(existing.permissions());
            changed.map_err(unwritable)?;
        }
        temporary.rename(target, overwrite)?;
        Ok(size)
    }
}

impl fmt::Debug for FileDownload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDownload")
            .field("path", &self.path)
            .field("overwrite", &self.overwrite)
            .finish_non_exhaustive()
    }
}

/// File that is removed when it is dropped.
struct Temporary {
    path: PathBuf,
    file: File,
    is_renamed: bool,
}

impl Temporary {
    /// Creates a file in the folder of `target`.
    fn create(target: &Path) -> Result<Self, Error> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let name = format!(".{name}.{:08x}.part", fastrand::u32(..));
        let path = target.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|error| not_created(target, &error))?;
        Ok(Self {
            path,
            file,
            is_renamed: false,
        })
    }

    fn rename(mut self, target: &Path, overwrite: bool) -> Result<(), Error> {
        if !overwrite {
            // Renaming replaces a file. If one was created in the meantime, this fails.
            File::create_new(target).map_err(|error| not_created(target, &error))?;
        }
        let renamed = fs::rename(&self.path, target);
        if renamed.is_err() && !overwrite {
            let _ = fs::remove_file(target);
        }
        renamed.map_err(unwritable)?;
        self.is_renamed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn invalid(path: &Path, reason: &str) -> Error {
    let message = format!("`{}` {reason}", path.display());
    Error::before_sending(ErrorKind::InvalidInput, message)
}

fn not_created(path: &Path, error: &io::Error) -> Error {
    invalid(path, &format!("cannot be created: {error}"))
}
