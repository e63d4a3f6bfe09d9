//! Recorded contexts, and clients for their workspaces.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use generated_client::config::Environment;
use generated_client::{Client, Config, Interrupt};

use crate::cli::WorkspaceArgs;
use crate::error::CliError;
use crate::journal::{Record, Store, Workspace};
use crate::target;

/// Maximum number of requests at the same time.
const MAX_THREADS: usize = 8;

/// Selection of recorded contexts.
pub(crate) struct Recorded<'a> {
    args: &'a WorkspaceArgs,
    /// Client of the workspace that the arguments select, and its host.
    selected: Option<(String, Client)>,
}

impl<'a> Recorded<'a> {
    pub(crate) fn new(args: &'a WorkspaceArgs) -> Result<Self, CliError> {
        let is_selected = args.host.is_some() || args.profile.is_some();
        if !is_selected && (args.token.is_some() || args.workspace_id.is_some()) {
            // They belong to one workspace, but the journal may contain several.
            return Err(CliError::usage("no workspace selected")
                .help("use `--host URL` or `--profile NAME`"));
        }
        let selected = if is_selected {
            let client = client(args, &target::config(args), &Environment::from_process())?;
            Some((client.base_url().to_owned(), client))
        } else {
            None
        };
        Ok(Self { args, selected })
    }

    /// Returns the contexts of the journal, or those of the selected workspace.
    pub(crate) fn records(&self, store: &Store) -> Result<Vec<Record>, CliError> {
        let mut records = store
            .records()
            .map_err(|error| CliError::service(format!("cannot read the journal: {error}")))?;
        if let Some((host, _)) = &self.selected {
            records.retain(|record| record.entry.workspace.host == *host);
        }
        Ok(records)
    }

    /// Returns a client for a workspace. Its credentials are those of the arguments, or of sources that name
    /// its host.
    pub(crate) fn client(&self, workspace: &Workspace) -> Result<Client, CliError> {
        if let Some((_, client)) = &self.selected {
            return Ok(client.clone());
        }
        let mut config = target::config(self.args)
            .host(&workspace.host)
            .require_host();
        if let Some(id) = &workspace.id {
            config = config.workspace_id(id);
        }
        if let Some(profile) = &workspace.profile {
            config = config.profile(profile);
        }
        client(self.args, &config, &Environment::from_process())
    }
}

fn client(
    args: &WorkspaceArgs,
    config: &Config,
    environment: &Environment,
) -> Result<Client, CliError> {
    let settings = config.resolve(environment)?;
    target::log_origins(&settings);
    target::client(&settings, &Interrupt::new(), args.allow_plain_http)
}

/// Applies a function to all items, in several threads. The results are in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    function: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::default();
    let work = || {
        while let Some((index, item)) = take(items, &next) {
            let result = function(item);
            lock(&results).push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..items.len().min(MAX_THREADS) {
            // Without a further thread, fewer items are processed at the same time.
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut results = std::mem::take(&mut *lock(&results));
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(
            in_parallel(&items, |item| item * 2),
            (0..100).map(|item| item * 2).collect::<Vec<_>>()
        );
        assert!(in_parallel(&[], |item: &usize| *item).is_empty());
    }
}
