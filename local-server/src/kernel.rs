//! Processes that run one command at a time: requests, events, and captured output.
//!
//! `python/kernel.py` documents the protocol.

use std::io;

use serde::{Deserialize, Serialize};

use crate::capture::{Capture, Captured};
use crate::language::Language;
use crate::limits;
use crate::process::{Launch, NotKilled, Process};
use crate::protocol::Done;
use crate::results::Results;

/// A process that runs the commands of one context.
#[derive(Debug)]
pub(crate) struct Kernel {
    process: Process,
    capture: Capture,
}

/// Event of an engine.
#[derive(Debug)]
pub(crate) enum Event {
    /// The engine accepts commands.
    Ready,
    /// A command needs Spark, and waits for a request `spark`.
    Attach,
    /// A command has finished.
    Done { id: String, results: Results },
    /// The process has exited, or has violated the protocol.
    Disconnected,
}

#[derive(Serialize)]
struct Run<'a> {
    id: &'a str,
    language: &'static str,
    source: &'a str,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Message {
    Ready,
    Attach,
    Done,
}

impl Kernel {
    /// Starts a process. It accepts commands after [`Event::Ready`].
    pub(crate) fn start(launch: Launch) -> io::Result<Self> {
        Ok(Self {
            process: Process::start(launch)?,
            capture: Capture::new(limits::OUTPUT_BYTES),
        })
    }

    /// Requests to run a command, and captures its output.
    pub(crate) fn run(&mut self, id: &str, language: Language, source: &str, capture: Capture) {
        // Output of background processes since the previous command belongs to neither command.
        self.drain_output();
        self.capture = capture;
        let language = language.name();
        let run = Run {
            id,
            language,
            source,
        };
        self.process.send("run", &run);
    }

    /// Requests to interrupt a command. Has no effect if the process runs another command.
    pub(crate) fn interrupt(&mut self, id: &str) {
        self.process.send_cancel(id);
    }

    /// Sends another request.
    pub(crate) fn send(&mut self, word: &str, body: &impl Serialize) {
        self.process.send(word, body);
    }

    /// Writes requests and reads output until an event arrives. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        let capture = &self.capture;
        let line = self.process.next_event(|output| capture.append(output));
        let Some(line) = line.await else {
            return Event::Disconnected;
        };
        match serde_json::from_slice(&line) {
            Ok(Message::Ready) => Event::Ready,
            Ok(Message::Attach) => Event::Attach,
            Ok(Message::Done) => self.done(&line).unwrap_or(Event::Disconnected),
            Err(_) => Event::Disconnected,
        }
    }

    fn done(&mut self, line: &[u8]) -> Option<Event> {
        let done = Done::parse(line)?;
        self.drain_output();
        let (id, results) = done.into_results(self.capture.take())?;
        Some(Event::Done { id, results })
    }

    fn drain_output(&mut self) {
        let capture = &self.capture;
        self.process.drain_output(|output| capture.append(output));
    }

    /// Waits for the process after [`Event::Disconnected`], kills it if it does not exit, and
    /// describes its exit status and last output.
    pub(crate) async fn reap(&mut self) -> String {
        let mut description = self.process.reap().await;
        self.drain_output();
        let Captured { text, .. } = self.capture.take();
        if !text.is_empty() {
            description.push_str("\nLast output:\n");
            description.push_str(tail(&text));
        }
        description
    }

    /// Kills the process and its descendants, and waits until they have exited.
    pub(crate) async fn kill(self) -> Result<(), NotKilled> {
        self.process.kill().await
    }
}

/// Returns the last 10 KiB of a text.
fn tail(text: &str) -> &str {
    const TAIL_BYTES: usize = 10 << 10;
    let start = text.len().saturating_sub(TAIL_BYTES);
    let boundary = (start..text.len()).find(|&index| text.is_char_boundary(index));
    &text[boundary.unwrap_or(text.len())..]
}
