//! Environment variables and home directory.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use api_runtime::{Error, NetworkVariables, Secret};

use super::auth_type::identifying_settings;
use super::error::invalid;
use super::origin::Origin;
use super::setting::{
    AUTH_TYPE, AZURE_ENVIRONMENT, CLUSTER_ID, PROFILE, Setting, WORKSPACE_ID, trim,
};
use super::source::Source;

const CONFIG_FILE: &str = "DATABRICKS_CONFIG_FILE";
const DEFAULT_CONFIG_FILE: &str = "~/.databrickscfg";
const NETRC: &str = "NETRC";
const DEFAULT_NETRC: &str = if cfg!(windows) {
    "~/_netrc"
} else {
    "~/.netrc"
};

/// Environment variables and home directory.
///
/// `Debug` writes the names of the variables without their values.
#[derive(Clone, Default)]
pub struct Environment {
    home: Option<PathBuf>,
    variables: BTreeMap<String, OsString>,
}

impl Environment {
    /// Reads the environment of the process.
    pub fn from_process() -> Self {
        let variable = |name: &str| env::var_os(name).map(|value| (name.to_owned(), value));
        Self {
            home: env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            variables: names().filter_map(variable).collect(),
        }
    }

    /// Creates an environment from a home directory and variables, for example in tests.
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

    /// Replaces a leading `~` by the home directory, if there is one.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        match (&self.home, path.strip_prefix("~")) {
            (Some(home), Ok(rest)) => home.join(rest),
            _ => path.to_owned(),
        }
    }

    /// Returns the path of the profile file.
    pub fn config_file(&self) -> PathBuf {
        self.path(CONFIG_FILE, DEFAULT_CONFIG_FILE)
    }

    /// Returns the path of the netrc file.
    pub(super) fn netrc(&self) -> PathBuf {
        self.path(NETRC, DEFAULT_NETRC)
    }

    /// Returns the variables for proxies and root certificates.
    pub(super) fn network(&self) -> NetworkVariables {
        NetworkVariables::from_pairs(&self.variables)
    }

    fn path(&self, variable: &str, default: &str) -> PathBuf {
        let value = self.variables.get(variable);
        let value = value.filter(|value| !value.is_empty());
        self.expand(value.map_or(Path::new(default), Path::new))
    }
}

impl Source for Environment {
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let Some(value) = self.variables.get(setting.variable) else {
            return Ok(None);
        };
        match value.to_str() {
            Some(text) => Ok(trim(setting, text)),
            None => Err(invalid(format!(
                "{} is not valid Unicode",
                self.origin(setting)
            ))),
        }
    }

    fn origin(&self, setting: Setting) -> String {
        format!("the environment variable `{}`", setting.variable)
    }

    fn location(&self, setting: Setting) -> Origin {
        Origin::Variable(setting.variable)
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

/// Returns the names of all variables that the configuration uses.
fn names() -> impl Iterator<Item = &'static str> {
    let others = [
        AUTH_TYPE,
        AZURE_ENVIRONMENT,
        CLUSTER_ID,
        WORKSPACE_ID,
        PROFILE,
    ];
    let settings = identifying_settings().chain(others);
    settings
        .map(|setting| setting.variable)
        .chain([CONFIG_FILE, NETRC])
        .chain(NetworkVariables::NAMES.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::setting::{HOST, TOKEN};

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_pairs(Some(PathBuf::from("/home/me")), pairs.iter().copied())
    }

    #[test]
    fn empty_variable_counts_as_not_set() {
        let environment = environment(&[("DATABRICKS_HOST", ""), ("DATABRICKS_TOKEN", " \n")]);
        assert!(environment.get(HOST).unwrap().is_none());
        assert!(environment.get(TOKEN).unwrap().is_none());
    }

    #[test]
    fn line_end_of_token_is_trimmed() {
        let token = environment(&[("DATABRICKS_TOKEN", "dapi0123\n")])
            .get(TOKEN)
            .unwrap();
        assert_eq!(token.unwrap().expose(), "dapi0123");
    }

    #[cfg(unix)]
    #[test]
    fn non_unicode_variable_is_reported() {
        use std::os::unix::ffi::OsStringExt as _;

        let value = OsString::from_vec(b"dapi\xff".to_vec());
        let environment = Environment::from_pairs(None, [("DATABRICKS_TOKEN", value)]);
        let error = environment.get(TOKEN).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable `DATABRICKS_TOKEN` is not valid Unicode"
        );
    }

    #[test]
    fn file_paths_are_taken_from_variables_or_home() {
        let unset = environment(&[("DATABRICKS_CONFIG_FILE", ""), ("NETRC", "")]);
        assert_eq!(unset.config_file(), Path::new("/home/me/.databrickscfg"));
        assert_eq!(
            unset.netrc(),
            Path::new("/home/me").join(&DEFAULT_NETRC[2..])
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
    fn all_settings_are_read_from_the_process() {
        let names: Vec<_> = names().collect();
        for name in [
            "HOST",
            "TOKEN",
            "AUTH_TYPE",
            "CLUSTER_ID",
            "WORKSPACE_ID",
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
        for name in [
            "NETRC",
            "ARM_CLIENT_SECRET",
            "ARM_ENVIRONMENT",
            "HTTPS_PROXY",
            "SSL_CERT_FILE",
        ] {
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
    fn debug_writes_names_without_values() {
        let debug = format!("{:?}", environment(&[("DATABRICKS_TOKEN", "dapi0123")]));
        assert!(
            debug.contains("DATABRICKS_TOKEN") && !debug.contains("dapi0123"),
            "{debug}"
        );
    }
}
