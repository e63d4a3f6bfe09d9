//! An interpreter process: how it is started, spoken to, and ended.
//!
//! The protocol is described in `python/kernel.py`. Nothing here knows what a context is.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep};

use crate::capture::{Capture, Printed};
use crate::watchdog::Watchdog;
use crate::language::Launch;
use crate::limits;
use crate::results::Results;

const CHUNK: usize = 64 << 10;

/// A running interpreter. It leads a process group of its own.
#[derive(Debug)]
pub(crate) struct Kernel {
    child: Child,
    group: Pid,
    guard: Arc<Watchdog>,
    commands: ChildStdin,
    frames: ChildStdout,
    output: ChildStderr,
    output_is_open: bool,
    outbox: Vec<u8>,
    sent: usize,
    inbox: Vec<u8>,
    scanned: usize,
    chunk: Box<[u8]>,
    printed: Capture,
}

/// What an interpreter has to say.
#[derive(Debug)]
pub(crate) enum Event {
    /// It takes commands.
    Ready,
    /// The command of that id has ended.
    Done { id: String, results: Results },
    /// It has ended, or is not to be understood any more.
    Gone,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Request<'a> {
    Run { id: &'a str, source: &'a str },
    Cancel { id: &'a str },
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Frame {
    Ready,
    Done {
        id: String,
        #[serde(flatten)]
        end: End,
    },
}

#[derive(Deserialize)]
#[serde(tag = "end", rename_all = "lowercase")]
enum End {
    Text,
    Error { summary: String, cause: String },
    Cancelled { detail: String },
}

impl Kernel {
    /// Starts the interpreter. It is of no use before [`Event::Ready`].
    pub(crate) fn start(launch: Launch, guard: Arc<Watchdog>) -> io::Result<Self> {
        let Launch {
            mut command,
            program,
        } = launch;
        command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()?;
        let group = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(group), (Some(commands), Some(frames), Some(output))) = (group, pipes) else {
            return Err(io::Error::other("a process without an id or without pipes"));
        };
        guard.watch(group)?;
        Ok(Self {
            child,
            group,
            guard,
            commands,
            frames,
            output,
            output_is_open: true,
            outbox: program.into(),
            sent: 0,
            inbox: Vec::new(),
            scanned: 0,
            chunk: vec![0; CHUNK].into_boxed_slice(),
            printed: Capture::new(limits::TEXT),
        })
    }

    /// Has it run a command, and gathers in `printed` what that prints. What was printed since the
    /// last one ended belongs to none.
    pub(crate) fn run(&mut self, id: &str, source: &str, printed: Capture) {
        self.drain();
        self.printed = printed;
        self.request(&Request::Run { id, source });
    }

    /// Has it interrupt a command; without effect if another one is running by then.
    pub(crate) fn interrupt(&mut self, id: &str) {
        self.request(&Request::Cancel { id });
    }

    fn request(&mut self, request: &Request<'_>) {
        // Text and a vector: neither the serializer nor the writer has a way to fail.
        if serde_json::to_writer(&mut self.outbox, request).is_ok() {
            self.outbox.push(b'\n');
        }
    }

    /// Moves bytes in all directions until there is something to tell. May be dropped half-way.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            if let Some(event) = self.take_event() {
                return event;
            }
            self.inbox.reserve(CHUNK);
            tokio::select! {
                read = self.frames.read_buf(&mut self.inbox) => {
                    if !matches!(read, Ok(1..)) {
                        return Event::Gone;
                    }
                }
                read = self.output.read(&mut self.chunk), if self.output_is_open => match read {
                    Ok(length @ 1..) => self.printed.add(&self.chunk[..length]),
                    _ => self.output_is_open = false,
                },
                written = self.commands.write(&self.outbox[self.sent..]),
                        if !self.outbox.is_empty() => match written {
                    Ok(length @ 1..) => self.advance(length),
                    _ => self.forget_outbox(), // its end is about to be read
                },
                // A process it forked may keep the pipe open.
                () = sleep(limits::EXIT) => if self.has_exited() {
                    return Event::Gone;
                },
            }
        }
    }

    fn advance(&mut self, written: usize) {
        self.sent += written;
        if self.sent == self.outbox.len() {
            self.forget_outbox();
        }
    }

    fn forget_outbox(&mut self) {
        self.outbox = Vec::new(); // a command may be large
        self.sent = 0;
    }

    fn take_event(&mut self) -> Option<Event> {
        let new = &self.inbox[self.scanned..];
        let Some(length) = new.iter().position(|&byte| byte == b'\n') else {
            self.scanned = self.inbox.len();
            return (self.scanned > limits::FRAME).then_some(Event::Gone);
        };
        let rest = self.inbox.split_off(self.scanned + length + 1);
        let line = std::mem::replace(&mut self.inbox, rest);
        self.scanned = 0;
        Some(match serde_json::from_slice(&line) {
            Ok(Frame::Ready) => Event::Ready,
            Ok(Frame::Done { id, end }) => self.done(id, end),
            Err(_) => Event::Gone,
        })
    }

    fn done(&mut self, id: String, end: End) -> Event {
        self.drain();
        let printed = self.printed.take();
        let results = match end {
            End::Text => Results::text(printed),
            End::Error { summary, cause } => Results::error(summary, cause),
            End::Cancelled { detail } => Results::cancelled(&detail),
        };
        Event::Done { id, results }
    }

    /// Reads what is in the output pipe by now, past the runtime: it may not have heard of it yet.
    fn drain(&mut self) {
        let mut left = rustix::io::ioctl_fionread(&self.output).unwrap_or(0);
        while left > 0 {
            let room = self.chunk.len().min(usize::try_from(left).unwrap_or(CHUNK));
            match rustix::io::read(&self.output, &mut self.chunk[..room]) {
                Ok(length @ 1..) => {
                    self.printed.add(&self.chunk[..length]);
                    left -= length as u64;
                }
                _ => return,
            }
        }
    }

    /// Ends an interpreter that is [`Event::Gone`], and tells how it ended.
    pub(crate) async fn bury(mut self) -> String {
        let deadline = Instant::now() + limits::EXIT;
        while !self.has_exited() && Instant::now() < deadline {
            sleep(Duration::from_millis(5)).await;
        }
        let by_itself = self.has_exited();
        let status = self.end().await;
        let mut told = match status {
            Ok(status) if by_itself => format!("The process exited with {}.", describe(status)),
            _ => "The process closed its connection to the server and was killed.".to_owned(),
        };
        self.drain();
        let Printed { text, .. } = self.printed.take();
        if !text.is_empty() {
            told.push_str("\nThe last it printed:\n");
            told.push_str(tail(&text));
        }
        told
    }

    /// Ends it at once, with everything it has started.
    pub(crate) async fn kill(mut self) {
        let _ = self.end().await;
    }

    async fn end(&mut self) -> io::Result<ExitStatus> {
        // Before it is waited for: until then the number of the group is not given to another.
        let _ = rustix::process::kill_process_group(self.group, Signal::KILL);
        self.guard.forget(self.group);
        self.child.wait().await
    }

    fn has_exited(&self) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let found = rustix::process::waitid(WaitId::Pid(self.group), look);
        !matches!(found, Ok(None))
    }
}

/// In the words of the service, which has exit codes as a shell has them.
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

/// The end of a text, as much as a person reads.
fn tail(text: &str) -> &str {
    const SHOWN: usize = 10 << 10;
    let start = text.len().saturating_sub(SHOWN);
    let whole = (start..text.len()).find(|&index| text.is_char_boundary(index));
    &text[whole.unwrap_or(text.len())..]
}
