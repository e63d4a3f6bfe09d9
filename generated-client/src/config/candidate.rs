//! Configured settings of one kind of credentials.

use api_runtime::Error;

use super::auth_type::AuthType;
use super::error::invalid;
use super::setting::Setting;
use super::source::{SettingValue, Source, find};

/// Kind of credentials for which at least one selecting setting is configured.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) auth_type: AuthType,
    values: Vec<SettingValue>,
}

impl Candidate {
    /// Looks up the settings of a kind of credentials. Returns `None` if none of them selects it.
    pub(super) fn find(
        auth_type: AuthType,
        sources: &[&dyn Source],
    ) -> Result<Option<Self>, Error> {
        let mut values = Vec::new();
        for setting in auth_type.required() {
            values.extend(find(sources, *setting)?);
        }
        let is_selected = values
            .iter()
            .any(|value: &SettingValue| auth_type.selectors().contains(&value.setting));
        Ok(is_selected.then_some(Self { auth_type, values }))
    }

    /// Returns the index of the first source with a setting of this candidate.
    pub(super) fn source_index(&self) -> usize {
        let indices = self.values.iter().map(|value| value.source_index);
        indices.min().unwrap_or(usize::MAX)
    }

    /// Describes the setting from the first source for messages.
    pub(super) fn describe(&self) -> String {
        let first = self.values.iter().min_by_key(|value| value.source_index);
        first.map(SettingValue::describe).unwrap_or_default()
    }

    /// Returns the values in the order of [`AuthType::required`].
    pub(super) fn values<const N: usize>(&self) -> Result<[&SettingValue; N], Error> {
        let missing = self
            .auth_type
            .required()
            .iter()
            .find(|setting| self.values.iter().all(|value| value.setting != **setting));
        if let Some(missing) = missing {
            return Err(incomplete(&self.describe(), *missing));
        }
        let values: Vec<&SettingValue> = self.values.iter().collect();
        values
            .try_into()
            .map_err(|_| invalid("unexpected number of settings for this kind of credentials"))
    }

    /// Describes the sources of all settings for messages.
    pub(super) fn origin(&self) -> String {
        let mut origins: Vec<&str> = Vec::new();
        for value in &self.values {
            if !origins.contains(&value.origin.as_str()) {
                origins.push(&value.origin);
            }
        }
        origins.join(" and ")
    }
}

/// Creates the error for credentials that lack a required setting.
pub(super) fn incomplete(configured: &str, missing: Setting) -> Error {
    invalid(format!(
        "missing `{}`, which is required with {configured}",
        missing.key
    ))
}
