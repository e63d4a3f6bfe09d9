//! Files of the user that are replaced as a whole.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Writes a file, in place of an existing one. If not all of it can be written, the existing file remains.
///
/// The contents are written to another file in the same folder, which is then renamed. They are written directly
/// to devices, and to files that cannot be replaced: in a folder without write permission, or mounted into a container.
pub(crate) fn replace(
    path: &Path,
    write: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_none_or(Metadata::is_file) {
        // The target of a symbolic link is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(partial) = Partial::create(&target)? {
            write_to(&partial.file, &write)?;
            if let Some(existing) = existing {
                partial.file.set_permissions(existing.permissions())?;
            }
            if partial.rename(&target) {
                return Ok(());
            }
        }
    }
    write_to(&File::create(path)?, &write)
}

fn write_to(file: &File, write: impl Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

/// Incomplete file, which is removed when it is dropped.
struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    /// Creates a file in the folder of `target`, or returns `None` if that is not possible.
    fn create(target: &Path) -> io::Result<Option<Self>> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = target.with_file_name(format!(".{name}.{}.part", process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => Ok(Some(Self { path, file })),
            Err(error) if is_full(&error) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn rename(&self, target: &Path) -> bool {
        fs::rename(&self.path, target).is_ok()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It does not exist if it was renamed.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns whether writing the file directly would empty it.
fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn existing_file_remains_if_the_new_one_is_incomplete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ipynb");
        let incomplete = |out: &mut dyn Write| {
            out.write_all(&vec![0; 100_000])?;
            Err(io::Error::from(ErrorKind::StorageFull))
        };
        replace(&path, incomplete).unwrap_err();
        assert!(files(folder.path()).is_empty());
        replace(&path, |out| out.write_all(b"old")).unwrap();
        replace(&path, incomplete).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        replace(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(files(folder.path()), ["a.ipynb"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_permissions_and_devices_are_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
        symlink("a", &link).unwrap();
        replace(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o604);
        assert!(link.is_symlink());
        replace(Path::new("/dev/null"), |out| out.write_all(b"new")).unwrap();
        assert_eq!(files(folder.path()), ["a", "b"]);
    }
}
