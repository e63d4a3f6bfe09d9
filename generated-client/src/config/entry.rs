//! Settings with their origins, for users.

use std::path::Path;

use api_runtime::{Credentials, NetworkVariables};

use super::auth_type::{AuthType, identifying_settings};
use super::candidate::Candidate;
use super::host::Host;
use super::origin::Origin;
use super::report::reason;
use super::setting::{
    AUTH_TYPE, AZURE_CLIENT_ID, AZURE_ENVIRONMENT, AZURE_RESOURCE_ID, AZURE_TENANT_ID, CLIENT_ID,
    CLUSTER_ID, HOST, PROFILE, Setting, USERNAME, WORKSPACE_ID,
};
use super::source::Source;
use super::workspace::Workspace;

/// Setting in a source, and its use. See [`Settings::entries`](super::Settings::entries).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingEntry {
    /// Name of the setting: its key in a profile, or the name of a network variable.
    pub name: &'static str,
    /// Value, or `None` for a secret.
    pub value: Option<String>,
    /// Origin of the value.
    pub origin: Origin,
    /// Reason why the value is not used, or `None` if it is used.
    pub ignored: Option<String>,
}

/// Lists the settings in all sources: those that are used, and then the others.
pub(super) fn list(
    sources: &[&dyn Source],
    workspace: &Workspace,
    candidate: Option<&Candidate>,
) -> Vec<SettingEntry> {
    let mut entries: Vec<_> = settings()
        .flat_map(|setting| of_setting(setting, sources, workspace, candidate))
        .collect();
    entries.extend(id_in_host(sources, workspace));
    entries.sort_by_key(|entry| entry.ignored.is_some());
    entries
}

/// Lists the settings of one source, which are not used for a reason.
pub(super) fn of_source(source: &dyn Source, reason: &str) -> Vec<SettingEntry> {
    let has_value = |setting: &Setting| !matches!(source.get(*setting), Ok(None));
    settings()
        .filter(has_value)
        .map(|setting| SettingEntry {
            name: setting.key,
            value: value(setting, source),
            origin: source.location(setting),
            ignored: Some(reason.to_owned()),
        })
        .collect()
}

fn settings() -> impl Iterator<Item = Setting> {
    identifying_settings().chain([
        AUTH_TYPE,
        AZURE_ENVIRONMENT,
        CLUSTER_ID,
        WORKSPACE_ID,
        PROFILE,
    ])
}

/// Returns the value of a setting that contains no secret.
fn value(setting: Setting, source: &dyn Source) -> Option<String> {
    let value = source.get(setting).ok().flatten()?;
    shown(setting, value.expose())
}

/// Lists the values of one setting.
fn of_setting(
    setting: Setting,
    sources: &[&dyn Source],
    workspace: &Workspace,
    candidate: Option<&Candidate>,
) -> Vec<SettingEntry> {
    let mut used: Option<Origin> = None;
    let mut entries = Vec::new();
    for source in sources {
        if matches!(source.get(setting), Ok(None)) {
            continue;
        }
        let origin = source.location(setting);
        let ignored = if setting != PROFILE && !workspace.owns(*source) {
            Some(reason(*source, workspace))
        } else if let Some(used) = &used {
            Some(format!("{} has precedence", without_line(used)))
        } else {
            unused_credentials(setting, candidate)
        };
        if ignored.is_none() {
            used = Some(origin.clone());
        }
        entries.push(SettingEntry {
            name: setting.key,
            value: value(setting, *source),
            origin,
            ignored,
        });
    }
    entries
}

/// Describes the origin of a setting that has precedence. Its line is part of another entry.
fn without_line(origin: &Origin) -> String {
    match origin {
        Origin::Profile { name, .. } => format!("profile `{}`", name.escape_debug()),
        origin => origin.to_string(),
    }
}

/// Returns the reason why a setting of credentials is not used, if so.
fn unused_credentials(setting: Setting, candidate: Option<&Candidate>) -> Option<String> {
    let is_azure = |kind| kind == AuthType::Azure;
    let is_of_azure = setting == AZURE_RESOURCE_ID || setting == AZURE_ENVIRONMENT;
    let belongs =
        |kind: AuthType| kind.required().contains(&setting) || is_of_azure && is_azure(kind);
    let is_of_credentials = is_of_azure
        || setting != HOST && identifying_settings().any(|identifying| identifying == setting);
    match candidate {
        Some(candidate) if is_of_credentials && !belongs(candidate.auth_type) => {
            Some(format!("{} is used", candidate.describe()))
        }
        None if is_of_credentials => Some("no credentials are used".to_owned()),
        _ => None,
    }
}

/// Returns the workspace id that is part of the host, if no source has it as a setting.
fn id_in_host(sources: &[&dyn Source], workspace: &Workspace) -> Option<SettingEntry> {
    let id = workspace.id.as_ref()?;
    let is_setting = |source: &&&dyn Source| !matches!(source.get(WORKSPACE_ID), Ok(None));
    if sources
        .iter()
        .filter(is_setting)
        .any(|source| workspace.owns(*source))
    {
        return None;
    }
    let source = sources
        .iter()
        .find(|source| source.origin(HOST) == id.origin)?;
    Some(SettingEntry {
        name: WORKSPACE_ID.key,
        value: Some(id.value.clone()),
        origin: source.location(HOST),
        ignored: None,
    })
}

/// Adds the entry of netrc that has the credentials, if no other source has any.
pub(super) fn netrc(credentials: &Credentials) -> Option<SettingEntry> {
    Some(SettingEntry {
        name: "password",
        value: None,
        origin: Origin::Netrc(credentials.origin()?.to_owned()),
        ignored: None,
    })
}

/// Lists the CA file and the network variables.
pub(super) fn network(ca_file: Option<&Path>, variables: &NetworkVariables) -> Vec<SettingEntry> {
    let mut entries: Vec<_> = ca_file
        .map(|path| SettingEntry {
            name: "ca_file",
            value: Some(path.display().to_string()),
            origin: Origin::Argument("ca_file"),
            ignored: None,
        })
        .into_iter()
        .collect();
    let set: Vec<_> = variables.redacted().collect();
    for (name, value) in &set {
        let lower = name.to_ascii_lowercase();
        let is_certificate = !lower.ends_with("_proxy");
        let ignored = if is_certificate && ca_file.is_some() {
            Some("the CA file of the arguments has precedence".to_owned())
        } else if *name != lower && set.iter().any(|(other, _)| *other == lower) {
            Some(format!("the environment variable `{lower}` has precedence"))
        } else {
            None
        };
        entries.push(SettingEntry {
            name,
            value: Some(value.clone()),
            origin: Origin::Variable(name),
            ignored,
        });
    }
    entries
}

/// Returns a value that contains no secret.
fn shown(setting: Setting, value: &str) -> Option<String> {
    match setting {
        // A URL may contain a password by mistake.
        HOST => Host::parse(value).ok().map(Host::into_url),
        AUTH_TYPE => AuthType::from_name(value).map(|kind| kind.name().to_owned()),
        CLUSTER_ID | WORKSPACE_ID | PROFILE | USERNAME | CLIENT_ID | AZURE_TENANT_ID
        | AZURE_CLIENT_ID | AZURE_RESOURCE_ID | AZURE_ENVIRONMENT => Some(value.to_owned()),
        _ => None,
    }
}
