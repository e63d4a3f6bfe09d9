//! Texts of a spec, in which most keys and many descriptions occur often.

use std::collections::HashSet;
use std::sync::Arc;

/// The distinct texts of the files that have been read.
#[derive(Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// Returns the text, without a copy if it is known.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared = Arc::from(text);
        self.0.insert(Arc::clone(&shared));
        shared
    }
}
