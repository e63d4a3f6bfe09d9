//! Starting of clusters.

use api_runtime::{Client, Error, OnPoll, Polls, Progress, Wait};

use crate::api_2_0::{Cluster, ClusterId, ClusterState, clusters};

/// Name of the operation in errors.
const OPERATION: &str = "clusters.start";

/// Error code of a request that does not fit the state of the cluster.
const INVALID_STATE: &str = "INVALID_STATE";

/// Maximum number of requests to start a cluster that are rejected for its state.
const MAX_REJECTED: u32 = 3;

/// Starts a cluster, unless it runs, and waits until it does.
///
/// A cluster that is being started or resized by another client is awaited, and one that is being
/// terminated is started afterwards. If the wait ends early, the cluster continues to start.
/// [`Wait::on_poll`] receives the cluster with its state, and [`Wait::on_progress`] the state.
///
/// A cluster that runs may reject contexts for some more time, which
/// [`ContextBuilder`](crate::ContextBuilder) handles. [`wait_until_installed`](crate::wait_until_installed)
/// waits for its libraries.
///
/// # Errors
///
/// [`ErrorKind::WaitFailed`](crate::ErrorKind::WaitFailed) with the message of the server if the cluster
/// does not start, [`ErrorKind::WaitTimeout`](crate::ErrorKind::WaitTimeout), and the errors of the
/// requests.
///
/// # Examples
///
/// ```no_run
/// use generated_client::api_2_0::Cluster;
/// use generated_client::{Wait, ensure_running};
///
/// let client = generated_client::from_env()?;
/// let wait = Wait::new().on_poll(|cluster: &Cluster| eprintln!("{}", cluster.state));
/// ensure_running(&client, "0123-456789-abcde", wait)?;
/// # Ok::<(), generated_client::Error>(())
/// ```
pub fn ensure_running(
    client: &Client,
    cluster: impl Into<ClusterId>,
    wait: Wait<impl OnPoll<Cluster>>,
) -> Result<Cluster, Error> {
    let mut start = Start::new(cluster.into());
    let wait = wait.map(OnCluster);
    let mut poll = |client: &Client| start.poll(client);
    let polled = api_runtime::wait(client, wait, OPERATION, &mut poll, Polled::progress)?;
    Ok(polled.cluster)
}

/// A start in progress.
struct Start {
    id: ClusterId,
    is_requested: bool,
    rejected: u32,
}

impl Start {
    fn new(id: ClusterId) -> Self {
        Self {
            id,
            is_requested: false,
            rejected: 0,
        }
    }

    /// Reads the state of the cluster, and starts it if it is terminated.
    fn poll(&mut self, client: &Client) -> Result<Polled, Error> {
        let cluster = clusters::get(client, &clusters::Get::new(&self.id))?;
        let status = match &cluster.state {
            ClusterState::Running | ClusterState::Resizing => Status::Running,
            ClusterState::Terminated if !self.is_requested => {
                self.request(client)?;
                Status::Pending(cluster.state.to_string())
            }
            ClusterState::Terminated | ClusterState::Error => Status::Failed(description(&cluster)),
            state => Status::Pending(state.to_string()),
        };
        Ok(Polled { cluster, status })
    }

    fn request(&mut self, client: &Client) -> Result<(), Error> {
        match clusters::start(client, &clusters::Start::new(&self.id)) {
            Ok(()) => self.is_requested = true,
            // Another client has started the cluster since its state was read: the next poll decides.
            Err(error) if error.code() == Some(INVALID_STATE) && self.rejected < MAX_REJECTED => {
                self.rejected += 1;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Returns the state of a cluster that does not start, with the message of the server.
fn description(cluster: &Cluster) -> String {
    match cluster.state_message.as_deref() {
        None | Some("") => cluster.state.to_string(),
        Some(message) => format!("{}: {message}", cluster.state),
    }
}

struct Polled {
    cluster: Cluster,
    status: Status,
}

enum Status {
    Running,
    Pending(String),
    /// With the message of the server.
    Failed(String),
}

impl Polled {
    fn progress(&self) -> Progress<'_> {
        match &self.status {
            Status::Running => Progress::Done,
            Status::Pending(state) => Progress::Pending(state),
            Status::Failed(message) => Progress::Failed(message),
        }
    }
}

/// Passes the cluster to the callback of the caller.
struct OnCluster<P>(P);

impl<P: OnPoll<Cluster>> OnPoll<Polled> for OnCluster<P> {
    fn on_poll(&mut self, polled: &Polled, state: Progress<'_>, polls: &Polls<'_>) {
        self.0.on_poll(&polled.cluster, state, polls);
    }
}
