//! The only path to standard output and standard error. Unlike `println!`, it never panics.
//!
//! - Diagnostics on standard error contain no control characters and none of the user's secrets.
//! - Results on standard output are exact in files and pipes. On a terminal, control characters other
//!   than line ends and tabs are escaped.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write as _};
use std::sync::{LazyLock, OnceLock};

use generated_client::Client;
use generated_client::api_runtime::ServerText;
use terminal_size::terminal_size_of;

use crate::error::CliError;
use crate::one_line::one_line;
use crate::{color, interrupt, status_line, stdout};

/// Set if standard output is a terminal. It cannot change.
static IS_STDOUT_TERMINAL: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());

/// Client whose secrets are redacted.
static CLIENT: OnceLock<Client> = OnceLock::new();

/// Redacts the secrets of this client in all diagnostics from now on.
pub(crate) fn redact_secrets_of(client: &Client) {
    // There is one client per process.
    let _ = CLIENT.set(client.clone());
}

/// Returns whether standard output is a terminal.
pub(crate) fn is_stdout_terminal() -> bool {
    *IS_STDOUT_TERMINAL
}

/// Writes text to standard output. On a terminal, invisible characters are escaped.
///
/// # Errors
///
/// A closed pipe, for example after `head` has exited, ends the process by SIGPIPE.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    check(write(clean(text).as_bytes()))
}

/// Writes a JSON document to standard output, like [`print()`]. On a terminal, the escapes are those of
/// JSON.
pub(crate) fn print_json(text: &str) -> Result<(), CliError> {
    check(write(clean_json(text).as_bytes()))
}

/// Writes text to standard output piece by piece, because it may be much longer than the response. On a
/// terminal it is passed to `print` as a whole.
pub(crate) fn print_pieces(
    write_to: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    print: fn(&str) -> Result<(), CliError>,
) -> Result<(), CliError> {
    if is_stdout_terminal() {
        let mut text = Vec::new();
        check(write_to(&mut text))?;
        return print(&String::from_utf8_lossy(&text));
    }
    let mut out = BufWriter::with_capacity(stdout::MAX_CHUNK_BYTES, stdout::Stdout);
    check(write_to(&mut out).and_then(|()| out.flush()))
}

/// Returns text for standard output.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if is_stdout_terminal() {
        ServerText::new(text).escaped().into()
    } else {
        text.into()
    }
}

/// Returns a JSON document for standard output.
pub(crate) fn clean_json(text: &str) -> Cow<'_, str> {
    if is_stdout_terminal() {
        ServerText::new(text).escaped_json().into()
    } else {
        text.into()
    }
}

/// Returns the number of columns of the terminal, or `None` if standard output is not a terminal.
pub(crate) fn stdout_width() -> Option<usize> {
    const DEFAULT_WIDTH: usize = 80;
    is_stdout_terminal().then(|| {
        let size = terminal_size_of(io::stdout());
        // The size of a terminal that was not configured is zero.
        let width = size.map(|(width, _)| usize::from(width.0));
        width.filter(|width| *width > 0).unwrap_or(DEFAULT_WIDTH)
    })
}

/// Writes bytes to standard output.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    if !is_stdout_terminal() {
        return stdout::write(bytes);
    }
    let mut status = status_line::lock();
    status.erase();
    status.set_line_start(bytes.last().is_none_or(|byte| *byte == b'\n'));
    stdout::write(bytes)
}

/// Draws the status line, unless the last line of the terminal is not complete. Other output erases it.
pub(crate) fn draw_status(line: &str) {
    let line = redact(&one_line(line));
    status_line::lock().draw(&line);
}

/// Erases the status line.
pub(crate) fn erase_status() {
    status_line::lock().erase();
}

/// Converts an error of standard output.
pub(crate) fn check(result: io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(error) if error.kind() == ErrorKind::TimedOut => Err(CliError::interrupted(format!(
            "the output was not written as a whole: {error}"
        ))),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            interrupt::on_closed_stdout();
            Err(CliError::interrupted("standard output is closed"))
        }
        Err(error) => Err(CliError::service(format!(
            "cannot write to standard output: {error}"
        ))),
        Ok(()) => Ok(()),
    }
}

/// Writes a warning of one line to standard error.
pub(crate) fn warn(text: impl fmt::Display) {
    eprintln(format_args!("warning: {}", one_line(text)));
}

/// Writes a note of one line to standard error.
pub(crate) fn note(text: impl fmt::Display) {
    eprintln(format_args!("note: {}", one_line(text)));
}

/// Writes lines to standard error, e.g. an error with its help, or a traceback.
pub(crate) fn eprintln(text: impl fmt::Display) {
    let text = ServerText::new(&text.to_string()).lines();
    let text = redact(&text);
    let text = color::labels(&text);
    status_line::lock().write_line(&text);
}

/// Writes an escape sequence or a line end to standard error, if it is a terminal.
pub(crate) fn eprint_sequence(sequence: &str) {
    let mut stderr = io::stderr().lock();
    if stderr.is_terminal() {
        let _ = stderr.write_all(sequence.as_bytes());
    }
}

/// Redacts the user's secrets in a text.
pub(crate) fn redact(text: &str) -> String {
    match CLIENT.get() {
        Some(client) => client.redact(text),
        None => text.to_owned(),
    }
}
