//! Contexts and their workers.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::context::Context;
use crate::process::NotKilled;

/// A context and the task that drives its engine.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) context: Arc<Context>,
    pub(super) worker: JoinHandle<Result<(), NotKilled>>,
}

impl Entry {
    /// Destroys the context, and waits until its processes have exited.
    pub(super) async fn shut_down(self) -> Result<(), NotKilled> {
        self.context.destroy();
        // An error means that the worker panicked. Dropping the engine has then closed its pipe.
        self.worker.await.unwrap_or(Ok(()))
    }
}
