//! The variables and the home directory.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use api_runtime::{Error, Secret};

use super::input;
use super::source::{
    AUTH_TYPE, AZURE_ENVIRONMENT, CLUSTER_ID, Layer, PROFILE, Setting, identifying, trimmed,
};

const CONFIG_FILE: &str = "DATABRICKS_CONFIG_FILE";
const NETRC: &str = "NETRC";
const NETRC_AT_HOME: &str = if cfg!(windows) {
    "~/_netrc"
} else {
    "~/.netrc"
};

/// What a process knows about its surroundings: variables and a home directory.
///
/// `Debug` shows the names of the variables, not their values.
#[derive(Clone, Default)]
pub struct Environment {
    home: Option<PathBuf>,
    variables: BTreeMap<String, OsString>,
}

impl Environment {
    /// That of this process, as it is now.
    pub fn from_process() -> Self {
        let set = |name: &str| env::var_os(name).map(|value| (name.to_owned(), value));
        Self {
            home: env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            variables: names().filter_map(set).collect(),
        }
    }

    /// One made up of these parts, as tests need it.
    pub fn from_pairs<N, V>(
        home: Option<PathBuf>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let pair = |(name, value): (N, V)| (name.into(), value.into());
        Self {
            home,
            variables: variables.into_iter().map(pair).collect(),
        }
    }

    /// Puts the home directory in for a leading `~`; without one, the `~` stays.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        match (&self.home, path.strip_prefix("~")) {
            (Some(home), Ok(rest)) => home.join(rest),
            _ => path.to_owned(),
        }
    }

    /// The file of profiles.
    pub(super) fn config_file(&self) -> PathBuf {
        self.path(CONFIG_FILE, "~/.databrickscfg")
    }

    /// The netrc file.
    pub(super) fn netrc(&self) -> PathBuf {
        self.path(NETRC, NETRC_AT_HOME)
    }

    fn path(&self, name: &str, otherwise: &str) -> PathBuf {
        let set = self.variables.get(name).filter(|value| !value.is_empty());
        self.expand(set.map_or(Path::new(otherwise), Path::new))
    }
}

impl Layer for Environment {
    fn value(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let Some(value) = self.variables.get(setting.variable) else {
            return Ok(None);
        };
        match value.to_str() {
            Some(text) => Ok(trimmed(setting, text)),
            None => Err(input(format!(
                "{} holds what is not Unicode",
                self.origin(setting)
            ))),
        }
    }

    fn origin(&self, setting: Setting) -> String {
        format!("the variable {}", setting.variable)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("home", &self.home)
            .field("variables", &self.variables.keys())
            .finish()
    }
}

/// Every variable that is looked at.
fn names() -> impl Iterator<Item = &'static str> {
    let settings = identifying().chain([AUTH_TYPE, AZURE_ENVIRONMENT, CLUSTER_ID, PROFILE]);
    settings
        .map(|setting| setting.variable)
        .chain([CONFIG_FILE, NETRC])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::source::{HOST, TOKEN};

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_pairs(Some(PathBuf::from("/home/me")), pairs.iter().copied())
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = environment(&[("DATABRICKS_HOST", ""), ("DATABRICKS_TOKEN", " \n")]);
        assert!(environment.value(HOST).unwrap().is_none());
        assert!(environment.value(TOKEN).unwrap().is_none());
    }

    #[test]
    fn a_token_with_a_line_end_is_trimmed() {
        let token = environment(&[("DATABRICKS_TOKEN", "dapi0123\n")])
            .value(TOKEN)
            .unwrap();
        assert_eq!(token.unwrap().expose(), "dapi0123");
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_unicode_is_named() {
        use std::os::unix::ffi::OsStringExt as _;

        let value = OsString::from_vec(b"dapi\xff".to_vec());
        let environment = Environment::from_pairs(None, [("DATABRICKS_TOKEN", value)]);
        let error = environment.value(TOKEN).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the variable DATABRICKS_TOKEN holds what is not Unicode"
        );
    }

    #[test]
    fn paths() {
        let none = environment(&[("DATABRICKS_CONFIG_FILE", ""), ("NETRC", "")]);
        assert_eq!(none.config_file(), Path::new("/home/me/.databrickscfg"));
        assert_eq!(
            none.netrc(),
            Path::new("/home/me").join(&NETRC_AT_HOME[2..])
        );

        let set = environment(&[("DATABRICKS_CONFIG_FILE", "~/a/b"), ("NETRC", "/etc/netrc")]);
        assert_eq!(set.config_file(), Path::new("/home/me/a/b"));
        assert_eq!(set.netrc(), Path::new("/etc/netrc"));

        assert_eq!(set.expand(Path::new("~other/a")), Path::new("~other/a"));
        assert_eq!(
            Environment::default().config_file(),
            Path::new("~/.databrickscfg")
        );
    }

    #[test]
    fn every_setting_of_the_process_is_read() {
        let names: Vec<_> = names().collect();
        for name in [
            "HOST",
            "TOKEN",
            "AUTH_TYPE",
            "CLUSTER_ID",
            "CONFIG_PROFILE",
            "CONFIG_FILE",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "AZURE_RESOURCE_ID",
            "TOKEN_COMMAND",
        ] {
            assert!(
                names.contains(&format!("DATABRICKS_{name}").as_str()),
                "{name}"
            );
        }
        for name in ["NETRC", "ARM_CLIENT_SECRET", "ARM_ENVIRONMENT"] {
            assert!(names.contains(&name), "{name}");
        }
        let environment = Environment::from_process();
        assert!(
            environment
                .variables
                .keys()
                .all(|name| names.contains(&name.as_str()))
        );
    }

    #[test]
    fn debug_shows_names_only() {
        let debug = format!("{:?}", environment(&[("DATABRICKS_TOKEN", "dapi0123")]));
        assert!(
            debug.contains("DATABRICKS_TOKEN") && !debug.contains("dapi0123"),
            "{debug}"
        );
    }
}
