//! Contexts that were evicted.

use std::collections::VecDeque;

use super::entry::Entry;
use crate::limits;

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

    pub(super) fn push(&mut self, entry: Entry) {
        entry.context.destroy();
        self.ids.push_back(entry.context.id().to_owned());
        if self.ids.len() > limits::EVICTED_CONTEXTS {
            self.ids.pop_front();
        }
        self.ending.retain(|entry| !entry.worker.is_finished());
        self.ending.push(entry);
    }
}
