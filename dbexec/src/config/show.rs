//! `dbexec config show`.

use generated_client::config::{Environment, Origin, SettingEntry};
use serde_json::{Value, json};

use crate::cli::{ConfigShowArgs, StatusFormat};
use crate::columns::align;
use crate::error::CliError;
use crate::one_line::one_line;
use crate::{console, setting_origin, target};

/// Text in place of a secret.
const SECRET: &str = "***";

/// Prints the settings of all sources, also if no workspace can be selected from them.
pub(super) fn show(args: &ConfigShowArgs) -> Result<(), CliError> {
    let config = target::config(&args.workspace);
    let (entries, error) = match target::resolve(&config, &args.workspace, "") {
        Ok(settings) => (settings.entries().to_vec(), None),
        Err(error) => (
            config.unresolved_entries(&Environment::from_process()),
            Some(error),
        ),
    };
    if error.is_none() || !entries.is_empty() {
        print(&entries, args.output)?;
    }
    error.map_or(Ok(()), Err)
}

fn print(entries: &[SettingEntry], format: StatusFormat) -> Result<(), CliError> {
    match format {
        StatusFormat::Json => {
            let entries: Vec<Value> = entries.iter().map(to_json).collect();
            console::print_json(&format!("{:#}\n", Value::from(entries)))
        }
        StatusFormat::Text => {
            let rows: Vec<_> = entries.iter().map(cells).collect();
            console::print(&align(&rows))
        }
    }
}

fn cells(entry: &SettingEntry) -> Vec<String> {
    let cells = match &entry.ignored {
        None => {
            let value = entry.value.as_deref().unwrap_or(SECRET);
            [entry.name, value, &setting_origin::with_line(entry)].map(one_line)
        }
        Some(reason) => {
            let setting = setting_origin::ignored_name(entry);
            ["ignored", &setting, reason].map(one_line)
        }
    };
    cells.to_vec()
}

fn to_json(entry: &SettingEntry) -> Value {
    let (kind, file) = match &entry.origin {
        Origin::Argument(_) => ("option", Value::Null),
        Origin::Variable(_) => ("variable", Value::Null),
        Origin::Profile { path, line, .. } => (
            "profile",
            json!({ "path": path.display().to_string(), "line": line }),
        ),
        _ => ("netrc", Value::Null),
    };
    json!({
        "name": entry.name,
        "value": entry.value,
        "secret": entry.value.is_none(),
        "origin": { "kind": kind, "text": setting_origin::with_line(entry), "file": file },
        "ignored": entry.ignored,
    })
}
