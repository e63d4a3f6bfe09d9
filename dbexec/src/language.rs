//! Language of the code.

use std::env;
use std::fmt;
use std::path::Path;

use clap::ValueEnum;

use crate::error::CliError;

/// Environment variable with the default language.
pub(crate) const VARIABLE: &str = "DBEXEC_LANGUAGE";

/// Supported languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Language {
    Python,
    Scala,
    Sql,
    R,
}

impl Language {
    /// Selects the language: the option, the extension of the file, or the variable.
    pub(crate) fn select(option: Option<Self>, file: Option<&Path>) -> Result<Self, CliError> {
        match option.or_else(|| Self::from_extension(file?)) {
            Some(language) => Ok(language),
            // Last, because a default must not make `job.py` SQL.
            None => Self::from_variable()?.ok_or_else(|| unknown(file)),
        }
    }

    /// Returns the language of the option, or of the variable, or Python.
    pub(crate) fn or_default(option: Option<Self>) -> Result<Self, CliError> {
        match option {
            Some(language) => Ok(language),
            None => Ok(Self::from_variable()?.unwrap_or(Self::Python)),
        }
    }

    /// Returns the language with a name, for example of a magic command or in a notebook.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::from_str(name, true).ok()
    }

    /// Returns the language of files with this extension.
    pub(crate) fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "py" => Some(Self::Python),
            "scala" => Some(Self::Scala),
            "sql" => Some(Self::Sql),
            "r" => Some(Self::R),
            _ => None,
        }
    }

    /// Parses the variable. An empty variable is ignored.
    fn from_variable() -> Result<Option<Self>, CliError> {
        let value = env::var_os(VARIABLE).unwrap_or_default();
        let text = value.to_string_lossy();
        match text.trim() {
            "" => Ok(None),
            text => Self::from_str(text, true).map(Some).map_err(|_| {
                CliError::usage(format!(
                    "invalid value `{}` of `{VARIABLE}`, expected python, scala, sql or r",
                    text.escape_debug()
                ))
            }),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Python => "python",
            Self::Scala => "scala",
            Self::Sql => "sql",
            Self::R => "r",
        })
    }
}

impl From<Language> for generated_client::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Python => Self::Python,
            Language::Scala => Self::Scala,
            Language::Sql => Self::Sql,
            Language::R => Self::R,
        }
    }
}

fn unknown(file: Option<&Path>) -> CliError {
    let message = match file {
        Some(file) => format!("cannot determine the language of {}", file.display()),
        None => "cannot determine the language of the code".to_owned(),
    };
    CliError::usage(message).help(format!(
        "use `--language python` (or scala, sql, r), or set `{VARIABLE}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_determines_the_language() {
        let cases = [
            ("job.py", Some(Language::Python)),
            ("a.b/JOB.PY", Some(Language::Python)),
            ("Job.scala", Some(Language::Scala)),
            ("q.sql", Some(Language::Sql)),
            ("m.r", Some(Language::R)),
            ("m.R", Some(Language::R)),
            ("job.py.txt", None),
            ("job", None),
            (".py", None),
            ("", None),
        ];
        for (name, language) in cases {
            assert_eq!(
                Language::from_extension(Path::new(name)),
                language,
                "{name}"
            );
        }
    }

    #[test]
    fn option_takes_precedence_over_the_extension() {
        let select = |option| Language::select(option, Some(Path::new("job.py"))).unwrap();
        assert_eq!(select(None), Language::Python);
        assert_eq!(select(Some(Language::R)), Language::R);
    }

    #[test]
    fn names_are_those_of_the_api() {
        for language in Language::value_variants() {
            let name = language.to_possible_value().unwrap();
            let wire = generated_client::Language::from(*language);
            assert_eq!(wire.to_string(), name.get_name());
            assert_eq!(language.to_string(), name.get_name());
        }
    }
}
