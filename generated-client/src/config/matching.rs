//! Selection of a profile by its host.

use std::path::Path;

use api_runtime::Error;

use super::error::invalid;
use super::profile::Profile;
use super::profile_file::{ProfileFile, list_names};
use super::workspace::{Workspace, has_credentials};

/// Profile with the host of a workspace.
#[derive(Default)]
pub(super) struct Matching {
    pub(super) profile: Option<Profile>,
    /// Note for the user about the selected profile.
    pub(super) note: Option<String>,
    /// Error about several profiles, if there are no other credentials.
    pub(super) error: Option<Error>,
    /// The searched profiles, for messages.
    pub(super) searched: Option<String>,
}

impl Matching {
    /// Looks up the profile with the same host. Of several, those without credentials are
    /// ignored.
    pub(super) fn find(workspace: &Workspace, path: &Path) -> Result<Self, Error> {
        let file = ProfileFile::read(path)?;
        let mut profiles = file.profiles_with_host(|host| workspace.is_same_host(host))?;
        profiles.retain(|profile| workspace.owns(profile));
        let url = workspace.host.url();
        let searched = Some(format!("the profiles with this host in {}", path.display()));
        if profiles.len() > 1 {
            profiles.retain(|profile| has_credentials(profile));
        }
        if let [_, _, ..] = &*profiles {
            let names: Vec<_> = profiles.iter().map(Profile::name).collect();
            let error = invalid(format!(
                "several profiles in {} have the host {url}: {}; select one of them",
                path.display(),
                list_names(&names)
            ));
            return Ok(Self {
                error: Some(error),
                searched,
                ..Self::default()
            });
        }
        let profile = profiles.pop();
        let note = profile
            .as_ref()
            .map(|profile| format!("using {profile}, which has the host {url}"));
        Ok(Self {
            profile,
            note,
            error: None,
            searched,
        })
    }
}
