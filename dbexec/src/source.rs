//! The code to run: an argument, a file, or standard input.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use generated_client::{Command, ExecutionContext};

use crate::error::CliError;

/// Code to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Code in memory.
    Text(String),
    /// Path of a readable regular file, which is streamed.
    File(PathBuf),
}

impl Source {
    /// Finds the code in the arguments or standard input. Input of unknown length, for example a
    /// pipe, is read into memory.
    pub(crate) fn find(code: Option<&str>, file: Option<&Path>) -> Result<Self, CliError> {
        match (code, file) {
            (Some(code), _) => Ok(Self::Text(code.to_owned())),
            (None, Some(path)) if path == Path::new("-") => read_stdin().map(Self::Text),
            (None, Some(path)) => Self::open(path),
            (None, None) if io::stdin().is_terminal() => Err(no_code()),
            // Under cron, for example, standard input is not a terminal and is empty.
            (None, None) => match read_stdin()? {
                text if text.trim().is_empty() => Err(no_code()),
                text => Ok(Self::Text(text)),
            },
        }
    }

    fn open(path: &Path) -> Result<Self, CliError> {
        let unreadable = |error| CliError::usage(format!("{}: {error}", path.display()));
        let mut file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_file() {
            return Ok(Self::File(path.to_owned()));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        utf8(bytes, &path.display().to_string()).map(Self::Text)
    }

    /// Checks that the code contains nothing that the API does not support.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        let start = match self {
            Self::Text(code) => return Ok(generated_client::check_code(code.as_bytes())?),
            Self::File(path) => read_start(path),
        };
        // A file that can no longer be read is reported when it is sent.
        Ok(start.map_or(Ok(()), |start| generated_client::check_code(&start))?)
    }

    /// Creates a command that runs the code in a context.
    pub(crate) fn command<'a>(&'a self, context: &'a ExecutionContext) -> Command<'a> {
        match self {
            Self::Text(code) => context.command(code),
            Self::File(path) => context.command_file(path),
        }
    }
}

/// Reads the first 8 KiB of a file.
fn read_start(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(8 << 10).read_to_end(&mut start)?;
    Ok(start)
}

/// Reads a UTF-8 text from a file.
pub(crate) fn read_text(path: &Path) -> Result<String, CliError> {
    let bytes =
        fs::read(path).map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    utf8(bytes, &path.display().to_string())
}

/// Reads a UTF-8 text from standard input.
pub(crate) fn read_stdin() -> Result<String, CliError> {
    utf8(read_stdin_bytes()?, "standard input")
}

/// Reads standard input.
pub(crate) fn read_stdin_bytes() -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::usage(format!("standard input: {error}")))?;
    Ok(bytes)
}

fn utf8(bytes: Vec<u8>, origin: &str) -> Result<String, CliError> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        CliError::usage(format!("{origin} is not valid UTF-8 at byte {offset}"))
    })
}

fn no_code() -> CliError {
    CliError::usage("no code to run").help("specify a file, `-` for standard input, or `-c CODE`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_utf8_is_rejected() {
        assert_eq!(utf8(b"print(1)".to_vec(), "x").unwrap(), "print(1)");
        let error = utf8(b"ab\xff".to_vec(), "standard input").unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: standard input is not valid UTF-8 at byte 2"
        );
    }

    #[test]
    fn source_is_found_in_argument_file_or_device() {
        let source = Source::find(Some("1"), None).unwrap();
        assert_eq!(source, Source::Text("1".to_owned()));
        let source = Source::find(None, Some(Path::new("Cargo.toml"))).unwrap();
        assert_eq!(source, Source::File("Cargo.toml".into()));
        let source = Source::find(None, Some(Path::new("/dev/null"))).unwrap();
        assert_eq!(source, Source::Text(String::new()));
        for missing in ["/nowhere", "src"] {
            let error = Source::find(None, Some(Path::new(missing))).unwrap_err();
            let message = error.to_string();
            assert!(
                message.starts_with(&format!("error: {missing}: ")),
                "{message}"
            );
        }
    }
}
