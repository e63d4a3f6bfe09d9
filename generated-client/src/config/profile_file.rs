//! Files with profiles.

use std::path::{Path, PathBuf};

use api_runtime::{Error, Secret};

use super::error::invalid;
use super::file;
use super::ini::{self, DEFAULT, Section};
use super::profile::Profile;
use super::setting::HOST;
use super::source::SettingValue;

/// Section for settings of the Databricks tools, which is not a profile.
pub(super) const SETTINGS: &str = "__settings__";

/// Limits of a list of profiles in a message.
const MAX_NAMES: usize = 10;
const MAX_NAME_CHARS: usize = 40;

/// File with profiles.
pub(super) struct ProfileFile {
    path: PathBuf,
    /// `None` if the file does not exist.
    text: Option<Secret>,
}

impl ProfileFile {
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            text: file::read(path)?,
        })
    }

    /// Returns the selected profile, otherwise the one that `default_profile` names, otherwise
    /// `DEFAULT`.
    pub(super) fn profile(&self, selected: Option<&SettingValue>) -> Result<Profile, Error> {
        let path = &self.path;
        let Some(text) = &self.text else {
            return match selected {
                Some(selected) => Err(invalid(format!(
                    "no profile `{}` (selected by {}): the file {} does not exist",
                    clean(selected.value.expose()),
                    selected.origin,
                    path.display(),
                ))),
                None => Ok(Profile::empty(path, "file not found".to_owned())),
            };
        };
        let sections = ini::parse(text.expose()).map_err(|error| error.in_file(path))?;
        select(&sections, path, selected)
    }

    /// Returns the profiles whose host meets a condition.
    pub(super) fn profiles_with_host(
        &self,
        is_match: impl Fn(&str) -> bool,
    ) -> Result<Vec<Profile>, Error> {
        let sections = self.sections()?;
        let matching = profiles(&sections).filter(|it| it.get(HOST.key).is_some_and(&is_match));
        Ok(matching
            .map(|section| Profile::new(section, &self.path))
            .collect())
    }

    /// Lists the names of all other profiles for messages. Returns `None` if there are none.
    pub(super) fn list_others(&self, than: &Profile) -> Result<Option<String>, Error> {
        let sections = self.sections()?;
        let names = profiles(&sections).map(|section| section.name);
        let names: Vec<_> = names.filter(|name| *name != than.name()).collect();
        Ok((!names.is_empty()).then(|| list_names(&names)))
    }

    fn sections(&self) -> Result<Vec<Section<'_>>, Error> {
        let text = self.text.as_ref().map_or("", Secret::expose);
        ini::parse(text).map_err(|error| error.in_file(&self.path))
    }
}

fn profiles<'s, 't>(sections: &'s [Section<'t>]) -> impl Iterator<Item = &'s Section<'t>> {
    sections.iter().filter(|section| section.name != SETTINGS)
}

fn select(
    sections: &[Section<'_>],
    path: &Path,
    selected: Option<&SettingValue>,
) -> Result<Profile, Error> {
    let settings = sections.iter().find(|section| section.name == SETTINGS);
    let default_profile = settings
        .and_then(|section| section.get("default_profile"))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let (name, selected_by) = match (selected, default_profile) {
        (Some(selected), _) => (selected.value.expose(), Some(selected.origin.as_str())),
        (None, Some(name)) => (name, Some("`default_profile`")),
        (None, None) => (DEFAULT, None),
    };
    if name == SETTINGS {
        return Err(invalid(format!(
            "`{SETTINGS}` in {} (selected by {}) is not a profile",
            path.display(),
            selected_by.unwrap_or_default(),
        )));
    }
    let section = sections.iter().find(|section| section.name == name);
    match (section, selected_by) {
        (Some(section), _) => Ok(Profile::new(section, path)),
        (None, Some(selected_by)) => Err(no_such_profile(name, selected_by, path, sections)),
        (None, None) => Ok(Profile::empty(path, "profile not found".to_owned())),
    }
}

fn no_such_profile(name: &str, selected_by: &str, path: &Path, sections: &[Section<'_>]) -> Error {
    let names: Vec<_> = profiles(sections).map(|section| section.name).collect();
    let available = if names.is_empty() {
        "none".to_owned()
    } else {
        list_names(&names)
    };
    invalid(format!(
        "no profile `{}` in {} (selected by {selected_by}); available profiles: {available}",
        clean(name),
        path.display(),
    ))
}

/// Lists names of profiles for messages.
pub(super) fn list_names(names: &[&str]) -> String {
    let shown: Vec<_> = names
        .iter()
        .take(MAX_NAMES)
        .map(|name| clean(name))
        .collect();
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Returns a name of limited length without control characters.
fn clean(name: &str) -> String {
    let mut clean: String = name.chars().take(MAX_NAME_CHARS).collect();
    if clean.len() < name.len() {
        clean.push('…');
    }
    clean.escape_debug().to_string()
}

#[cfg(test)]
mod tests;
