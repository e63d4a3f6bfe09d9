//! Registry of execution contexts.

mod context;
mod entry;
mod error;
mod evicted;
mod first_status;
mod history;
mod registry;
mod state;
mod status;
mod worker;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use self::context::Context;
use self::entry::Entry;
pub(crate) use self::error::ServiceError;
use self::registry::Registry;
pub(crate) use self::status::{CommandStatus, ContextStatus};
use crate::clusters::ClusterSetup;
use crate::engines::Engines;
use crate::ids;
use crate::language::Language;
use crate::process::NotKilled;
use crate::quirks::{Quirk, Quirks};

/// Contexts of a server.
///
/// Contexts are created and destroyed on the server's thread, which runs the async runtime. They
/// can be counted from any thread.
#[derive(Debug)]
pub(crate) struct Contexts {
    engines: Engines,
    /// Maximum number of contexts of a cluster.
    limit: usize,
    idle_timeout: Duration,
    cancel_grace: Duration,
    quirks: Quirks,
    registry: Mutex<Registry>,
}

impl Contexts {
    pub(crate) fn new(
        engines: Engines,
        limit: usize,
        idle_timeout: Duration,
        cancel_grace: Duration,
        quirks: Quirks,
    ) -> Self {
        Self {
            engines,
            limit,
            idle_timeout,
            cancel_grace,
            quirks,
            registry: Mutex::default(),
        }
    }

    pub(crate) fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// Returns the number of contexts, including those that have failed.
    pub(crate) fn count(&self) -> usize {
        self.lock().entries.len()
    }

    /// Creates a context and returns its id. Starts the engine, but does not wait until it is ready.
    pub(crate) async fn create(
        &self,
        cluster: String,
        language: Language,
        setup: ClusterSetup,
    ) -> Result<String, ServiceError> {
        let cannot_start = |error| ServiceError::CannotStart(language, error);
        self.engines.check(language).await.map_err(cannot_start)?;
        // Held until the context is inserted, so that concurrent requests cannot exceed the limit.
        let mut registry = self.lock();
        if registry.is_closed {
            return Err(ServiceError::ShuttingDown);
        }
        if self.quirks.is_on(Quirk::ClusterNotReady)
            && registry.ready_clusters.insert(cluster.clone())
        {
            return Err(ServiceError::ClusterNotReady(cluster));
        }
        registry.make_room(&cluster, self.limit, self.quirks)?;
        let id = ids::context().map_err(ServiceError::NoRandomBytes)?;
        let engine = self.engines.start(&cluster, &id, language, setup);
        let engine = engine.map_err(cannot_start)?;
        let context = Arc::new(Context::new(id.clone(), cluster, language, self.quirks));
        let worker = worker::run(Arc::clone(&context), engine, self.cancel_grace);
        let worker = tokio::spawn(worker);
        registry
            .entries
            .insert(id.clone(), Entry { context, worker });
        Ok(id)
    }

    /// Returns the context with an id, if it belongs to the cluster.
    pub(crate) fn find(&self, cluster: &str, id: &str) -> Result<Arc<Context>, ServiceError> {
        let registry = self.lock();
        match registry.entries.get(id) {
            Some(entry) if entry.context.cluster() == cluster => Ok(Arc::clone(&entry.context)),
            None if registry.evicted.contains(id) => Err(ServiceError::Evicted(id.to_owned())),
            _ => Err(ServiceError::NoSuchContext(id.to_owned())),
        }
    }

    /// Removes a context, ends its engine, and waits until all its processes have exited.
    pub(crate) async fn destroy(&self, cluster: &str, id: &str) -> Result<(), ServiceError> {
        self.find(cluster, id)?;
        let entry = self.lock().entries.remove(id);
        // A concurrent request may have removed it.
        let entry = entry.ok_or_else(|| ServiceError::NoSuchContext(id.to_owned()))?;
        let killed = entry.shut_down().await;
        killed.map_err(|NotKilled| ServiceError::NotKilled(id.to_owned()))
    }

    /// Returns whether a command of a cluster is running or queued.
    pub(crate) fn is_busy(&self, cluster: &str) -> bool {
        let registry = self.lock();
        let mut contexts = registry.entries.values().map(|entry| &entry.context);
        contexts.any(|context| context.cluster() == cluster && context.is_busy())
    }

    /// Removes all contexts of a cluster as [`destroy`](Self::destroy) does, and ends the cluster.
    /// Processes that cannot be killed are left.
    pub(crate) async fn destroy_all(&self, cluster: &str) {
        let entries: Vec<_> = {
            let mut registry = self.lock();
            let is_of_cluster = |_: &String, entry: &mut Entry| entry.context.cluster() == cluster;
            let entries = registry.entries.extract_if(is_of_cluster).collect();
            // The next start is another one.
            registry.ready_clusters.remove(cluster);
            entries
        };
        for (_, entry) in &entries {
            entry.context.destroy();
        }
        for (_, entry) in entries {
            let _ = entry.shut_down().await;
        }
        self.engines.end_cluster(cluster).await;
    }

    /// Destroys all contexts, ends the clusters, and rejects new contexts. Processes that cannot be
    /// killed are left.
    pub(crate) async fn close(&self) {
        let entries: Vec<_> = {
            let mut registry = self.lock();
            registry.is_closed = true;
            let ending = registry.evicted.take_ending();
            ending
                .into_iter()
                .chain(registry.entries.drain().map(|(_, entry)| entry))
                .collect()
        };
        // Signal all workers before waiting for the first, so that they shut down in parallel.
        for entry in &entries {
            entry.context.destroy();
        }
        for entry in entries {
            let _ = entry.shut_down().await;
        }
        self.engines.close().await;
    }

    /// Evicts contexts whose idle time exceeds the timeout. Never returns.
    pub(crate) async fn evict_idle(&self) {
        const MIN_INTERVAL: Duration = Duration::from_millis(10);
        const MAX_INTERVAL: Duration = Duration::from_secs(60);
        let interval = (self.idle_timeout / 10).clamp(MIN_INTERVAL, MAX_INTERVAL);
        loop {
            tokio::time::sleep(interval).await;
            self.lock().evict_idle(self.idle_timeout, Instant::now());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
