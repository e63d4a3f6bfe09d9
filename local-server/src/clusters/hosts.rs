//! The processes of all clusters. A process is started when a context needs it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io};

use tokio::task::JoinHandle;

use super::host::{Host, HostLaunch};
use crate::limits;
use crate::process::{self, CancelSignal, NotKilled};
use crate::spark::{self, Archive, PreparedSpark, Spark};

const MAIN_CLASS: &str = "org.apache.spark.localserver.ClusterHost";

/// Uses all cores of this machine.
const LOCAL_MASTER: &str = "local[*]";

/// Minimum time for the tasks of a canceled command to end. Spark waits two seconds for Python
/// workers.
const MIN_TASK_GRACE: Duration = Duration::from_secs(5);

/// Configuration of the processes of clusters.
#[derive(Clone, Debug)]
pub(crate) struct HostOptions {
    pub(crate) python: PathBuf,
    /// Environment variables that processes do not inherit.
    pub(crate) removed_variables: Vec<OsString>,
    pub(crate) cancel_grace: Duration,
    /// Folder for the temporary files and tables of all clusters.
    pub(crate) folder: PathBuf,
}

/// Processes of clusters.
#[derive(Debug)]
pub(crate) struct Hosts {
    spark: Arc<Spark>,
    options: Arc<HostOptions>,
    registry: Mutex<Registry>,
}

#[derive(Debug, Default)]
struct Registry {
    running: HashMap<String, Running>,
    /// Number of processes that have been started, for the names of their folders.
    started: usize,
}

#[derive(Debug)]
struct Running {
    host: Host,
    task: JoinHandle<Result<(), NotKilled>>,
}

/// A cluster, whose process is started when it is used.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) id: String,
}

impl Cluster {
    /// Returns the process of the cluster. Starts it if it is not running.
    pub(crate) fn host(&self) -> Host {
        self.hosts.host(&self.id)
    }
}

impl Hosts {
    pub(crate) fn new(spark: Arc<Spark>, options: HostOptions) -> Self {
        Self {
            spark,
            options: Arc::new(options),
            registry: Mutex::default(),
        }
    }

    /// Checks that Spark and Java are installed. Otherwise, returns a text with the next step.
    pub(crate) async fn check(&self) -> Result<(), String> {
        let found = self.spark.find().await;
        found.map(|_| ()).map_err(|error| error.to_string())
    }

    fn host(&self, cluster: &str) -> Host {
        let mut registry = self.lock();
        if let Some(running) = registry.running.get(cluster) {
            if !running.host.has_ended() {
                return running.host.clone();
            }
        }
        registry.started += 1;
        let folder = self
            .options
            .folder
            .join(format!("cluster-{}", registry.started));
        let launch = launch(
            Arc::clone(&self.spark),
            Arc::clone(&self.options),
            cluster.to_owned(),
            folder.clone(),
        );
        let (host, task) = Host::new();
        let task = tokio::spawn(async move {
            let killed = task.run(launch).await;
            remove_folder(folder).await;
            killed
        });
        let running = Running {
            host: host.clone(),
            task,
        };
        // The task of an earlier process, which has ended, removes its folder on its own.
        registry.running.insert(cluster.to_owned(), running);
        host
    }

    /// Ends the processes of all clusters.
    pub(crate) async fn close(&self) {
        let running = std::mem::take(&mut self.lock().running);
        // Signal all before waiting for the first, so that they end in parallel.
        for running in running.values() {
            running.host.terminate();
        }
        for running in running.into_values() {
            let _ = running.task.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prepares the start of a process: finds Spark, and compiles its program.
async fn launch(
    spark: Arc<Spark>,
    options: Arc<HostOptions>,
    cluster: String,
    folder: PathBuf,
) -> Result<HostLaunch, String> {
    let prepared = spark.prepare(&options.folder).await;
    let prepared = prepared.map_err(|error| error.to_string())?;
    let launch = command(&prepared, &options, &cluster, &folder)
        .map_err(|error| format!("cannot write `{}`: {error}", folder.display()))?;
    Ok(HostLaunch {
        launch,
        python_path: prepared.installation.spark.python_path.as_slice().into(),
    })
}

fn command(
    prepared: &PreparedSpark,
    options: &HostOptions,
    cluster: &str,
    folder: &Path,
) -> io::Result<process::Launch> {
    fs::create_dir_all(folder)?;
    let mut command = spark::Launch {
        installation: &prepared.installation,
        main: MAIN_CLASS,
        class_path: &[prepared.kernels.clone()],
        name: cluster,
        master: LOCAL_MASTER,
        memory_mib: limits::JVM_MEMORY_MIB,
        python: &options.python,
        folder,
        archive: Archive::None,
        settings: &[],
    }
    .prepare()?;
    let task_grace = options.cancel_grace.max(MIN_TASK_GRACE);
    command.args([
        limits::TABLE_ROWS.to_string(),
        limits::TABLE_BYTES.to_string(),
        task_grace.as_millis().to_string(),
    ]);
    let launch = process::Launch::command(&options.python, CancelSignal::None, &command);
    Ok(launch.without_variables(&options.removed_variables))
}

async fn remove_folder(folder: PathBuf) {
    // It may contain many files, whose removal takes a while.
    let _ = tokio::task::spawn_blocking(move || fs::remove_dir_all(folder)).await;
}
