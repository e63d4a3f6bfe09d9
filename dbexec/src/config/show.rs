//! `dbexec config show`.

use std::env;
use std::path::Path;

use generated_client::config::{Origin, SettingEntry};
use serde_json::{Value, json};

use crate::cli::{ConfigShowArgs, StatusFormat};
use crate::columns::align;
use crate::error::CliError;
use crate::one_line::one_line;
use crate::{console, target};

/// Text in place of a secret.
const SECRET: &str = "***";

/// Prints the settings of all sources.
pub(super) fn show(args: &ConfigShowArgs) -> Result<(), CliError> {
    let config = target::config(&args.workspace);
    let settings = target::resolve(&config, &args.workspace, "")?;
    let entries = settings.entries();
    match args.output {
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
            [entry.name, value, &source(entry)].map(one_line)
        }
        Some(reason) => {
            let setting = match &entry.origin {
                Origin::Variable(name) => (*name).to_owned(),
                Origin::Argument(name) => option(name),
                _ => format!("{}, {}", entry.name, source(entry)),
            };
            ["ignored", &setting, reason].map(one_line)
        }
    };
    cells.to_vec()
}

/// Describes the origin of a setting: an option, a variable, or a profile with its line.
fn source(entry: &SettingEntry) -> String {
    match &entry.origin {
        Origin::Argument(name) => option(name),
        Origin::Variable(name) => (*name).to_owned(),
        Origin::Profile { name, path, line } => {
            format!("profile {name} ({}:{line})", with_tilde(path))
        }
        Origin::Netrc(text) => text.clone(),
        other => other.to_string(),
    }
}

fn option(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// Formats a path with `~` in place of the home folder.
fn with_tilde(path: &Path) -> String {
    let home = env::home_dir().filter(|home| home.is_absolute());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
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
        "origin": { "kind": kind, "text": source(entry), "file": file },
        "ignored": entry.ignored,
    })
}
