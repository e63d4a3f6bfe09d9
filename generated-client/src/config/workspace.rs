//! Workspace that the settings select, and the sources that belong to it.

use api_runtime::{Error, Secret};

use super::auth_type::AuthType;
use super::candidate::Candidate;
use super::error::invalid;
use super::host::Host;
use super::setting::{HOST, WORKSPACE_ID};
use super::source::{SettingValue, Source, find};
use super::workspace_id;

/// All sources of settings, apart from netrc.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) arguments: &'a dyn Source,
    pub(super) environment: &'a dyn Source,
    pub(super) profile: &'a dyn Source,
    /// Set if the arguments select the profile.
    pub(super) is_profile_argument: bool,
    /// Set if sources without a host are ignored.
    pub(super) is_host_required: bool,
}

impl<'a> Sources<'a> {
    /// Returns the sources in the order of their precedence.
    pub(super) fn ordered(&self) -> [&'a dyn Source; 3] {
        // A profile that was passed as an argument was chosen for this call, unlike the variables.
        if self.is_profile_argument {
            [self.arguments, self.profile, self.environment]
        } else {
            [self.arguments, self.environment, self.profile]
        }
    }

    fn environment_index(&self) -> usize {
        if self.is_profile_argument { 2 } else { 1 }
    }
}

/// Workspace: its host, and its id if the host may serve several workspaces.
pub(super) struct Workspace {
    pub(super) host: Host,
    pub(super) host_origin: String,
    pub(super) id: Option<WorkspaceId>,
    /// Set if sources without a host do not belong to the workspace.
    pub(super) is_host_required: bool,
}

/// Workspace id and its origin.
#[derive(Clone)]
pub(super) struct WorkspaceId {
    pub(super) value: String,
    pub(super) origin: String,
}

impl Workspace {
    /// Looks up the workspace. Returns `None` if no source has a host.
    pub(super) fn find(sources: &Sources<'_>) -> Result<Option<Self>, Error> {
        let Some(host) = find(&sources.ordered(), HOST)? else {
            return Ok(None);
        };
        if host.source_index == sources.environment_index() {
            reject_host_for_other_credentials(sources, &host)?;
        }
        let parsed = Host::parse(host.value.expose())
            .map_err(|reason| invalid(format!("invalid host from {}: {reason}", host.origin)))?;
        let mut workspace = Self {
            host: parsed,
            host_origin: host.origin,
            id: None,
            is_host_required: sources.is_host_required,
        };
        workspace.id = workspace.find_id(sources)?;
        Ok(Some(workspace))
    }

    /// Returns the id from the first source with the same host or without any.
    fn find_id(&self, sources: &Sources<'_>) -> Result<Option<WorkspaceId>, Error> {
        for (index, source) in sources.ordered().into_iter().enumerate() {
            let has_same_host = match source.get(HOST) {
                Ok(Some(host)) => self.is_same_host(host.expose()),
                Ok(None) if self.is_host_required => false,
                // A variable for another workspace would reroute the requests of the profile.
                Ok(None) => !sources.is_profile_argument || index != sources.environment_index(),
                Err(_) => false,
            };
            if !has_same_host {
                continue;
            }
            if let Some(id) = id_of(source)? {
                workspace_id::check(&id.value).map_err(|reason| {
                    invalid(format!("invalid workspace id from {}: {reason}", id.origin))
                })?;
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Returns the sources that belong to the workspace, in the order of their precedence. Sources for
    /// another workspace must not contribute any setting, in particular no credentials.
    pub(super) fn own_sources<'a>(&self, sources: &Sources<'a>) -> Vec<&'a dyn Source> {
        let ordered = sources.ordered();
        let own = ordered.into_iter().filter(|source| self.owns(*source));
        own.collect()
    }

    /// Returns whether a source belongs to the workspace. One without a host belongs to every workspace
    /// whose id does not differ.
    pub(super) fn owns(&self, source: &dyn Source) -> bool {
        match source.get(HOST) {
            Ok(Some(_)) if source.origin(HOST) == self.host_origin => true,
            Ok(Some(host)) => self.is_same_host(host.expose()) && self.has_same_id(source),
            Ok(None) => !self.is_host_required && self.has_same_id(source),
            Err(_) => false,
        }
    }

    pub(super) fn is_same_host(&self, host: &str) -> bool {
        Host::parse(host).is_ok_and(|host| host.url() == self.host.url())
    }

    /// Returns whether a source has the same id, or one of both is unknown.
    fn has_same_id(&self, source: &dyn Source) -> bool {
        match (&self.id, id_of(source)) {
            (Some(id), Ok(Some(other))) => id.value == other.value,
            (_, Err(_)) => false,
            _ => true,
        }
    }

    /// Takes the id from a source that belongs to the workspace.
    pub(super) fn complete_id(&mut self, source: &dyn Source) -> Result<(), Error> {
        if self.id.is_none() {
            self.id = id_of(source)?;
        }
        Ok(())
    }
}

/// Returns the workspace id of a source: the setting, otherwise the one in the URL of the host.
fn id_of(source: &dyn Source) -> Result<Option<WorkspaceId>, Error> {
    if let Some(id) = source.get(WORKSPACE_ID)? {
        return Ok(Some(WorkspaceId {
            value: id.expose().to_owned(),
            origin: source.origin(WORKSPACE_ID),
        }));
    }
    let host = source.get(HOST)?;
    let host = host.as_ref().map(Secret::expose).map(Host::parse);
    let id = host.and_then(|host| host.ok()?.workspace_id().map(str::to_owned));
    Ok(id.map(|value| WorkspaceId {
        value,
        origin: source.origin(HOST),
    }))
}

/// Returns an error if the credentials of a profile that was passed as an argument would be sent to the
/// host of the environment, which has other credentials.
fn reject_host_for_other_credentials(
    sources: &Sources<'_>,
    host: &SettingValue,
) -> Result<(), Error> {
    if sources.is_profile_argument
        && has_credentials(sources.profile)
        && has_credentials(sources.environment)
    {
        return Err(invalid(format!(
            "no `{}` in {}; the one from {} belongs to other credentials",
            HOST.key,
            sources.profile.origin(HOST),
            host.origin,
        )));
    }
    Ok(())
}

/// Returns whether a source selects any kind of credentials.
pub(super) fn has_credentials(source: &dyn Source) -> bool {
    let has = |auth_type| matches!(Candidate::find(auth_type, &[source]), Ok(Some(_)) | Err(_));
    AuthType::ALL.into_iter().any(has)
}
