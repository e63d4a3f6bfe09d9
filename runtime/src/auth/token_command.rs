//! Tokens that a program prints.

use std::fmt;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use zeroize::Zeroizing;

use super::exchange::Exchange;
use super::interrupted;
use super::token::{self, Token, TokenSource};
use crate::answer::text;
use crate::clock::Interrupt;
use crate::error::{Error, ErrorKind};

/// The most that is read of what a program prints.
const LONGEST: u64 = 1 << 20;

/// How often one looks whether the program has ended.
const LOOK: Duration = Duration::from_millis(10);

/// Tokens that a program prints, such as the command line tool of a cloud.
///
/// The program is run without a shell and without input, so it cannot ask anything. It prints the
/// token alone, or JSON with `access_token`, and `expires_in` or `expiry` if the token expires.
/// What it prints is never shown; of what it writes to standard error, the last line is if it
/// fails.
///
/// It has a minute of real time, whatever the clock of the client, and is killed then, or when
/// the client's [`Interrupt`] is raised.
///
/// # Example
///
/// ```
/// use api_runtime::Credentials;
/// use api_runtime::auth::{Refreshing, TokenCommand};
///
/// let command = TokenCommand::new("az", ["account", "get-access-token"]);
/// let credentials = Credentials::custom(Refreshing::new(command));
/// assert_eq!(credentials.to_string(), "a token command");
/// ```
pub struct TokenCommand {
    program: String,
    arguments: Vec<String>,
    timeout: Duration,
}

impl TokenCommand {
    /// This program with these arguments. It is looked for in `PATH` if it is a bare name.
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

    /// How long the program may take; a minute unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn run(&self, interrupt: &Interrupt) -> Result<Printed, Error> {
        let start = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.fault(format_args!("cannot be started: {error}")))?;
        let outputs = (aside(child.stdout.take()), aside(child.stderr.take()));
        let status = self.wait(&mut child, start, interrupt)?;
        // Its children may hold the pipes longer than it lives.
        let left = self.timeout.saturating_sub(start.elapsed());
        let stdout = outputs.0.recv_timeout(left.max(LOOK));
        let stderr = outputs.1.recv_timeout(LOOK).unwrap_or_default();
        match stdout {
            Ok(stdout) => Ok(Printed {
                status,
                stdout,
                stderr,
            }),
            Err(_) => Err(self.too_slow()),
        }
    }

    fn wait(
        &self,
        child: &mut Child,
        start: Instant,
        interrupt: &Interrupt,
    ) -> Result<ExitStatus, Error> {
        loop {
            let status = child.try_wait();
            if let Some(status) =
                status.map_err(|error| self.fault(format_args!("was lost: {error}")))?
            {
                return Ok(status);
            }
            let end = if interrupt.is_raised() {
                interrupted()
            } else if start.elapsed() >= self.timeout {
                self.too_slow()
            } else {
                thread::sleep(LOOK);
                continue;
            };
            // It may have ended by itself meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            return Err(end);
        }
    }

    fn too_slow(&self) -> Error {
        let program = self.program.escape_debug();
        let time = self.timeout.as_secs_f64();
        let message = format!("the command `{program}` took longer than {time} s");
        Error::before_sending(ErrorKind::Timeout, message)
    }

    /// The arguments are not shown: they may hold a secret.
    fn fault(&self, what: fmt::Arguments<'_>) -> Error {
        let program = self.program.escape_debug();
        Error::before_sending(
            ErrorKind::InvalidInput,
            format!("the command `{program}` {what}"),
        )
    }
}

impl TokenSource for TokenCommand {
    fn kind(&self) -> &'static str {
        "a token command"
    }

    fn fetch(&self, exchange: &Exchange<'_>) -> Result<Token, Error> {
        let printed = self.run(exchange.interrupt())?;
        if !printed.status.success() {
            let words = printed.last_words();
            let said = if words.is_empty() {
                words
            } else {
                format!(": {words}")
            };
            return Err(self.fault(format_args!("failed ({}){said}", printed.status)));
        }
        read(&printed.stdout)
            .map_err(|fault| self.fault(format_args!("printed something else: {fault}")))
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

struct Printed {
    status: ExitStatus,
    stdout: Bytes,
    stderr: Bytes,
}

impl Printed {
    /// The last line of its errors, cut and cleaned.
    fn last_words(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let mut lines = text.lines().rev().map(text::shown);
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    }
}

/// Reads a pipe on a thread of its own, as nothing may be left in it for the program to end. The
/// thread ends with the pipe.
fn aside(pipe: Option<impl Read + Send + 'static>) -> Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel();
    if let Some(pipe) = pipe {
        let read = move || {
            let mut bytes = Bytes::default();
            // What was read before a fault is judged as it is.
            let _ = pipe.take(LONGEST).read_to_end(&mut bytes);
            let _ = sender.send(bytes);
        };
        // Without a thread the receiver finds nobody at the other end.
        let _ = thread::Builder::new().spawn(read);
    }
    receiver
}

fn read(printed: &[u8]) -> Result<Token, String> {
    let text = str::from_utf8(printed)
        .map_err(|_| "it is not text")?
        .trim();
    if !text.starts_with('{') {
        return Token::new(text).map_err(|error| without_lead(&error));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(json)) => token::read(json, SystemTime::now()),
        _ => Err("it begins like JSON and is none".into()),
    }
}

fn without_lead(error: &Error) -> String {
    let message = error.message();
    let (_, fault) = message.split_once(": ").unwrap_or(("", message));
    fault.to_owned()
}

#[cfg(all(test, unix))]
mod tests;
