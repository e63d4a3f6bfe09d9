//! Settings of all sources if no workspace can be selected from them.

use std::path::Path;

use super::auth_type::identifying_settings;
use super::entry::{self, SettingEntry};
use super::profile_file::ProfileFile;
use super::setting::{HOST, PROFILE};
use super::source::{Source, find};

/// Reason for all settings if one of them is missing or wrong.
const UNUSED: &str = "no workspace is selected, see the error";

/// Lists the settings of the arguments, of the environment and of the profile. Errors of a source are those of
/// [`Config::resolve`](super::Config::resolve), and are skipped here.
pub(super) fn list(
    arguments: &dyn Source,
    environment: &dyn Source,
    path: &Path,
) -> Vec<SettingEntry> {
    let sources = [arguments, environment];
    let selected = find(&sources, PROFILE).ok().flatten();
    let profile = ProfileFile::read(path).and_then(|file| file.profile(selected.as_ref()));
    let configured = match selected {
        Some(_) => None,
        None => identifying_settings().find_map(|setting| find(&sources, setting).ok().flatten()),
    };
    let has_host = |source: &dyn Source| !matches!(source.get(HOST), Ok(None));
    let reason_for_all = match &profile {
        Ok(profile) if configured.is_none() && has_host(profile) => UNUSED,
        _ if sources.iter().any(|source| has_host(*source)) => UNUSED,
        _ => "without a host",
    };
    let mut entries: Vec<_> = sources
        .iter()
        .flat_map(|source| entry::of_source(*source, reason_for_all))
        .collect();
    if let Ok(profile) = &profile {
        let reason = match &configured {
            Some(value) => format!("no profile is selected, and {} is set", value.describe()),
            None => reason_for_all.to_owned(),
        };
        entries.extend(entry::of_source(profile, &reason));
    }
    entries
}
