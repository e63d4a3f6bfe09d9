//! A cluster and its state machine.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::Instant;

use super::library::LibraryStatus;
use super::settings::ClusterSettings;
use super::state::ClusterState;

/// Number of the start of a new cluster.
pub(super) const FIRST_START: u64 = 1;

/// Cause of a termination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TerminationCause {
    UserRequest,
    /// The cluster was idle for this number of minutes.
    Inactivity(u32),
}

/// A copy of the state of a cluster, for responses.
#[derive(Clone, Debug)]
pub(crate) struct ClusterStatus {
    pub(crate) id: String,
    pub(crate) settings: ClusterSettings,
    pub(crate) state: ClusterState,
    pub(crate) cause: Option<TerminationCause>,
    /// Times in milliseconds since the Unix epoch.
    pub(crate) started: u64,
    pub(crate) terminated: Option<u64>,
}

/// A cluster of the registry.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) status: ClusterStatus,
    pub(super) last_activity: Instant,
    /// Counts the starts. A task that belongs to an earlier start has no effect.
    pub(super) start: u64,
    pub(super) libraries: Vec<LibraryStatus>,
    /// JAR files on this machine, in the order of their installation.
    pub(super) jars: watch::Sender<Vec<PathBuf>>,
}

impl Cluster {
    pub(super) fn new(id: String, settings: ClusterSettings, state: ClusterState) -> Self {
        let status = ClusterStatus {
            id,
            settings,
            state,
            cause: None,
            started: milliseconds(),
            terminated: None,
        };
        Self {
            status,
            last_activity: Instant::now(),
            start: FIRST_START,
            libraries: Vec::new(),
            jars: watch::Sender::new(Vec::new()),
        }
    }

    /// Begins a start with this state. Returns the number of the start.
    pub(super) fn begin_start(&mut self, state: ClusterState) -> u64 {
        self.status.state = state;
        self.status.cause = None;
        self.status.started = milliseconds();
        self.status.terminated = None;
        self.start += 1;
        self.start
    }

    pub(super) fn finish_start(&mut self) {
        self.status.state = ClusterState::Running;
        self.last_activity = Instant::now();
    }

    pub(super) fn finish_termination(&mut self) {
        self.status.state = ClusterState::Terminated;
        self.status.terminated = Some(milliseconds());
    }

    pub(super) fn stop_libraries(&mut self) -> Vec<PathBuf> {
        self.libraries.retain_mut(LibraryStatus::stop);
        self.jars.send_replace(Vec::new())
    }

    /// Returns the time until the cluster is terminated for inactivity.
    pub(super) fn remaining(&self) -> Option<Duration> {
        let minutes = self.status.settings.autotermination_minutes;
        let limit = Duration::from_secs(u64::from(minutes) * 60);
        let is_limited = minutes > 0 && self.status.state == ClusterState::Running;
        is_limited.then(|| limit.saturating_sub(self.last_activity.elapsed()))
    }
}

fn milliseconds() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    let milliseconds = elapsed.map(|elapsed| elapsed.as_millis().try_into());
    milliseconds.ok().and_then(Result::ok).unwrap_or(0)
}
