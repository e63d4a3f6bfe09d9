//! Magic commands of notebooks.

use api_runtime::{Error, ErrorKind};

/// Number of bytes at the start of code in which [`check_code`] can find a magic command.
pub(crate) const START_BYTES: usize = 8 << 10;

/// Checks that code does not begin with `%run`, which the API does not support.
///
/// [`Command::run`](crate::Command::run) does the same before it sends the code. Empty lines and
/// comments at the start are skipped. The first 8 KiB of the code are sufficient.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if the code begins with `%run`.
///
/// # Examples
///
/// ```
/// assert!(generated_client::check_code(b"print(1)").is_ok());
/// assert!(generated_client::check_code(b"%run ./other").is_err());
/// ```
pub fn check_code(code: &[u8]) -> Result<(), Error> {
    const MESSAGE: &str =
        "the API does not support `%run`; run the code of the other notebook first";
    let start = code.get(..START_BYTES).unwrap_or(code);
    let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
    let mut lines = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let is_skipped = |line: &[u8]| {
        line.is_empty()
            || ["#", "//", "--"]
                .iter()
                .any(|comment| line.starts_with(comment.as_bytes()))
    };
    let first = lines.find(|line| !is_skipped(line)).unwrap_or_default();
    let arguments = first.strip_prefix(b"%run");
    if arguments.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace)) {
        return Err(Error::before_sending(ErrorKind::InvalidInput, MESSAGE));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_code;

    #[test]
    fn run_is_rejected_at_the_start_only() {
        for code in [
            "%run ./a",
            "%run",
            "\n# a\n  %run\t./a",
            "\u{feff}// a\r\n%run b\r\n1",
        ] {
            assert!(check_code(code.as_bytes()).is_err(), "{code}");
        }
        for code in [
            "",
            "# %run a",
            "%runner",
            "%pip install a",
            "x = '''\n%run a'''",
            "5 %run",
        ] {
            assert!(check_code(code.as_bytes()).is_ok(), "{code}");
        }
        assert!(check_code(b"\xff\xfe%run").is_ok());
    }
}
