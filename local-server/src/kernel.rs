//! Interpreter processes: start, communication, and termination.
//!
//! The child process of the server is the outer supervisor of an interpreter. `python/supervisor.py`
//! documents the processes, and `python/kernel.py` the protocol.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep, timeout};

use crate::capture::{Capture, Captured};
use crate::language::Launch;
use crate::limits;
use crate::results::Results;

const READ_BUFFER_BYTES: usize = 64 << 10;

/// Interval at which a supervisor that has to kill its processes is continued.
const CONTINUE_INTERVAL: Duration = Duration::from_millis(100);

/// A running interpreter with its supervisors, which kill it and all its descendants when `requests`
/// is closed.
#[derive(Debug)]
pub(crate) struct Kernel {
    /// The outer supervisor.
    child: Child,
    has_exited: bool,
    requests: Option<ChildStdin>,
    events: ChildStdout,
    output: ChildStderr,
    output_is_open: bool,
    /// Bytes to write to `requests`, of which the first `written` have been written.
    outbox: Vec<u8>,
    written: usize,
    /// Bytes read from `events`, of which the first `scanned` contain no line end.
    inbox: Vec<u8>,
    scanned: usize,
    output_buffer: Box<[u8]>,
    capture: Capture,
}

/// Event of an interpreter.
#[derive(Debug)]
pub(crate) enum Event {
    /// The interpreter accepts commands.
    Ready,
    /// A command has finished.
    Done { id: String, results: Results },
    /// The interpreter has exited, or has violated the protocol.
    Disconnected,
}

#[derive(Serialize)]
struct Run<'a> {
    id: &'a str,
    source: &'a str,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Message {
    Ready,
    Done {
        id: String,
        #[serde(flatten)]
        outcome: Outcome,
    },
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
enum Outcome {
    Text,
    Error { summary: String, cause: String },
    Cancelled { detail: String },
}

/// Error of [`Kernel::kill`]: processes are still running.
#[derive(Debug)]
pub(crate) struct NotKilled;

impl Kernel {
    /// Starts an interpreter. It accepts commands after [`Event::Ready`].
    pub(crate) fn start(launch: Launch) -> io::Result<Self> {
        let Launch {
            mut command,
            programs,
        } = launch;
        command
            // A signal for the process group of the server must not stop the supervisor.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(requests), Some(events), Some(output)) = pipes else {
            return Err(io::Error::other("the process has no pipes"));
        };
        Ok(Self {
            child,
            has_exited: false,
            requests: Some(requests),
            events,
            output,
            output_is_open: true,
            outbox: programs.concat().into(),
            written: 0,
            inbox: Vec::new(),
            scanned: 0,
            output_buffer: vec![0; READ_BUFFER_BYTES].into_boxed_slice(),
            capture: Capture::new(limits::OUTPUT_BYTES),
        })
    }

    /// Requests to run a command, and captures its output.
    pub(crate) fn run(&mut self, id: &str, source: &str, capture: Capture) {
        // Output of background processes since the previous command belongs to neither command.
        self.drain_output();
        self.capture = capture;
        self.outbox.extend_from_slice(b"run ");
        // Cannot fail: the request consists of strings, and the writer is a `Vec`.
        if serde_json::to_writer(&mut self.outbox, &Run { id, source }).is_ok() {
            self.outbox.push(b'\n');
        }
    }

    /// Requests to interrupt a command. Has no effect if the interpreter runs another command.
    pub(crate) fn interrupt(&mut self, id: &str) {
        self.outbox
            .extend_from_slice(format!("cancel {id}\n").as_bytes());
    }

    /// Writes requests and reads output until an event arrives. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            if let Some(event) = self.take_event() {
                return event;
            }
            self.inbox.reserve(READ_BUFFER_BYTES);
            tokio::select! {
                read = self.events.read_buf(&mut self.inbox) => {
                    if !matches!(read, Ok(1..)) {
                        return Event::Disconnected;
                    }
                }
                read = self.output.read(&mut self.output_buffer), if self.output_is_open => {
                    match read {
                        Ok(length @ 1..) => self.capture.append(&self.output_buffer[..length]),
                        _ => self.output_is_open = false,
                    }
                }
                written = write(self.requests.as_mut(), &self.outbox[self.written..]),
                        if !self.outbox.is_empty() => match written {
                    Ok(length @ 1..) => self.advance_outbox(length),
                    // The pipe is closed. The end of `events` follows.
                    _ => self.clear_outbox(),
                },
                _ = self.child.wait(), if !self.has_exited => self.has_exited = true,
                // The supervisor exits after all processes that hold the pipe, unless a command has
                // killed it.
                () = sleep(limits::EXIT_TIMEOUT), if self.has_exited => return Event::Disconnected,
            }
        }
    }

    fn advance_outbox(&mut self, length: usize) {
        self.written += length;
        if self.written == self.outbox.len() {
            self.clear_outbox();
        }
    }

    fn clear_outbox(&mut self) {
        // Unlike `Vec::clear`, this frees the memory of a large command.
        self.outbox = Vec::new();
        self.written = 0;
    }

    fn take_event(&mut self) -> Option<Event> {
        let new = &self.inbox[self.scanned..];
        let Some(length) = new.iter().position(|&byte| byte == b'\n') else {
            self.scanned = self.inbox.len();
            return (self.scanned > limits::EVENT_BYTES).then_some(Event::Disconnected);
        };
        let rest = self.inbox.split_off(self.scanned + length + 1);
        let line = std::mem::replace(&mut self.inbox, rest);
        self.scanned = 0;
        Some(match serde_json::from_slice(&line) {
            Ok(Message::Ready) => Event::Ready,
            Ok(Message::Done { id, outcome }) => self.done(id, outcome),
            Err(_) => Event::Disconnected,
        })
    }

    fn done(&mut self, id: String, outcome: Outcome) -> Event {
        self.drain_output();
        let captured = self.capture.take();
        let results = match outcome {
            Outcome::Text => Results::text(captured),
            Outcome::Error { summary, cause } => Results::error(summary, cause),
            Outcome::Cancelled { detail } => Results::canceled(&detail),
        };
        Event::Done { id, results }
    }

    /// Reads the bytes that are in the output pipe.
    ///
    /// Reads from the file descriptor, because the async runtime may not have polled it since the
    /// bytes were written.
    fn drain_output(&mut self) {
        let mut remaining = rustix::io::ioctl_fionread(&self.output).unwrap_or(0);
        while remaining > 0 {
            let limit = usize::try_from(remaining).unwrap_or(READ_BUFFER_BYTES);
            let limit = limit.min(self.output_buffer.len());
            match rustix::io::read(&self.output, &mut self.output_buffer[..limit]) {
                Ok(length @ 1..) => {
                    self.capture.append(&self.output_buffer[..length]);
                    remaining -= length as u64;
                }
                _ => return,
            }
        }
    }

    /// Waits for an interpreter after [`Event::Disconnected`], kills it if it does not exit, and
    /// describes its exit status and last output.
    pub(crate) async fn reap(&mut self) -> String {
        let mut description = match timeout(limits::EXIT_TIMEOUT, self.child.wait()).await {
            Ok(Ok(status)) => format!("The process exited with {}.", describe(status)),
            _ => "The process closed its connection to the server and was killed.".to_owned(),
        };
        self.drain_output();
        let Captured { text, .. } = self.capture.take();
        if !text.is_empty() {
            description.push_str("\nLast output:\n");
            description.push_str(tail(&text));
        }
        description
    }

    /// Kills the interpreter and its descendants, and waits until they have exited.
    pub(crate) async fn kill(mut self) -> Result<(), NotKilled> {
        drop(self.requests.take());
        let deadline = Instant::now() + limits::KILL_TIMEOUT;
        while Instant::now() < deadline {
            // Repeatedly: a command that still runs can stop the supervisor again.
            self.continue_supervisor();
            if timeout(CONTINUE_INTERVAL, self.child.wait()).await.is_ok() {
                return Ok(());
            }
        }
        // Dropping `child` kills the outer supervisor. The inner one kills the other processes.
        Err(NotKilled)
    }

    /// Continues the outer supervisor if a command has stopped it.
    fn continue_supervisor(&self) {
        // `id` is `None` when the process has been reaped, and its id may belong to another process.
        let id = self.child.id().and_then(|id| id.try_into().ok());
        if let Some(supervisor) = id.and_then(Pid::from_raw) {
            let _ = rustix::process::kill_process(supervisor, Signal::CONT);
        }
    }
}

async fn write(pipe: Option<&mut ChildStdin>, bytes: &[u8]) -> io::Result<usize> {
    match pipe {
        Some(pipe) => pipe.write(bytes).await,
        None => Ok(0),
    }
}

/// Describes an exit status as Databricks does: with exit codes as in a shell, where 128 + n is the
/// signal n.
fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => match signal_name(signal) {
            Some(name) => format!("exit code {} (signal {signal}, {name})", 128 + signal),
            None => format!("exit code {} (signal {signal})", 128 + signal),
        },
        (None, None) => "an unknown status".to_owned(),
    }
}

fn signal_name(signal: i32) -> Option<&'static str> {
    [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ILL, "SIGILL"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::TERM, "SIGTERM"),
    ]
    .into_iter()
    .find_map(|(known, name)| (known.as_raw() == signal).then_some(name))
}

/// Returns the last 10 KiB of a text.
fn tail(text: &str) -> &str {
    const TAIL_BYTES: usize = 10 << 10;
    let start = text.len().saturating_sub(TAIL_BYTES);
    let boundary = (start..text.len()).find(|&index| text.is_char_boundary(index));
    &text[boundary.unwrap_or(text.len())..]
}
