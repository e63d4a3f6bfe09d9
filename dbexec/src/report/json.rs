//! Reports as JSON.

use serde_json::{Value, json};

use super::facts::{Command, Summary};

/// Version of the form. It grows when a field is removed or changes its meaning.
const SCHEMA: u32 = 1;

pub(super) fn write(summary: &Summary<'_>) -> String {
    let run = summary.run;
    let contexts = run
        .contexts
        .iter()
        .map(|context| json!({ "id": context.id, "destroyed": context.is_destroyed }));
    let are_destroyed =
        (!run.contexts.is_empty()).then(|| run.contexts.iter().all(|context| context.is_destroyed));
    let report = json!({
        "schema": SCHEMA,
        "exit": summary.exit,
        "seconds": summary.seconds,
        "error": summary.message,
        "cluster": run.cluster,
        "cluster_id": run.cluster_id,
        "context": run.contexts.first().map(|context| &context.id),
        "destroyed": are_destroyed,
        "contexts": contexts.collect::<Vec<_>>(),
        "commands": run.commands.iter().map(command).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn command(command: &Command) -> Value {
    let error = command
        .error
        .as_ref()
        .map(|error| json!({ "name": error.name, "message": error.message, "line": error.line }));
    // The code of other commands is a single one.
    let statements = (command.statements != 1).then_some((command.started, command.statements));
    json!({
        "file": command.file,
        "cell": command.cell,
        "statement": statements.map(|(started, _)| started),
        "statements": statements.map(|(_, all)| all),
        "language": command.language.to_string(),
        "context": command.context,
        "id": command.id,
        "state": command.state,
        "delivery": command.delivery(),
        "result": command.result.name(),
        "seconds": command.seconds,
        "truncated": command.is_truncated,
        "error": error,
    })
}
