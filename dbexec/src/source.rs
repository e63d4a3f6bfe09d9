//! The code to run, wherever it stands.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use generated_client::{Command, ExecutionContext};

use crate::exit::Failure;

/// Code that can be run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// In memory.
    Text(String),
    /// A regular file that can be read. It is streamed from disk.
    File(PathBuf),
}

impl Source {
    /// Finds the code. What does not say how long it is, such as a pipe, is read at once.
    pub(crate) fn find(code: Option<&str>, file: Option<&Path>) -> Result<Self, Failure> {
        match (code, file) {
            (Some(code), _) => Ok(Self::Text(code.to_owned())),
            (None, Some(path)) if path == Path::new("-") => read_stdin().map(Self::Text),
            (None, Some(path)) => Self::open(path),
            (None, None) if io::stdin().is_terminal() => Err(nothing_to_run()),
            // Under cron and the like, standard input is there and empty.
            (None, None) => match read_stdin()? {
                text if text.trim().is_empty() => Err(nothing_to_run()),
                text => Ok(Self::Text(text)),
            },
        }
    }

    fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error| Failure::usage(format!("{}: {error}", path.display()));
        let mut file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_file() {
            return Ok(Self::File(path.to_owned()));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        text(bytes, &path.display().to_string()).map(Self::Text)
    }

    /// The command that runs it.
    pub(crate) fn command_in<'a>(&'a self, context: &'a ExecutionContext) -> Command<'a> {
        match self {
            Self::Text(code) => context.command(code),
            Self::File(path) => context.command_file(path),
        }
    }
}

/// All of a file or of what stands in its place, where it must be text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes =
        fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    text(bytes, &path.display().to_string())
}

/// All of standard input, where it must be text.
pub(crate) fn read_stdin() -> Result<String, Failure> {
    text(read_stdin_bytes()?, "standard input")
}

/// All of standard input.
pub(crate) fn read_stdin_bytes() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    Ok(bytes)
}

fn text(bytes: Vec<u8>, origin: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::usage(format!("{origin} is not UTF-8: look at byte {at}"))
    })
}

fn nothing_to_run() -> Failure {
    Failure::usage("there is no code to run")
        .note("name a file, `-` for standard input, or -c CODE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf8() {
        assert_eq!(text(b"print(1)".to_vec(), "x").unwrap(), "print(1)");
        let failure = text(b"ab\xff".to_vec(), "standard input").unwrap_err();
        assert_eq!(
            failure.to_string(),
            "error: standard input is not UTF-8: look at byte 2"
        );
    }

    #[test]
    fn code_comes_from_where_it_is() {
        let source = Source::find(Some("1"), None).unwrap();
        assert_eq!(source, Source::Text("1".to_owned()));
        let source = Source::find(None, Some(Path::new("Cargo.toml"))).unwrap();
        assert_eq!(source, Source::File("Cargo.toml".into()));
        let source = Source::find(None, Some(Path::new("/dev/null"))).unwrap();
        assert_eq!(source, Source::Text(String::new()));
        for missing in ["/nowhere", "src"] {
            let failure = Source::find(None, Some(Path::new(missing))).unwrap_err();
            let words = failure.to_string();
            assert!(words.starts_with(&format!("error: {missing}: ")), "{words}");
        }
    }
}
