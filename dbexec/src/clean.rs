//! `dbexec clean`: destroys recorded contexts.

use std::time::Duration;

use generated_client::api_2_0::{self, clusters};
use generated_client::api_runtime::types::Timestamp;
use generated_client::{Client, Error, ExecutionContext, RetryPolicy};

use crate::cli::CleanArgs;
use crate::console;
use crate::error::{CliError, with_sources};
use crate::journal::{Entry, Record, Store};
use crate::one_line::one_line;
use crate::recorded::{Recorded, in_parallel};

/// Maximum time for destroying one context.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Maximum time for the state of a cluster.
const CLUSTER_TIMEOUT: Duration = Duration::from_secs(5);

/// Destroys the selected contexts of the journal.
pub(crate) fn clean(args: &CleanArgs) -> Result<(), CliError> {
    let store = Store::open();
    let recorded = Recorded::new(&args.workspace)?;
    let records = recorded.records(&store)?;
    let detached = records.iter().filter(|record| is_detached(record)).count();
    let records = select(records, args)?;
    if args.dry_run {
        let lines = records
            .iter()
            .map(|record| format!("would destroy {}\n", describe(&record.entry)));
        return console::print(&lines.collect::<String>());
    }
    let outcomes = in_parallel(&records, |record| destroy(&recorded, &record.entry));
    let mut remaining = 0;
    for (record, outcome) in records.iter().zip(outcomes) {
        remaining += usize::from(!report(record, &outcome)?);
    }
    store.remove_remains().map_err(journal_error)?;
    if detached > 0 && !args.all && args.handles.is_empty() {
        print_detached(detached);
    }
    match remaining {
        0 => Ok(()),
        count => {
            let of = records.len();
            Err(
                CliError::service(format!("{count} of {of} contexts not destroyed"))
                    .help("they remain in the journal: `dbexec ps` lists them"),
            )
        }
    }
}

fn select(mut records: Vec<Record>, args: &CleanArgs) -> Result<Vec<Record>, CliError> {
    for handle in &args.handles {
        if !records
            .iter()
            .any(|record| record.entry.is_selected_by(handle))
        {
            return Err(
                CliError::usage(format!("no context `{handle}` in the journal"))
                    .help("`dbexec ps` lists the contexts"),
            );
        }
    }
    records.retain(|record| {
        if args.handles.is_empty() {
            record.is_abandoned() || args.all && is_detached(record)
        } else {
            args.handles
                .iter()
                .any(|handle| record.entry.is_selected_by(handle))
        }
    });
    Ok(records)
}

/// Returns whether a context was detached, and no process uses it.
fn is_detached(record: &Record) -> bool {
    record.entry.is_detached && !record.is_live
}

/// Prints that contexts remain which another option would destroy.
fn print_detached(count: usize) {
    let (contexts, them) = match count {
        1 => ("context is", "it"),
        _ => ("contexts are", "them"),
    };
    console::note(format_args!(
        "{count} detached {contexts} kept; `dbexec clean --all` destroys {them}, too"
    ));
}

enum Outcome {
    Destroyed,
    /// The context, or its cluster, does not exist any more.
    Gone,
    /// The id of the context is not known.
    Unknown,
    /// With a message.
    Failed(String),
}

fn destroy(recorded: &Recorded<'_>, entry: &Entry) -> Outcome {
    let Some(context) = &entry.context else {
        return Outcome::Unknown;
    };
    let client = match recorded.client(&entry.workspace) {
        Ok(client) => client,
        Err(error) => return Outcome::Failed(error.message().to_owned()),
    };
    let destroying = client.timeout(Some(TIMEOUT));
    match ExecutionContext::destroy(&destroying, entry.cluster.as_str(), context.as_str()) {
        Ok(true) => Outcome::Destroyed,
        Ok(false) => Outcome::Gone,
        Err(error) if has_terminated(&client, &entry.cluster, &error) => Outcome::Gone,
        Err(error) => Outcome::Failed(with_sources(&error)),
    }
}

/// Returns whether the error of a request is due to a cluster that does not run. Its contexts have ended.
fn has_terminated(client: &Client, cluster: &str, error: &Error) -> bool {
    if error.status().is_none() {
        return false;
    }
    let client = client
        .timeout(Some(CLUSTER_TIMEOUT))
        .retries(RetryPolicy::none());
    let cluster = clusters::get(&client, &clusters::Get::new(cluster));
    cluster.is_ok_and(|cluster| cluster.state == api_2_0::ClusterState::Terminated)
}

/// Prints the outcome, and removes the entry if the context does not exist. Returns whether it is removed.
fn report(record: &Record, outcome: &Outcome) -> Result<bool, CliError> {
    let entry = &record.entry;
    let verb = match outcome {
        Outcome::Destroyed => "destroyed",
        Outcome::Gone => "already gone:",
        Outcome::Unknown => {
            console::warn(format_args!(
                "an execution context may exist on the cluster `{}` of {}, requested at {:.0}; its id is not \
                 known, and it ends with the cluster",
                entry.cluster,
                entry.workspace.host,
                Timestamp(entry.started)
            ));
            record.remove().map_err(journal_error)?;
            return Ok(true);
        }
        Outcome::Failed(message) => {
            console::warn(format_args!("cannot destroy {}: {message}", entry.handle()));
            return Ok(false);
        }
    };
    record.remove().map_err(journal_error)?;
    console::print(&format!("{verb} {}\n", describe(entry)))?;
    Ok(true)
}

fn describe(entry: &Entry) -> String {
    let handle = one_line(entry.handle());
    match &entry.file {
        Some(file) => format!("{handle} ({})", one_line(file)),
        None => handle,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn journal_error(error: std::io::Error) -> CliError {
    CliError::service(format!("cannot change the journal: {error}"))
}
