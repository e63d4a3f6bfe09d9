//! Installation of a pinned Spark into the cache folder.
//!
//! The source package of pyspark is an installation of Spark when it is unpacked: no pip, no build and
//! no root.

mod archive;
mod download;
mod error;
mod progress;
#[cfg(test)]
mod tests;
mod unpack;
mod url;

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use api_runtime::NetworkVariables;
use api_runtime::transport::Http;

use self::archive::Archive;
use self::download::Download;
pub use self::error::InstallError;
pub use self::progress::{OnProgress, Progress, Step};
use self::url::Url;
use super::environment::Environment;
use super::{cache, file_lock};

/// Interval at which the lock of another installation is checked.
const LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// Maximum size of a part of the download, which is kept in memory.
const PART_BYTES: u64 = 16 << 20;

/// Installs a pinned version of Spark into the cache folder: `$XDG_CACHE_HOME/dbexec/spark` or
/// `~/.cache/dbexec/spark`.
///
/// The length and the checksum of the archive are verified, whatever its source.
#[derive(Clone, Debug)]
pub struct Installer {
    folder: PathBuf,
    archive: Archive,
    source: Source,
    network: NetworkVariables,
    /// Maximum size of a part of the download.
    part_bytes: u64,
    /// Delay before the first retry.
    retry_delay: Duration,
}

/// Source of the archive.
#[derive(Clone, Debug)]
enum Source {
    Url(Url),
    File(PathBuf),
}

impl Installer {
    /// Creates an installer that downloads from the Python package index.
    ///
    /// # Errors
    ///
    /// If the environment does not determine a cache folder.
    pub fn new(environment: &Environment) -> Result<Self, InstallError> {
        let folder = cache::folder(environment).ok_or(InstallError::NoCacheFolder)?;
        Self::with_archive(folder, Archive::PINNED)
    }

    /// Creates an installer of the oldest supported version, for tests.
    pub(super) fn oldest(environment: &Environment) -> Result<Self, InstallError> {
        let folder = cache::folder(environment).ok_or(InstallError::NoCacheFolder)?;
        Self::with_archive(folder, Archive::OLDEST)
    }

    fn with_archive(folder: PathBuf, archive: Archive) -> Result<Self, InstallError> {
        Ok(Self {
            folder,
            source: Source::Url(Url::parse(archive.url)?),
            archive,
            network: NetworkVariables::default(),
            part_bytes: PART_BYTES,
            retry_delay: Duration::from_secs(1),
        })
    }

    /// Sets the source of the archive: a URL with the scheme `http` or `https`, or the path of a file.
    ///
    /// # Errors
    ///
    /// If the URL is invalid.
    pub fn from(mut self, source: &str) -> Result<Self, InstallError> {
        self.source = if source.contains("://") {
            Source::Url(Url::parse(source)?)
        } else {
            Source::File(source.into())
        };
        Ok(self)
    }

    /// Sets the environment variables for proxies and root certificates. Without them, no proxy is
    /// used.
    #[must_use]
    pub fn network_variables(mut self, variables: NetworkVariables) -> Self {
        self.network = variables;
        self
    }

    /// Returns the version of Spark.
    pub fn version(&self) -> &'static str {
        self.archive.version
    }

    /// Returns the folder of the installed Spark.
    pub fn target(&self) -> PathBuf {
        self.folder.join(self.archive.folder())
    }

    /// Returns whether Spark is installed.
    pub fn is_installed(&self) -> bool {
        self.target().is_dir()
    }

    /// Installs Spark, unless it is installed already, and returns its folder.
    ///
    /// A download that was interrupted is resumed. Of several processes, one installs Spark, and the
    /// others wait. The folder appears when its contents are complete.
    ///
    /// # Errors
    ///
    /// If the archive cannot be downloaded or read, has another length or checksum than expected, or
    /// cannot be unpacked.
    pub fn install(&self, on_progress: OnProgress<'_>) -> Result<PathBuf, InstallError> {
        let target = self.target();
        if self.is_installed() {
            return Ok(target);
        }
        fs::create_dir_all(&self.folder)
            .map_err(|error| InstallError::write(&self.folder, &error))?;
        let _lock = self.lock(on_progress)?;
        // Another process may have installed it in the meantime.
        if !self.is_installed() {
            self.install_locked(&target, on_progress)?;
        }
        Ok(target)
    }

    fn lock(&self, on_progress: OnProgress<'_>) -> Result<File, InstallError> {
        let path = self.folder.join("install.lock");
        loop {
            let lock =
                file_lock::try_lock(&path).map_err(|error| InstallError::write(&path, &error))?;
            if let Some(lock) = lock {
                return Ok(lock);
            }
            on_progress(self.progress(Step::Wait, 0));
            thread::sleep(LOCK_INTERVAL);
        }
    }

    fn install_locked(
        &self,
        target: &Path,
        on_progress: OnProgress<'_>,
    ) -> Result<(), InstallError> {
        let partial = self
            .folder
            .join(format!("{}.partial", self.archive.folder()));
        // Left by an installation that was interrupted.
        remove(&partial)?;
        match &self.source {
            Source::File(path) => {
                self.check_space(0)?;
                let file = File::open(path).map_err(|error| InstallError::read(path, &error))?;
                self.verify(&file, path.display().to_string(), on_progress)?;
                unpack::unpack(file, &partial, &self.archive, on_progress)?;
            }
            Source::Url(url) => {
                let path = self
                    .folder
                    .join(format!("{}.tar.gz", self.archive.folder()));
                let file = self.download(url, &path, on_progress)?;
                if let Err(error) = self.verify(&file, url.to_string(), on_progress) {
                    // The next attempt must not resume it.
                    remove(&path)?;
                    return Err(error);
                }
                unpack::unpack(file, &partial, &self.archive, on_progress)?;
                remove(&path)?;
            }
        }
        let contents = partial.join(self.archive.folder());
        fs::rename(&contents, target).map_err(|error| InstallError::write(target, &error))?;
        remove(&partial)
    }

    /// Downloads the archive to a file, which may contain the beginning of it already.
    fn download(
        &self,
        url: &Url,
        path: &Path,
        on_progress: OnProgress<'_>,
    ) -> Result<File, InstallError> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options
            .open(path)
            .map_err(|error| InstallError::write(path, &error))?;
        let present = file.metadata().map_or(0, |metadata| metadata.len());
        self.check_space(self.archive.bytes.saturating_sub(present))?;
        let http = Http::builder()
            .user_agent(concat!("dbexec/", env!("CARGO_PKG_VERSION")))
            .network_variables(self.network.clone())
            .build()
            .map_err(|error| InstallError::Download(error.to_string()))?;
        let download = Download {
            http: &http,
            archive: &self.archive,
            path,
            part_bytes: self.part_bytes,
            retry_delay: self.retry_delay,
        };
        download.run(url.clone(), &mut file, on_progress)?;
        Ok(file)
    }

    fn verify(
        &self,
        file: &File,
        name: String,
        on_progress: OnProgress<'_>,
    ) -> Result<(), InstallError> {
        archive::verify(file, name, &self.archive, &mut |bytes| {
            on_progress(self.progress(Step::Verify, bytes));
        })
    }

    /// Checks that the file system has room for the unpacked archive and for further bytes.
    fn check_space(&self, further: u64) -> Result<(), InstallError> {
        let needed = self.archive.unpacked_bytes.saturating_add(further);
        let Ok(status) = rustix::fs::statvfs(&self.folder) else {
            return Ok(()); // a write may fail later
        };
        let available = status.f_bavail.saturating_mul(status.f_frsize);
        if available < needed {
            let folder = self.folder.clone();
            return Err(InstallError::DiskSpace {
                folder,
                needed,
                available,
            });
        }
        Ok(())
    }

    fn progress(&self, step: Step, bytes: u64) -> Progress {
        let total = self.archive.bytes;
        Progress { step, bytes, total }
    }
}

/// Removes a file or folder, if it exists.
fn remove(path: &Path) -> Result<(), InstallError> {
    let removed = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    removed.map_err(|error| InstallError::write(path, &error))
}
