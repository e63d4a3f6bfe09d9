//! Where the host and the credentials of a workspace come from.
//!
//! The same places as for the other tools of Databricks, in the same order:
//!
//! 1. the arguments: what was said to [`Config`]
//! 2. the variables `DATABRICKS_HOST`, `_TOKEN`, `_USERNAME`, `_PASSWORD`, `_CLUSTER_ID` and
//!    `_AUTH_TYPE`; an empty one counts as not set
//! 3. a profile: one section of `~/.databrickscfg`
//! 4. netrc, for credentials only: `~/.netrc`, where `curl -n` looks too
//!
//! What an earlier place says is never replaced by a later one.

mod credentials;
mod environment;
mod file;
mod host;
mod layers;
mod netrc;
mod profile;

use std::fmt;
use std::path::PathBuf;

use api_runtime::{Credentials, Error, ErrorKind, Secret};

pub use environment::Environment;
use host::Host;
use layers::{
    CLUSTER_ID, HOST, Layer, PASSWORD, PROFILE, Setting, TOKEN, USERNAME, find, identifying,
};
use profile::Profile;

/// What the caller says himself about the workspace; everything else is looked up.
///
/// # Where it is looked up
///
/// Each setting is taken from the first place that has it:
///
/// | | arguments | variable | key in a profile |
/// |---|---|---|---|
/// | host | [`host`](Self::host) | `DATABRICKS_HOST` | `host` |
/// | personal access token | [`token`](Self::token) | `DATABRICKS_TOKEN` | `token` |
/// | user, password | [`basic`](Self::basic) | `DATABRICKS_USERNAME`, `_PASSWORD` | `username`, `password` |
/// | cluster | [`cluster_id`](Self::cluster_id) | `DATABRICKS_CLUSTER_ID` | `cluster_id` |
/// | profile | [`profile`](Self::profile) | `DATABRICKS_CONFIG_PROFILE` | |
/// | file of profiles | [`config_file`](Self::config_file) | `DATABRICKS_CONFIG_FILE` | |
///
/// Variables and values in the file are freed of the white space around them, a password in a
/// variable of line ends alone. An empty one counts as not set. Arguments are taken as they are.
///
/// **The profile** is the one asked for; else the one that `default_profile` in the section
/// `[__settings__]` of the file names; else `DEFAULT`. It has its own settings only: nothing is
/// taken over from `DEFAULT`. The file is not read at all if no profile is asked for, and the
/// arguments or variables already give the host or anything that authenticates: half an identity
/// is not completed from a file that may belong to another workspace.
///
/// **A token and a user** exclude each other. The one from the earlier place is taken, so that an
/// argument replaces a variable of the other kind; if both come from the same place,
/// `DATABRICKS_AUTH_TYPE` or `auth_type` decides (`pat`, `basic`), and without it that is an error.
///
/// **Netrc** is read last, if no place says anything about credentials: the file that the variable
/// `NETRC` names, else `~/.netrc` (`~/_netrc` on Windows). Its login and password are sent as they
/// stand there, which for Databricks are the word `token` and a personal access token.
///
/// **A server on this machine** (`localhost`, `127.0.0.1`, `[::1]`) needs no credentials.
///
/// # The host
///
/// A URL copied from the browser will do: the path and everything behind it are dropped, and so is
/// the usual port. Without a scheme it is `https`; `http` is kept where it is written.
///
/// # Example
///
/// ```
/// use generated_client::config::{Config, Environment};
///
/// let environment = Environment::from_pairs(
///     None,
///     [
///         ("DATABRICKS_HOST", "https://adb-123.azuredatabricks.net/?o=123"),
///         ("DATABRICKS_TOKEN", "dapi0123"),
///     ],
/// );
/// let settings = Config::new().cluster_id("0123-456789-abcde").resolve(&environment)?;
///
/// assert_eq!(settings.host, "https://adb-123.azuredatabricks.net");
/// assert_eq!(
///     settings.credentials.to_string(),
///     "a bearer token from the variable DATABRICKS_TOKEN"
/// );
/// assert_eq!(settings.cluster_id.as_deref(), Some("0123-456789-abcde"));
/// # Ok::<(), api_runtime::Error>(())
/// ```
///
/// A program passes [`Environment::of_process`] instead.
#[derive(Clone, Default)]
pub struct Config {
    host: Option<String>,
    token: Option<Secret>,
    basic: Option<(String, Secret)>,
    profile: Option<String>,
    cluster_id: Option<String>,
    file: Option<PathBuf>,
}

/// A workspace, and who calls it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Scheme, host and, if it is not the usual one, port: `https://adb-123.azuredatabricks.net`.
    pub host: String,
    /// Who calls, and where that was found.
    pub credentials: Credentials,
    /// The cluster to use where the caller names none.
    pub cluster_id: Option<String>,
}

impl Config {
    /// Nothing said: everything is looked up.
    pub fn new() -> Self {
        Self::default()
    }

    /// The host of the workspace, or any URL of it.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// A personal access token, or another bearer token.
    #[must_use]
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A user and a password.
    #[must_use]
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.basic = Some((user.into(), password.into()));
        self
    }

    /// The profile to use: a section of the file of profiles.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// The cluster to use where none is named.
    #[must_use]
    pub fn cluster_id(mut self, id: impl Into<String>) -> Self {
        self.cluster_id = Some(id.into());
        self
    }

    /// The file of profiles, in place of `~/.databrickscfg`.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Looks up what was not said.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`], with a text that names the place at fault, or every place that was
    /// looked at, and shows nothing of a secret:
    ///
    /// - no host, or one that cannot be used
    /// - no credentials, half of them, two kinds of them in one place, or a kind that is not
    ///   supported yet, such as OAuth
    /// - a profile that was asked for and is not there
    /// - a file that cannot be read or understood
    pub fn resolve(&self, environment: &Environment) -> Result<Settings, Error> {
        let stated: [&dyn Layer; 2] = [self, environment];
        let profile = self.find_profile(environment, &stated)?;
        let layers: [&dyn Layer; 3] = [self, environment, &profile];

        let host = find_host(&layers, &profile)?;
        let cluster_id = find_cluster(&layers)?;
        let credentials = credentials::find_for(&host, &layers, environment, &profile)?;
        Ok(Settings {
            host: host.into_url(),
            credentials,
            cluster_id,
        })
    }

    fn find_profile(
        &self,
        environment: &Environment,
        stated: &[&dyn Layer],
    ) -> Result<Profile, Error> {
        let path = match &self.file {
            Some(path) => environment.expand(path),
            None => environment.config_file(),
        };
        if let Some(asked) = find(stated, PROFILE)? {
            return Profile::load(&path, Some(&asked));
        }
        for setting in identifying() {
            if let Some(found) = find(stated, setting)? {
                return Ok(Profile::skipped(&path, &found));
            }
        }
        Profile::load(&path, None)
    }
}

impl Layer for Config {
    fn value(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let text = |text: &Option<String>| text.as_deref().map(Secret::from);
        Ok(match setting {
            HOST => text(&self.host),
            TOKEN => self.token.clone(),
            USERNAME => self
                .basic
                .as_ref()
                .map(|(user, _)| Secret::from(user.as_str())),
            PASSWORD => self.basic.as_ref().map(|(_, password)| password.clone()),
            PROFILE => text(&self.profile),
            CLUSTER_ID => text(&self.cluster_id),
            _ => None,
        })
    }

    fn origin(&self, _: Setting) -> String {
        "the arguments".to_owned()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As it was written, the host may hold a password.
        let host = self
            .host
            .as_deref()
            .map(|host| Host::parse(host).map(Host::into_url));
        f.debug_struct("Config")
            .field("host", &host)
            .field("token", &self.token)
            .field("basic", &self.basic)
            .field("profile", &self.profile)
            .field("cluster_id", &self.cluster_id)
            .field("file", &self.file)
            .finish()
    }
}

fn find_host(layers: &[&dyn Layer], profile: &Profile) -> Result<Host, Error> {
    let Some(found) = find(layers, HOST)? else {
        return Err(input(format!(
            "no host is known: give it as an argument, in the variable DATABRICKS_HOST, or as \
             `host` in {profile}"
        )));
    };
    Host::parse(found.value.expose()).map_err(|fault| {
        input(format!(
            "the host from {} cannot be used: {fault}",
            found.origin
        ))
    })
}

fn find_cluster(layers: &[&dyn Layer]) -> Result<Option<String>, Error> {
    match find(layers, CLUSTER_ID)? {
        Some(found) if found.value.expose().is_empty() => Err(input(format!(
            "the cluster id from {} is empty",
            found.origin
        ))),
        found => Ok(found.map(|found| found.value.expose().to_owned())),
    }
}

fn input(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Input, message)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const HOST: (&str, &str) = ("DATABRICKS_HOST", "adb-1.net");
    const TOKEN: (&str, &str) = ("DATABRICKS_TOKEN", "dapi0123");

    /// A home directory with these files.
    fn home(files: &[(&str, &str)]) -> TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(home.path().join(name), text).unwrap();
        }
        home
    }

    /// `host | credentials | cluster`, or the error; `HOME` stands for the home directory.
    fn resolved(config: &Config, home: &TempDir, variables: &[(&str, &str)]) -> String {
        let home = home.path();
        let environment = Environment::from_pairs(Some(home.to_owned()), variables.iter().copied());
        let text = match config.resolve(&environment) {
            Ok(Settings {
                host,
                credentials,
                cluster_id,
            }) => {
                format!(
                    "{host} | {credentials} | {}",
                    cluster_id.as_deref().unwrap_or("none")
                )
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Input);
                format!("{error}")
            }
        };
        text.replace(&home.display().to_string(), "HOME")
    }

    /// Arguments, variables and what comes of them.
    type Case<'a> = (Config, &'a [(&'a str, &'a str)], &'a str);

    const PROFILES: &str = "\
        [DEFAULT]\nhost = https://adb-default.net/\ntoken = dapi-default\ncluster_id = c-default\n\
        [dev]\nhost = adb-dev.net\nusername = me\npassword = hunter2\n\
        [host-only]\nhost = adb-1.net\n\
        [oauth]\nhost = adb-1.net\nauth_type = databricks-cli\nclient_id = x\n";

    #[test]
    fn arguments_come_before_variables_and_these_before_the_profile() {
        let home = home(&[(".databrickscfg", PROFILES)]);
        let new = Config::new;
        let cluster = ("DATABRICKS_CLUSTER_ID", "c-variable");
        let default = ("DATABRICKS_CONFIG_PROFILE", "DEFAULT");
        let cases: [Case<'_>; 9] = [
            (
                new(),
                &[],
                "https://adb-default.net | a bearer token from profile DEFAULT of \
                 HOME/.databrickscfg | c-default",
            ),
            (
                new().profile("dev"),
                &[],
                "https://adb-dev.net | a user and password from profile dev of \
                 HOME/.databrickscfg | none",
            ),
            (
                new(),
                &[("DATABRICKS_CONFIG_PROFILE", "dev")],
                "https://adb-dev.net | a user and password from profile dev of \
                 HOME/.databrickscfg | none",
            ),
            (
                new().profile("DEFAULT"),
                &[("DATABRICKS_CONFIG_PROFILE", "dev")],
                "https://adb-default.net | a bearer token from profile DEFAULT of \
                 HOME/.databrickscfg | c-default",
            ),
            (
                new(),
                &[HOST, TOKEN, cluster],
                "https://adb-1.net | a bearer token from the variable DATABRICKS_TOKEN | \
                 c-variable",
            ),
            (
                new(),
                &[TOKEN, default],
                "https://adb-default.net | a bearer token from the variable DATABRICKS_TOKEN | \
                 c-default",
            ),
            (
                new().host("adb-0.net").cluster_id("c-0"),
                &[HOST, TOKEN, cluster, default],
                "https://adb-0.net | a bearer token from the variable DATABRICKS_TOKEN | c-0",
            ),
            (
                new().host("adb-0.net").token("t"),
                &[HOST, TOKEN],
                "https://adb-0.net | a bearer token from the arguments | none",
            ),
            // The cluster is no identity: the file is still read.
            (
                new(),
                &[cluster],
                "https://adb-default.net | a bearer token from profile DEFAULT of \
                 HOME/.databrickscfg | c-variable",
            ),
        ];
        for (config, variables, expected) in cases {
            assert_eq!(
                resolved(&config, &home, variables),
                expected,
                "{config:?} {variables:?}"
            );
        }
    }

    #[test]
    fn the_file_is_left_alone_once_anything_authenticates() {
        let home = home(&[(".databrickscfg", "not to be parsed")]);
        assert_eq!(
            resolved(&Config::new(), &home, &[HOST]),
            "no credentials for https://adb-1.net were found; looked at the arguments, the \
             variables DATABRICKS_TOKEN and DATABRICKS_USERNAME with DATABRICKS_PASSWORD, profile \
             DEFAULT of HOME/.databrickscfg (not read, as no profile is asked for and there is \
             `host` from the variable DATABRICKS_HOST), and machine adb-1.net of HOME/.netrc"
        );
        for setting in identifying().skip(1) {
            let text = resolved(&Config::new(), &home, &[(setting.variable, "x")]);
            assert!(text.starts_with("no host is known"), "{text}");
            assert!(text.contains(setting.variable), "{text}");
        }
        let text = resolved(&Config::new().basic("u", "p"), &home, &[]);
        assert!(text.contains("`username` from the arguments"), "{text}");
        assert_eq!(
            resolved(&Config::new().profile("x"), &home, &[HOST, TOKEN]),
            "HOME/.databrickscfg, line 1: neither a `[profile]`, nor `key = value`, nor a comment"
        );
    }

    #[test]
    fn another_file() {
        let home = home(&[
            ("a", PROFILES),
            ("b", "[DEFAULT]\nhost=b.net\ntoken=t"),
            (".netrc", ""),
        ]);
        let variable: &[_] = &[("DATABRICKS_CONFIG_FILE", "~/a")];
        let text = resolved(&Config::new(), &home, variable);
        assert!(text.contains("from profile DEFAULT of HOME/a"), "{text}");
        let text = resolved(&Config::new().config_file("~/b"), &home, variable);
        assert!(text.contains("from profile DEFAULT of HOME/b"), "{text}");
        let text = resolved(
            &Config::new().config_file(home.path().join("b")),
            &home,
            &[],
        );
        assert!(text.contains("from profile DEFAULT of HOME/b"), "{text}");
    }

    #[test]
    fn a_file_or_profile_may_be_missing_unless_asked_for() {
        let empty = home(&[]);
        assert_eq!(
            resolved(&Config::new(), &empty, &[]),
            "no host is known: give it as an argument, in the variable DATABRICKS_HOST, or as \
             `host` in profile DEFAULT of HOME/.databrickscfg (which does not exist)"
        );
        assert_eq!(
            resolved(
                &Config::new(),
                &empty,
                &[("DATABRICKS_CONFIG_PROFILE", "dev")]
            ),
            "profile dev, asked for by the variable DATABRICKS_CONFIG_PROFILE, is not there: the \
             file HOME/.databrickscfg does not exist"
        );
        assert_eq!(
            resolved(
                &Config::new().profile("prod"),
                &home(&[(".databrickscfg", PROFILES)]),
                &[]
            ),
            "HOME/.databrickscfg has no profile prod, asked for by the arguments; it has DEFAULT, \
             dev, host-only, oauth"
        );
        let homeless = Environment::from_pairs(None, [HOST]);
        let error = Config::new().resolve(&homeless).unwrap_err().to_string();
        assert!(
            error.contains("~/.databrickscfg") && error.contains("of ~/"),
            "{error}"
        );
    }

    #[test]
    fn hosts_that_cannot_be_used() {
        let empty = home(&[]);
        assert_eq!(
            resolved(&Config::new().host(""), &empty, &[HOST, TOKEN]),
            "the host from the arguments cannot be used: the name of the host is empty"
        );
        assert_eq!(
            resolved(
                &Config::new(),
                &empty,
                &[("DATABRICKS_HOST", "https://me:hunter2@a"), TOKEN]
            ),
            "the host from the variable DATABRICKS_HOST cannot be used: it holds a user or a \
             password; pass them as credentials"
        );
        assert_eq!(
            resolved(&Config::new().cluster_id(""), &empty, &[HOST, TOKEN]),
            "the cluster id from the arguments is empty"
        );
    }

    #[test]
    fn netrc_is_the_last_place() {
        let netrc = "machine adb-1.net login token password dapi0123\n\
                     default login me password hunter2\n";
        let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
        let home = home(&[(name, netrc), ("other", "default login a password b")]);
        assert_eq!(
            resolved(&Config::new().host("adb-1.net:8443"), &home, &[]),
            format!(
                "https://adb-1.net:8443 | a user and password from machine adb-1.net of \
                 HOME/{name} | none"
            )
        );
        assert_eq!(
            resolved(
                &Config::new().host("adb-1.net"),
                &home,
                &[("NETRC", "~/other")]
            ),
            "https://adb-1.net | a user and password from the default of HOME/other | none"
        );
        let text = resolved(&Config::new(), &home, &[HOST, TOKEN]);
        assert!(
            text.contains("from the variable DATABRICKS_TOKEN"),
            "{text}"
        );
        let text = resolved(
            &Config::new(),
            &home,
            &[HOST, ("DATABRICKS_USERNAME", "me")],
        );
        assert!(text.contains("no password is given"), "{text}");
        let text = resolved(
            &Config::new(),
            &home,
            &[HOST, ("DATABRICKS_CLIENT_ID", "x")],
        );
        assert!(text.contains("not supported yet"), "{text}");
    }

    #[test]
    fn kinds_that_are_not_supported_yet() {
        let home = home(&[(".databrickscfg", PROFILES)]);
        assert_eq!(
            resolved(
                &Config::new().profile("oauth"),
                &home,
                &[("ARM_TENANT_ID", "x")]
            ),
            "credentials of this kind are not supported yet: there is `client_id` from profile \
             oauth of HOME/.databrickscfg, `azure_tenant_id` from the variable ARM_TENANT_ID, \
             `auth_type` from profile oauth of HOME/.databrickscfg; supported are a personal \
             access token and a user with a password: DATABRICKS_TOKEN, or DATABRICKS_USERNAME \
             and DATABRICKS_PASSWORD, or `token`, or `username` and `password`, in profile oauth \
             of HOME/.databrickscfg"
        );
        // They do not disturb where there is something else to go by.
        let text = resolved(&Config::new().profile("oauth"), &home, &[TOKEN]);
        assert!(text.contains("a bearer token"), "{text}");
        let text = resolved(
            &Config::new(),
            &home,
            &[HOST, ("DATABRICKS_AUTH_TYPE", "pat")],
        );
        assert!(text.starts_with("no credentials"), "{text}");
    }

    #[test]
    fn a_server_on_this_machine_needs_no_credentials() {
        let config = Config::new().host("http://127.0.0.1:8080/");
        let none = "http://127.0.0.1:8080 | no credentials | none";
        assert_eq!(resolved(&config, &home(&[]), &[]), none);
        assert_eq!(
            resolved(&config, &home(&[]), &[("ARM_CLIENT_ID", "x")]),
            none
        );
        let text = resolved(&config, &home(&[]), &[TOKEN]);
        assert!(
            text.contains("from the variable DATABRICKS_TOKEN"),
            "{text}"
        );
        let text = resolved(&config, &home(&[]), &[("DATABRICKS_PASSWORD", "p")]);
        assert!(text.contains("no user is given"), "{text}");
    }

    #[test]
    fn nothing_printable_shows_a_secret() {
        let config = Config::new()
            .host("https://me:dapi-a@adb-1.net")
            .token("dapi-b")
            .basic("me", "dapi-c")
            .profile("dev");
        let debug = format!("{config:?}");
        assert!(!debug.contains("dapi") && debug.contains("dev"), "{debug}");

        let home = home(&[(".databrickscfg", "[DEFAULT]\nhost = a.net\ntoken = dapi-d")]);
        let environment = Environment::from_pairs(Some(home.path().to_owned()), [("", "")]);
        let settings = Config::new().resolve(&environment).unwrap();
        assert!(!format!("{settings:?}").contains("dapi"), "{settings:?}");
    }
}
