//! `dbexec ps`: lists recorded contexts.

use std::time::{Duration, SystemTime};

use generated_client::api_runtime::types::Timestamp;
use generated_client::{ContextStatus, Error, ExecutionContext, RetryPolicy, commands};
use serde_json::{Value, json};

use crate::cli::{PsArgs, StatusFormat};
use crate::columns::align;
use crate::console;
use crate::elapsed::clock;
use crate::error::{CliError, with_sources};
use crate::journal::{Entry, Record, Store};
use crate::one_line::one_line;
use crate::recorded::{Recorded, in_parallel};

/// Maximum time for the state of one context.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Lists the contexts of the journal.
pub(crate) fn ps(args: &PsArgs) -> Result<(), CliError> {
    let recorded = Recorded::new(&args.workspace)?;
    let records = recorded.records(&Store::open())?;
    let states = in_parallel(&records, |record| state(&recorded, &record.entry));
    let rows: Vec<_> = records.iter().zip(states).collect();
    let now = SystemTime::now();
    match args.output {
        StatusFormat::Json => {
            let rows: Vec<Value> = rows
                .iter()
                .map(|(record, state)| to_json(record, state))
                .collect();
            console::print_json(&format!("{:#}\n", Value::from(rows)))
        }
        StatusFormat::Text => {
            for (record, state) in &rows {
                if let Err(reason) = state {
                    console::warn(format_args!("{}: {reason}", record.entry.handle()));
                }
            }
            let rows: Vec<_> = rows
                .iter()
                .map(|(record, state)| cells(record, state, now))
                .collect();
            let lines = align(&rows);
            let lines = lines.lines().map(|line| format!(" {line}\n"));
            console::print(&lines.collect::<String>())
        }
    }
}

/// Returns the state of a command or, without one, of its context. The error is a message.
fn state(recorded: &Recorded<'_>, entry: &Entry) -> Result<String, String> {
    let Some(context) = &entry.context else {
        return Ok("unknown id".to_owned());
    };
    let client = recorded
        .client(&entry.workspace)
        .map_err(|error| one_line(error.message()))?;
    let client = client.timeout(Some(TIMEOUT)).retries(RetryPolicy::none());
    let message = |error: Error| one_line(with_sources(&error));
    let state = match ExecutionContext::find(&client, entry.cluster.as_str(), context.as_str()) {
        Ok(Some(ContextStatus::Running)) => match &entry.command {
            Some(command) => {
                let request = commands::Status::new(
                    entry.cluster.as_str(),
                    context.as_str(),
                    command.as_str(),
                );
                let response = commands::status(&client, &request).map_err(message)?;
                response.status.to_string()
            }
            None => "Idle".to_owned(),
        },
        Ok(Some(status)) => status.to_string(),
        Ok(None) => "gone".to_owned(),
        Err(error) => return Err(message(error)),
    };
    Ok(state)
}

fn process(record: &Record) -> String {
    if record.entry.is_detached {
        "detached".to_owned()
    } else if record.is_live {
        format!("pid {}", record.entry.pid)
    } else {
        "ended".to_owned()
    }
}

fn cells(record: &Record, state: &Result<String, String>, now: SystemTime) -> Vec<String> {
    let entry = &record.entry;
    let age = now.duration_since(entry.started).unwrap_or_default();
    let cells = [
        entry.handle(),
        entry.file.clone().unwrap_or_else(|| "-".to_owned()),
        state.clone().unwrap_or_else(|_| "unreachable".to_owned()),
        clock(age),
        process(record),
        entry.workspace.host.clone(),
    ];
    cells.map(one_line).to_vec()
}

fn to_json(record: &Record, state: &Result<String, String>) -> Value {
    let entry = &record.entry;
    json!({
        "handle": entry.handle(),
        "host": entry.workspace.host,
        "workspace_id": entry.workspace.id,
        "profile": entry.workspace.profile,
        "cluster": entry.cluster,
        "context": entry.context,
        "command": entry.command,
        "file": entry.file,
        "started": format!("{:.0}", Timestamp(entry.started)),
        "pid": entry.pid,
        "live": record.is_live,
        "detached": entry.is_detached,
        "state": state.as_ref().ok(),
        "error": state.as_ref().err(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_formatted_as_on_a_clock() {
        for (seconds, text) in [
            (7, "0:07"),
            (3599, "59:59"),
            (3600, "1:00:00"),
            (360_000, "100:00:00"),
        ] {
            assert_eq!(clock(Duration::from_secs(seconds)), text);
        }
    }
}
