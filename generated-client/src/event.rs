//! Events of contexts and commands, for logs and metrics.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use api_runtime::{Client, ServerText};

use crate::api::{ClusterId, CommandId, ContextId};
use crate::leftover::Leftover;
use crate::output::Output;
use crate::run_error::RunError;

/// Event of a context or a command, for observers. See
/// [`ContextBuilder::observe`](crate::ContextBuilder::observe).
///
/// It contains no secrets: neither code nor output. Each request has an
/// [`AttemptEvent`](api_runtime::AttemptEvent) as well.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The cluster.
    pub cluster_id: &'a ClusterId,
    /// The context.
    pub context_id: &'a ContextId,
    /// The command, for events of commands.
    pub command_id: Option<&'a CommandId>,
    /// Kind of the event.
    pub kind: EventKind<'a>,
    /// Duration of what the event ends: of the creation of a context, of sending a command, from its start
    /// to its end, and of destroying a context.
    pub elapsed: Duration,
}

/// Kind of an [`Event`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// A context was created and is ready.
    ContextCreated,
    /// An existing context was attached to and is ready.
    ContextAttached,
    /// A context was destroyed, or did not exist any more.
    ContextDestroyed,
    /// A command was sent.
    CommandStarted,
    /// A command has ended, or waiting for it has failed.
    CommandEnded(CommandResult),
    /// A context or a command may remain on the cluster.
    Left(&'a Leftover),
}

/// Result of a command, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CommandResult {
    /// The command has output.
    Succeeded,
    /// The code raised an error.
    Failed,
    /// The command was canceled by its [`CancelHandle`](crate::CancelHandle) or by another client.
    Canceled,
    /// The context is lost.
    ContextLost,
    /// The command did not end before its timeout or the deadline of the client.
    TimedOut,
    /// The interrupt of the client was raised.
    Interrupted,
    /// A request failed.
    RequestFailed,
}

impl CommandResult {
    pub(crate) fn of(result: &Result<Output, RunError>) -> Self {
        match result {
            Ok(_) => Self::Succeeded,
            Err(RunError::Failed(_)) => Self::Failed,
            Err(RunError::Cancelled) => Self::Canceled,
            Err(RunError::ContextLost(_)) => Self::ContextLost,
            Err(RunError::Timeout(_)) => Self::TimedOut,
            Err(RunError::Interrupted(_)) => Self::Interrupted,
            Err(RunError::Request(_)) => Self::RequestFailed,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "was canceled",
            Self::ContextLost => "lost its context",
            Self::TimedOut => "timed out",
            Self::Interrupted => "was interrupted",
            Self::RequestFailed => "could not be awaited",
        }
    }
}

impl Event<'_> {
    /// Logs the event: at level warn if something may remain on the cluster, and at level debug
    /// otherwise.
    pub(crate) fn log(&self, client: &Client) {
        let level = match self.kind {
            EventKind::Left(_) => log::Level::Warn,
            _ => log::Level::Debug,
        };
        log::log!(target: "generated_client", level, "{}", Line { event: self, client });
    }
}

/// Text of an event. Ids come from servers: the client cleans and redacts them.
struct Line<'a> {
    event: &'a Event<'a>,
    client: &'a Client,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event {
            cluster_id,
            context_id,
            command_id,
            kind,
            elapsed,
        } = self.event;
        let show = |id| self.client.show(ServerText::new(id));
        let (cluster, context) = (show(cluster_id.as_str()), show(context_id.as_str()));
        let command = command_id.map(|id| show(id.as_str())).unwrap_or_default();
        let seconds = elapsed.as_secs_f64();
        match kind {
            EventKind::ContextCreated => write!(
                f,
                "execution context `{context}` created on the cluster `{cluster}` in {seconds:.3} s"
            ),
            EventKind::ContextAttached => write!(
                f,
                "attached to the execution context `{context}` on the cluster `{cluster}` in \
                 {seconds:.3} s"
            ),
            EventKind::ContextDestroyed => {
                write!(
                    f,
                    "execution context `{context}` destroyed in {seconds:.3} s"
                )
            }
            EventKind::CommandStarted => write!(
                f,
                "command `{command}` sent to the execution context `{context}` in {seconds:.3} s"
            ),
            EventKind::CommandEnded(result) => {
                let result = result.text();
                write!(f, "command `{command}` {result} after {seconds:.3} s")
            }
            EventKind::Left(leftover) => leftover.fmt(f),
        }
    }
}

/// Function that is called with each event.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observer))
    }

    pub(crate) fn call(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Clones of one observer are equal.
impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Observer {}
