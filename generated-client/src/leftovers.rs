//! Record of what a program would leave on clusters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api_runtime::Error;

use crate::api::{ClusterId, ContextId};
use crate::leftover::Leftover;

/// Record of the contexts and commands that a program would leave on clusters if it ended now.
///
/// A context is recorded from the request that creates it until it is destroyed or
/// [detached](crate::ExecutionContext::detach), and a command of it until the end of the command. If
/// the clean-up fails, they remain in the record. A program that must exit at once, e.g. on a second
/// Ctrl-C, prints the record.
///
/// Clones share the record. [`ContextBuilder::leftovers`](crate::ContextBuilder::leftovers) sets it.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ContextBuilder, Language, Leftovers};
///
/// let client = generated_client::from_env()?;
/// let leftovers = Leftovers::new();
/// let builder = ContextBuilder::new("0123-456789-abcde", Language::Python).leftovers(&leftovers);
/// std::thread::spawn(move || {
///     // For example after a signal:
///     for leftover in leftovers.list() {
///         eprintln!("{leftover}");
///     }
/// });
/// let context = builder.create(&client)?;
/// # Ok::<(), generated_client::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Leftovers(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    next_key: u64,
    list: BTreeMap<u64, Leftover>,
}

/// Key of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(u64);

impl Leftovers {
    /// Creates an empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns what is recorded, in the order of its creation.
    pub fn list(&self) -> Vec<Leftover> {
        self.lock().list.values().cloned().collect()
    }

    /// Returns whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.lock().list.is_empty()
    }

    pub(crate) fn insert(&self, leftover: Leftover) -> Key {
        let mut entries = self.lock();
        let key = entries.next_key;
        entries.next_key += 1;
        entries.list.insert(key, leftover);
        Key(key)
    }

    pub(crate) fn update(&self, key: Key, change: impl FnOnce(&mut Leftover)) {
        if let Some(leftover) = self.lock().list.get_mut(&key.0) {
            change(leftover);
        }
    }

    pub(crate) fn get(&self, key: Key) -> Option<Leftover> {
        self.lock().list.get(&key.0).cloned()
    }

    /// Attaches an entry to an error.
    pub(crate) fn attach(&self, key: Key, error: Error) -> Error {
        match self.get(key) {
            Some(leftover) => error.attach(leftover),
            None => error,
        }
    }

    pub(crate) fn remove(&self, key: Key) {
        self.lock().list.remove(&key.0);
    }

    /// Removes a context and its commands.
    pub(crate) fn remove_context(&self, cluster: &ClusterId, context: &ContextId) {
        self.lock().list.retain(|_, leftover| {
            leftover.cluster_id() != cluster || leftover.context_id() != Some(context)
        });
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Clones of one record are equal.
impl PartialEq for Leftovers {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Leftovers {}
