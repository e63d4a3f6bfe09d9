//! Registry of clusters.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::cluster::{Cluster, ClusterStatus, FIRST_START, TerminationCause};
use super::error::ClusterError;
use super::jars::Jars;
use super::library::{Library, LibraryState, LibraryStatus};
use super::resources::Resources;
use super::settings::ClusterSettings;
use super::setup::ClusterSetup;
use super::state::ClusterState;
use crate::{ids, limits};

/// Clusters of a server.
#[derive(Debug)]
pub(crate) struct Clusters {
    /// If set, a cluster has to be created before it is used.
    is_strict: bool,
    clusters: Mutex<BTreeMap<String, Cluster>>,
}

impl Clusters {
    pub(crate) fn new(is_strict: bool) -> Self {
        Self {
            is_strict,
            clusters: Mutex::default(),
        }
    }

    /// Adds a pending cluster. Returns its id and the number of its start.
    pub(crate) fn create(&self, settings: ClusterSettings) -> Result<(String, u64), ClusterError> {
        settings.check()?;
        Resources::new(&settings)?;
        let mut clusters = self.lock();
        let id = loop {
            let id = ids::cluster().map_err(ClusterError::NoRandomBytes)?;
            if !clusters.contains_key(&id) {
                break id;
            }
        };
        let cluster = Cluster::new(id.clone(), settings, ClusterState::Pending);
        insert(&mut clusters, cluster)?;
        Ok((id, FIRST_START))
    }

    /// Returns the status of a cluster.
    pub(crate) fn status(&self, id: &str) -> Result<ClusterStatus, ClusterError> {
        self.with(id, |cluster| Ok(cluster.status.clone()))
    }

    /// Returns the status of all clusters.
    pub(crate) fn list(&self) -> Vec<ClusterStatus> {
        let clusters = self.lock();
        let statuses = clusters.values().map(|cluster| cluster.status.clone());
        statuses.collect()
    }

    /// Checks that a cluster is running, and records the activity.
    pub(crate) fn record_activity(&self, id: &str) -> Result<(), ClusterError> {
        self.with(id, |cluster| {
            cluster.expect(&[ClusterState::Running])?;
            cluster.last_activity = Instant::now();
            Ok(())
        })
    }

    /// Marks a terminated cluster as pending. Returns the number of the start.
    pub(crate) fn begin_start(&self, id: &str) -> Result<u64, ClusterError> {
        self.with(id, |cluster| {
            cluster.expect(&[ClusterState::Terminated])?;
            Ok(cluster.begin_start(ClusterState::Pending))
        })
    }

    /// Marks a running cluster as restarting. Returns the number of the start.
    pub(crate) fn begin_restart(&self, id: &str) -> Result<u64, ClusterError> {
        self.with(id, |cluster| {
            cluster.expect(&[ClusterState::Running])?;
            Ok(cluster.begin_start(ClusterState::Restarting))
        })
    }

    /// Marks a cluster as running, unless it has been terminated since the start. Returns whether it
    /// runs.
    pub(crate) fn finish_start(&self, id: &str, start: u64) -> bool {
        let mut clusters = self.lock();
        let Some(cluster) = clusters.get_mut(id) else {
            return false;
        };
        let is_starting = matches!(
            cluster.status.state,
            ClusterState::Pending | ClusterState::Restarting
        );
        if cluster.start != start || !is_starting {
            return false;
        }
        cluster.finish_start();
        true
    }

    /// Marks a cluster as terminating. Returns false if it is so already, or terminated.
    pub(crate) fn begin_termination(
        &self,
        id: &str,
        cause: TerminationCause,
    ) -> Result<bool, ClusterError> {
        self.with(id, |cluster| {
            let state = cluster.status.state;
            if matches!(state, ClusterState::Terminating | ClusterState::Terminated) {
                return Ok(false);
            }
            cluster.status.state = ClusterState::Terminating;
            cluster.status.cause = Some(cause);
            Ok(true)
        })
    }

    /// Marks a cluster as terminated.
    pub(crate) fn finish_termination(&self, id: &str) {
        if let Some(cluster) = self.lock().get_mut(id) {
            cluster.finish_termination();
        }
    }

    /// Removes uninstalled libraries. The others are installed again at the next start. Returns the JAR
    /// files, which are no longer in use.
    pub(crate) fn stop_libraries(&self, id: &str) -> Vec<PathBuf> {
        let mut clusters = self.lock();
        clusters
            .get_mut(id)
            .map(Cluster::stop_libraries)
            .unwrap_or_default()
    }

    /// Removes a cluster.
    pub(crate) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Returns the time until a cluster is terminated for inactivity, if it runs since this start.
    pub(crate) fn remaining(&self, id: &str, start: u64) -> Option<Duration> {
        let clusters = self.lock();
        let cluster = clusters.get(id).filter(|cluster| cluster.start == start)?;
        cluster.remaining()
    }

    /// Returns the properties of a cluster for a new context.
    pub(crate) fn setup(&self, id: &str) -> Result<ClusterSetup, ClusterError> {
        self.with(id, |cluster| {
            Ok(ClusterSetup {
                jars: Jars::new(cluster.jars.subscribe()),
                resources: Arc::new(Resources::new(&cluster.status.settings)?),
            })
        })
    }

    /// Adds libraries. Libraries that the cluster has already are not changed, except that they are kept
    /// if they were to be uninstalled.
    pub(crate) fn add_libraries(
        &self,
        id: &str,
        libraries: Vec<Library>,
    ) -> Result<(), ClusterError> {
        self.with(id, |cluster| {
            for library in libraries {
                let is_full = cluster.libraries.len() >= limits::LIBRARIES;
                match cluster.library(&library) {
                    None if is_full => {
                        return Err(ClusterError::Invalid(format!(
                            "The limit of {} libraries is reached",
                            limits::LIBRARIES
                        )));
                    }
                    None => cluster.libraries.push(LibraryStatus::new(library)),
                    Some(status) if status.state == LibraryState::UninstallOnRestart => {
                        status.state = LibraryState::Installed;
                    }
                    Some(status) if status.state == LibraryState::Failed => {
                        *status = LibraryStatus::new(library);
                    }
                    Some(_) => {}
                }
            }
            Ok(())
        })
    }

    /// Removes libraries. An installed one remains until the cluster is restarted.
    pub(crate) fn remove_libraries(
        &self,
        id: &str,
        libraries: &[Library],
    ) -> Result<(), ClusterError> {
        self.with(id, |cluster| {
            cluster.libraries.retain_mut(|status| {
                if !libraries.contains(&status.library) {
                    return true;
                }
                let is_in_use = matches!(
                    status.state,
                    LibraryState::Installed | LibraryState::UninstallOnRestart
                );
                status.state = LibraryState::UninstallOnRestart;
                is_in_use
            });
            Ok(())
        })
    }

    /// Returns the libraries of a cluster.
    pub(crate) fn libraries(&self, id: &str) -> Result<Vec<LibraryStatus>, ClusterError> {
        self.with(id, |cluster| Ok(cluster.libraries.clone()))
    }

    /// Returns a pending library of a running cluster, and marks it as being installed.
    pub(crate) fn next_library(&self, id: &str) -> Option<(Library, u64)> {
        let mut clusters = self.lock();
        let cluster = clusters.get_mut(id)?;
        if cluster.status.state != ClusterState::Running {
            return None;
        }
        let mut libraries = cluster.libraries.iter_mut();
        let status = libraries.find(|status| status.state == LibraryState::Pending)?;
        status.state = LibraryState::Installing;
        Some((status.library.clone(), cluster.start))
    }

    /// Records that a library was installed, or the error. Has no effect if the library was removed or the
    /// cluster was terminated in the meantime.
    pub(crate) fn finish_library(
        &self,
        id: &str,
        start: u64,
        library: &Library,
        outcome: Result<PathBuf, String>,
    ) {
        let mut clusters = self.lock();
        let cluster = clusters.get_mut(id);
        let Some(cluster) = cluster.filter(|cluster| cluster.start == start) else {
            return;
        };
        let is_running = cluster.status.state == ClusterState::Running;
        let status = cluster.library(library);
        let Some(status) =
            status.filter(|status| is_running && status.state == LibraryState::Installing)
        else {
            return;
        };
        match outcome {
            Ok(file) => {
                status.state = LibraryState::Installed;
                cluster.jars.send_modify(|jars| jars.push(file));
            }
            Err(message) => {
                status.state = LibraryState::Failed;
                status.messages = vec![message];
            }
        }
    }

    /// Calls a function with a cluster. Creates the cluster on first use unless the registry is strict.
    fn with<T>(
        &self,
        id: &str,
        function: impl FnOnce(&mut Cluster) -> Result<T, ClusterError>,
    ) -> Result<T, ClusterError> {
        let mut clusters = self.lock();
        if let Some(cluster) = clusters.get_mut(id) {
            return function(cluster);
        }
        if self.is_strict {
            return Err(ClusterError::NoSuchCluster(id.to_owned()));
        }
        if id.is_empty() {
            return Err(ClusterError::Invalid("cluster_id is empty".to_owned()));
        }
        let settings = ClusterSettings::implicit(id);
        let mut cluster = Cluster::new(id.to_owned(), settings, ClusterState::Running);
        let outcome = function(&mut cluster)?;
        insert(&mut clusters, cluster)?;
        Ok(outcome)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Cluster>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cluster {
    fn expect(&self, states: &[ClusterState]) -> Result<(), ClusterError> {
        if states.contains(&self.status.state) {
            return Ok(());
        }
        Err(ClusterError::UnexpectedState {
            cluster: self.status.id.clone(),
            state: self.status.state,
        })
    }

    fn library(&mut self, library: &Library) -> Option<&mut LibraryStatus> {
        let mut libraries = self.libraries.iter_mut();
        libraries.find(|status| status.library == *library)
    }
}

fn insert(clusters: &mut BTreeMap<String, Cluster>, cluster: Cluster) -> Result<(), ClusterError> {
    if clusters.len() >= limits::CLUSTERS {
        return Err(ClusterError::TooManyClusters);
    }
    clusters.insert(cluster.status.id.clone(), cluster);
    Ok(())
}
