//! Profiles: sections of `~/.databrickscfg`.

use std::fmt;
use std::path::{Path, PathBuf};

use api_runtime::{Error, Secret};

use super::ini::{self, DEFAULT, Section};
use super::origin::Origin;
use super::setting::{Setting, trim};
use super::source::{SettingValue, Source};

/// Profile. It is empty if the file or the default profile does not exist, or if the file is not
/// read.
pub(super) struct Profile {
    name: String,
    /// Treated as secret, since any value may contain one.
    values: Vec<Value>,
    path: PathBuf,
    /// Reason for an empty profile.
    remark: Option<String>,
}

/// Key with its value and its line.
struct Value {
    key: String,
    value: Secret,
    line: usize,
}

impl Profile {
    pub(super) fn new(section: &Section<'_>, path: &Path) -> Self {
        let owned = |value: &ini::Value<'_>| Value {
            key: value.key.to_owned(),
            value: Secret::from(value.text),
            line: value.line,
        };
        Self {
            name: section.name.to_owned(),
            values: section.values.iter().map(owned).collect(),
            path: path.to_owned(),
            remark: None,
        }
    }

    /// Returns the last value of a key.
    fn value(&self, setting: Setting) -> Option<&Value> {
        self.values
            .iter()
            .rev()
            .find(|value| value.key == setting.key)
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
            path: path.to_owned(),
            remark: Some(remark),
        }
    }
}

impl Source for Profile {
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let value = self.value(setting);
        Ok(value.and_then(|value| trim(setting, value.value.expose())))
    }

    fn origin(&self, _: Setting) -> String {
        let (name, path) = (self.name.escape_debug(), self.path.display());
        format!("profile `{name}` in {path}")
    }

    fn location(&self, setting: Setting) -> Origin {
        Origin::Profile {
            name: self.name.clone(),
            path: self.path.clone(),
            line: self.value(setting).map_or(1, |value| value.line),
        }
    }
}

/// Writes the name and the file of the profile, and the reason for an empty profile.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, path) = (self.name.escape_debug(), self.path.display());
        write!(f, "profile `{name}` in {path}")?;
        match &self.remark {
            Some(remark) => write!(f, " ({remark})"),
            None => Ok(()),
        }
    }
}

/// Writes the name and the keys.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.values.iter().map(|value| &value.key).collect();
        f.debug_struct("Profile")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}
