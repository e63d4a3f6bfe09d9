//! Suggestions for misspelled commands and values that are too short for those of clap.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::suggest::most_similar;

/// Adds a suggestion to an error of the command line that has none. `arguments` are those after the name of the
/// program.
pub(crate) fn add(error: &mut Error, cli: &Command, arguments: impl IntoIterator<Item = OsString>) {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let command = selected(cli, arguments);
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let (invalid, suggested) = (
                ContextKind::InvalidSubcommand,
                ContextKind::SuggestedSubcommand,
            );
            if let Some(name) = similar(error, invalid, suggested, &names) {
                error.insert(suggested, ContextValue::Strings(vec![name]));
            }
        }
        ErrorKind::InvalidValue => {
            let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else {
                return;
            };
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let (invalid, suggested) = (ContextKind::InvalidValue, ContextKind::SuggestedValue);
            if let Some(value) = similar(error, invalid, suggested, &values) {
                error.insert(suggested, ContextValue::String(value));
            }
        }
        _ => {}
    }
}

/// Returns the candidate for an invalid text, if the error has no suggestion.
fn similar(
    error: &Error,
    invalid: ContextKind,
    suggested: ContextKind,
    candidates: &[&str],
) -> Option<String> {
    match (error.get(invalid), error.get(suggested)) {
        (Some(ContextValue::String(text)), None) => {
            most_similar(text, candidates.iter().copied()).map(str::to_owned)
        }
        _ => None,
    }
}

/// Returns the command whose subcommand is misspelled.
fn selected(cli: &Command, arguments: impl IntoIterator<Item = OsString>) -> &Command {
    arguments.into_iter().fold(cli, |command, argument| {
        let subcommand = command.find_subcommand(argument);
        // The subcommands of `help` are those of its parent.
        let subcommand = subcommand.filter(|subcommand| subcommand.get_name() != "help");
        subcommand.unwrap_or(command)
    })
}
