//! Operations that concern several parts of a workspace: clusters, their contexts and their libraries.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::blocking;
use crate::clusters::{
    Applications, Archives, ClusterError, ClusterSettings, Clusters, Hosts, JarSource, JvmOptions,
    Library, TerminationCause,
};
use crate::contexts::Contexts;
use crate::dbfs::{Dbfs, DbfsPath};
use crate::engines::Engines;
use crate::language::Interpreters;
use crate::limits;
use crate::options::Options;
use crate::spark::{Distribution, Placement, Spark};

/// Contexts, clusters and files of a server.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) contexts: Contexts,
    pub(crate) clusters: Clusters,
    pub(crate) dbfs: Arc<Dbfs>,
    spark: Arc<Spark>,
    /// Time that a cluster takes to start and to terminate.
    start_time: Duration,
    jars: JarFolder,
    /// Tasks that destroy contexts. The server waits for them when it stops.
    terminations: Mutex<JoinSet<()>>,
}

impl Workspace {
    /// Creates a workspace with its temporary files in a folder.
    ///
    /// # Errors
    ///
    /// If the folder for the files of DBFS cannot be created.
    pub(crate) fn new(options: &Options, folder: &Path) -> io::Result<Self> {
        let root = options.dbfs_root.clone();
        let root = root.unwrap_or_else(|| folder.join("dbfs"));
        fs::create_dir_all(&root)?;
        let root = fs::canonicalize(root)?;
        let interpreters = Interpreters {
            python: options.python.clone(),
            r: options.r.clone(),
            removed_variables: options.removed_variables.clone(),
            memory_limit: options.memory_limit,
            dbfs_root: root.clone(),
            folder: folder.to_owned(),
            quirks: options.quirks,
        };
        let jvms = Arc::new(JvmOptions {
            python: options.python.clone(),
            removed_variables: options.removed_variables.clone(),
            cancel_grace: options.cancel_grace,
            placement: Placement::new(options),
            memory: options.memory,
            folder: folder.to_owned(),
            dbfs_root: root.clone(),
        });
        let spark = Arc::new(Spark::new(options));
        let archives = Archives::new(
            Arc::clone(&spark),
            Arc::clone(&jvms),
            // Each archive needs an application, which would take cores of a cluster.
            options.class_archives && options.master.is_none(),
        );
        let archives = Arc::new(archives);
        let hosts = Hosts::new(Arc::clone(&spark), Arc::clone(&jvms), Arc::clone(&archives));
        let applications = Applications::new(Arc::clone(&spark), jvms, archives);
        let engines = Engines::new(interpreters, Arc::new(hosts), applications);
        Ok(Self {
            contexts: Contexts::new(
                engines,
                options.max_contexts,
                options.idle_timeout,
                options.cancel_grace,
                options.quirks,
            ),
            clusters: Clusters::new(options.strict_clusters),
            dbfs: Arc::new(Dbfs::new(root)),
            spark,
            start_time: options.cluster_start_time,
            jars: JarFolder::new(folder.join("jars")),
            terminations: Mutex::default(),
        })
    }

    /// Returns the Spark that clusters run, or `None` if it or Java is missing.
    pub(crate) async fn spark(&self) -> Option<Distribution> {
        let installation = self.spark.find().await.ok()?;
        Some(installation.spark)
    }

    /// Returns whether a Spark application is starting, or what it needs is being prepared.
    pub(crate) fn is_starting_spark(&self) -> bool {
        self.spark.is_preparing() || self.spark.is_starting()
    }

    /// Creates and starts a cluster. Returns its id.
    pub(crate) fn create_cluster(
        self: &Arc<Self>,
        settings: ClusterSettings,
    ) -> Result<String, ClusterError> {
        let (id, start) = self.clusters.create(settings)?;
        tokio::spawn(Arc::clone(self).run_cluster(id.clone(), start));
        Ok(id)
    }

    /// Starts a terminated cluster.
    pub(crate) fn start_cluster(self: &Arc<Self>, id: String) -> Result<(), ClusterError> {
        let start = self.clusters.begin_start(&id)?;
        tokio::spawn(Arc::clone(self).run_cluster(id, start));
        Ok(())
    }

    /// Restarts a running cluster, which destroys its contexts.
    pub(crate) fn restart_cluster(self: &Arc<Self>, id: String) -> Result<(), ClusterError> {
        let start = self.clusters.begin_restart(&id)?;
        let workspace = Arc::clone(self);
        self.spawn_termination(async move {
            workspace.stop_processes(&id).await;
            tokio::spawn(workspace.run_cluster(id, start));
        });
        Ok(())
    }

    /// Terminates a cluster, which destroys its contexts. It can be started again.
    pub(crate) fn terminate_cluster(
        self: &Arc<Self>,
        id: String,
        cause: TerminationCause,
    ) -> Result<(), ClusterError> {
        if self.clusters.begin_termination(&id, cause)? {
            let workspace = Arc::clone(self);
            self.spawn_termination(async move {
                workspace.stop_processes(&id).await;
                // The server does not wait for the end of this time when it stops.
                tokio::spawn(async move {
                    sleep(workspace.start_time).await;
                    workspace.clusters.finish_termination(&id);
                });
            });
        }
        Ok(())
    }

    /// Terminates a cluster and removes it.
    pub(crate) async fn remove_cluster(&self, id: &str) -> Result<(), ClusterError> {
        self.clusters
            .begin_termination(id, TerminationCause::UserRequest)?;
        self.stop_processes(id).await;
        self.clusters.remove(id);
        Ok(())
    }

    /// Adds libraries to a cluster. They are installed if it is running, otherwise when it starts.
    pub(crate) fn install(
        self: &Arc<Self>,
        id: String,
        libraries: Vec<Library>,
    ) -> Result<(), ClusterError> {
        self.clusters.add_libraries(&id, libraries)?;
        let workspace = Arc::clone(self);
        tokio::spawn(async move { workspace.install_pending(&id).await });
        Ok(())
    }

    /// Destroys all contexts and rejects new ones.
    pub(crate) async fn close(&self) {
        let mut terminations = std::mem::take(&mut *self.lock_terminations());
        self.contexts.close().await;
        while terminations.join_next().await.is_some() {}
    }

    /// Accompanies a cluster from its start to its termination.
    async fn run_cluster(self: Arc<Self>, id: String, start: u64) {
        sleep(self.start_time).await;
        if !self.clusters.finish_start(&id, start) {
            return;
        }
        self.install_pending(&id).await;
        while let Some(remaining) = self.clusters.remaining(&id, start) {
            if self.contexts.is_busy(&id) {
                // Fails if the cluster has been terminated.
                let _ = self.clusters.record_activity(&id);
            } else if remaining.is_zero() {
                let minutes = self.clusters.status(&id).map(|status| status.settings);
                let minutes = minutes.map_or(0, |settings| settings.autotermination_minutes);
                let _ = self.terminate_cluster(id, TerminationCause::Inactivity(minutes));
                return;
            }
            let interval = remaining.clamp(Duration::from_millis(1), limits::ACTIVITY_INTERVAL);
            sleep(interval).await;
        }
    }

    /// Ends all processes of a cluster and removes its JARs.
    async fn stop_processes(&self, id: &str) {
        self.contexts.destroy_all(id).await;
        let jars = self.clusters.stop_libraries(id);
        // JARs that could not be removed are in a temporary folder.
        let _ = blocking::run(move || remove_jars(&jars)).await;
    }

    /// Installs pending libraries in the order in which they were added.
    async fn install_pending(&self, id: &str) {
        while let Some((library, start)) = self.clusters.next_library(id) {
            let outcome = match library.jar() {
                Ok(source) => self.copy_jar(source).await,
                Err(message) => Err(message),
            };
            self.clusters.finish_library(id, start, &library, outcome);
        }
    }

    /// Copies a JAR. Programs that use the copy are not affected if the original changes.
    async fn copy_jar(&self, source: JarSource) -> Result<PathBuf, String> {
        let dbfs = Arc::clone(&self.dbfs);
        let target = self.jars.next();
        let copied = blocking::run(move || copy_jar(&dbfs, &source, &target)).await;
        copied.unwrap_or_else(|error| Err(error.to_string()))
    }

    fn spawn_termination(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut terminations = self.lock_terminations();
        while terminations.try_join_next().is_some() {}
        terminations.spawn(task);
    }

    fn lock_terminations(&self) -> MutexGuard<'_, JoinSet<()>> {
        let terminations = self.terminations.lock();
        terminations.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Folder with one subfolder per installed JAR, so that JARs keep their names.
#[derive(Debug)]
struct JarFolder {
    path: PathBuf,
    count: AtomicU64,
}

impl JarFolder {
    fn new(path: PathBuf) -> Self {
        Self {
            path,
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> PathBuf {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.path.join(number.to_string())
    }
}

fn copy_jar(dbfs: &Dbfs, source: &JarSource, folder: &Path) -> Result<PathBuf, String> {
    let (name, opened) = match source {
        JarSource::Dbfs(uri) => {
            let opened = DbfsPath::parse(uri).and_then(|path| dbfs.open(&path));
            let opened = opened.map_err(|error| format!("Cannot read {uri}: {error}"));
            (uri.as_str(), opened)
        }
        JarSource::Local(path) => {
            let opened = fs::File::open(path);
            let opened = opened.map_err(|error| format!("Cannot read {}: {error}", path.display()));
            (path.to_str().unwrap_or_default(), opened)
        }
    };
    let mut opened = opened?;
    let name = name.rsplit('/').next().filter(|name| !name.is_empty());
    let target = folder.join(name.unwrap_or("library.jar"));
    fs::create_dir_all(folder)
        .and_then(|()| io::copy(&mut opened, &mut fs::File::create_new(&target)?))
        .map_err(|error| format!("Cannot write {}: {error}", target.display()))?;
    Ok(target)
}

/// Removes JARs and their folders. They are removed with the temporary folder if this fails.
fn remove_jars(jars: &[PathBuf]) {
    for folder in jars.iter().filter_map(|jar| jar.parent()) {
        let _ = fs::remove_dir_all(folder);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Instant;

    use tokio::runtime::Builder;

    use super::*;
    use crate::clusters::{ClusterState, ClusterStatus};

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_secs(60);

    /// Runs a test with a clock that advances when all tasks wait for it.
    fn with_manual_clock<F: Future<Output = ()>>(test: impl FnOnce(Arc<Workspace>) -> F) {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(&Options::new(), folder.path()).unwrap();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.unwrap().block_on(test(Arc::new(workspace)));
    }

    fn settings(autotermination_minutes: u32) -> ClusterSettings {
        ClusterSettings {
            spark_version: "x".to_owned(),
            num_workers: Some(1),
            autotermination_minutes,
            ..ClusterSettings::default()
        }
    }

    impl Workspace {
        fn status(&self, id: &str) -> ClusterStatus {
            self.clusters.status(id).unwrap()
        }

        /// Waits until a cluster that is being terminated has its final state. The clock does not wait for the
        /// thread that removes the files of the cluster.
        async fn terminated(&self, id: &str) -> ClusterStatus {
            let start = Instant::now();
            while self.status(id).state == ClusterState::Terminating {
                assert!(start.elapsed() < MINUTE, "the cluster remains");
                thread::sleep(Duration::from_millis(1));
                sleep(SECOND).await;
            }
            self.status(id)
        }
    }

    #[test]
    fn idle_cluster_is_terminated_after_its_limit() {
        with_manual_clock(|workspace| async move {
            let id = workspace.create_cluster(settings(10)).unwrap();
            assert_eq!(workspace.status(&id).state, ClusterState::Pending);
            sleep(SECOND).await;
            assert_eq!(workspace.status(&id).state, ClusterState::Running);

            sleep(9 * MINUTE).await;
            workspace.clusters.record_activity(&id).unwrap();
            sleep(9 * MINUTE).await;
            assert_eq!(workspace.status(&id).state, ClusterState::Running);
            sleep(2 * MINUTE).await;
            let status = workspace.terminated(&id).await;
            assert_eq!(status.state, ClusterState::Terminated);
            assert_eq!(status.cause, Some(TerminationCause::Inactivity(10)));

            workspace.start_cluster(id.clone()).unwrap();
            sleep(9 * MINUTE).await;
            assert_eq!(workspace.status(&id).state, ClusterState::Running);
        });
    }

    #[test]
    fn cluster_without_limit_keeps_running() {
        with_manual_clock(|workspace| async move {
            let id = workspace.create_cluster(settings(0)).unwrap();
            sleep(100_000 * MINUTE).await;
            assert_eq!(workspace.status(&id).state, ClusterState::Running);
        });
    }

    #[test]
    fn cluster_that_is_terminated_while_it_starts_remains_terminated() {
        with_manual_clock(|workspace| async move {
            let id = workspace.create_cluster(settings(0)).unwrap();
            let cause = TerminationCause::UserRequest;
            workspace.terminate_cluster(id.clone(), cause).unwrap();
            assert_eq!(workspace.status(&id).state, ClusterState::Terminating);
            sleep(MINUTE).await;
            let status = workspace.terminated(&id).await;
            assert_eq!(status.state, ClusterState::Terminated);
        });
    }
}
