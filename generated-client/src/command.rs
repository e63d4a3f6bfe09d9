//! Commands: code that runs in an execution context.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use api_runtime::{Client, Interrupt, Wait};

use crate::api::Language;
use crate::cancel_handle::CancelHandle;
use crate::code::Code;
use crate::command_run::{CommandRun, within};
use crate::event::EventKind;
use crate::output::Output;
use crate::run_error::RunError;
use crate::running::Running;
use crate::script::{Records, Script};
use crate::session::Session;
use crate::watch::{CommandProgress, Watch};

/// Builder for a command, returned by
/// [`ExecutionContext::command`](crate::ExecutionContext::command),
/// [`ExecutionContext::command_file`](crate::ExecutionContext::command_file) and
/// [`ExecutionContext::script`](crate::ExecutionContext::script).
#[must_use = "a command does nothing until it is run or started"]
pub struct Command<'a> {
    session: &'a Session,
    code: Code<'a>,
    language: Language,
    wait: Wait,
    /// Client with the interrupt of the command.
    client: Client,
    /// Interrupt of [`CancelHandle::abandon`].
    abandon: Interrupt,
    watch: Watch<'a>,
}

impl<'a> Command<'a> {
    pub(crate) fn from_text(session: &'a Session, code: Cow<'a, str>) -> Self {
        Self::new(session, Code::Text(code))
    }

    pub(crate) fn from_file(session: &'a Session, path: PathBuf) -> Self {
        Self::new(session, Code::File(path))
    }

    pub(crate) fn from_script(session: &'a Session, script: &Script) -> Self {
        let nonce = format!("{:032x}", fastrand::u128(..));
        let mut command = Self::from_text(session, script.code(&nonce).into());
        command.language = Language::Python;
        command.watch.records = Some(Records::new(nonce));
        command
    }

    fn new(session: &'a Session, code: Code<'a>) -> Self {
        Self {
            session,
            code,
            language: session.language.clone(),
            wait: session.wait,
            client: session.client_of_command(),
            abandon: Interrupt::new(),
            watch: Watch::default(),
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

    /// Calls `on_output` with the text that the command prints while it is running: each piece once
    /// and in order.
    ///
    /// The concatenated pieces are the text that `Display` of the [`Output`] writes, except for a
    /// line end at the end. `on_output` is called after status requests, whose interval grows with
    /// the running time of the command. If the server reports output only at the end, there is one
    /// piece. If the server replaces output that it reported before, `on_output` receives the text
    /// again from the first changed line.
    ///
    /// `on_output` is called on the thread that called [`run`](Self::run) or [`Running::wait`].
    pub fn on_output(mut self, on_output: impl FnMut(&str) + 'a) -> Self {
        self.watch.set_on_output(on_output);
        self
    }

    /// Calls `on_progress` after each status request, including the last one, e.g. for a progress
    /// display.
    ///
    /// The interval of the requests grows with the running time of the command, up to 10 seconds.
    ///
    /// `on_progress` is called on the thread that called [`run`](Self::run) or [`Running::wait`], before
    /// the output of the same response is passed on.
    pub fn on_progress(mut self, on_progress: impl FnMut(&CommandProgress<'_>) + 'a) -> Self {
        self.watch.set_on_progress(on_progress);
        self
    }

    /// Returns a handle that cancels the command from another thread, also before it is sent.
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle::new(&self.client, &self.abandon)
    }

    /// Runs the command, waits for its end and returns its output: short for [`start`](Self::start) and
    /// [`Running::wait`].
    ///
    /// If it times out, is interrupted or fails otherwise, the command is canceled, as described for
    /// [`ExecutionContext`](crate::ExecutionContext).
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes errors of the code, canceled commands, lost contexts, timeouts,
    /// interrupts and failed requests.
    pub fn run(self) -> Result<Output, RunError> {
        self.start()?.wait()
    }

    /// Sends the command, and returns it while it is running.
    ///
    /// # Errors
    ///
    /// Returns [`RunError`] if the command could not be sent, or if the server may have received it, but
    /// did not return its id.
    pub fn start(self) -> Result<Running<'a>, RunError> {
        let start = self.client.clock().now();
        let client = within(&self.client, start, self.wait.duration());
        let run = CommandRun::new(self.session, client).abandoned_by(self.abandon);
        let operation = self.code.operation();
        let id = run.send(self.code, &self.language).inspect_err(|error| {
            if let Some(leftover) = error.leftover() {
                let elapsed = self.client.clock().now().saturating_duration_since(start);
                let left = EventKind::Left(leftover);
                self.session.emit(None, left, elapsed);
            }
        })?;
        let elapsed = self.client.clock().now().saturating_duration_since(start);
        let session = self.session;
        session.emit(Some(&id), EventKind::CommandStarted, elapsed);
        let (language, watch) = (self.language, self.watch);
        Ok(Running::new(run, id, operation, language, watch, start))
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
