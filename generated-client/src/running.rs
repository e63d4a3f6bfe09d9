//! Running commands.

mod progress;

use std::fmt;
use std::time::{Duration, Instant};

use api_runtime::{Client, Polls};

use crate::api::{CommandId, CommandStatus, Language, commands};
use crate::cancel_handle::CancelHandle;
use crate::command_run::{CommandRun, within};
use crate::event::{CommandResult, EventKind};
use crate::output::Output;
use crate::run_error::RunError;
use crate::script::Records;
use crate::session::Session;
use crate::watch::{CommandProgress, Watch};

/// Running command, returned by [`Command::start`](crate::Command::start) and
/// [`ExecutionContext::attach_command`](crate::ExecutionContext::attach_command).
///
/// The command runs on the cluster. This value waits for its end, and cancels it when it is dropped
/// before, unless [`cancel_on_drop`](Self::cancel_on_drop) is unset. [`detach`](Self::detach) keeps it
/// running.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language};
///
/// let client = generated_client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
/// let mut running = context.command("for n in range(10): work(n); print(n)").start()?;
/// println!("command {}", running.id());
/// for piece in running.output() {
///     print!("{piece}");
/// }
/// let output = running.wait()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a command is canceled when it is dropped"]
pub struct Running<'a> {
    run: CommandRun<'a>,
    id: CommandId,
    /// Request for the status.
    request: commands::Status,
    /// Name of the endpoint that runs the code.
    operation: &'static str,
    language: Language,
    watch: Watch<'a>,
    start: Instant,
    /// `None` until the first poll.
    polls: Option<Polls<'static>>,
    /// Set once the command has ended or waiting for it has failed.
    has_ended: bool,
    /// Result of a command that has ended, until it is returned.
    result: Option<Result<Output, RunError>>,
    cancels_on_drop: bool,
}

/// Creation.
impl<'a> Running<'a> {
    /// A command that was sent. `start` is the time before it was sent.
    pub(crate) fn new(
        run: CommandRun<'a>,
        id: CommandId,
        operation: &'static str,
        language: Language,
        watch: Watch<'a>,
        start: Instant,
    ) -> Self {
        Self {
            request: run.status_request(&id),
            run,
            id,
            operation,
            language,
            watch,
            start,
            polls: None,
            has_ended: false,
            result: None,
            cancels_on_drop: true,
        }
    }

    /// A command that was sent by another `Running`, or in another process.
    pub(crate) fn attach(session: &'a Session, id: CommandId) -> Self {
        let client = session.client_of_command();
        let start = client.clock().now();
        let client = within(&client, start, session.wait.duration());
        let run = CommandRun::existing(session, client, &id);
        let language = session.language.clone();
        let operation = commands::Execute::OPERATION.name;
        let attached = Self::new(run, id, operation, language, Watch::default(), start);
        attached.cancel_on_drop(false)
    }
}

/// Settings.
impl<'a> Running<'a> {
    /// Sets whether the command is canceled if this value is dropped before the command has ended, or
    /// if waiting fails, e.g. at the timeout. The default is `true` for started commands and `false` for
    /// [attached](crate::ExecutionContext::attach_command) ones.
    ///
    /// The [`CancelHandle`] and [`cancel`](Self::cancel) cancel the command in any case.
    pub fn cancel_on_drop(mut self, cancel: bool) -> Self {
        self.cancels_on_drop = cancel;
        self
    }

    /// Sets the language in which errors are interpreted. The default is that of the command, and for
    /// [attached](crate::ExecutionContext::attach_command) commands that of the context.
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Sets the id of the [`Script`](crate::Script) that an
    /// [attached](crate::ExecutionContext::attach_command) command runs, from
    /// [`current_script_id`](Self::current_script_id). Without it, the error of a script is part of the
    /// output, as JSON.
    pub fn script_id(mut self, id: impl Into<String>) -> Self {
        self.watch.records = Some(Records::new(id.into()));
        self
    }

    /// Sets the timeout, counted from the time at which the command was started or attached to.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set_timeout(Some(timeout))
    }

    /// Removes the timeout. The deadline of the client remains.
    pub fn no_timeout(self) -> Self {
        self.set_timeout(None)
    }

    fn set_timeout(mut self, timeout: Option<Duration>) -> Self {
        let deadline = self.run.session.client.current_deadline();
        let client = self.run.client.deadline(deadline);
        self.run.client = within(&client, self.start, timeout);
        self.polls = None;
        self
    }

    /// See [`Command::on_output`](crate::Command::on_output).
    pub fn on_output(mut self, on_output: impl FnMut(&str) + 'a) -> Self {
        self.watch.set_on_output(on_output);
        self
    }

    /// See [`Command::on_progress`](crate::Command::on_progress).
    pub fn on_progress(mut self, on_progress: impl FnMut(&CommandProgress<'_>) + 'a) -> Self {
        self.watch.set_on_progress(on_progress);
        self
    }
}

/// Information.
impl Running<'_> {
    /// Returns the id of the command.
    pub fn id(&self) -> &CommandId {
        &self.id
    }

    /// Returns the id of the [`Script`](crate::Script), or `None` if this is a command without one.
    ///
    /// Another process passes it to [`script_id`](Self::script_id).
    pub fn current_script_id(&self) -> Option<&str> {
        self.watch.records.as_ref().map(Records::nonce)
    }

    /// Returns a handle that cancels the command from another thread.
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle::new(&self.run.client, &self.run.abandon)
    }

    /// Requests the status of the command.
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes lost contexts, timeouts, interrupts and failed requests. The command is
    /// not canceled.
    pub fn status(&self) -> Result<CommandStatus, RunError> {
        match commands::status(&self.run.client, &self.request) {
            Ok(response) => Ok(response.status),
            Err(error) => Err(self.run.wait_error(error)),
        }
    }
}

/// End of the command.
impl<'a> Running<'a> {
    /// Returns an iterator of the text that the command prints. It blocks until there is a new piece or the
    /// command has ended. [`wait`](Self::wait) then returns the result.
    ///
    /// The pieces are those of [`Command::on_output`](crate::Command::on_output).
    pub fn output(&mut self) -> OutputPieces<'_, 'a> {
        OutputPieces(self)
    }

    /// Waits for the end of the command and returns its output.
    ///
    /// If it times out, is interrupted or fails otherwise, the command is canceled, as described for
    /// [`ExecutionContext`](crate::ExecutionContext).
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes errors of the code, canceled commands, lost contexts, timeouts,
    /// interrupts and failed requests.
    pub fn wait(mut self) -> Result<Output, RunError> {
        loop {
            if let Some(result) = self.result.take() {
                return result;
            }
            self.poll(false);
        }
    }

    /// Cancels the command and waits for its end, up to
    /// [`ContextBuilder::cleanup_timeout`](crate::ContextBuilder::cleanup_timeout). The context can be used
    /// further.
    ///
    /// # Errors
    ///
    /// Returns the error if the end of the command was not confirmed, with the
    /// [`leftover`](RunError::leftover). A command that has ended before is not an error.
    pub fn cancel(self) -> Result<(), RunError> {
        self.cancel_handle().cancel();
        match self.wait() {
            Ok(_) | Err(RunError::Cancelled | RunError::Failed(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Keeps the command running and returns its id.
    ///
    /// [`ExecutionContext::attach_command`](crate::ExecutionContext::attach_command) takes it up again, also
    /// in another process. Destroying the context ends the command.
    pub fn detach(self) -> CommandId {
        self.cancel_on_drop(false).id.clone()
    }

    fn emit(&self, kind: EventKind<'_>) {
        let elapsed = since(&self.run.client, self.start);
        let session = self.run.session;
        session.emit(Some(&self.id), kind, elapsed);
    }
}

/// Iterator of the output of a running command, returned by [`Running::output`].
#[derive(Debug)]
#[must_use = "iterators are lazy"]
pub struct OutputPieces<'r, 'a>(&'r mut Running<'a>);

impl Iterator for OutputPieces<'_, '_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        while !self.0.has_ended {
            if let Some(piece) = self.0.poll(true) {
                return Some(piece);
            }
        }
        None
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        if self.cancels_on_drop {
            self.run.session.cleanup.begin(&self.run.client);
            if self.clean_up() {
                self.emit(EventKind::CommandEnded(CommandResult::Canceled));
            } else if let Some(leftover) = self.run.leftover() {
                self.emit(EventKind::Left(&leftover));
            }
        } else {
            self.run.keep();
        }
    }
}

impl fmt::Debug for Running<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("context", &self.run.session.context_id)
            .field("id", &self.id)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

fn since(client: &Client, start: Instant) -> Duration {
    client.clock().now().saturating_duration_since(start)
}
