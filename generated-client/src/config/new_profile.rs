//! Writing a profile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use api_runtime::{Error, Secret};

use super::auth_type::identifying_settings;
use super::environment::Environment;
use super::error::invalid;
use super::file;
use super::ini::{self, DEFAULT};
use super::profile_file::SETTINGS;
use super::setting::{AUTH_TYPE, CLUSTER_ID, HOST, TOKEN, WORKSPACE_ID};

/// Profile to write to the profile file.
///
/// # Examples
///
/// ```
/// use generated_client::config::{Config, Environment, NewProfile};
///
/// # let home = tempfile::tempdir().unwrap();
/// # let environment = Environment::from_pairs(Some(home.path().to_owned()), [("", "")]);
/// let profile = NewProfile::new("dev", "https://adb-1.net", "dapi0123");
/// let path = profile.save(&environment, false)?;
/// assert!(path.ends_with(".databrickscfg"));
///
/// let settings = Config::new().profile("dev").resolve(&environment)?;
/// assert_eq!(settings.host, "https://adb-1.net");
/// # Ok::<(), generated_client::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewProfile {
    /// Name: `DEFAULT` is used if no profile is selected.
    pub name: String,
    /// Host of the workspace.
    pub host: String,
    /// Personal access token.
    pub token: Secret,
    /// Id of the workspace, for hosts that serve several.
    pub workspace_id: Option<String>,
    /// Default cluster.
    pub cluster_id: Option<String>,
}

impl NewProfile {
    /// Creates a profile with a host and a personal access token.
    pub fn new(name: impl Into<String>, host: impl Into<String>, token: impl Into<Secret>) -> Self {
        Self {
            name: name.into(),
            host: host.into(),
            token: token.into(),
            workspace_id: None,
            cluster_id: None,
        }
    }

    /// Returns whether the profile file has a profile with this name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the file cannot be read or parsed.
    pub fn exists(environment: &Environment, name: &str) -> Result<bool, Error> {
        let path = environment.config_file();
        let text = file::read(&path)?;
        let text = text.as_ref().map_or("", Secret::expose);
        let sections = ini::parse(text).map_err(|error| error.in_file(&path))?;
        Ok(sections.iter().any(|section| section.name == name))
    }

    /// Writes the profile to the profile file, and returns its path.
    ///
    /// The file is replaced as a whole, and only the user can read it. Other profiles and all comments are
    /// kept. With `overwrite`, an existing profile keeps its other settings, except those for credentials.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the profile exists and `overwrite` is
    /// `false`, if the file cannot be read, parsed or written, or if it cannot contain one of the values.
    pub fn save(&self, environment: &Environment, overwrite: bool) -> Result<PathBuf, Error> {
        let path = environment.config_file();
        if path.starts_with("~") {
            return Err(invalid(format!("no home folder for {}", path.display())));
        }
        self.check_name()?;
        if !overwrite && Self::exists(environment, &self.name)? {
            return Err(invalid(format!(
                "the profile `{}` exists in {}",
                self.name.escape_debug(),
                path.display()
            )));
        }
        let text = file::read(&path)?;
        let text = text.as_ref().map_or("", Secret::expose);
        ini::parse(text).map_err(|error| error.in_file(&path))?;
        let text = self.insert_into(text);
        self.verify(text.expose())?;
        replace(&path, &text)
            .map_err(|error| invalid(format!("cannot write {}: {error}", path.display())))?;
        Ok(path)
    }

    fn check_name(&self) -> Result<(), Error> {
        let is_valid = self.name.trim() == self.name
            && !self.name.is_empty()
            && self.name != SETTINGS
            && !self.name.contains(|c: char| c == ']' || c.is_control());
        if is_valid {
            Ok(())
        } else {
            let name = self.name.escape_debug();
            Err(invalid(format!("`{name}` cannot be the name of a profile")))
        }
    }

    fn settings(&self) -> Vec<(&'static str, &str)> {
        let required = [
            (HOST.key, self.host.as_str()),
            (TOKEN.key, self.token.expose()),
        ];
        let optional = [
            (WORKSPACE_ID.key, &self.workspace_id),
            (CLUSTER_ID.key, &self.cluster_id),
        ];
        let optional = optional
            .into_iter()
            .filter_map(|(key, value)| Some((key, value.as_deref()?)));
        required.into_iter().chain(optional).collect()
    }

    /// Returns the text of the file with this profile.
    fn insert_into(&self, text: &str) -> Secret {
        let settings = self.settings();
        let lines: String = settings
            .iter()
            .map(|(key, value)| [key, " = ", value, "\n"].concat())
            .collect();
        let is_replaced = |key: &str| {
            let mut credentials = identifying_settings().chain([AUTH_TYPE]);
            credentials.any(|setting| setting.key == key)
                || settings.iter().any(|(name, _)| *name == key)
        };
        let mut result = String::with_capacity(text.len() + lines.len() + 100);
        // Keys before the first header belong to this section.
        let mut section = DEFAULT;
        let mut is_inserted = false;
        for line in text.split_inclusive('\n') {
            let parsed = ini::parse_line(line);
            if let ini::Line::Value(key) = parsed {
                if section != self.name || !is_replaced(key) {
                    result.push_str(line);
                }
                continue;
            }
            result.push_str(line);
            if let ini::Line::Header(name) = parsed {
                section = name;
                if name == self.name && !is_inserted {
                    end_line(&mut result);
                    result.push_str(&lines);
                    is_inserted = true;
                }
            }
        }
        if !is_inserted {
            end_line(&mut result);
            if !result.is_empty() {
                result.push('\n');
            }
            result.push_str(&["[", &self.name, "]\n", &lines].concat());
        }
        Secret::new(result)
    }

    /// Checks that the values are read as they were written.
    fn verify(&self, text: &str) -> Result<(), Error> {
        let sections = ini::parse(text).ok();
        let section = sections
            .iter()
            .flatten()
            .find(|section| section.name == self.name);
        let is_text = |value: &str| !value.is_empty() && !value.contains(char::is_control);
        let is_read = |key, value| section.and_then(|section| section.get(key)) == Some(value);
        let settings = self.settings();
        // A line end in one value changes others.
        let invalid_text = settings.iter().find(|(_, value)| !is_text(value));
        let changed = || settings.iter().find(|(key, value)| !is_read(key, value));
        match invalid_text.or_else(changed) {
            Some((key, _)) => Err(invalid(format!(
                "a profile cannot contain this value of `{key}`"
            ))),
            None => Ok(()),
        }
    }
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Replaces a file by a new one that only the user can read. A symbolic link is kept.
fn replace(path: &Path, text: &Secret) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
    let written = create_private(&partial).and_then(|mut file| {
        file.write_all(text.expose().as_bytes())?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&partial, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&partial);
    }
    replaced
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "; first\nhost = old # default\ncluster_id = c\n\n[dev]\nhost = dev.net\n\
                       client_id = x\nclient_secret = y\n# kept\nother: 1\n[last]\ntoken = z";

    fn inserted(name: &str, text: &str) -> String {
        let profile = NewProfile::new(name, "https://a.net", "dapi0123");
        profile.insert_into(text).expose().to_owned()
    }

    #[test]
    fn new_profile_is_appended() {
        let lines = "host = https://a.net\ntoken = dapi0123\n";
        assert_eq!(inserted("DEFAULT", ""), format!("[DEFAULT]\n{lines}"));
        assert_eq!(inserted("new", OLD), format!("{OLD}\n\n[new]\n{lines}"));
    }

    #[test]
    fn existing_profile_keeps_comments_and_other_settings() {
        assert_eq!(
            inserted("dev", OLD),
            "; first\nhost = old # default\ncluster_id = c\n\n[dev]\nhost = https://a.net\n\
             token = dapi0123\n# kept\nother: 1\n[last]\ntoken = z"
        );
        assert_eq!(
            inserted(
                "DEFAULT",
                "; first\nhost = old\ncluster_id = c\n[a]\nhost = b\n"
            ),
            "; first\ncluster_id = c\n[a]\nhost = b\n\n[DEFAULT]\nhost = https://a.net\n\
             token = dapi0123\n"
        );
    }

    #[test]
    fn file_is_private_and_a_link_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::from_pairs(Some(home.path().to_owned()), [("", "")]);
        let path = home.path().join(".databrickscfg");
        let profile = NewProfile::new("a", "https://a.net", "dapi0123");
        assert_eq!(profile.save(&environment, false).unwrap(), path);
        let error = profile.save(&environment, false).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the profile `a` exists in {}", path.display())
        );
        profile.save(&environment, true).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;

            let target = home.path().join("target");
            fs::rename(&path, &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
            std::os::unix::fs::symlink(&target, &path).unwrap();
            NewProfile::new("b", "https://b.net", "x")
                .save(&environment, false)
                .unwrap();
            assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
            assert_eq!(
                fs::metadata(&target).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text.matches("token = ").count(),
            1 + usize::from(cfg!(unix)),
            "{text}"
        );
        let names = fs::read_dir(home.path()).unwrap().count();
        assert_eq!(names, 1 + usize::from(cfg!(unix)), "no partial file");
    }

    #[test]
    fn unusable_names_and_values_are_errors_and_change_nothing() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::from_pairs(Some(home.path().to_owned()), [("", "")]);
        for name in ["", " a", "a]", "a\nb", "__settings__"] {
            let profile = NewProfile::new(name, "https://a.net", "dapi0123");
            let error = profile.save(&environment, true).unwrap_err().to_string();
            assert!(
                error.ends_with("cannot be the name of a profile"),
                "{error}"
            );
        }
        for token in ["", "a #b", "\"a\"", "a\nhost = b"] {
            let profile = NewProfile::new("a", "https://a.net", token);
            let error = profile.save(&environment, true).unwrap_err().to_string();
            assert_eq!(error, "a profile cannot contain this value of `token`");
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        fs::write(home.path().join(".databrickscfg"), "[a\n").unwrap();
        let profile = NewProfile::new("a", "https://a.net", "dapi0123");
        let error = profile.save(&environment, true).unwrap_err().to_string();
        assert!(error.contains(".databrickscfg:1: missing `]`"), "{error}");
    }

    #[test]
    fn arbitrary_files_keep_all_other_settings() {
        const PARTS: &[&str] = &[
            "[a]",
            "[b]",
            "[DEFAULT]",
            "\n",
            "\r\n",
            "host = 1",
            "token: 2",
            " ",
            "#",
            "x = y",
            "auth_type=z",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            let Ok(old) = ini::parse(&text) else {
                return Ok(());
            };
            let result = inserted("a", &text);
            let new = ini::parse(&result).map_err(|error| panic!("{error:?}: {result}"));
            let new = new.unwrap_or_default();
            for section in old {
                let changed = new.iter().find(|other| other.name == section.name).unwrap();
                for key in ["host", "token", "x", "auth_type"] {
                    let is_kept = section.name != "a" || key == "x";
                    assert!(!is_kept || changed.get(key) == section.get(key), "{result}");
                }
            }
            let profile = new.iter().find(|section| section.name == "a").unwrap();
            assert_eq!(profile.get("host"), Some("https://a.net"), "{result}");
            assert_eq!(profile.get("auth_type"), None, "{result}");
            Ok(())
        });
    }
}
