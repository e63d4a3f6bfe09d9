//! Short runs of programs that print something about themselves.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Maximum time for a program to print its version.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Maximum size of the output.
const OUTPUT_BYTES: u64 = 64 << 10;

/// Runs a command and returns what it prints to standard output and standard error, in any order. An
/// error is a sentence without the name of the program.
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    let errors = writer.try_clone().map_err(|error| error.to_string())?;
    command.stdin(Stdio::null()).stdout(writer).stderr(errors);
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut text = Vec::new();
        let _ = reader.take(OUTPUT_BYTES).read_to_end(&mut text);
        let _ = sender.send(text);
    };
    let mut child = thread::Builder::new()
        .spawn(read)
        .and_then(|_| command.spawn())
        .map_err(|error| format!("cannot be started: {error}"))?;
    // Closes the ends of the pipe in this process.
    drop(command);
    let Ok(text) = receiver.recv_timeout(TIMEOUT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("has not ended after {} seconds", TIMEOUT.as_secs()));
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text).into_owned();
    if status.success() {
        return Ok(text);
    }
    let last = text.trim().lines().last().unwrap_or_default();
    Err(format!("failed with {status}: {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_of_both_streams_is_returned() {
        let text = output(shell("echo a; echo b >&2")).unwrap();
        assert!(text.contains('a') && text.contains('b'), "{text}");
    }

    #[test]
    fn failed_program_is_an_error_with_its_last_line() {
        let error = output(shell("echo first; echo last; exit 3")).unwrap_err();
        assert_eq!(error, "failed with exit status: 3: last");
        let error = output(Command::new("/nonexistent/program")).unwrap_err();
        assert!(error.starts_with("cannot be started: "), "{error}");
    }
}
