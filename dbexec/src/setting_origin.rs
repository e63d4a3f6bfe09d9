//! Origins of settings in messages.

use std::env;
use std::path::Path;

use generated_client::Settings;
use generated_client::config::{Origin, SettingEntry};

/// Formats the origin of a setting: an option, a variable, or a profile.
pub(crate) fn short(entry: &SettingEntry) -> String {
    match &entry.origin {
        Origin::Argument(name) => option(name),
        Origin::Variable(name) => (*name).to_owned(),
        Origin::Profile { name, .. } => format!("profile {name}"),
        Origin::Netrc(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Formats the origin of a setting, with the line of a profile.
pub(crate) fn with_line(entry: &SettingEntry) -> String {
    match &entry.origin {
        Origin::Profile { path, line, .. } => {
            format!("{} ({}:{line})", short(entry), with_tilde(path))
        }
        _ => short(entry),
    }
}

/// Formats the origin of a setting, and of the selection of its profile.
pub(crate) fn with_selection(settings: &Settings, entry: &SettingEntry) -> String {
    let Origin::Profile { path, line, .. } = &entry.origin else {
        return short(entry);
    };
    let mut used = settings.entries().iter().filter(|it| it.ignored.is_none());
    match used.find(|entry| entry.name == "profile") {
        Some(profile) => format!("{}, from {}", short(entry), short(profile)),
        None => format!("{}, {}:{line}", short(entry), with_tilde(path)),
    }
}

/// Returns the name of an ignored setting.
pub(crate) fn ignored_name(entry: &SettingEntry) -> String {
    match &entry.origin {
        Origin::Variable(_) | Origin::Argument(_) => short(entry),
        _ => format!("{}, {}", entry.name, with_line(entry)),
    }
}

/// Returns the option of an argument.
fn option(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// Formats a path with `~` in place of the home folder.
pub(crate) fn with_tilde(path: &Path) -> String {
    let home = env::home_dir().filter(|home| home.is_absolute());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
