//! The code to run: an argument, files, or standard input.

mod text_check;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use self::text_check::{Encoding, TextCheck};
use crate::error::CliError;
use crate::one_line::one_line;

/// Code, and the place it comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) origin: Origin,
    pub(crate) code: Code,
}

/// Place of code. `Display` is its name in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `-c CODE`
    Argument,
    StandardInput,
    File(PathBuf),
}

/// Code to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Code in memory.
    Text(String),
    /// Path of a readable regular file, which is streamed.
    File(PathBuf),
}

impl Origin {
    /// Returns the path of a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Argument | Self::StandardInput => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("the code"),
            Self::StandardInput => f.write_str("standard input"),
            Self::File(path) => f.write_str(&one_line(path.display())),
        }
    }
}

impl Source {
    /// Finds the code in the arguments or standard input. Input of unknown length, for example a
    /// pipe, is read into memory.
    pub(crate) fn find_all(code: Option<&str>, files: &[PathBuf]) -> Result<Vec<Self>, CliError> {
        if let Some(code) = code {
            return Ok(vec![Self::new(Origin::Argument, code.to_owned())]);
        }
        if files.iter().filter(|path| is_stdin(path)).count() > 1 {
            return Err(CliError::usage("standard input (`-`) cannot be run twice"));
        }
        if files.is_empty() {
            return Self::from_stdin().map(|source| vec![source]);
        }
        // Files are opened before standard input is read, so that a missing file is reported first.
        let open = |path: &PathBuf| (!is_stdin(path)).then(|| Self::open(path)).transpose();
        let files = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let stdin = || Ok(Self::new(Origin::StandardInput, read_stdin()?));
        files
            .into_iter()
            .map(|file| file.map_or_else(stdin, Ok))
            .collect()
    }

    fn new(origin: Origin, code: String) -> Self {
        Self {
            origin,
            code: Code::Text(code),
        }
    }

    /// Reads standard input, which was not requested.
    fn from_stdin() -> Result<Self, CliError> {
        if io::stdin().is_terminal() {
            return Err(no_code());
        }
        match read_stdin()? {
            // Under cron, for example, standard input is not a terminal and is empty.
            text if text.trim().is_empty() => Err(no_code()),
            text => Ok(Self::new(Origin::StandardInput, text)),
        }
    }

    fn open(path: &Path) -> Result<Self, CliError> {
        let unreadable = |error| unreadable(path, &error);
        let mut file = File::open(path).map_err(unreadable)?;
        let origin = Origin::File(path.to_owned());
        if file.metadata().map_err(unreadable)?.is_file() {
            let code = Code::File(path.to_owned());
            return Ok(Self { origin, code });
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        let text = utf8(bytes, &path.display().to_string())?;
        Ok(Self::new(origin, text))
    }
}

impl Code {
    /// Returns the first 8 KiB at least.
    pub(crate) fn start(&self) -> Vec<u8> {
        match self {
            Self::Text(code) => code.clone().into_bytes(),
            // A file that can no longer be read is reported when it is sent.
            Self::File(path) => read_start(path).unwrap_or_default(),
        }
    }

    /// Checks that the code is text. `is_script` is set if it may declare its encoding, as files of Python do.
    ///
    /// # Errors
    ///
    /// Returns an error with the name of the code and the offset of the first byte that is not text.
    pub(crate) fn require_text(&self, name: &str, is_script: bool) -> Result<(), CliError> {
        let check = match self {
            Self::Text(code) => TextCheck::read(code.as_bytes()),
            Self::File(path) => File::open(path).and_then(TextCheck::read),
        };
        let check = check.map_err(|error| CliError::usage(format!("{name}: {error}")))?;
        let encoding = if !is_script {
            Encoding::Utf8
        } else if text_check::declares_encoding(&self.start()) {
            Encoding::Declared
        } else {
            Encoding::Declarable
        };
        check.require_text(name, encoding)
    }

    /// Reads the code into memory.
    pub(crate) fn text(&self) -> Result<String, CliError> {
        match self {
            Self::Text(code) => Ok(code.clone()),
            Self::File(path) => read_text(path),
        }
    }

    /// Returns a reader of the code.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + '_>, CliError> {
        match self {
            Self::Text(code) => Ok(Box::new(code.as_bytes())),
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(unreadable(path, &error)),
            },
        }
    }

    /// Reads a small file into memory, so that later changes of the file have no effect.
    pub(crate) fn read_if_small(self) -> Result<Self, CliError> {
        const MAX_BYTES: u64 = 1 << 20;
        match &self {
            Self::File(path) if path.metadata().is_ok_and(|file| file.len() <= MAX_BYTES) => {
                self.text().map(Self::Text)
            }
            _ => Ok(self),
        }
    }

    /// Removes a byte order mark, and empties a first line `#!...`, which Python and R ignore.
    pub(crate) fn without_bom_and_shebang(self) -> Result<Self, CliError> {
        let start = self.start();
        if !start.starts_with(b"#!") && !start.starts_with(BOM.as_bytes()) {
            return Ok(self);
        }
        let text = self.text()?;
        Ok(Self::Text(after_bom_and_shebang(&text).to_owned()))
    }
}

const BOM: &str = "\u{feff}";

/// Returns code after a byte order mark and the text of a first line `#!...`. Its line end remains.
pub(crate) fn after_bom_and_shebang(code: &str) -> &str {
    let code = code.strip_prefix(BOM).unwrap_or(code);
    if !code.starts_with("#!") {
        return code;
    }
    code.find('\n').map_or("", |end| &code[end..])
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads the first 8 KiB of a file.
fn read_start(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(8 << 10).read_to_end(&mut start)?;
    Ok(start)
}

/// Reads a UTF-8 text from a file.
pub(crate) fn read_text(path: &Path) -> Result<String, CliError> {
    utf8(read_bytes(path)?, &path.display().to_string())
}

/// Reads a file.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path).map_err(|error| unreadable(path, &error))
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
    String::from_utf8(bytes).or_else(|error| {
        let check = TextCheck::read(error.as_bytes()).map_err(CliError::usage)?;
        check.require_text(origin, Encoding::Utf8)?;
        // The check finds the same error.
        Err(CliError::usage(format!("{origin} is not valid UTF-8")))
    })
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::usage(format!("{}: {error}", path.display()))
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
        for (bytes, fault) in [
            (&b"ab\xff"[..], "not valid UTF-8 at byte 2"),
            (b"\xff\xfea\0", "encoded as UTF-16"),
        ] {
            let error = utf8(bytes.to_vec(), "standard input").unwrap_err();
            let expected = format!("error: standard input is {fault}\nhelp: convert it to UTF-8");
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn source_is_found_in_argument_file_or_device() {
        let find = |code, files: &[&str]| {
            let files: Vec<_> = files.iter().map(PathBuf::from).collect();
            Source::find_all(code, &files)
        };
        let code = |code| find(code, &[]).unwrap().remove(0).code;
        assert_eq!(code(Some("1")), Code::Text("1".to_owned()));
        let files = find(None, &["Cargo.toml", "/dev/null"]).unwrap();
        assert_eq!(files[0].code, Code::File("Cargo.toml".into()));
        assert_eq!(files[1].code, Code::Text(String::new()));
        assert_eq!(files[1].origin, Origin::File("/dev/null".into()));
        for missing in ["/nowhere", "src"] {
            let message = find(None, &["Cargo.toml", missing])
                .unwrap_err()
                .to_string();
            assert!(
                message.starts_with(&format!("error: {missing}: ")),
                "{message}"
            );
        }
    }
}
