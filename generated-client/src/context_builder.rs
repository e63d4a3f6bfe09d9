//! Creation of execution contexts.

mod deadline;
mod request;

use std::time::Duration;

use api_runtime::{Client, Delivery, Error, ErrorKind, Wait};

use self::deadline::{Deadline, pause_after};
use self::request::{check_id, send_create};
use crate::api::{ClusterId, ContextId, Language, contexts};
use crate::cleanup::{self, Cleanup};
use crate::context::ExecutionContext;
use crate::context_progress::{Attempt, ContextProgress, OnProgress};
use crate::event::{Event, EventKind, Observer};
use crate::leftover::Leftover;
use crate::leftovers::{Key, Leftovers};
use crate::server_id;
use crate::session::Session;

/// Builder for an [`ExecutionContext`].
///
/// A cluster that has just started rejects requests for contexts for some time, or creates contexts
/// that fail. The builder therefore
///
/// - repeats a request that was rejected because the cluster is not ready, until
///   [`cluster_timeout`](Self::cluster_timeout), unless the cluster is terminated
/// - destroys a context that fails while it starts and creates another one, up to
///   [`attempts`](Self::attempts) in total. If it cannot be destroyed, there is no other one.
///
/// All other errors are handled by the [`RetryPolicy`](crate::RetryPolicy) of the client. A request that
/// may have created a context is never repeated.
///
/// # Examples
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
#[must_use = "a builder does nothing until `create` is called"]
pub struct ContextBuilder {
    cluster: ClusterId,
    language: Language,
    wait: Wait,
    cluster_timeout: Duration,
    attempts: u32,
    cleanup_timeout: Duration,
    leftovers: Option<Leftovers>,
    on_progress: Option<OnProgress>,
    observer: Option<Observer>,
}

impl ContextBuilder {
    /// Default for [`cluster_timeout`](Self::cluster_timeout): five minutes.
    pub const DEFAULT_CLUSTER_TIMEOUT: Duration = Duration::from_secs(5 * 60);

    /// Default for [`cleanup_timeout`](Self::cleanup_timeout): five seconds.
    pub const DEFAULT_CLEANUP_TIMEOUT: Duration = cleanup::DEFAULT_TIMEOUT;

    /// Creates a builder with three attempts, a wait of up to 20 minutes and the defaults for
    /// [`cluster_timeout`](Self::cluster_timeout) and [`cleanup_timeout`](Self::cleanup_timeout).
    pub fn new(cluster: impl Into<ClusterId>, language: Language) -> Self {
        Self {
            cluster: cluster.into(),
            language,
            wait: Wait::new(),
            cluster_timeout: Self::DEFAULT_CLUSTER_TIMEOUT,
            attempts: 3,
            cleanup_timeout: Self::DEFAULT_CLEANUP_TIMEOUT,
            leftovers: None,
            on_progress: None,
            observer: None,
        }
    }

    /// Sets the maximum time to wait until the context is ready, and the default for each command.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets the maximum time for repeated requests while the cluster is not ready. No request is sent
    /// later than this after the first one, nor after the deadline of the client. With zero, only the
    /// [`RetryPolicy`](crate::RetryPolicy) of the client applies.
    pub fn cluster_timeout(mut self, timeout: Duration) -> Self {
        self.cluster_timeout = timeout;
        self
    }

    /// Sets the maximum number of contexts to create, one after the other, if they fail while they
    /// start.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the maximum time for clean-up, counted from the interrupt or the deadline of the client.
    ///
    /// See [`ExecutionContext`] for its steps. The default is
    /// [`DEFAULT_CLEANUP_TIMEOUT`](Self::DEFAULT_CLEANUP_TIMEOUT).
    pub fn cleanup_timeout(mut self, timeout: Duration) -> Self {
        self.cleanup_timeout = timeout;
        self
    }

    /// Records the context and its commands in `leftovers`, from the request that creates the context
    /// until it is destroyed.
    pub fn leftovers(mut self, leftovers: &Leftovers) -> Self {
        self.leftovers = Some(leftovers.clone());
        self
    }

    /// Calls `on_progress` while the context is created or attached to: after each status request, and
    /// when the cluster is not ready or another context is created.
    pub fn on_progress(
        mut self,
        on_progress: impl Fn(&ContextProgress<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.on_progress = Some(OnProgress::new(on_progress));
        self
    }

    /// Calls `observer` with each [`Event`] of the context and its commands, e.g. for metrics.
    ///
    /// All events are also logged with the [`log`] crate, target `generated_client`: at level warn if a
    /// context or a command may remain on the cluster, and at level debug otherwise.
    ///
    /// [`log`]: https://docs.rs/log
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use generated_client::{ContextBuilder, EventKind, Language};
    ///
    /// let client = generated_client::from_env()?;
    /// let builder = ContextBuilder::new("0123-456789-abcde", Language::Python).observe(|event| {
    ///     if let EventKind::CommandEnded(result) = event.kind {
    ///         println!("{result:?} in {:?}", event.elapsed);
    ///     }
    /// });
    /// let context = builder.create(&client)?;
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn observe(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observer));
        self
    }

    /// Creates the context and waits until it is ready.
    ///
    /// The interrupt and the deadline of the client end it at any time. A context that does not become
    /// ready is destroyed.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`contexts::create`] and [`contexts::wait_for_create`] for the last
    /// attempt. If a context may remain on the cluster, a [`Leftover`] is attached.
    pub fn create(&self, client: &Client) -> Result<ExecutionContext, Error> {
        let deadline = Deadline::new(client, self.cluster_timeout);
        let mut attempt = self.attempt(client);
        loop {
            match self.create_once(attempt, &deadline) {
                Err(error) if attempt.number < self.attempts && has_failed_cleanly(&error) => {
                    if !deadline.pause(pause_after(attempt.number)) {
                        return Err(error);
                    }
                    attempt.number += 1;
                    attempt.report(None, Some(&error));
                }
                result => return result,
            }
        }
    }

    /// Attaches to an existing context and waits until it is ready.
    ///
    /// This is [`ExecutionContext::attach`] with the settings for waiting, clean-up and leftovers.
    ///
    /// # Errors
    ///
    /// See [`ExecutionContext::attach`].
    pub fn attach(
        &self,
        client: &Client,
        id: impl Into<ContextId>,
    ) -> Result<ExecutionContext, Error> {
        let context_id = id.into();
        let leftovers = self.leftovers.clone().unwrap_or_default();
        let existing = Leftover::existing_context(client, &self.cluster, &context_id);
        let context = ExecutionContext::attached(Session {
            client: client.clone(),
            cluster_id: self.cluster.clone(),
            context_id,
            language: self.language.clone(),
            wait: self.wait,
            cleanup: Cleanup::new(self.cleanup_timeout),
            key: leftovers.insert(existing),
            leftovers,
            observer: self.observer.clone(),
        });
        let attempt = self.attempt(client);
        context.wait_until_ready(|status| attempt.report(Some((context.id(), status)), None))?;
        context.emit(EventKind::ContextAttached, attempt.elapsed());
        Ok(context)
    }

    /// Returns the first attempt, which begins now.
    fn attempt<'a>(&'a self, client: &'a Client) -> Attempt<'a> {
        Attempt {
            client,
            number: 1,
            start: client.clock().now(),
            on_progress: self.on_progress.as_ref(),
        }
    }

    fn create_once(
        &self,
        attempt: Attempt<'_>,
        deadline: &Deadline<'_>,
    ) -> Result<ExecutionContext, Error> {
        let client = attempt.client;
        let start = client.clock().now();
        let request = contexts::Create::new(&self.cluster, self.language.clone());
        let leftovers = self.leftovers.clone().unwrap_or_default();
        let key = leftovers.insert(Leftover::new_context(client, &self.cluster));
        let cleanup = Cleanup::new(self.cleanup_timeout);
        let created = send_create(attempt, &cleanup, &request, deadline)
            .and_then(check_id)
            .map_err(|error| not_created(&leftovers, key, error))?;
        leftovers.update(key, |leftover| leftover.set_context_id(client, &created.id));
        let context = ExecutionContext::new(Session {
            client: client.clone(),
            cluster_id: self.cluster.clone(),
            context_id: created.id.clone(),
            language: self.language.clone(),
            wait: self.wait,
            cleanup,
            leftovers,
            key,
            observer: self.observer.clone(),
        });
        let wait = self.wait.on_poll(|response: &contexts::StatusResponse| {
            attempt.report(Some((&created.id, &response.status)), None);
        });
        match contexts::wait_for_create(client, &request, &created, wait) {
            Ok(_) => {
                let elapsed = client.clock().now().saturating_duration_since(start);
                context.emit(EventKind::ContextCreated, elapsed);
                Ok(context)
            }
            Err(error) => Err(context.close_after(server_id::unusable(error))),
        }
    }
}

impl ExecutionContext {
    /// Creates a context and waits until it is ready, up to 20 minutes.
    ///
    /// [`ContextBuilder`] sets other timeouts, and describes how clusters that are not ready are
    /// handled.
    ///
    /// # Errors
    ///
    /// See [`ContextBuilder::create`].
    pub fn create(
        client: &Client,
        cluster: impl Into<ClusterId>,
        language: Language,
    ) -> Result<Self, Error> {
        ContextBuilder::new(cluster, language).create(client)
    }

    /// Attaches to an existing context and waits until it is ready, up to 20 minutes.
    ///
    /// `language` is the default language of commands. The context is not destroyed on drop unless
    /// [`destroy_on_drop`](Self::destroy_on_drop) is set.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`contexts::status`],
    /// [`ErrorKind::WaitFailed`] if the context has failed, and
    /// [`ErrorKind::WaitTimeout`] if it does not become ready.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use generated_client::{ExecutionContext, Language};
    ///
    /// let client = generated_client::from_env()?;
    /// let cluster = "0123-456789-abcde";
    /// let context = ExecutionContext::create(&client, cluster, Language::Python)?;
    /// context.run("x = 6")?;
    /// let id = context.detach();
    ///
    /// let context = ExecutionContext::attach(&client, cluster, id, Language::Python)?;
    /// println!("{}", context.run("x * 7")?);
    /// context.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attach(
        client: &Client,
        cluster: impl Into<ClusterId>,
        id: impl Into<ContextId>,
        language: Language,
    ) -> Result<Self, Error> {
        ContextBuilder::new(cluster, language).attach(client, id)
    }
}

/// Returns whether the context has failed and was destroyed. Otherwise the error has the only trace of
/// it, which the error of a further context would replace.
fn has_failed_cleanly(error: &Error) -> bool {
    error.kind() == ErrorKind::WaitFailed && Leftover::of(error).is_none()
}

/// Completes the record of a request that failed.
fn not_created(leftovers: &Leftovers, key: Key, error: Error) -> Error {
    if error.delivery() == Delivery::NotProcessed {
        leftovers.remove(key);
        return error;
    }
    leftovers.update(key, |leftover| leftover.set_error(&error));
    leftovers.attach(key, error)
}
