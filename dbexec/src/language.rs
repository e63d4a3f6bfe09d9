//! The language of the code.

use std::env;
use std::path::Path;

use clap::ValueEnum;

use crate::exit::Failure;

/// Where the language stands if neither the command line nor the name of the file tells.
pub(crate) const VARIABLE: &str = "DBEXEC_LANGUAGE";

/// The languages one may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Python,
    Scala,
    Sql,
    R,
}

impl Language {
    /// What was asked for, else what the file is by its name, else what the variable says.
    ///
    /// The variable comes last: it must not turn `job.py` into SQL.
    pub(crate) fn choose(asked: Option<Self>, file: Option<&Path>) -> Result<Self, Failure> {
        match asked.or_else(|| Self::of_file(file?)) {
            Some(language) => Ok(language),
            None => Self::of_variable()?.ok_or_else(|| unknown(file)),
        }
    }

    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "py" => Some(Self::Python),
            "scala" => Some(Self::Scala),
            "sql" => Some(Self::Sql),
            "r" => Some(Self::R),
            _ => None,
        }
    }

    /// An empty variable counts as not set.
    fn of_variable() -> Result<Option<Self>, Failure> {
        let value = env::var_os(VARIABLE).unwrap_or_default();
        let text = value.to_string_lossy();
        match text.trim() {
            "" => Ok(None),
            text => Self::from_str(text, true).map(Some).map_err(|_| {
                Failure::usage(format!(
                    "the variable {VARIABLE} holds `{}`, which is none of python, scala, sql and r",
                    text.escape_debug()
                ))
            }),
        }
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

fn unknown(file: Option<&Path>) -> Failure {
    let what = match file {
        Some(file) => format!("the name of {} does not tell its language", file.display()),
        None => "the language of the code is not known".to_owned(),
    };
    Failure::usage(what).note(format!(
        "say `--language python` (or scala, sql, r), or set the variable {VARIABLE}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_tell() {
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
            assert_eq!(Language::of_file(Path::new(name)), language, "{name}");
        }
    }

    #[test]
    fn what_is_asked_for_counts_first() {
        let choose = |asked| Language::choose(asked, Some(Path::new("job.py"))).unwrap();
        assert_eq!(choose(None), Language::Python);
        assert_eq!(choose(Some(Language::R)), Language::R);
    }

    #[test]
    fn the_wire_has_the_same_names() {
        for language in Language::value_variants() {
            let name = language.to_possible_value().unwrap();
            let wire = generated_client::Language::from(*language);
            assert_eq!(wire.to_string(), name.get_name());
        }
    }
}
