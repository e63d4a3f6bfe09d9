//! The processes of all clusters. A process is started when a context needs it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

use super::archives::Archives;
use super::host::Host;
use super::jvm::{self, JvmOptions};
use super::program::Program;
use super::resources::Resources;
use crate::process::NotKilled;
use crate::spark::Spark;

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
    /// Resources of the process, if it is started.
    pub(crate) resources: Arc<Resources>,
}

impl Cluster {
    /// Returns the process of the cluster. Starts it if it is not running.
    pub(crate) fn host(&self) -> Host {
        self.hosts.host(&self.id, &self.resources)
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

    fn host(&self, cluster: &str, resources: &Arc<Resources>) -> Host {
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
        let start = jvm::prepare(
            Arc::clone(&self.spark),
            Arc::clone(&self.options),
            Program::ClusterHost,
            cluster.to_owned(),
            Arc::clone(resources),
            folder.clone(),
        );
        let (host, task) = Host::new();
        let (archives, started) = (Arc::clone(&self.archives), host.clone());
        let write_archive = async move {
            if started.ready().await.is_ok() {
                archives.write_missing(Program::ClusterHost);
            }
        };
        let task = tokio::spawn(async move {
            let (killed, ()) = tokio::join!(task.run(start), write_archive);
            jvm::remove_folder(folder).await;
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
