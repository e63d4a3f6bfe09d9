//! Commands: code that runs in an execution context.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use api_runtime::{ServerText, Wait};

use crate::api::Language;
use crate::command_run::{Code, CommandRun};
use crate::outcome;
use crate::output::Output;
use crate::output_stream::{Listener, OutputStream};
use crate::run_error::RunError;
use crate::session::Session;

/// Builder for a command, returned by
/// [`ExecutionContext::command`](crate::ExecutionContext::command) and
/// [`ExecutionContext::command_file`](crate::ExecutionContext::command_file).
#[must_use = "a command does nothing until it is run"]
pub struct Command<'a> {
    session: &'a Session,
    code: Code<'a>,
    language: Language,
    wait: Wait,
    listener: Option<Listener<'a>>,
}

impl<'a> Command<'a> {
    pub(crate) fn from_text(session: &'a Session, code: &'a str) -> Self {
        Self::new(session, Code::Text(code))
    }

    pub(crate) fn from_file(session: &'a Session, path: PathBuf) -> Self {
        Self::new(session, Code::File(path))
    }

    fn new(session: &'a Session, code: Code<'a>) -> Self {
        Self {
            session,
            code,
            language: session.language.clone(),
            wait: session.wait,
            listener: None,
        }
    }

    /// Sets the language. The default is that of the context. For example, Python contexts also run
    /// SQL.
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Sets the timeout of the command, including the requests that send it. The default is that of
    /// the context.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets the timeout of the command: short for [`wait`](Self::wait).
    pub fn timeout(self, timeout: Duration) -> Self {
        self.wait(Wait::new().timeout(timeout))
    }

    /// Calls `listener` with the text that the command prints while it is running: each piece once
    /// and in order.
    ///
    /// The concatenated pieces are the text that `Display` of the [`Output`] writes, except for a
    /// line end at the end. `listener` is called after status requests, whose interval grows with
    /// the running time of the command. If the server reports output only at the end, there is one
    /// piece. If the server replaces output that it reported before, `listener` receives the text
    /// again from the first changed line.
    ///
    /// `listener` is called on the thread that called [`run`](Self::run).
    pub fn on_output(mut self, listener: impl FnMut(&str) + 'a) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Runs the command, waits for its end and returns its output.
    ///
    /// If it times out, is interrupted or fails otherwise, the command is canceled, as described for
    /// [`ExecutionContext`](crate::ExecutionContext).
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes errors of the code, canceled commands, lost contexts, timeouts,
    /// interrupts and failed requests.
    pub fn run(mut self) -> Result<Output, RunError> {
        let mut stream = OutputStream::new(self.listener.take());
        let run = CommandRun::start(self.session, self.wait);
        let response = run.to_end(&self.code, &self.language, &mut stream)?;
        let is_lost = || run.is_lost();
        let result = outcome::read(response, &self.language, stream.into_text(), is_lost);
        result.map_err(|error| match error {
            RunError::ContextLost(message) => {
                let message = self.session.client.show(ServerText::new(&message));
                RunError::ContextLost(message)
            }
            error => error,
        })
    }
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The code is not written: it often contains secrets.
        f.debug_struct("Command")
            .field("context", &self.session.context_id)
            .field("language", &self.language)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}
