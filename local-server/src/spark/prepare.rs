//! The Spark of a server, which is found and prepared at its first use.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use super::cache;
use super::environment::Environment;
use super::error::PrepareError;
use super::find::{Installation, Search};
use super::kernels::{self, Kernels, SourceFile};
use super::unused;
use crate::blocking;
use crate::limits;
use crate::options::Options;

macro_rules! source {
    ($name:literal) => {
        SourceFile {
            name: $name,
            text: include_str!(concat!("../scala/", $name)),
        }
    };
}

/// Sources of the kernels.
const SOURCES: &[SourceFile] = &[
    source!("Cells.scala"),
    source!("Channel.scala"),
    source!("ClusterHost.scala"),
    source!("Command.scala"),
    source!("CommandClassLoader.scala"),
    source!("CommandRunner.scala"),
    source!("CoreWatch.scala"),
    source!("DbfsFileSystem.scala"),
    source!("DbfsUtils.scala"),
    source!("Errors.scala"),
    source!("Geometries.scala"),
    source!("LimitedRows.scala"),
    source!("Notebook.scala"),
    source!("Repl.scala"),
    source!("Repl_2_12.scala"),
    source!("Repl_2_13.scala"),
    source!("ResultFields.scala"),
    source!("RowEncoder.scala"),
    source!("RunningCommand.scala"),
    source!("ScalaKernel.scala"),
    source!("Sessions.scala"),
    source!("StackTraces.scala"),
    source!("TaskReaper.scala"),
    source!("TopRows.scala"),
    source!("Widgets.scala"),
];

/// Spark of a server. Nothing is searched for until [`prepare`](Self::prepare) is called.
#[derive(Debug)]
pub(crate) struct Spark {
    search: Search,
    kernels_folder: Option<PathBuf>,
    found: Mutex<Option<Installation>>,
    /// `None` until Spark has been found and the kernels have been compiled. The lock is held
    /// meanwhile, so that other callers wait.
    prepared: Mutex<Option<Arc<PreparedSpark>>>,
    starts: Arc<Semaphore>,
}

/// Everything that is needed to start a JVM.
#[derive(Debug)]
pub(crate) struct PreparedSpark {
    pub(crate) installation: Installation,
    pub(crate) kernels: Kernels,
}

impl Spark {
    pub(crate) fn new(options: &Options) -> Self {
        let environment = Environment::from_process();
        let kernels_folder = cache::folder(&environment);
        let search = Search::new(&options.python, environment)
            .choice(options.spark.clone())
            .java(options.java.clone());
        Self {
            search,
            kernels_folder,
            found: Mutex::default(),
            prepared: Mutex::default(),
            starts: Arc::new(Semaphore::new(limits::JVM_STARTS)),
        }
    }

    /// Finds Spark and Java.
    ///
    /// Errors are not kept: the user may install what is missing while the server runs.
    pub(crate) async fn find(&self) -> Result<Installation, PrepareError> {
        let mut found = self.found.lock().await;
        if let Some(installation) = &*found {
            return Ok(installation.clone());
        }
        let search = self.search.clone();
        let installation = blocking::run(move || search.find()).await;
        let installation =
            installation.map_err(|error| PrepareError::NoThread(error.to_string()))??;
        *found = Some(installation.clone());
        Ok(installation)
    }

    /// Returns whether the kernels have to be compiled in the cache folder. Returns `None` if there is no
    /// cache folder that can be written.
    pub(crate) async fn needs_kernels(&self) -> Result<Option<bool>, PrepareError> {
        let installation = self.find().await?;
        let folder = self.writable_folder();
        Ok(folder.map(|folder| !kernels::path(&installation, SOURCES, folder).is_file()))
    }

    /// Locks the preparation of Spark until the returned file is dropped. `on_wait` is called if another process
    /// prepares Spark. Without a cache folder, there is nothing to lock.
    pub(crate) async fn lock_preparation(
        &self,
        on_wait: impl FnOnce(),
    ) -> Result<Option<File>, PrepareError> {
        let Some(folder) = self.writable_folder() else {
            return Ok(None);
        };
        kernels::lock(&folder.join("prepare.lock"), on_wait)
            .await
            .map(Some)
    }

    fn writable_folder(&self) -> Option<&Path> {
        let folder = self.kernels_folder.as_deref();
        folder.filter(|folder| is_writable(folder))
    }

    /// Returns whether [`prepare`](Self::prepare) is running.
    pub(crate) fn is_preparing(&self) -> bool {
        self.prepared.try_lock().is_err()
    }

    /// Returns whether a JVM is starting.
    pub(crate) fn is_starting(&self) -> bool {
        self.starts.available_permits() < limits::JVM_STARTS
    }

    /// Waits until a JVM may be started. The permit is dropped when the JVM is ready: a machine that
    /// starts many at once starts all of them slowly.
    pub(crate) async fn start_permit(&self) -> Option<OwnedSemaphorePermit> {
        // Fails for a closed semaphore only.
        Arc::clone(&self.starts).acquire_owned().await.ok()
    }

    /// Finds Spark and Java, and compiles the kernels if the cache does not contain them. The kernels
    /// are compiled in `temporary` if there is no cache folder that can be written.
    pub(crate) async fn prepare(
        &self,
        temporary: &Path,
    ) -> Result<Arc<PreparedSpark>, PrepareError> {
        let mut prepared = self.prepared.lock().await;
        if let Some(prepared) = &*prepared {
            return Ok(Arc::clone(prepared));
        }
        let installation = self.find().await?;
        let folder = self.writable_folder();
        let kernels =
            kernels::compiled(&installation, SOURCES, folder.unwrap_or(temporary)).await?;
        if let Some(folder) = folder.map(Path::to_owned) {
            tokio::spawn(blocking::run(move || {
                unused::remove(&folder, limits::CACHE_TIME);
            }));
        }
        let new = Arc::new(PreparedSpark {
            installation,
            kernels,
        });
        *prepared = Some(Arc::clone(&new));
        Ok(new)
    }
}

/// Creates the folder if necessary, and returns whether files can be created in it.
fn is_writable(folder: &Path) -> bool {
    std::fs::create_dir_all(folder).is_ok() && tempfile::tempfile_in(folder).is_ok()
}
