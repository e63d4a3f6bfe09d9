//! Thread that reads lines, from a terminal or a pipe.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::event::{Event, LineRequest, Request};
use super::terminal::TerminalSettings;
use super::{editor, pipe};

/// Requests to the thread that reads lines. Its results are events.
#[derive(Debug)]
pub(super) struct LineReader(Sender<Request>);

impl LineReader {
    /// Starts the thread, which calls `on_end` before the event of each line. Lines are edited if there is a
    /// `terminal`.
    pub(super) fn start(
        terminal: Option<TerminalSettings>,
        events: Sender<Event>,
        on_end: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, requests) = channel();
        thread::Builder::new().spawn(move || {
            if let Some(terminal) = terminal {
                editor::serve(&requests, &events, &terminal, &on_end);
            } else {
                pipe::serve(&requests, &events);
            }
        })?;
        Ok(Self(sender))
    }

    /// Requests a line, whose event is [`Event::Read`].
    pub(super) fn request(&self, line: LineRequest) {
        // A thread that has failed has sent its error.
        let _ = self.0.send(Request::Line(line));
    }

    /// Adds an input to the history.
    pub(super) fn remember(&self, input: &str) {
        let _ = self.0.send(Request::Remember(input.to_owned()));
    }
}
