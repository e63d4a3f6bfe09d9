//! Cancellation of a command from another thread.

use std::fmt;
use std::time::Instant;

use api_runtime::{Client, Interrupt};

/// Handle that cancels one command from another thread, and leaves its context and client usable.
/// Clones are the same handle.
///
/// [`Command::cancel_handle`](crate::Command::cancel_handle) and
/// [`Running::cancel_handle`](crate::Running::cancel_handle) return it. The
/// [`Interrupt`](crate::Interrupt) of the client, on the other hand, ends all calls of the client.
///
/// # Examples
///
/// ```no_run
/// use std::{io, thread};
/// use generated_client::{ExecutionContext, Language, RunError};
///
/// let client = generated_client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
/// let command = context.command("import time; time.sleep(3600)");
/// let cancel = command.cancel_handle();
/// thread::spawn(move || {
///     let _ = io::stdin().read_line(&mut String::new());
///     cancel.cancel();
/// });
/// match command.run() {
///     Err(RunError::Cancelled) => println!("canceled"),
///     result => println!("{}", result?),
/// }
/// println!("{}", context.run("6 * 7")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CancelHandle {
    /// Client with the interrupt of the command.
    client: Client,
    /// Ends the wait for the end of the canceled command.
    abandon: Interrupt,
}

impl CancelHandle {
    pub(crate) fn new(client: &Client, abandon: &Interrupt) -> Self {
        Self {
            client: client.clone(),
            abandon: abandon.clone(),
        }
    }

    /// Cancels the command. Returns immediately.
    ///
    /// The thread that runs the command or waits for it is woken. It cancels the command on the cluster and
    /// waits for its end, which together take no longer than
    /// [`ContextBuilder::cleanup_timeout`](crate::ContextBuilder::cleanup_timeout). Its result is then
    ///
    /// - [`RunError::Cancelled`](crate::RunError::Cancelled) if the command was canceled
    /// - the output or the error of the code if the command had ended before
    /// - [`RunError::Interrupted`](crate::RunError::Interrupted) if the command was not sent, or if it
    ///   may still be running, with the [`Leftover`](crate::Leftover).
    ///
    /// If no thread waits for the command, it is canceled by the next call that does, or when it is dropped.
    /// A command that has ended or was [detached](crate::Running::detach) is not affected.
    pub fn cancel(&self) {
        self.cancel_at(self.client.clock().now());
    }

    /// Cancels the command at a time of the client's [`clock`](crate::Client::clock). Only the first time
    /// counts.
    pub fn cancel_at(&self, time: Instant) {
        self.client.interrupt().raise_at(time);
    }

    /// Stops to wait for the end of a command that was [canceled](Self::cancel), for example after the second
    /// Ctrl-C. Returns immediately, and has no effect before [`cancel`](Self::cancel).
    ///
    /// The result of the command is then [`RunError::Interrupted`](crate::RunError::Interrupted) with the
    /// [`Leftover`](crate::Leftover), unless its end was confirmed before. The context can be used further,
    /// and runs the next command after the end of this one.
    pub fn abandon(&self) {
        if self.is_canceled() {
            self.abandon.raise();
        }
    }

    /// Returns whether [`cancel`](Self::cancel) was called, or the interrupt of the client was raised.
    pub fn is_canceled(&self) -> bool {
        self.client.interrupt().is_raised()
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelHandle")
            .field("is_canceled", &self.is_canceled())
            .finish_non_exhaustive()
    }
}
