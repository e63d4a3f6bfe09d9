//! Record of what a program would leave on clusters.

use std::collections::BTreeMap;
use std::fmt;
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
pub struct Leftovers(Arc<Record>);

#[derive(Default)]
struct Record {
    entries: Mutex<Entries>,
    observer: Option<Box<Observer>>,
}

type Observer = dyn Fn(&LeftoverEvent<'_>) + Send + Sync;

#[derive(Debug, Default)]
struct Entries {
    next_key: u64,
    list: BTreeMap<u64, Leftover>,
}

/// Key of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(u64);

/// Change of a record, for observers. See [`Leftovers::observed`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LeftoverEvent<'a> {
    /// Number of the entry in the record. All events of a context or of a command have the same one.
    pub key: u64,
    /// The context or the command, with its ids as far as they are known.
    pub leftover: &'a Leftover,
    /// The change.
    pub change: LeftoverChange,
}

/// Kind of a [`LeftoverEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeftoverChange {
    /// The entry was added. The request that creates the context or runs the command has not been
    /// sent.
    Added,
    /// An id became known, or the request has failed.
    Updated,
    /// The entry was removed: the context does not exist, or the command has ended.
    Removed,
    /// The entry was removed because the context was [detached](crate::ExecutionContext::detach), or the
    /// command was [detached](crate::Running::detach). It remains on the cluster.
    Detached,
}

impl Leftovers {
    /// Creates an empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty record whose changes are passed to a function, for example to keep them in a file
    /// that outlives the program.
    ///
    /// The function is called on the thread that creates the context or runs the command, which waits for
    /// it: a request is sent after the event [`LeftoverChange::Added`] has been handled.
    ///
    /// # Examples
    ///
    /// ```
    /// use generated_client::Leftovers;
    ///
    /// let leftovers = Leftovers::observed(|event| eprintln!("{:?}: {}", event.change, event.leftover));
    /// assert!(leftovers.is_empty());
    /// ```
    pub fn observed(observer: impl Fn(&LeftoverEvent<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Record {
            entries: Mutex::default(),
            observer: Some(Box::new(observer)),
        }))
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
        let observed = self.0.observer.is_some().then(|| leftover.clone());
        entries.list.insert(key, leftover);
        drop(entries);
        self.notify(key, observed.as_ref(), LeftoverChange::Added);
        Key(key)
    }

    pub(crate) fn update(&self, key: Key, change: impl FnOnce(&mut Leftover)) {
        let mut entries = self.lock();
        let Some(leftover) = entries.list.get_mut(&key.0) else {
            return;
        };
        change(leftover);
        let observed = self.0.observer.is_some().then(|| leftover.clone());
        drop(entries);
        self.notify(key.0, observed.as_ref(), LeftoverChange::Updated);
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

    /// Removes a context that does not exist, or a command that has ended.
    pub(crate) fn remove(&self, key: Key) {
        self.remove_with(key, LeftoverChange::Removed);
    }

    /// Removes a context or a command that remains on the cluster.
    pub(crate) fn detach(&self, key: Key) {
        self.remove_with(key, LeftoverChange::Detached);
    }

    fn remove_with(&self, key: Key, change: LeftoverChange) {
        let removed = self.lock().list.remove(&key.0);
        self.notify(key.0, removed.as_ref(), change);
    }

    /// Removes a context and its commands.
    pub(crate) fn remove_context(&self, cluster: &ClusterId, context: &ContextId) {
        let is_of_context = |leftover: &Leftover| {
            leftover.cluster_id() == cluster && leftover.context_id() == Some(context)
        };
        let mut entries = self.lock();
        let (removed, kept) = std::mem::take(&mut entries.list)
            .into_iter()
            .partition(|(_, leftover)| is_of_context(leftover));
        entries.list = kept;
        drop(entries);
        let removed: BTreeMap<u64, Leftover> = removed;
        for (key, leftover) in &removed {
            self.notify(*key, Some(leftover), LeftoverChange::Removed);
        }
    }

    /// Calls the observer without the lock, because it may be slow and may list the record.
    fn notify(&self, key: u64, leftover: Option<&Leftover>, change: LeftoverChange) {
        if let (Some(observer), Some(leftover)) = (&self.0.observer, leftover) {
            observer(&LeftoverEvent {
                key,
                leftover,
                change,
            });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

/// Clones of one record are equal.
impl PartialEq for Leftovers {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Leftovers {}
