//! Files that are being uploaded.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::error::DbfsError;
use super::folder::Folder;
use super::path::DbfsPath;
use crate::{ids, limits};

/// A file in the staging folder. Deleted on drop.
#[derive(Debug)]
pub(crate) struct StagedFile {
    folder: PathBuf,
    name: String,
    size: u64,
}

impl StagedFile {
    /// Creates an empty file.
    pub(super) fn create(folder: &Path) -> Result<Self, DbfsError> {
        let staged = Self::reserve(folder)?;
        // `create_new` does not follow a symbolic link.
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(staged.path());
        created.map_err(|error| staged.error(error))?;
        Ok(staged)
    }

    /// Moves a file or folder of the workspace to the staging folder.
    pub(super) fn take(folder: &Path, parent: &Folder, name: &str) -> Result<Self, DbfsError> {
        let staged = Self::reserve(folder)?;
        let moved = staged
            .open_folder()
            .and_then(|folder| parent.rename(name, &folder, &staged.name));
        moved.map_err(|error| staged.error(error))?;
        Ok(staged)
    }

    fn reserve(folder: &Path) -> Result<Self, DbfsError> {
        let name = ids::context().map_err(DbfsError::NoRandomBytes)?;
        let staged = Self {
            folder: folder.to_owned(),
            name,
            size: 0,
        };
        match fs::create_dir(folder) {
            Ok(()) => Ok(staged),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(staged),
            Err(error) => Err(staged.error(error)),
        }
    }

    /// Appends bytes. After an error the file is as before.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), DbfsError> {
        // The file is not kept open, so that idle uploads occupy no descriptors.
        let written = self
            .open()
            .and_then(|file| file.write_all_at(bytes, self.size));
        written.map_err(|error| self.error(error))?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Moves the file to a folder of the workspace.
    pub(super) fn publish(self, folder: &Folder, name: &str) -> Result<(), DbfsError> {
        // A failed `append` may have written more.
        let published = self
            .open()
            .and_then(|file| file.set_len(self.size))
            .and_then(|()| self.open_folder()?.rename(&self.name, folder, name));
        published.map_err(|error| self.error(error))
    }

    /// Deletes the folder, and reports an error.
    pub(super) fn delete(self) -> Result<(), DbfsError> {
        fs::remove_dir_all(self.path()).map_err(|error| self.error(error))
    }

    fn open(&self) -> io::Result<File> {
        OpenOptions::new().write(true).open(self.path())
    }

    fn open_folder(&self) -> io::Result<Folder> {
        Folder::open(&self.folder)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    fn error(&self, source: io::Error) -> DbfsError {
        let path = self.path().display().to_string();
        DbfsError::Io { path, source }
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // Fails if the file was published or deleted.
        let _ = fs::remove_file(self.path());
    }
}

/// An upload in blocks.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) staged: StagedFile,
    pub(super) path: DbfsPath,
    pub(super) overwrite: bool,
    last_used: Instant,
}

/// Uploads in blocks, by handle.
#[derive(Debug, Default)]
pub(super) struct Uploads(Mutex<HashMap<i64, Arc<Mutex<Option<Upload>>>>>);

impl Uploads {
    pub(super) fn insert(
        &self,
        staged: StagedFile,
        path: DbfsPath,
        overwrite: bool,
    ) -> Result<i64, DbfsError> {
        let handle = ids::handle().map_err(DbfsError::NoRandomBytes)?;
        let last_used = Instant::now();
        let upload = Upload {
            staged,
            path,
            overwrite,
            last_used,
        };
        self.remove_expired(last_used);
        let mut uploads = lock(&self.0);
        if uploads.len() >= limits::DBFS_UPLOADS {
            return Err(DbfsError::TooManyUploads);
        }
        uploads.insert(handle, Arc::new(Mutex::new(Some(upload))));
        Ok(handle)
    }

    pub(super) fn append(&self, handle: i64, block: &[u8]) -> Result<(), DbfsError> {
        let upload = self.find(handle)?;
        let mut upload = lock(&upload);
        // A concurrent request may have closed the upload.
        let upload = upload.as_mut().ok_or(DbfsError::NoSuchHandle(handle))?;
        upload.staged.append(block)?;
        upload.last_used = Instant::now();
        Ok(())
    }

    pub(super) fn remove(&self, handle: i64) -> Result<Upload, DbfsError> {
        let upload = self.find(handle)?;
        lock(&self.0).remove(&handle);
        lock(&upload).take().ok_or(DbfsError::NoSuchHandle(handle))
    }

    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }

    fn remove_expired(&self, now: Instant) {
        lock(&self.0).retain(|_, upload| !is_expired(upload, now));
    }

    fn find(&self, handle: i64) -> Result<Arc<Mutex<Option<Upload>>>, DbfsError> {
        self.remove_expired(Instant::now());
        let upload = lock(&self.0).get(&handle).map(Arc::clone);
        upload.ok_or(DbfsError::NoSuchHandle(handle))
    }
}

/// Returns whether an upload was idle for too long. An upload in use is not.
fn is_expired(upload: &Mutex<Option<Upload>>, now: Instant) -> bool {
    let Ok(upload) = upload.try_lock() else {
        return false;
    };
    upload.as_ref().is_none_or(|upload| {
        now.saturating_duration_since(upload.last_used) > limits::DBFS_IDLE_TIMEOUT
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_uploads_expire() {
        let root = tempfile::tempdir().unwrap();
        let staged = StagedFile::create(&root.path().join("staging")).unwrap();
        let file = staged.path();
        let uploads = Uploads::default();
        let path = DbfsPath::parse("/a").unwrap();
        let handle = uploads.insert(staged, path, false).unwrap();

        let within = Instant::now() + limits::DBFS_IDLE_TIMEOUT / 2;
        uploads.remove_expired(within);
        uploads.append(handle, b"x").unwrap();
        assert!(file.exists());

        uploads.remove_expired(within + limits::DBFS_IDLE_TIMEOUT);
        let error = uploads.append(handle, b"x").unwrap_err();
        assert!(matches!(error, DbfsError::NoSuchHandle(it) if it == handle));
        assert!(!file.exists());
    }
}
