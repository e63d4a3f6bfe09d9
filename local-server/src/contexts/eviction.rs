//! Eviction of idle contexts.
//!
//! A cluster of Databricks has at most 145 contexts. Beyond this limit, the idle one that was used
//! least recently is evicted, and so are contexts that are idle for 24 hours.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{Contexts, Entry, Registry, ServiceError};
use crate::limits;
use crate::quirks::Quirk;

/// Contexts that were evicted.
#[derive(Debug, Default)]
pub(super) struct Evicted {
    /// Ids of the most recently evicted contexts.
    ids: VecDeque<String>,
    /// Entries whose processes may still be running.
    ending: Vec<Entry>,
}

impl Evicted {
    pub(super) fn contains(&self, id: &str) -> bool {
        self.ids.iter().any(|evicted| evicted == id)
    }

    /// Removes and returns the entries whose processes may still be running.
    pub(super) fn take_ending(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.ending)
    }

    fn push(&mut self, entry: Entry) {
        entry.context.destroy();
        self.ids.push_back(entry.context.id().to_owned());
        if self.ids.len() > limits::EVICTED_CONTEXTS {
            self.ids.pop_front();
        }
        self.ending.retain(|entry| !entry.worker.is_finished());
        self.ending.push(entry);
    }
}

impl Registry {
    fn evict(&mut self, id: &str) {
        if let Some(entry) = self.entries.remove(id) {
            self.evicted.push(entry);
        }
    }
}

impl Contexts {
    /// Evicts a context if a cluster has the maximum number of contexts.
    ///
    /// # Errors
    ///
    /// If all contexts of the cluster run commands.
    pub(super) fn make_room(
        &self,
        registry: &mut Registry,
        cluster: &str,
    ) -> Result<(), ServiceError> {
        let of_cluster = || {
            let contexts = registry.entries.values().map(|entry| &entry.context);
            contexts.filter(|context| context.cluster() == cluster)
        };
        if of_cluster().count() < self.limit {
            return Ok(());
        }
        let idle = of_cluster().filter_map(|context| Some((context.idle_since()?, context.id())));
        let oldest = idle.min().map(|(_, id)| id.to_owned());
        match oldest {
            Some(id) if self.quirks.is_on(Quirk::EvictIdleContexts) => {
                registry.evict(&id);
                Ok(())
            }
            _ => Err(ServiceError::TooManyContexts(self.limit)),
        }
    }

    /// Evicts contexts whose idle time exceeds the timeout. Never returns.
    pub(crate) async fn evict_idle(&self) {
        const MIN_INTERVAL: Duration = Duration::from_millis(10);
        const MAX_INTERVAL: Duration = Duration::from_secs(60);
        let timeout = self.idle_timeout;
        let interval = (timeout / 10).clamp(MIN_INTERVAL, MAX_INTERVAL);
        loop {
            tokio::time::sleep(interval).await;
            let now = Instant::now();
            let mut registry = self.lock();
            let contexts = registry.entries.values().map(|entry| &entry.context);
            let is_expired = |since| now.saturating_duration_since(since) > timeout;
            let expired: Vec<_> = contexts
                .filter(|context| context.idle_since().is_some_and(is_expired))
                .map(|context| context.id().to_owned())
                .collect();
            for id in expired {
                registry.evict(&id);
            }
        }
    }
}
