//! Profiles: sections of `~/.databrickscfg`.

mod ini;

use std::fmt;
use std::path::Path;

use api_runtime::{Error, Secret};

use self::ini::{DEFAULT, Section};
use super::error::invalid;
use super::file;
use super::setting::{Setting, trim};
use super::source::{SettingValue, Source};

/// Section for settings of the Databricks tools, which is not a profile.
const SETTINGS: &str = "__settings__";

/// Profile. It is empty if the file or the default profile does not exist, or if the file is not
/// read.
#[derive(Debug)]
pub(super) struct Profile {
    section: Section,
    path: String,
    /// Reason for an empty profile.
    remark: Option<String>,
}

impl Profile {
    /// Reads the selected profile, or the default profile.
    pub(super) fn load(path: &Path, selected: Option<&SettingValue>) -> Result<Self, Error> {
        match (file::read(path)?, selected) {
            (Some(text), _) => {
                let sections = ini::parse(text.expose()).map_err(|error| error.in_file(path))?;
                select(sections, path, selected)
            }
            (None, Some(selected)) => Err(invalid(format!(
                "no profile `{}` (selected by {}): the file {} does not exist",
                selected.value.expose().escape_debug(),
                selected.origin,
                path.display(),
            ))),
            (None, None) => Ok(Self::empty(path, "file not found".to_owned())),
        }
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

    fn empty(path: &Path, remark: String) -> Self {
        Self {
            section: Section::new(DEFAULT),
            path: path.display().to_string(),
            remark: Some(remark),
        }
    }
}

impl Source for Profile {
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        Ok(self
            .section
            .get(setting.key)
            .and_then(|text| trim(setting, text)))
    }

    fn origin(&self, _: Setting) -> String {
        format!(
            "profile `{}` in {}",
            self.section.name.escape_debug(),
            self.path
        )
    }
}

/// Writes the name and the file of the profile, and the reason for an empty profile.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "profile `{}` in {}",
            self.section.name.escape_debug(),
            self.path
        )?;
        match &self.remark {
            Some(remark) => write!(f, " ({remark})"),
            None => Ok(()),
        }
    }
}

/// Returns the selected profile, otherwise the one that `default_profile` names, otherwise `DEFAULT`.
fn select(
    sections: Vec<Section>,
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
    let index = sections.iter().position(|section| section.name == name);
    match (index, selected_by) {
        (Some(index), _) => Ok(Profile {
            section: sections.into_iter().nth(index).unwrap_or_default(),
            path: path.display().to_string(),
            remark: None,
        }),
        (None, Some(selected_by)) => Err(no_such_profile(name, selected_by, path, &sections)),
        (None, None) => Ok(Profile::empty(path, "profile not found".to_owned())),
    }
}

fn no_such_profile(name: &str, selected_by: &str, path: &Path, sections: &[Section]) -> Error {
    let names = sections.iter().map(|section| section.name.as_str());
    let names: Vec<_> = names.filter(|name| *name != SETTINGS).collect();
    let available = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    invalid(format!(
        "no profile `{}` in {} (selected by {selected_by}); available profiles: {}",
        name.escape_debug(),
        path.display(),
        available.escape_debug(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::setting::{PROFILE, TOKEN};

    fn argument(name: &str) -> SettingValue {
        SettingValue {
            setting: PROFILE,
            value: Secret::from(name),
            origin: "the arguments".to_owned(),
            source_index: 0,
        }
    }

    fn selected(text: &str, name: Option<&str>) -> Result<String, String> {
        let argument = name.map(argument);
        let sections = ini::parse(text).unwrap();
        select(sections, Path::new("/cfg"), argument.as_ref())
            .map(|profile| profile.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn profile_is_selected_by_argument_then_default_profile_then_name() {
        const ALL: &str = "[__settings__]\ndefault_profile = dev\n[DEFAULT]\n[dev]\n[empty]\n";
        let ok = |name: &str| Ok(format!("profile `{name}` in /cfg"));
        assert_eq!(selected("[DEFAULT]\n[dev]\n", None), ok("DEFAULT"));
        assert_eq!(selected(ALL, None), ok("dev"));
        assert_eq!(selected(ALL, Some("empty")), ok("empty"));
        assert_eq!(selected(ALL, Some("DEFAULT")), ok("DEFAULT"));
        assert_eq!(
            selected("[__settings__]\ndefault_profile =\n[DEFAULT]\n", None),
            ok("DEFAULT")
        );
        assert_eq!(
            selected("[dev]\n", None).unwrap(),
            "profile `DEFAULT` in /cfg (profile not found)"
        );
    }

    #[test]
    fn missing_selected_profile_is_an_error() {
        assert_eq!(
            selected("[__settings__]\n[dev]\n[b]\n", Some("prod")).unwrap_err(),
            "no profile `prod` in /cfg (selected by the arguments); available profiles: dev, b"
        );
        assert_eq!(
            selected("", Some("DEFAULT")).unwrap_err(),
            "no profile `DEFAULT` in /cfg (selected by the arguments); available profiles: none"
        );
        assert_eq!(
            selected("[__settings__]\ndefault_profile = prod\n[DEFAULT]\n", None).unwrap_err(),
            "no profile `prod` in /cfg (selected by `default_profile`); available profiles: DEFAULT"
        );
        let reserved = selected("[__settings__]\n", Some("__settings__")).unwrap_err();
        assert!(reserved.contains("is not a profile"), "{reserved}");
        let reserved = selected("[__settings__]\ndefault_profile=__settings__", None).unwrap_err();
        assert!(reserved.contains("`default_profile`"), "{reserved}");
    }

    #[test]
    fn debug_and_display_contain_no_values() {
        let sections = ini::parse("token = dapi0123").unwrap();
        let profile = select(sections, Path::new("/cfg"), None).unwrap();
        assert_eq!(profile.get(TOKEN).unwrap().unwrap().expose(), "dapi0123");
        assert!(!format!("{profile:?} {profile}").contains("dapi0123"));
    }

    #[test]
    fn arbitrary_text_does_not_panic() {
        const PARTS: &[&str] = &[
            "[", "]", "a", "=", ":", " ", "\n", "\r\n", "#", ";", "\"", "'", "é", "\\", "\u{a0}",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            match ini::parse(&text) {
                Ok(sections) => drop(select(sections, Path::new("/cfg"), Some(&argument("a")))),
                Err(error) => assert!((1..=text.lines().count()).contains(&error.line), "{text:?}"),
            }
            Ok(())
        });
    }
}
