//! Files of the workspace (DBFS), stored below a root folder on this machine.
//!
//! Paths are resolved folder by folder without following symbolic links, so that no request reaches a
//! file outside of the root. All operations block.

mod error;
mod folder;
mod path;
mod upload;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use self::error::DbfsError;
use self::folder::{Entry, Folder};
pub(crate) use self::path::DbfsPath;
use self::path::STAGING;
pub(crate) use self::upload::StagedFile;
use self::upload::Uploads;
use crate::limits;

/// Files of a server.
#[derive(Debug)]
pub(crate) struct Dbfs {
    root: PathBuf,
    uploads: Uploads,
    /// Held while a name is checked and then used.
    names: Mutex<()>,
}

/// Properties of a file or folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileStatus {
    pub(crate) path: String,
    pub(crate) is_folder: bool,
    /// Bytes. 0 for a folder.
    pub(crate) size: u64,
    /// Milliseconds since the Unix epoch.
    pub(crate) modified: i64,
}

impl Dbfs {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            uploads: Uploads::default(),
            names: Mutex::default(),
        }
    }

    /// Returns the properties of a file or folder.
    pub(crate) fn status(&self, path: &DbfsPath) -> Result<FileStatus, DbfsError> {
        let Some((parent, name)) = path.split() else {
            let entry = self.open_root()?.own_entry().map_err(DbfsError::Root)?;
            return Ok(entry.at(path.normalized()));
        };
        let folder = self.folder(path, parent)?;
        let entry = folder.entry(name).map_err(|error| path.error(error))?;
        Ok(entry.at(path.normalized()))
    }

    /// Lists a folder in the order of names. For a file, the list contains the file.
    pub(crate) fn list(&self, path: &DbfsPath) -> Result<Vec<FileStatus>, DbfsError> {
        let found = self.status(path)?;
        if !found.is_folder {
            return Ok(vec![found]);
        }
        let folder = self.folder(path, path.names())?;
        let prefix = found.path.trim_end_matches('/');
        let mut files = Vec::new();
        for name in folder.names().map_err(|error| path.error(error))? {
            if path.is_root() && name == STAGING {
                continue;
            }
            // Symbolic links and special files are no files of the workspace, and a file may have been
            // deleted in the meantime.
            if let Ok(entry) = folder.entry(&name) {
                files.push(entry.at(format!("{prefix}/{name}")));
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    /// Reads up to `length` bytes from an offset.
    pub(crate) fn read(
        &self,
        path: &DbfsPath,
        offset: u64,
        length: u64,
    ) -> Result<Vec<u8>, DbfsError> {
        if length > limits::DBFS_BLOCK_BYTES {
            return Err(DbfsError::ReadTooLarge);
        }
        let file = self.open(path)?;
        let size = file.metadata().map_err(|error| path.error(error))?.len();
        let length = length.min(size.saturating_sub(offset));
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        file.read_exact_at(&mut bytes, offset)
            .map_err(|error| path.error(error))?;
        Ok(bytes)
    }

    /// Opens a file for reading.
    pub(crate) fn open(&self, path: &DbfsPath) -> Result<File, DbfsError> {
        let found = self.status(path)?;
        let (Some((parent, name)), false) = (path.split(), found.is_folder) else {
            return Err(DbfsError::IsFolder(path.to_string()));
        };
        let folder = self.folder(path, parent)?;
        folder.open_file(name).map_err(|error| path.error(error))
    }

    /// Writes a whole file, and creates its parent folders.
    pub(crate) fn put(
        &self,
        path: &DbfsPath,
        contents: &[u8],
        overwrite: bool,
    ) -> Result<(), DbfsError> {
        if contents.len() as u64 > limits::DBFS_BLOCK_BYTES {
            return Err(DbfsError::BlockTooLarge);
        }
        let mut staged = self.stage()?;
        staged.append(contents)?;
        self.publish(staged, path, overwrite)
    }

    /// Creates a file that is not visible until it is [published](Self::publish), and deleted on drop.
    pub(crate) fn stage(&self) -> Result<StagedFile, DbfsError> {
        StagedFile::create(&self.root.join(STAGING))
    }

    /// Moves a staged file to its path, and creates the parent folders.
    pub(crate) fn publish(
        &self,
        staged: StagedFile,
        path: &DbfsPath,
        overwrite: bool,
    ) -> Result<(), DbfsError> {
        let _names = self.lock();
        let (parent, name) = self.check_target(path, overwrite)?;
        let folder = self.create_folders(path, parent)?;
        staged.publish(&folder, name)
    }

    /// Starts an upload in blocks and returns its handle.
    pub(crate) fn create(&self, path: DbfsPath, overwrite: bool) -> Result<i64, DbfsError> {
        {
            let _names = self.lock();
            let (parent, _) = self.check_target(&path, overwrite)?;
            self.check_folders(&path, parent)?;
        }
        self.uploads.insert(self.stage()?, path, overwrite)
    }

    /// Appends a block to an upload.
    pub(crate) fn add_block(&self, handle: i64, block: &[u8]) -> Result<(), DbfsError> {
        if block.len() as u64 > limits::DBFS_BLOCK_BYTES {
            return Err(DbfsError::BlockTooLarge);
        }
        self.uploads.append(handle, block)
    }

    /// Ends an upload. Its file becomes visible.
    pub(crate) fn close(&self, handle: i64) -> Result<(), DbfsError> {
        let upload = self.uploads.remove(handle)?;
        self.publish(upload.staged, &upload.path, upload.overwrite)
    }

    /// Deletes a file or folder. Deleting a path that does not exist has no effect.
    pub(crate) fn delete(&self, path: &DbfsPath, recursive: bool) -> Result<(), DbfsError> {
        let Some((parent, name)) = path.split() else {
            return Err(DbfsError::Invalid("the root cannot be deleted".to_owned()));
        };
        let _names = self.lock();
        let found = match self.status(path) {
            Ok(found) => found,
            Err(DbfsError::DoesNotExist(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let folder = self.folder(path, parent)?;
        if !found.is_folder {
            return folder.remove_file(name).map_err(|error| path.error(error));
        }
        if !recursive {
            return folder.remove_folder(name).map_err(|error| {
                if error.kind() == io::ErrorKind::DirectoryNotEmpty {
                    return DbfsError::NotEmpty(path.to_string());
                }
                path.error(error)
            });
        }
        // The folder is moved first, so that it disappears as a whole.
        let staged = StagedFile::take(&self.root.join(STAGING), &folder, name)?;
        staged.delete()
    }

    /// Creates a folder and its parents. An existing folder is no error.
    pub(crate) fn make_folders(&self, path: &DbfsPath) -> Result<(), DbfsError> {
        let _names = self.lock();
        self.create_folders(path, path.names()).map(|_| ())
    }

    /// Moves a file or folder. The destination must not exist, but its parent.
    pub(crate) fn rename(&self, source: &DbfsPath, target: &DbfsPath) -> Result<(), DbfsError> {
        let _names = self.lock();
        self.status(source)?;
        let Some((source_parent, source_name)) = source.split() else {
            return Err(DbfsError::Invalid("the root cannot be moved".to_owned()));
        };
        if target.names().starts_with(source.names()) {
            let message = format!("{source} cannot be moved to {target}, which is inside of it");
            return Err(DbfsError::Invalid(message));
        }
        let (target_parent, target_name) = self.check_target(target, false)?;
        let from = self.folder(source, source_parent)?;
        let to = self.folder(target, target_parent)?;
        let moved = from.rename(source_name, &to, target_name);
        moved.map_err(|error| source.error(error))
    }

    /// Checks that a file can be written to a path. Returns its parent and name.
    fn check_target<'a>(
        &self,
        path: &'a DbfsPath,
        overwrite: bool,
    ) -> Result<(&'a [String], &'a str), DbfsError> {
        let Some(split) = path.split() else {
            return Err(DbfsError::AlreadyExists(path.to_string()));
        };
        match self.status(path) {
            Err(DbfsError::DoesNotExist(_)) => Ok(split),
            Err(error) => Err(error),
            Ok(found) if overwrite && !found.is_folder => Ok(split),
            Ok(_) => Err(DbfsError::AlreadyExists(path.to_string())),
        }
    }

    /// Checks that folders with these names exist or can be created.
    fn check_folders(&self, path: &DbfsPath, names: &[String]) -> Result<(), DbfsError> {
        let mut folder = self.open_root()?;
        for name in names {
            folder = match folder.child(name) {
                Ok(child) => child,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(not_created(path, error)),
            };
        }
        Ok(())
    }

    fn open_root(&self) -> Result<Folder, DbfsError> {
        Folder::open(&self.root).map_err(DbfsError::Root)
    }

    /// Opens the folder with these names. Errors name `path`.
    fn folder(&self, path: &DbfsPath, names: &[String]) -> Result<Folder, DbfsError> {
        let mut folder = self.open_root()?;
        for name in names {
            folder = folder.child(name).map_err(|error| path.error(error))?;
        }
        Ok(folder)
    }

    fn create_folders(&self, path: &DbfsPath, names: &[String]) -> Result<Folder, DbfsError> {
        let mut folder = self.open_root()?;
        for name in names {
            folder = folder
                .create_child(name)
                .map_err(|error| not_created(path, error))?;
        }
        Ok(folder)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the error of a path whose folders cannot be created, for example because one of them is a file.
fn not_created(path: &DbfsPath, error: io::Error) -> DbfsError {
    if error.kind() == io::ErrorKind::NotADirectory {
        DbfsError::AlreadyExists(path.to_string())
    } else {
        path.error(error)
    }
}

impl Drop for Dbfs {
    fn drop(&mut self) {
        self.uploads.clear();
        // Fails if another server with the same root has an upload.
        let _ = std::fs::remove_dir(self.root.join(STAGING));
    }
}

impl Entry {
    fn at(self, path: String) -> FileStatus {
        FileStatus {
            path,
            is_folder: self.is_folder,
            size: self.size,
            modified: self.modified,
        }
    }
}
