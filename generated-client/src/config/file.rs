//! Configuration files, which may contain secrets.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use api_runtime::{Error, Secret};

use super::error::invalid;

/// Limit of the size of a file.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// Syntax error with its line number. It does not contain the line, which may be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) line: usize,
    pub(super) message: &'static str,
}

impl SyntaxError {
    pub(super) fn in_file(self, path: &Path) -> Error {
        let Self { line, message } = self;
        invalid(format!("{}:{line}: {message}", path.display()))
    }
}

/// Reads a file. Returns `None` if it does not exist. A file of more than 16 MiB is an error.
pub(super) fn read(path: &Path) -> Result<Option<Secret>, Error> {
    // The `~` was not replaced, since the home directory is unknown.
    if path.starts_with("~") {
        return Ok(None);
    }
    match read_bytes(path) {
        Ok(bytes) if bytes.len() as u64 > MAX_FILE_BYTES => Err(invalid(format!(
            "{} is larger than {} MiB",
            path.display(),
            MAX_FILE_BYTES >> 20
        ))),
        Ok(bytes) => decode(bytes).map(Some).map_err(|error| error.in_file(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(invalid(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Reads a file, but not more than one byte above the limit.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // Enough capacity for the whole file: reallocations would leave copies of secrets in memory.
    let length = file.metadata()?.len().min(MAX_FILE_BYTES) + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> Result<Secret, SyntaxError> {
    let text = String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        SyntaxError {
            line,
            message: "invalid UTF-8",
        }
    })?;
    // Editors on Windows write a byte order mark.
    Ok(match text.expose().strip_prefix('\u{feff}') {
        Some(rest) => Secret::from(rest),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_file_is_none_and_unreadable_file_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        assert!(read(&directory.path().join("none")).unwrap().is_none());
        assert!(read(Path::new("~/.netrc")).unwrap().is_none());
        // Even root cannot read a directory as a file.
        let error = read(directory.path()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot read {}: ", directory.path().display())));
    }

    #[test]
    fn large_file_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("large");
        // A sparse file.
        let file = File::create(&path).unwrap();
        file.set_len(MAX_FILE_BYTES).unwrap();
        assert!(read(&path).unwrap().is_some());
        file.set_len(MAX_FILE_BYTES + 1).unwrap();
        assert_eq!(read_bytes(&path).unwrap().len() as u64, MAX_FILE_BYTES + 1);
        file.set_len(1 << 40).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert_eq!(error, format!("{} is larger than 16 MiB", path.display()));
    }

    #[test]
    fn invalid_utf8_is_reported_with_its_line() {
        let error = |bytes: &[u8]| {
            let error = decode(bytes.to_vec()).unwrap_err();
            error.in_file(Path::new("/a")).to_string()
        };
        assert_eq!(error(b"\xff"), "/a:1: invalid UTF-8");
        assert_eq!(error(b"a\nb\n\xc3\x28"), "/a:3: invalid UTF-8");
    }

    #[test]
    fn byte_order_mark_is_removed() {
        assert_eq!(decode("\u{feff}[a]".into()).unwrap().expose(), "[a]");
    }
}
