//! Execution contexts.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use api_runtime::{Client, Delivery, Error};

use crate::api::{ClusterId, CommandId, ContextId, ContextStatus, Language, contexts};
use crate::command::Command;
use crate::event::EventKind;
use crate::leftover::Leftover;
use crate::outcome;
use crate::output::Output;
use crate::run_error::RunError;
use crate::running::Running;
use crate::script::Script;
use crate::session::Session;

/// Running execution context on a cluster. Destroyed on drop.
///
/// An execution context is an interpreter whose state is kept from one command to the next.
///
/// Dropping the context ignores errors; [`close`](Self::close) returns them. To keep a context on the
/// cluster, [`detach`](Self::detach) it. [`attach`](Self::attach) uses an existing context.
///
/// # Interrupts and deadlines
///
/// The [`Interrupt`](crate::Interrupt) and the [deadline](crate::Client::deadline) of the client end
/// the creation of a context and the run of a command at any time. What these have created is then
/// cleaned up within [`ContextBuilder::cleanup_timeout`](crate::ContextBuilder::cleanup_timeout),
/// 5 seconds by default, counted from the interrupt or the deadline:
///
/// 1. The response to a request that creates a context or runs a command is awaited, as it contains
///    the id. For a command, the last fifth of the time is kept for the next steps.
/// 2. The command is canceled, and its end is awaited. This takes half of the remaining time at most.
/// 3. The context is destroyed when it is dropped or closed, which ends its commands as well.
///
/// A [`CancelHandle`](crate::CancelHandle) and [`Running::cancel`] end one command in the same way. The
/// context and the client can then be used further, so that all of the time is for the first two steps.
///
/// A request of these steps is sent even if no time is left, and its response is then awaited for up
/// to half a second. After any other error, and when a context is closed without one, the time is
/// counted from the first of these requests. What remains is attached to the error as a
/// [`Leftover`](crate::Leftover), and listed by [`Leftovers`](crate::Leftovers).
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language};
///
/// let client = generated_client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
/// let output = context.run("spark.range(10).count()")?;
/// println!("{output}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the context is destroyed when it is dropped"]
pub struct ExecutionContext {
    session: Session,
    on_drop: OnDrop,
}

#[derive(Clone, Copy, Debug)]
enum OnDrop {
    Destroy,
    Keep,
    /// The context was destroyed, or destroying it has failed.
    Nothing,
}

/// Lifetime of the context.
impl ExecutionContext {
    /// Wraps a context, which is destroyed on drop.
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            on_drop: OnDrop::Destroy,
        }
    }

    /// Wraps a context that existed before, which is kept on drop.
    pub(crate) fn attached(session: Session) -> Self {
        Self {
            session,
            on_drop: OnDrop::Keep,
        }
    }

    /// Waits until the context is ready.
    pub(crate) fn wait_until_ready(
        &self,
        on_status: impl FnMut(&ContextStatus),
    ) -> Result<(), Error> {
        self.session.wait_until_ready(on_status)
    }

    /// Logs an event, and passes it to the observer.
    pub(crate) fn emit(&self, kind: EventKind<'_>, elapsed: Duration) {
        self.session.emit(None, kind, elapsed);
    }

    /// Keeps the context on the cluster and returns its id.
    pub fn detach(self) -> ContextId {
        let context = self.destroy_on_drop(false);
        context.session.context_id.clone()
    }

    /// Sets whether the context is destroyed on drop. The default is `true` for created contexts and
    /// `false` for [attached](Self::attach) ones.
    pub fn destroy_on_drop(mut self, destroy: bool) -> Self {
        self.on_drop = if destroy {
            OnDrop::Destroy
        } else {
            OnDrop::Keep
        };
        self
    }

    /// Destroys the context, whether it was created or attached.
    ///
    /// It takes no longer than [`ContextBuilder::cleanup_timeout`](crate::ContextBuilder::cleanup_timeout), and
    /// an interrupt does not prevent it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`contexts::destroy`], with the
    /// [`Leftover`](crate::Leftover) unless the server reports that the context does not exist.
    pub fn close(mut self) -> Result<(), Error> {
        self.on_drop = OnDrop::Nothing;
        self.session.destroy()
    }

    /// Destroys the context because of `error`. What remains is attached to the error.
    pub(crate) fn close_after(self, error: Error) -> Error {
        // The error is that of a status request or of the wait; the context was created before.
        let error = error.with_delivery(Delivery::Unknown);
        self.session.cleanup.begin(&self.session.client);
        let Err(not_destroyed) = self.close() else {
            return error;
        };
        match Leftover::of(&not_destroyed) {
            Some(leftover) => error.attach(leftover.clone()),
            None => error,
        }
    }

    /// Destroys a context of this or another program. Returns `false` if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`contexts::destroy`], except those that report a missing context.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// let client = generated_client::from_env()?;
    /// let cluster = "0123-456789-abcde";
    /// if !generated_client::ExecutionContext::destroy(&client, cluster, "1793653964133248955")? {
    ///     println!("it does not exist");
    /// }
    /// # Ok::<(), generated_client::Error>(())
    /// ```
    pub fn destroy(
        client: &Client,
        cluster: impl Into<ClusterId>,
        id: impl Into<ContextId>,
    ) -> Result<bool, Error> {
        let response = contexts::destroy(client, &contexts::Destroy::new(cluster, id));
        Ok(unless_missing(response)?.is_some())
    }

    /// Returns the status of a context of this or another program, or `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`contexts::status`], except those that report a missing context.
    pub fn find(
        client: &Client,
        cluster: impl Into<ClusterId>,
        id: impl Into<ContextId>,
    ) -> Result<Option<ContextStatus>, Error> {
        let response = contexts::status(client, &contexts::Status::new(cluster, id));
        Ok(unless_missing(response)?.map(|response| response.status))
    }

    /// Returns the id of the context.
    pub fn id(&self) -> &ContextId {
        &self.session.context_id
    }

    /// Returns the id of the cluster.
    pub fn cluster_id(&self) -> &ClusterId {
        &self.session.cluster_id
    }

    /// Returns the default language of commands.
    pub fn language(&self) -> &Language {
        &self.session.language
    }
}

/// Commands.
impl ExecutionContext {
    /// Runs code, waits for its end and returns its output.
    ///
    /// If it times out or is interrupted, the command is canceled. Use [`command`](Self::command) to set a timeout, or to receive output while the code is running.
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes errors of the code, canceled commands, lost contexts, timeouts,
    /// interrupts and failed requests.
    pub fn run(&self, code: &str) -> Result<Output, RunError> {
        self.command(code).run()
    }

    /// Runs the contents of a file, which are streamed from disk.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run); also [`RunError::Request`] if the file cannot be read.
    pub fn run_file(&self, path: impl AsRef<Path>) -> Result<Output, RunError> {
        self.command_file(path).run()
    }

    /// Returns a builder for a command that runs `code`.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use generated_client::{ExecutionContext, Language};
    /// # let client = generated_client::from_env()?;
    /// # let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
    ///
    /// let output = context
    ///     .command("for n in range(10): work(n); print(n)")
    ///     .timeout(Duration::from_secs(3600))
    ///     .on_output(|text| print!("{text}"))
    ///     .run()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn command<'a>(&'a self, code: impl Into<Cow<'a, str>>) -> Command<'a> {
        Command::from_text(&self.session, code.into())
    }

    /// Returns a builder for a command that runs the contents of a file. The file is opened when the
    /// command is sent, and streamed from disk.
    pub fn command_file(&self, path: impl AsRef<Path>) -> Command<'_> {
        Command::from_file(&self.session, path.as_ref().to_owned())
    }

    /// Returns a builder for a command that runs a Python script. [`Script`] describes how it differs from
    /// a command with the same code.
    pub fn script(&self, script: &Script) -> Command<'_> {
        Command::from_script(&self.session, script)
    }

    /// Attaches to a command that was started before, for example in another process. Nothing is sent.
    ///
    /// The command is not canceled if the returned value is dropped or times out, unless
    /// [`Running::cancel_on_drop`] is set. Its timeout is that of the commands of this context, counted
    /// from now.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use generated_client::{ExecutionContext, Language};
    ///
    /// let client = generated_client::from_env()?;
    /// let cluster = "0123-456789-abcde";
    /// let context = ExecutionContext::create(&client, cluster, Language::Python)?;
    /// let command = context.command("work()").start()?.detach();
    /// let context = context.detach();
    ///
    /// let context = ExecutionContext::attach(&client, cluster, context, Language::Python)?;
    /// println!("{}", context.attach_command(command).no_timeout().wait()?);
    /// context.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attach_command(&self, id: impl Into<CommandId>) -> Running<'_> {
        Running::attach(&self.session, id.into())
    }
}

/// Returns `None` for an error that reports a missing context.
fn unless_missing<T>(response: Result<T, Error>) -> Result<Option<T>, Error> {
    match response {
        Ok(response) => Ok(Some(response)),
        Err(error) if outcome::reports_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Drop for ExecutionContext {
    fn drop(&mut self) {
        match self.on_drop {
            OnDrop::Destroy => drop(self.session.destroy()),
            OnDrop::Keep => self.session.leftovers.detach(self.session.key),
            OnDrop::Nothing => {}
        }
    }
}
