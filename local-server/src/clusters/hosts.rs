//! The processes of all clusters. A process is started when a context needs it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

use super::archives::{Archives, Command};
use super::host::{Host, HostLaunch};
use super::jvm::{self, JvmOptions, Program};
use crate::process::NotKilled;
use crate::spark::Spark;

const MAIN_CLASS: &str = "org.apache.spark.localserver.ClusterHost";

/// Commands that load the classes of typical commands.
const TYPICAL_COMMANDS: &[Command] = &[
    Command("gateway", "", ""),
    Command(
        "sql",
        "sql",
        "create or replace temp view v as select id as x from range(10)",
    ),
    Command(
        "sql",
        "sql",
        "select x % 2 as y, sum(x), max(current_date()) from v group by 1 order by 1",
    ),
    Command("sql", "sql", "select nope"),
    Command("close", "", ""),
];

/// Processes of clusters.
#[derive(Debug)]
pub(crate) struct Hosts {
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    archives: Arc<Archives>,
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
    pub(crate) fn new(
        spark: Arc<Spark>,
        options: Arc<JvmOptions>,
        archives: Arc<Archives>,
    ) -> Self {
        Self {
            spark,
            options,
            archives,
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
        let running = registry.running.get(cluster);
        if let Some(running) = running.filter(|running| !running.host.has_ended()) {
            return running.host.clone();
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
        let archives = Arc::clone(&self.archives);
        let task = tokio::spawn(async move {
            let killed = task.run(launch).await;
            jvm::remove_folder(folder).await;
            archives.write_missing(MAIN_CLASS, TYPICAL_COMMANDS);
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

    /// Ends the process of a cluster, if it runs.
    pub(crate) async fn end(&self, cluster: &str) {
        let running = self.lock().running.remove(cluster);
        if let Some(running) = running {
            running.host.terminate();
            let _ = running.task.await;
        }
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
        self.archives.close().await;
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prepares the start of a process: finds Spark, and compiles its program.
async fn launch(
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    cluster: String,
    folder: PathBuf,
) -> Result<HostLaunch, String> {
    let prepared = spark.prepare(&options.folder).await;
    let prepared = prepared.map_err(|error| error.to_string())?;
    let permit = spark.start_permit().await;
    let program = Program {
        main: MAIN_CLASS,
        name: &cluster,
        written_archive: None,
    };
    Ok(HostLaunch {
        launch: jvm::launch(&prepared, &options, program, &folder)?,
        permit,
        python_path: prepared.installation.spark.python_path.as_slice().into(),
    })
}
