//! Removal of kernels and archives from the cache folder that have not been used for a month.
//!
//! A process that uses a jar `kernels-KEY.jar` holds a shared lock on `kernels-KEY.lock`. The time of its
//! last use is the modification time of that file, because an archive requires that the jar itself is not
//! modified. The last use of an archive is its own modification time.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::file_lock;

/// Start of the names of jars, archives and temporary folders.
pub(super) const KERNELS_PREFIX: &str = "kernels-";

/// Start of the names of archives that are being written.
pub(crate) const ARCHIVE_PREFIX: &str = "archive-";

/// Lock on a jar and its archives. While it exists, other processes do not remove them.
#[derive(Debug)]
pub(crate) struct InUse(File);

impl InUse {
    /// Locks a jar, whether or not it exists. Returns `None` if another process is removing it.
    pub(super) fn try_new(jar: &Path) -> io::Result<Option<Self>> {
        let path = lock_path(jar);
        let Some(file) = file_lock::try_lock_shared(&path)? else {
            return Ok(None);
        };
        // The file may have been removed between its creation and the lock.
        let is_current = fs::metadata(&path).is_ok_and(|current| {
            let locked = file.metadata();
            locked.is_ok_and(|locked| locked.ino() == current.ino())
        });
        let in_use = Self(file);
        in_use.record();
        Ok(is_current.then_some(in_use))
    }

    /// Records a use of the jar.
    pub(crate) fn record(&self) {
        // Without it, the jar is only compiled again.
        let _ = self.0.set_modified(SystemTime::now());
    }
}

/// Records a use of an archive.
pub(crate) fn record_archive_use(archive: &Path) {
    // The file is read-only, which does not matter to its owner.
    let _ = File::open(archive).and_then(|file| file.set_modified(SystemTime::now()));
}

fn lock_path(jar: &Path) -> PathBuf {
    jar.with_extension("lock")
}

/// Removes files from the cache folder that have not been used for this time. Errors are ignored: the next
/// call removes what is left.
pub(super) fn remove(folder: &Path, time: Duration) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    for path in paths.collect::<Vec<_>>() {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension {
            // A lock without a jar is left by a compilation that has failed.
            Some("jar" | "lock") if name.starts_with(KERNELS_PREFIX) => {
                remove_kernels(&path.with_extension("jar"), time);
            }
            Some("jsa") if is_older(&path, time) => remove_file(&path),
            // Left by a process that was killed.
            None if is_temporary(name) && is_older(&path, time) => {
                let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            }
            _ => {}
        }
    }
}

fn is_temporary(name: &str) -> bool {
    name.starts_with(KERNELS_PREFIX) || name.starts_with(ARCHIVE_PREFIX)
}

/// Removes a jar and its lock, unless a process uses it.
fn remove_kernels(jar: &Path, time: Duration) {
    let lock = lock_path(jar);
    // Jars of earlier versions of this program have no lock.
    let used = if lock.exists() { &lock } else { jar };
    if !is_older(used, time) {
        return;
    }
    if let Ok(Some(_lock)) = file_lock::try_lock(&lock) {
        remove_file(jar);
        remove_file(&lock);
    }
}

fn is_older(path: &Path, time: Duration) -> bool {
    let modified = path.metadata().and_then(|metadata| metadata.modified());
    // A time in the future counts as now.
    let age = modified.map(|modified| modified.elapsed().unwrap_or_default());
    age.is_ok_and(|age| age > time)
}

fn remove_file(path: &Path) {
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{create, folder};
    use super::*;

    const TIME: Duration = Duration::from_secs(1000);

    fn make_old(path: &Path) {
        let file = File::open(path).unwrap();
        file.set_modified(SystemTime::now() - 2 * TIME).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_that_were_not_used_recently_are_removed() {
        let (_guard, folder) = folder();
        let old = [
            "kernels-1.jar",
            "kernels-1-Host-java.jsa",
            "kernels-2.jar",
            "kernels-2.lock",
            "kernels-3.lock",
            "kernels-temporary/Host.scala",
            "archive-temporary",
            "kernels.lock",
            "install.lock",
            "pyspark-1/file",
        ];
        let recent = ["kernels-4.jar", "kernels-4-Host-java.jsa", "archive-recent"];
        create(&folder, &old);
        create(&folder, &recent);
        for name in names(&folder) {
            if !recent.contains(&name.as_str()) {
                make_old(&folder.join(name));
            }
        }
        remove(&folder, TIME);
        let mut expected = vec!["install.lock", "kernels.lock", "pyspark-1"];
        expected.extend(recent);
        expected.sort_unstable();
        assert_eq!(names(&folder), expected);
    }

    #[test]
    fn jar_in_use_is_kept() {
        let (_guard, folder) = folder();
        create(&folder, &["kernels-1.jar"]);
        let (jar, lock) = (folder.join("kernels-1.jar"), folder.join("kernels-1.lock"));
        make_old(&jar);
        let uses = [0; 2].map(|_| InUse::try_new(&jar).unwrap().unwrap());
        // Its last use was recent.
        remove(&folder, TIME);
        assert!(jar.exists());
        for in_use in uses {
            make_old(&lock);
            remove(&folder, TIME);
            assert!(jar.exists());
            drop(in_use);
        }
        make_old(&lock);
        remove(&folder, TIME);
        assert_eq!(names(&folder), [""; 0]);
    }

    #[test]
    fn use_is_recorded_for_jars_and_archives() {
        let (_guard, folder) = folder();
        create(&folder, &["kernels-1.jar", "kernels-1-Host-java.jsa"]);
        let jar = folder.join("kernels-1.jar");
        let in_use = InUse::try_new(&jar).unwrap().unwrap();
        let paths = [lock_path(&jar), folder.join("kernels-1-Host-java.jsa")];
        for path in &paths {
            make_old(path);
        }
        in_use.record();
        record_archive_use(&paths[1]);
        for path in paths {
            assert!(!is_older(&path, TIME), "{}", path.display());
        }
    }

    #[test]
    fn jar_that_is_being_removed_cannot_be_locked() {
        let (_guard, folder) = folder();
        let jar = folder.join("kernels-1.jar");
        let remover = file_lock::try_lock(&lock_path(&jar)).unwrap();
        assert!(InUse::try_new(&jar).unwrap().is_none());
        drop(remover);
        assert!(InUse::try_new(&jar).unwrap().is_some());
    }
}
