//! Origins of the settings, for users.

use api_runtime::Credentials;

use super::auth_type::identifying_settings;
use super::host::Host;
use super::setting::{CLUSTER_ID, HOST, WORKSPACE_ID};
use super::source::{SettingValue, Source};
use super::workspace::{Sources, Workspace};

/// Origins of the settings, and choices to point out.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    pub(super) origins: Vec<String>,
    pub(super) notes: Vec<String>,
    excluded: Vec<String>,
    /// Origins of all values of the sources that belong to the workspace.
    available: Vec<String>,
}

impl Report {
    pub(super) fn new(workspace: &Workspace, sources: &Sources<'_>) -> Self {
        let mut report = Self::default();
        for source in sources.ordered() {
            let origins = origins(source);
            if workspace.owns(source) {
                report.available.extend(origins);
            } else if !origins.is_empty() {
                let origins = origins.join(", ");
                report
                    .excluded
                    .push(format!("{origins} ({})", reason(source, workspace)));
            }
        }
        report
    }

    /// Returns the sources that belong to another workspace.
    pub(super) fn excluded(&self) -> &[String] {
        &self.excluded
    }

    /// Adds the origins of the settings that are used, and the values that are not.
    pub(super) fn add_origins(
        &mut self,
        workspace: &Workspace,
        credentials: &Credentials,
        cluster_id: Option<&SettingValue>,
    ) {
        let mut lines = vec![
            format!(
                "host {} from {}",
                workspace.host.url(),
                workspace.host_origin
            ),
            credentials.to_string(),
        ];
        lines.extend(cluster_id.map(|id| {
            let value = id.value.expose().escape_debug();
            format!("cluster id {value} from {}", id.origin)
        }));
        lines.extend(workspace.id.as_ref().map(|id| {
            let value = id.value.escape_debug();
            format!("workspace id {value} from {}", id.origin)
        }));
        let is_used = |origin: &String| lines.iter().any(|line| line.contains(origin));
        self.available.retain(|origin| !is_used(origin));
        let unused = self.excluded.iter().chain(&self.available);
        let unused: Vec<_> = unused.map(|origin| format!("not used: {origin}")).collect();
        self.origins = lines;
        self.origins.extend(unused);
    }
}

/// Returns the end of a message that lists sources of another workspace.
pub(super) fn suffix(excluded: &[String]) -> String {
    if excluded.is_empty() {
        String::new()
    } else {
        format!("; not used: {}", excluded.join(", "))
    }
}

/// Returns the origins of the values of a source that concern a workspace, each of them once.
fn origins(source: &dyn Source) -> Vec<String> {
    let mut origins = Vec::new();
    for setting in identifying_settings().chain([CLUSTER_ID, WORKSPACE_ID]) {
        let origin = source.origin(setting);
        let has_value = !matches!(source.get(setting), Ok(None));
        if has_value && !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// Returns the reason why a source is not used.
pub(super) fn reason(source: &dyn Source, workspace: &Workspace) -> String {
    match source.get(HOST) {
        Ok(Some(host)) => match Host::parse(host.expose()) {
            Ok(host) => match host.workspace_id() {
                Some(id) => format!("for {}, workspace {id}", host.url()),
                None => format!("for {}", host.url()),
            },
            Err(_) => "with an invalid host".to_owned(),
        },
        Ok(None) if workspace.is_host_required => "without a host".to_owned(),
        Ok(None) => "for another workspace id".to_owned(),
        Err(_) => "not valid Unicode".to_owned(),
    }
}
