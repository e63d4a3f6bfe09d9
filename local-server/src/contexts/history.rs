//! Results of finished commands.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::limits;
use crate::results::Results;

/// Results of the most recently finished commands of a context.
#[derive(Debug, Default)]
pub(super) struct History {
    results: HashMap<String, Arc<Results>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl History {
    pub(super) fn get(&self, id: &str) -> Option<&Arc<Results>> {
        self.results.get(id)
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.results.contains_key(id)
    }

    /// Adds results, and removes the oldest ones if a limit is exceeded.
    pub(super) fn insert(&mut self, id: String, results: Results) {
        self.bytes += results.size();
        self.order.push_back(id.clone());
        self.results.insert(id, Arc::new(results));
        // The newest results are kept even if they alone exceed the limit.
        while self.order.len() > 1 && self.exceeds_limits() {
            self.remove_oldest();
        }
    }

    fn exceeds_limits(&self) -> bool {
        self.order.len() > limits::KEPT_RESULTS || self.bytes > limits::KEPT_RESULTS_BYTES
    }

    fn remove_oldest(&mut self) {
        let oldest = self.order.pop_front();
        if let Some(results) = oldest.and_then(|id| self.results.remove(&id)) {
            self.bytes -= results.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{History, Results};
    use crate::capture::Captured;
    use crate::limits;

    #[test]
    fn oldest_results_are_removed_beyond_the_limit() {
        let mut history = History::default();
        for id in 0..40 {
            let text = "x".repeat(1 << 20);
            history.insert(id.to_string(), Results::text(Captured::whole(text)));
        }
        assert!(history.bytes <= limits::KEPT_RESULTS_BYTES);
        assert!(!history.contains("0"));
        assert!(history.contains("39"));
        assert_eq!(history.results.len(), history.order.len());
    }
}
