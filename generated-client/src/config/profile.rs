//! Profiles: sections of `~/.databrickscfg`.

use std::fmt;
use std::path::Path;

use api_runtime::{Error, Secret};

use super::ini::{DEFAULT, Section};
use super::setting::{Setting, trim};
use super::source::{SettingValue, Source};

/// Profile. It is empty if the file or the default profile does not exist, or if the file is not
/// read.
pub(super) struct Profile {
    name: String,
    /// Treated as secret, since any value may contain one.
    values: Vec<(String, Secret)>,
    path: String,
    /// Reason for an empty profile.
    remark: Option<String>,
}

impl Profile {
    pub(super) fn new(section: &Section<'_>, path: &Path) -> Self {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), Secret::from(*value));
        Self {
            name: section.name.to_owned(),
            values: section.values.iter().map(owned).collect(),
            path: path.display().to_string(),
            remark: None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns an empty default profile for a file that is not read because `configured` takes
    /// precedence.
    pub(super) fn skipped(path: &Path, configured: &SettingValue) -> Self {
        let remark = format!(
            "not read: no profile is selected, and {} is used",
            configured.describe()
        );
        Self::empty(path, remark)
    }

    pub(super) fn empty(path: &Path, remark: String) -> Self {
        Self {
            name: DEFAULT.to_owned(),
            values: Vec::new(),
            path: path.display().to_string(),
            remark: Some(remark),
        }
    }
}

impl Source for Profile {
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let mut latest_first = self.values.iter().rev();
        let value = latest_first.find(|(key, _)| key == setting.key);
        Ok(value.and_then(|(_, text)| trim(setting, text.expose())))
    }

    fn origin(&self, _: Setting) -> String {
        format!("profile `{}` in {}", self.name.escape_debug(), self.path)
    }
}

/// Writes the name and the file of the profile, and the reason for an empty profile.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "profile `{}` in {}", self.name.escape_debug(), self.path)?;
        match &self.remark {
            Some(remark) => write!(f, " ({remark})"),
            None => Ok(()),
        }
    }
}

/// Writes the name and the keys.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("keys", &self.values.iter().map(|(key, _)| key))
            .finish_non_exhaustive()
    }
}
