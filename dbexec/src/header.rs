//! Options in the comments at the start of a file: `# dbexec: timeout=2h`.

use std::ffi::OsString;

use clap::Parser as _;

use crate::cli::{Cli, Command, RunArgs};
use crate::error::CliError;
use crate::language::Language;

/// Options that a file may set. Host, credentials, files to write and the machine that runs the code are
/// selected by the user only.
const OPTIONS: [&str; 5] = [
    "cluster",
    "timeout",
    "cleanup-timeout",
    "output",
    "language",
];

/// Options of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) language: Option<Language>,
    /// Name and value of the other options.
    options: Vec<(String, String)>,
}

impl Header {
    /// Reads the options in the comments and empty lines at the start of a file. `name` is that of the
    /// file in messages.
    pub(crate) fn read(name: &str, start: &[u8]) -> Result<Self, CliError> {
        let mut header = Self::default();
        let start = String::from_utf8_lossy(start);
        for (number, line) in (1..).zip(start.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            let comment = ["#", "//", "--"]
                .iter()
                .find_map(|mark| line.strip_prefix(mark));
            let Some(comment) = comment else {
                if line.is_empty() {
                    continue;
                }
                break;
            };
            let Some(options) = comment.trim_start().strip_prefix("dbexec:") else {
                continue;
            };
            for option in options.split_whitespace() {
                header
                    .add(option)
                    .map_err(|error| error.into_cli_error(&format!("{name}:{number}")))?;
            }
        }
        Ok(header)
    }

    fn add(&mut self, option: &str) -> Result<(), InvalidOption> {
        let (name, value) = option
            .split_once('=')
            .ok_or_else(|| InvalidOption::NoValue(option.to_owned()))?;
        match name {
            "language" => {
                let language = Language::from_name(value);
                self.language = Some(language.ok_or(InvalidOption::Language(value.to_owned()))?);
            }
            name if OPTIONS.contains(&name) => {
                self.options.push((name.to_owned(), value.to_owned()));
            }
            name => return Err(InvalidOption::Unsupported(name.to_owned())),
        }
        Ok(())
    }
}

#[derive(Debug)]
enum InvalidOption {
    NoValue(String),
    Language(String),
    Unsupported(String),
}

impl InvalidOption {
    fn into_cli_error(self, place: &str) -> CliError {
        match self {
            Self::NoValue(option) => CliError::usage(format!(
                "{place}: expected `name=value` after `dbexec:`, found `{option}`"
            )),
            Self::Language(value) => CliError::usage(format!(
                "{place}: unknown language `{value}`, expected python, scala, sql or r"
            )),
            Self::Unsupported(name) => {
                CliError::usage(format!("{place}: a file cannot set the option `{name}`"))
                    .help(format!("it can set {}", OPTIONS.join(", ")))
            }
        }
    }
}

/// Adds the options of files to those of the command line, which take precedence. Returns `None` if the
/// files have no options.
pub(crate) fn apply(headers: &[Header]) -> Result<Option<RunArgs>, CliError> {
    let mut options: Vec<&(String, String)> = Vec::new();
    for option in headers.iter().flat_map(|header| &header.options) {
        let (name, value) = option;
        let other = options.iter().find(|(other, _)| other == name);
        match other {
            Some((_, other)) if other != value => {
                let message =
                    format!("the files set the option `{name}` to `{other}` and to `{value}`");
                return Err(CliError::usage(message)
                    .help(format!("use `--{name} VALUE`, or run the files one by one")));
            }
            Some(_) => {}
            None => options.push(option),
        }
    }
    if options.is_empty() {
        return Ok(None);
    }
    let words = options
        .iter()
        .map(|(name, value)| format!("--{name}={value}").into());
    parse(words.collect(), std::env::args_os().collect()).map(Some)
}

/// Parses a command line after options were inserted in front of those of `run` or `jar`.
fn parse(options: Vec<OsString>, mut words: Vec<OsString>) -> Result<RunArgs, CliError> {
    // Options for log messages may precede the command.
    let command = words.iter().position(|word| word == "run" || word == "jar");
    let rest = words.split_off(command.map_or(words.len(), |index| index + 1));
    let words = words.into_iter().chain(options).chain(rest);
    let cli = Cli::try_parse_from(words).map_err(|error| {
        let message = error.to_string();
        let message = message.lines().next().unwrap_or_default();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        CliError::usage(format!("{message} in a comment `dbexec:`"))
    })?;
    match cli.command {
        Command::Run(args) => Ok(*args),
        Command::Jar(args) => Ok(args.run),
        // The same arguments were parsed as `run` before.
        _ => Err(CliError::usage("expected the command `run`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Header, String> {
        Header::read("a.py", text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn options_are_read_from_comments_at_the_start() {
        let header = read(
            "#!/usr/bin/env -S dbexec run\n\n# comment\n# dbexec: timeout=2h cluster=a=b\n\
             #dbexec: language=R\nprint(1)\n# dbexec: output=csv\n",
        );
        let options = [("timeout", "2h"), ("cluster", "a=b")];
        let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            header.unwrap(),
            Header {
                language: Some(Language::R),
                options: options.to_vec(),
            }
        );
        for text in [
            "",
            "print(1)",
            "x\n# dbexec: host=a",
            "# see dbexec: host=a",
            "\u{ff}",
        ] {
            assert_eq!(read(text), Ok(Header::default()), "{text}");
        }
        let scala = read("// dbexec: timeout=1m\n").unwrap();
        let sql = read("-- dbexec: timeout=1m\n").unwrap();
        assert_eq!(scala, sql);
    }

    #[test]
    fn host_and_credentials_are_rejected() {
        for name in [
            "host", "token", "profile", "ca-file", "keep-env", "local", "python", "x",
        ] {
            assert_eq!(
                read(&format!("\n# dbexec: {name}=a")).unwrap_err(),
                format!(
                    "error: a.py:2: a file cannot set the option `{name}`\n\
                     help: it can set cluster, timeout, cleanup-timeout, output, language"
                )
            );
        }
        let message = "error: a.py:1: expected `name=value` after `dbexec:`, found `timeout`";
        assert_eq!(read("# dbexec: timeout").unwrap_err(), message);
        let message = "error: a.py:1: unknown language `c`, expected python, scala, sql or r";
        assert_eq!(read("# dbexec: language=c").unwrap_err(), message);
    }

    #[test]
    fn command_line_takes_precedence() {
        let parse = |option: &str, words: &[&str]| {
            let words = ["dbexec", "run"].iter().chain(words).map(OsString::from);
            parse(vec![option.into()], words.collect())
        };
        let args = parse("--cluster=a", &["x.py"]).unwrap();
        assert_eq!(args.target.cluster.as_deref(), Some("a"));
        let args = parse("--cluster=a", &["x.py", "--cluster", "b"]).unwrap();
        assert_eq!(args.target.cluster.as_deref(), Some("b"));
        let error = parse("--timeout=x", &["x.py"]).unwrap_err().to_string();
        assert!(
            error.starts_with("error: invalid value 'x' for '--timeout <TIME>': "),
            "{error}"
        );
        assert!(error.ends_with(" in a comment `dbexec:`"), "{error}");
    }

    #[test]
    fn options_follow_the_command() {
        for (words, cluster) in [
            (&["dbexec", "-v", "run", "x.py"][..], "a"),
            (&["dbexec", "jar", "x.jar", "run", "--cluster", "b"], "b"),
        ] {
            let words = words.iter().map(OsString::from).collect();
            let args = parse(vec!["--cluster=a".into()], words).unwrap();
            assert_eq!(args.target.cluster.as_deref(), Some(cluster));
        }
    }

    #[test]
    fn different_values_of_several_files_are_an_error() {
        let headers =
            ["1m", "2m"].map(|value| read(&format!("# dbexec: timeout={value}")).unwrap());
        assert_eq!(
            apply(&headers).unwrap_err().to_string(),
            "error: the files set the option `timeout` to `1m` and to `2m`\n\
             help: use `--timeout VALUE`, or run the files one by one"
        );
        assert!(apply(&[Header::default()]).unwrap().is_none());
    }
}
