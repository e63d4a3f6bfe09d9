//! Creating an execution context on a cluster that may not be ready for it.

use std::time::{Duration, Instant};

use api_runtime::{Client, Delivery, Error, ErrorKind, RetryPolicy, Wait};

use crate::ExecutionContext;
use crate::api::{ClusterId, Language, contexts};

/// An execution context that is to be created.
///
/// A cluster that has just started refuses contexts for a while, or makes some that fail at once.
/// So a refusal that passes is answered by asking again until [`cluster_timeout`](Self::cluster_timeout) runs
/// out, and a context that fails is destroyed and made anew, up to [`attempts`](Self::attempts)
/// times. A server that cannot be reached, and a refusal that will not pass, end it as the client's
/// [`RetryPolicy`] says.
///
/// # Example
///
/// ```no_run
/// use std::time::Duration;
/// use generated_client::{ContextBuilder, Language, Wait};
///
/// let client = generated_client::from_env()?;
/// let context = ContextBuilder::new("0123-456789-abcde", Language::Python)
///     .cluster_timeout(Duration::from_secs(15 * 60))
///     .wait(Wait::new().no_timeout())
///     .create(&client)?;
/// # Ok::<(), generated_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is created yet"]
pub struct ContextBuilder {
    cluster: ClusterId,
    language: Language,
    wait: Wait,
    cluster_timeout: Duration,
    attempts: u32,
}

/// The pause before another round of requests, or another context; doubled with each.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl ContextBuilder {
    /// How long a cluster that is not ready is asked anew, unless one says otherwise: five minutes.
    pub const DEFAULT_CLUSTER_TIMEOUT: Duration = Duration::from_secs(5 * 60);

    /// A context for commands of that language on that cluster: three attempts, and waits of up to
    /// 20 minutes.
    pub fn new(cluster: impl Into<ClusterId>, language: Language) -> Self {
        Self {
            cluster: cluster.into(),
            language,
            wait: Wait::new(),
            cluster_timeout: Self::DEFAULT_CLUSTER_TIMEOUT,
            attempts: 3,
        }
    }

    /// How long to wait until the context is ready, and then for each command that does not say
    /// otherwise.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// How long to ask anew a cluster that is not ready: no request is made later than this after
    /// the first. Zero leaves it at what the client's [`RetryPolicy`] does.
    pub fn cluster_timeout(mut self, cluster_timeout: Duration) -> Self {
        self.cluster_timeout = cluster_timeout;
        self
    }

    /// How many contexts to create, one after the other, if they fail while they start.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Creates the context and waits until it is ready.
    ///
    /// # Errors
    ///
    /// Those of [`contexts::create`] and [`contexts::wait_for_create`]: the last ones, if there
    /// were several. A context that did not become ready is destroyed.
    pub fn create(&self, client: &Client) -> Result<ExecutionContext, Error> {
        let deadline = Deadline::after(client, self.cluster_timeout);
        let mut made = 1;
        loop {
            match self.create_one(client, &deadline) {
                Err(error) if error.kind() == ErrorKind::WaitFailed && made < self.attempts => {
                    if !deadline.pause(pause_after(made)) {
                        return Err(error);
                    }
                    made += 1;
                }
                ended => return ended,
            }
        }
    }

    fn create_one(
        &self,
        client: &Client,
        deadline: &Deadline<'_>,
    ) -> Result<ExecutionContext, Error> {
        let request = contexts::Create::new(&self.cluster, self.language.clone());
        let created = send(client, &request, deadline)?;
        let (cluster, id) = (self.cluster.clone(), created.id.clone());
        let context = ExecutionContext::of(client, cluster, id, self.language.clone(), self.wait);
        contexts::wait_for_create(client, &request, &created, self.wait)?;
        Ok(context)
    }
}

/// Tries as the client does; and on, for as long as there is time, if the cluster is not ready.
fn send(
    client: &Client,
    request: &contexts::Create,
    deadline: &Deadline<'_>,
) -> Result<contexts::CreateResponse, Error> {
    let error = match contexts::create(client, request) {
        Err(error) if is_not_ready(&error) => error,
        ended => return ended,
    };
    let asked = error.retry_after().filter(|pause| !pause.is_zero());
    if !deadline.pause(asked.unwrap_or(PAUSE)) {
        return Err(error);
    }
    let left = deadline.left();
    let patient = RetryPolicy::new().attempts(u32::MAX).budget(left);
    contexts::create(&client.retries(patient).timeout(Some(left)), request)
}

/// Returns whether the server rejected the request for now, without creating a context.
fn is_not_ready(error: &Error) -> bool {
    error.kind() == ErrorKind::Status
        && error.is_transient()
        && error.delivery() == Delivery::NotProcessed
}

fn pause_after(made: u32) -> Duration {
    PAUSE
        .saturating_mul(1 << (made - 1).min(8))
        .min(LONGEST_PAUSE)
}

/// When patience runs out.
struct Deadline<'a> {
    client: &'a Client,
    start: Instant,
    patience: Duration,
}

impl<'a> Deadline<'a> {
    fn after(client: &'a Client, patience: Duration) -> Self {
        let start = client.clock().now();
        Self {
            client,
            start,
            patience,
        }
    }

    fn left(&self) -> Duration {
        let spent = self
            .client
            .clock()
            .now()
            .saturating_duration_since(self.start);
        self.patience.saturating_sub(spent)
    }

    /// Lets so much time pass, unless that is more than is left.
    fn pause(&self, pause: Duration) -> bool {
        let is_in_time = pause < self.left();
        if is_in_time {
            self.client.clock().sleep(pause, self.client.interrupt());
        }
        is_in_time
    }
}
