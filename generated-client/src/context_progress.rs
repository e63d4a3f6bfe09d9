//! Progress of the creation of a context, for callbacks.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api_runtime::{Client, Error};

use crate::api::{ContextId, ContextStatus};

/// Progress of the creation of a context, for callbacks. See
/// [`ContextBuilder::on_progress`](crate::ContextBuilder::on_progress).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ContextProgress<'a> {
    /// Number of the context, starting at 1. A context that fails while it starts is replaced.
    pub attempt: u32,
    /// The context, and its status. `None` if the cluster is not ready.
    pub context: Option<(&'a ContextId, &'a ContextStatus)>,
    /// Response of a cluster that is not ready, or the error of the previous context.
    pub error: Option<&'a Error>,
    /// Time since the first request.
    pub elapsed: Duration,
}

/// Callback for the progress.
#[derive(Clone)]
pub(crate) struct OnProgress(Arc<dyn Fn(&ContextProgress<'_>) + Send + Sync>);

impl OnProgress {
    pub(crate) fn new(on_progress: impl Fn(&ContextProgress<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(on_progress))
    }
}

impl fmt::Debug for OnProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnProgress")
    }
}

/// Clones of one callback are equal.
impl PartialEq for OnProgress {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for OnProgress {}

/// One attempt to create a context, or to attach to one.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) client: &'a Client,
    pub(crate) number: u32,
    pub(crate) start: Instant,
    pub(crate) on_progress: Option<&'a OnProgress>,
}

impl Attempt<'_> {
    pub(crate) fn elapsed(&self) -> Duration {
        let now = self.client.clock().now();
        now.saturating_duration_since(self.start)
    }

    pub(crate) fn report(
        &self,
        context: Option<(&ContextId, &ContextStatus)>,
        error: Option<&Error>,
    ) {
        if let Some(OnProgress(on_progress)) = self.on_progress {
            on_progress(&ContextProgress {
                attempt: self.number,
                context,
                error,
                elapsed: self.elapsed(),
            });
        }
    }
}
