//! Lookup of settings in several sources.

use api_runtime::{Error, Secret};

use super::origin::Origin;
use super::setting::Setting;

/// Source of settings: the arguments, the environment or a profile.
pub(super) trait Source {
    /// Returns the value of a setting, or `None` if it is not set or empty.
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error>;

    /// Describes the source of a setting for messages.
    fn origin(&self, setting: Setting) -> String;

    /// Returns the origin of the value of a setting.
    fn location(&self, setting: Setting) -> Origin;
}

/// Value of a setting and its origin.
#[derive(Debug)]
pub(super) struct SettingValue {
    pub(super) setting: Setting,
    /// Treated as secret, since any setting may contain one by mistake.
    pub(super) value: Secret,
    pub(super) origin: String,
    /// Index of the source. Lower indices take precedence.
    pub(super) source_index: usize,
}

impl SettingValue {
    /// Describes the setting and its origin for messages, without the value.
    pub(super) fn describe(&self) -> String {
        format!("`{}` from {}", self.setting.key, self.origin)
    }
}

/// Returns the value from the first source that has the setting.
pub(super) fn find(
    sources: &[&dyn Source],
    setting: Setting,
) -> Result<Option<SettingValue>, Error> {
    for (source_index, source) in sources.iter().enumerate() {
        if let Some(value) = source.get(setting)? {
            return Ok(Some(SettingValue {
                setting,
                value,
                origin: source.origin(setting),
                source_index,
            }));
        }
    }
    Ok(None)
}
