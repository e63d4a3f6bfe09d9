//! Files that may hold secrets.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use api_runtime::{Error, Secret};

use super::input;

/// What is wrong in which line. Never the line itself, which may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) what: &'static str,
}

impl Fault {
    pub(super) fn in_file(self, path: &Path) -> Error {
        input(format!(
            "{}, line {}: {}",
            path.display(),
            self.line,
            self.what
        ))
    }
}

/// The text of the file; `None` if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Secret>, Error> {
    // A home directory that is not known could not be put in.
    if path.starts_with("~") {
        return Ok(None);
    }
    match fs::read(path) {
        Ok(bytes) => decode(bytes).map(Some).map_err(|fault| fault.in_file(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(input(format!("{} cannot be read: {error}", path.display()))),
    }
}

fn decode(bytes: Vec<u8>) -> Result<Secret, Fault> {
    let text = String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        Fault {
            line,
            what: "not valid UTF-8",
        }
    })?;
    Ok(match text.expose().strip_prefix('\u{feff}') {
        Some(rest) => Secret::from(rest),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_none_and_an_unreadable_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("none")).unwrap().is_none());
        assert!(read(Path::new("~/.netrc")).unwrap().is_none());
        // A folder: not even root can read it as a file.
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{} cannot be read: ", folder.path().display())));
    }

    #[test]
    fn bytes_that_are_not_text_are_located() {
        let fault = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().line;
        assert_eq!(fault(b"\xff"), 1);
        assert_eq!(fault(b"a\nb\n\xc3\x28"), 3);
        let fault = Fault {
            line: 3,
            what: "not valid UTF-8",
        };
        assert_eq!(
            fault.in_file(Path::new("/a")).to_string(),
            "/a, line 3: not valid UTF-8"
        );
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decode("\u{feff}[a]".into()).unwrap().expose(), "[a]");
    }
}
