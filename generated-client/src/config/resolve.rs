//! Resolution of the settings.

use std::path::{Path, PathBuf};

use api_runtime::{Credentials, Error};

use super::Config;
use super::auth_type::identifying_settings;
use super::credentials::{self, Fallback};
use super::entry::{self, SettingEntry};
use super::environment::Environment;
use super::error::invalid;
use super::found;
use super::matching::Matching;
use super::other_tokens;
use super::profile::Profile;
use super::profile_file::ProfileFile;
use super::report::Report;
use super::selection;
use super::setting::{CLUSTER_ID, HOST, PROFILE};
use super::settings::Settings;
use super::source::{SettingValue, Source, find};
use super::workspace::{Sources, Workspace};

impl Config {
    /// Resolves the settings from the arguments and the environment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    ///
    /// - the host is missing or invalid, or the workspace id is invalid
    /// - several profiles have the host and there are no other credentials
    /// - the credentials are missing, incomplete, ambiguous or not supported (for example a managed
    ///   identity)
    /// - the selected profile does not exist
    /// - a file cannot be read or parsed
    ///
    /// The message names the invalid setting and its source, or all sources that were searched. It
    /// contains no secrets.
    pub fn resolve(&self, environment: &Environment) -> Result<Settings, Error> {
        let path = self.path(environment);
        let selected = find(&[&self.arguments, environment], PROFILE)?;
        let profile = self.load_profile(&path, selected.as_ref(), environment)?;
        let sources = Sources {
            arguments: &self.arguments,
            environment,
            profile: &profile,
            is_profile_argument: selected.as_ref().is_some_and(|it| it.source_index == 0),
            is_host_required: self.is_host_required,
        };
        let Some(mut workspace) = Workspace::find(&sources)? else {
            return Err(no_host(&path, &profile, selected.as_ref()));
        };
        let mut own = workspace.own_sources(&sources);
        let matching = if sources.is_profile_argument || selection::select(&own)?.is_some() {
            Matching::default()
        } else {
            Matching::find(&workspace, &path)?
        };
        if let Some(matching) = &matching.profile {
            workspace.complete_id(matching)?;
            own.push(matching);
        }

        let cluster_id = cluster_id_from(&own)?;
        let mut report = Report::new(&workspace, &sources);
        let fallback = Fallback {
            environment,
            profile: &profile,
            error: matching.error,
            searched: matching.searched.unwrap_or_else(|| profile.to_string()),
            excluded: report.excluded(),
        };
        let options = &self.token_options;
        let credentials = credentials::resolve(&workspace.host, options, &own, fallback)?;
        report.add_origins(&workspace, &credentials, cluster_id.as_ref());
        report.notes.extend(matching.note);
        let entries = entries(
            &sources,
            matching.profile.as_ref(),
            &workspace,
            &own,
            &credentials,
        )?;
        let network_variables = environment.network();
        let ca_file = self.expanded_ca_file(environment);
        Ok(Settings {
            host: workspace.host.into_url(),
            credentials,
            cluster_id: cluster_id.map(|id| id.value.expose().to_owned()),
            workspace_id: workspace.id.map(|id| id.value),
            entries: [
                entries,
                entry::network(ca_file.as_deref(), &network_variables),
            ]
            .concat(),
            ca_file,
            network_variables,
            token: other_tokens::configured(&own)?,
            config_file: path,
            report,
        })
    }

    /// Lists the settings in all sources with the reason why they are not used, for messages after
    /// [`resolve`](Self::resolve) has failed, for example because there is no host.
    ///
    /// Variables for proxies and certificates are listed as [`Settings::entries`] does.
    pub fn unresolved_entries(&self, environment: &Environment) -> Vec<SettingEntry> {
        let mut entries = found::list(&self.arguments, environment, &self.path(environment));
        let ca_file = self.expanded_ca_file(environment);
        entries.extend(entry::network(ca_file.as_deref(), &environment.network()));
        entries
    }

    fn path(&self, environment: &Environment) -> PathBuf {
        match &self.file {
            Some(path) => environment.expand(path),
            None => environment.config_file(),
        }
    }

    fn expanded_ca_file(&self, environment: &Environment) -> Option<PathBuf> {
        self.ca_file.as_deref().map(|path| environment.expand(path))
    }

    /// Reads the selected profile. The default profile is read only if no other source identifies a
    /// workspace or a caller.
    fn load_profile(
        &self,
        path: &Path,
        selected: Option<&SettingValue>,
        environment: &Environment,
    ) -> Result<Profile, Error> {
        if selected.is_none() {
            for setting in identifying_settings() {
                if let Some(value) = find(&[&self.arguments, environment], setting)? {
                    return Ok(Profile::skipped(path, &value));
                }
            }
        }
        ProfileFile::read(path)?.profile(selected)
    }
}

fn no_host(path: &Path, profile: &Profile, selected: Option<&SettingValue>) -> Error {
    let names = match selected {
        Some(_) => Ok(None),
        None => ProfileFile::read(path).and_then(|file| file.list_others(profile)),
    };
    let profiles = match names {
        Ok(Some(names)) => format!(
            "; the file has other profiles, which can be passed as an argument or set in `{}`: {names}",
            PROFILE.variable
        ),
        // An error of the file is reported when it is used.
        Ok(None) | Err(_) => String::new(),
    };
    invalid(format!(
        "no host configured: pass it as an argument, set `{}`, or add `{}` to {profile}{profiles}",
        HOST.variable, HOST.key
    ))
}

/// Lists the settings of all sources, and the entry of netrc.
fn entries(
    sources: &Sources<'_>,
    matching: Option<&Profile>,
    workspace: &Workspace,
    own: &[&dyn Source],
    credentials: &Credentials,
) -> Result<Vec<SettingEntry>, Error> {
    let candidate = selection::select(own)?;
    let mut all = sources.ordered().to_vec();
    all.extend(matching.map(|profile| profile as &dyn Source));
    let mut entries = entry::list(&all, workspace, candidate.as_ref());
    if candidate.is_none() {
        entries.splice(0..0, entry::netrc(credentials));
    }
    Ok(entries)
}

fn cluster_id_from(sources: &[&dyn Source]) -> Result<Option<SettingValue>, Error> {
    match find(sources, CLUSTER_ID)? {
        Some(id) if id.value.expose().is_empty() => {
            Err(invalid(format!("empty cluster id from {}", id.origin)))
        }
        id => Ok(id),
    }
}
