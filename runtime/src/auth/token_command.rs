//! Tokens from a command.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use zeroize::Zeroizing;

use super::context::AuthContext;
use super::error::{check_canceled, deadline_passed};
use super::token::{self, Token, TokenSource};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};
use crate::redact::ServerText;

/// Limit of the output that is kept.
const MAX_OUTPUT_BYTES: u64 = 64 << 10;

/// Interval at which the command is checked for its exit.
const EXIT_POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Tokens that a command prints, e.g. the command line tool of a cloud.
///
/// The command runs without a shell and without standard input. It prints the bare token, a JSON
/// string, or a JSON object with `access_token` or `accessToken` and optionally `expires_in`, `expiry`
/// or `expires_on`. Its standard output never appears in errors. If it fails, the error contains the
/// last line of its standard error.
///
/// The command is killed after a timeout, which is one minute by default and independent of the
/// [`Clock`](crate::Clock) of the client, at the deadline of the call that needs the token, and when
/// the client's [`Interrupt`](crate::Interrupt) is raised.
///
/// # Examples
///
/// ```
/// use api_runtime::Credentials;
/// use api_runtime::auth::{CachedToken, TokenCommand};
///
/// let command = TokenCommand::new("az", ["account", "get-access-token"]);
/// let credentials = Credentials::custom(CachedToken::new(command));
/// assert_eq!(credentials.to_string(), "a token command");
/// ```
pub struct TokenCommand {
    program: String,
    arguments: Vec<String>,
    timeout: Duration,
}

impl TokenCommand {
    /// Creates a source that runs this program with these arguments. A program without a path is
    /// searched in `PATH`.
    pub fn new<A: Into<String>>(
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            timeout: Duration::from_secs(60),
        }
    }

    /// Sets the timeout of the command. The default is one minute.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn run(&self, context: &AuthContext<'_>) -> Result<CommandOutput, Error> {
        let start = Instant::now();
        let left = context.time_left();
        let check = || {
            check_canceled(context)?;
            let elapsed = start.elapsed();
            if left.is_some_and(|left| elapsed >= left) {
                return Err(deadline_passed());
            }
            if elapsed >= self.timeout {
                return Err(self.timeout_error());
            }
            Ok(())
        };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.error(format_args!("cannot be started: {error}")))?;
        let stdout = read_in_thread(child.stdout.take());
        let stderr = read_in_thread(child.stderr.take());
        let status = self.wait(&mut child, &check)?;
        let stdout = self.receive(&stdout, &check)?;
        let stderr = stderr.recv_timeout(EXIT_POLL_INTERVAL).unwrap_or_default();
        Ok(CommandOutput {
            status,
            stdout,
            stderr,
        })
    }

    /// Waits until the command exits. Kills it if `check` fails.
    fn wait(
        &self,
        child: &mut Child,
        check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<ExitStatus, Error> {
        loop {
            let status = child.try_wait();
            if let Some(status) =
                status.map_err(|error| self.error(format_args!("cannot be waited for: {error}")))?
            {
                return Ok(status);
            }
            if let Err(error) = check() {
                // Both fail if the command has exited in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
            thread::sleep(EXIT_POLL_INTERVAL);
        }
    }

    /// Receives the output of a command that has exited. Its child processes may keep the pipe open.
    fn receive(
        &self,
        output: &Receiver<Bytes>,
        check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Bytes, Error> {
        loop {
            match output.recv_timeout(EXIT_POLL_INTERVAL) {
                Ok(bytes) => return Ok(bytes),
                Err(RecvTimeoutError::Timeout) => check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.error(format_args!("has no readable output")));
                }
            }
        }
    }

    fn timeout_error(&self) -> Error {
        let program = self.program.escape_debug();
        let time = self.timeout.as_secs_f64();
        let message = format!("the command `{program}` timed out after {time} s");
        Error::before_sending(ErrorKind::Timeout, message)
    }

    /// The message does not contain the arguments, which may contain a secret.
    fn error(&self, problem: fmt::Arguments<'_>) -> Error {
        let program = self.program.escape_debug();
        Error::before_sending(
            ErrorKind::InvalidInput,
            format!("the command `{program}` {problem}"),
        )
    }
}

impl TokenSource for TokenCommand {
    fn kind(&self) -> &'static str {
        "a token command"
    }

    fn fetch(&self, context: &AuthContext<'_>) -> Result<Token, Error> {
        let output = self.run(context)?;
        if !output.status.success() {
            let detail = match output.last_error_line() {
                line if line.is_empty() => line,
                line => format!(": {line}"),
            };
            return Err(self.error(format_args!("failed ({}){detail}", output.status)));
        }
        output
            .token()
            .map_err(|reason| self.error(format_args!("did not print a token: {reason}")))
    }
}

impl fmt::Debug for TokenCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCommand")
            .field("program", &self.program)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

type Bytes = Zeroizing<Vec<u8>>;

struct CommandOutput {
    status: ExitStatus,
    stdout: Bytes,
    stderr: Bytes,
}

impl CommandOutput {
    fn token(&self) -> Result<Token, String> {
        if self.stdout.len() as u64 == MAX_OUTPUT_BYTES {
            return Err("the output is longer than 64 KiB".into());
        }
        parse(&self.stdout)
    }

    /// Returns the last line of standard error that is not empty.
    fn last_error_line(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let mut lines = text.lines().rev().map(|line| ServerText::new(line).line());
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    }
}

/// Reads a pipe in a thread, which ends when the pipe is closed. A full pipe would block the
/// command.
fn read_in_thread(pipe: Option<impl Read + Send + 'static>) -> Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = pipe {
        let read = move || {
            let mut bytes = Bytes::default();
            // After an error, the bytes read so far are used.
            let _ = pipe.by_ref().take(MAX_OUTPUT_BYTES).read_to_end(&mut bytes);
            // A closed pipe would kill the command.
            let _ = io::copy(&mut pipe, &mut io::sink());
            let _ = sender.send(bytes);
        };
        // If no thread can be started, the sender is dropped and the receiver gets an error.
        let _ = thread::Builder::new().spawn(read);
    }
    receiver
}

fn parse(output: &[u8]) -> Result<Token, String> {
    let text = str::from_utf8(output).map_err(|_| "the output is not UTF-8")?;
    // Programs on Windows write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if matches!(text, "null" | "None" | "undefined") {
        return Err(format!("the output is `{text}`"));
    }
    let token = if text.starts_with('"') {
        // Programs that select a part of a JSON document print it as JSON, e.g. `az --query`.
        let token = serde_json::from_str::<String>(text).map(Secret::new);
        Token::new(token.map_err(|_| "the output starts with a quote but is not a JSON string")?)
    } else if text.starts_with(['{', '[']) {
        return match serde_json::from_str(text) {
            Ok(Value::Object(json)) => token::parse(json, SystemTime::now()),
            Ok(_) => Err("the output is a JSON array, expected an object".into()),
            Err(_) => Err("the output starts like JSON but is not valid JSON".into()),
        };
    } else {
        Token::new(text)
    };
    token.map_err(|error| token::reason(&error))
}

#[cfg(all(test, unix))]
mod tests;
