//! The contexts of a server, and the eviction of idle ones.
//!
//! A cluster of Databricks has at most 145 contexts. Beyond this limit, the idle one that was used
//! least recently is evicted, and so are contexts that are idle for 24 hours.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::context::Context;
use super::entry::Entry;
use super::error::ServiceError;
use super::evicted::Evicted;
use crate::quirks::{Quirk, Quirks};

#[derive(Debug, Default)]
pub(super) struct Registry {
    pub(super) is_closed: bool,
    pub(super) entries: HashMap<String, Entry>,
    pub(super) evicted: Evicted,
    /// Clusters that have accepted a context, or rejected the first one as they were not ready.
    pub(super) ready_clusters: HashSet<String>,
}

impl Registry {
    /// Evicts a context if a cluster has the maximum number of contexts.
    ///
    /// # Errors
    ///
    /// If all contexts of the cluster run commands.
    pub(super) fn make_room(
        &mut self,
        cluster: &str,
        limit: usize,
        quirks: Quirks,
    ) -> Result<(), ServiceError> {
        let of_cluster = || {
            self.contexts()
                .filter(|context| context.cluster() == cluster)
        };
        if of_cluster().count() < limit {
            return Ok(());
        }
        let idle = of_cluster().filter_map(|context| Some((context.idle_since()?, context.id())));
        let oldest = idle.min().map(|(_, id)| id.to_owned());
        match oldest {
            Some(id) if quirks.is_on(Quirk::EvictIdleContexts) => {
                self.evict(&id);
                Ok(())
            }
            _ => Err(ServiceError::TooManyContexts(limit)),
        }
    }

    /// Evicts contexts whose idle time exceeds the timeout.
    pub(super) fn evict_idle(&mut self, timeout: Duration, now: Instant) {
        let is_expired = |since| now.saturating_duration_since(since) > timeout;
        let expired: Vec<_> = self
            .contexts()
            .filter(|context| context.idle_since().is_some_and(is_expired))
            .map(|context| context.id().to_owned())
            .collect();
        for id in expired {
            self.evict(&id);
        }
    }

    fn contexts(&self) -> impl Iterator<Item = &Arc<Context>> {
        self.entries.values().map(|entry| &entry.context)
    }

    fn evict(&mut self, id: &str) {
        if let Some(entry) = self.entries.remove(id) {
            self.evicted.push(entry);
        }
    }
}
