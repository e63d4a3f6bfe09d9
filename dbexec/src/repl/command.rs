//! Commands of a session, which begin with a colon.

use std::env;
use std::path::PathBuf;

use crate::language::Language;
use crate::suggest;

/// Command of a session.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Changes the language.
    Switch(Language),
    /// Runs one input in another language.
    In(Language, String),
    Help,
    Edit,
    Run(PathBuf),
    Time,
    Vars,
    Save(PathBuf),
    Export(PathBuf),
    Vertical,
    Reset,
    Quit,
}

/// Names of the commands, for completion.
pub(super) const NAMES: [&str; 15] = [
    ":edit", ":export", ":help", ":py", ":python", ":quit", ":r", ":reset", ":run", ":save",
    ":scala", ":sql", ":time", ":vars", ":x",
];

/// Commands whose argument is a file.
pub(super) const WITH_FILE: [&str; 3] = [":export", ":run", ":save"];

pub(super) const HELP: &str = "\
:python :scala :sql :r    change the language; with code, run one input in it, for example `:sql SELECT 1`
:py CODE                  short for :python
:run FILE                 run a file or a notebook in this session
:edit                     edit the last input in $VISUAL or $EDITOR
:vars                     list the names of the session with types and values
:export FILE              write the last table to a file: .csv, .json, .ndjson or .md
:save FILE                write the inputs of this session to a file: source code, or .ipynb
:time                     print the time of each input, or stop to print it
:x                        print tables with one line per value, or in columns again
:reset                    destroy the contexts: all variables are removed
:help
:quit                     end the session, like Ctrl-D

An input ends with the line, SQL with `;`, a block of Python with an empty line. Open brackets and quotes
continue it. Ctrl-C clears the input, or cancels the code that runs. Tab completes names. An input that
begins with a space is not added to the history.";

impl Command {
    /// Parses a command. Returns `None` for code, and an error of one line for an invalid command.
    pub(super) fn parse(input: &str) -> Option<Result<Self, String>> {
        let input = input.trim();
        input.starts_with(':').then(|| parse(input))
    }
}

fn parse(input: &str) -> Result<Command, String> {
    let (name, argument) = split(input);
    if let Some(language) = language_of(name) {
        return Ok(match argument {
            "" => Command::Switch(language),
            code => Command::In(language, code.to_owned()),
        });
    }
    let file = || match argument {
        "" => Err(format!("`{name}` needs the name of a file")),
        path => Ok(expand_home(path)),
    };
    let command = match name {
        ":run" => return file().map(Command::Run),
        ":save" => return file().map(Command::Save),
        ":export" => return file().map(Command::Export),
        ":help" => Command::Help,
        ":edit" => Command::Edit,
        ":time" => Command::Time,
        ":vars" => Command::Vars,
        ":x" => Command::Vertical,
        ":reset" => Command::Reset,
        ":quit" => Command::Quit,
        _ => {
            let similar = suggest::most_similar(name, NAMES)
                .map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
            return Err(format!("unknown command `{name}`{similar}"));
        }
    };
    if argument.is_empty() {
        Ok(command)
    } else {
        Err(format!("`{name}` has no arguments"))
    }
}

fn split(input: &str) -> (&str, &str) {
    let (name, argument) = input.split_once(char::is_whitespace).unwrap_or((input, ""));
    (name, argument.trim())
}

fn language_of(name: &str) -> Option<Language> {
    match name {
        ":py" | ":python" => Some(Language::Python),
        ":scala" => Some(Language::Scala),
        ":sql" => Some(Language::Sql),
        ":r" => Some(Language::R),
        _ => None,
    }
}

/// Returns the language of the code in an input, and its offset after a command such as `:sql`. Input
/// that is another command has no code.
pub(super) fn code_of(input: &str, language: Language) -> (Language, usize) {
    if !input.trim_start().starts_with(':') {
        return (language, 0);
    }
    let start = input.len() - input.trim_start().len();
    let name = input[start..]
        .split(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let Some(language) = language_of(name) else {
        return (language, input.len());
    };
    let rest = &input[start + name.len()..];
    // The blanks after the name are not an indentation.
    (
        language,
        input.len() - rest.trim_start_matches([' ', '\t']).len(),
    )
}

/// Replaces `~` at the start of a path by the home folder, and `\ ` by a space, as completion writes it.
fn expand_home(path: &str) -> PathBuf {
    let path = path.replace("\\ ", " ");
    match (path.strip_prefix("~/"), env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_parsed() {
        for (input, expected) in [
            (":sql", Command::Switch(Language::Sql)),
            (
                " :py  half(1) ",
                Command::In(Language::Python, "half(1)".to_owned()),
            ),
            (
                ":scala\nval x = 1\nx",
                Command::In(Language::Scala, "val x = 1\nx".to_owned()),
            ),
            (":run my file.py", Command::Run("my file.py".into())),
            (":export a.csv", Command::Export("a.csv".into())),
            (":quit", Command::Quit),
        ] {
            assert_eq!(Command::parse(input), Some(Ok(expected)), "{input}");
        }
        assert_eq!(Command::parse("x[1:2]"), None);
        for (input, expected) in [
            (":run", "`:run` needs the name of a file"),
            (":quit now", "`:quit` has no arguments"),
            (":sav", "unknown command `:sav`; did you mean `:save`?"),
            (":", "unknown command `:`"),
        ] {
            assert_eq!(
                Command::parse(input),
                Some(Err(expected.to_owned())),
                "{input}"
            );
        }
    }

    #[test]
    fn all_names_are_commands_and_in_the_help() {
        for name in NAMES {
            let input = if WITH_FILE.contains(&name) {
                format!("{name} x")
            } else {
                name.to_owned()
            };
            assert!(matches!(Command::parse(&input), Some(Ok(_))), "{name}");
            assert!(HELP.contains(name), "{name}");
        }
    }

    #[test]
    fn code_follows_the_name_of_a_language() {
        for (input, expected) in [
            ("x", (Language::R, 0)),
            (":sql SELECT", (Language::Sql, 5)),
            (" :py  x", (Language::Python, 6)),
            (":py\n x", (Language::Python, 3)),
            (":help", (Language::R, 5)),
        ] {
            assert_eq!(code_of(input, Language::R), expected, "{input}");
        }
    }
}
