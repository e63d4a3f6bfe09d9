//! Processes below supervisors: start, lines and output over pipes, and termination.
//!
//! The child process of the server is the outer supervisor of a process. `process/supervisor.py`
//! documents the processes. Requests and events are lines; their content is not interpreted here.

mod launch;
mod status;
#[cfg(test)]
mod tests;

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use serde::Serialize;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep, timeout};

pub(crate) use self::launch::{CancelSignal, Launch};
use crate::limits;

const READ_BUFFER_BYTES: usize = 64 << 10;

/// Interval at which a supervisor that has to kill its processes is continued.
const CONTINUE_INTERVAL: Duration = Duration::from_millis(100);

/// A running process with its supervisors, which kill it and all its descendants when `requests` is
/// closed.
#[derive(Debug)]
pub(crate) struct Process {
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
    /// Removed when this value is dropped.
    _folder: Option<TempDir>,
}

/// Error of [`Process::kill`]: processes are still running.
#[derive(Debug)]
pub(crate) struct NotKilled;

impl Process {
    /// Starts a process.
    pub(crate) fn start(launch: Launch) -> io::Result<Self> {
        let Launch {
            mut command,
            input,
            folder,
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
            outbox: input,
            written: 0,
            inbox: Vec::new(),
            scanned: 0,
            output_buffer: vec![0; READ_BUFFER_BYTES].into_boxed_slice(),
            _folder: folder,
        })
    }

    /// Appends the request `WORD JSON` to those that [`next_event`](Self::next_event) writes.
    pub(crate) fn send(&mut self, word: &str, body: &impl Serialize) {
        let start = self.outbox.len();
        self.outbox.extend_from_slice(word.as_bytes());
        self.outbox.push(b' ');
        // Does not fail for structs of strings and numbers, because the writer is a `Vec`.
        match serde_json::to_writer(&mut self.outbox, body) {
            Ok(()) => self.outbox.push(b'\n'),
            Err(_) => self.outbox.truncate(start),
        }
    }

    /// Appends the request `cancel ID`.
    pub(crate) fn send_cancel(&mut self, id: &str) {
        let line = format!("cancel {id}\n");
        self.outbox.extend_from_slice(line.as_bytes());
    }

    /// Writes requests and reads output until an event arrives. Returns its line, or `None` if the
    /// process has exited or its line is too long. Cancel-safe.
    pub(crate) async fn next_event(&mut self, mut output: impl FnMut(&[u8])) -> Option<Vec<u8>> {
        loop {
            if let Some(line) = self.take_line() {
                return Some(line);
            }
            if self.inbox.len() > limits::EVENT_BYTES {
                return None;
            }
            self.inbox.reserve(READ_BUFFER_BYTES);
            tokio::select! {
                read = self.events.read_buf(&mut self.inbox) => {
                    if !matches!(read, Ok(1..)) {
                        return None;
                    }
                }
                read = self.output.read(&mut self.output_buffer), if self.output_is_open => {
                    match read {
                        Ok(length @ 1..) => output(&self.output_buffer[..length]),
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
                () = sleep(limits::EXIT_TIMEOUT), if self.has_exited => return None,
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

    fn take_line(&mut self) -> Option<Vec<u8>> {
        let new = &self.inbox[self.scanned..];
        let Some(length) = new.iter().position(|&byte| byte == b'\n') else {
            self.scanned = self.inbox.len();
            return None;
        };
        let rest = self.inbox.split_off(self.scanned + length + 1);
        self.scanned = 0;
        Some(std::mem::replace(&mut self.inbox, rest))
    }

    /// Reads the bytes that are in the output pipe.
    ///
    /// Reads from the file descriptor, because the async runtime may not have polled it since the
    /// bytes were written.
    pub(crate) fn drain_output(&mut self, mut output: impl FnMut(&[u8])) {
        let mut remaining = rustix::io::ioctl_fionread(&self.output).unwrap_or(0);
        while remaining > 0 {
            let limit = usize::try_from(remaining).unwrap_or(READ_BUFFER_BYTES);
            let limit = limit.min(self.output_buffer.len());
            match rustix::io::read(&self.output, &mut self.output_buffer[..limit]) {
                Ok(length @ 1..) => {
                    output(&self.output_buffer[..length]);
                    remaining -= length as u64;
                }
                _ => return,
            }
        }
    }

    /// Waits for a process that has closed a pipe, kills it if it does not exit, and describes its
    /// exit status.
    pub(crate) async fn reap(&mut self) -> String {
        match timeout(limits::EXIT_TIMEOUT, self.child.wait()).await {
            Ok(Ok(status)) => format!("The process exited with {}.", status::describe(status)),
            _ => "The process closed its connection to the server and was killed.".to_owned(),
        }
    }

    /// Waits until the process has exited. Its requests are not written meanwhile.
    pub(crate) async fn exit_status(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Kills the process and its descendants, and waits until they have exited.
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
