//! Requests for one command: sending and canceling it, and what their errors mean.

use std::time::{Duration, Instant};

use api_runtime::{Client, Delivery, Error, ErrorKind, Interrupt, RetryPolicy, Upload, Wait};

use crate::api::{CommandId, Language, commands};
use crate::cleanup;
use crate::code::Code;
use crate::leftover::Leftover;
use crate::leftovers::Key;
use crate::outcome;
use crate::run_error::RunError;
use crate::server_id;
use crate::session::Session;

/// Maximum time to wait for the end of a canceled command. The context runs one command at a time,
/// so that the next command would have to wait as well.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

/// Requests for one command.
pub(crate) struct CommandRun<'a> {
    pub(crate) session: &'a Session,
    /// Client with the interrupt and the deadline of the command.
    pub(crate) client: Client,
    /// Ends the wait for the end of the command after its handle has canceled it.
    pub(crate) abandon: Interrupt,
    /// Entry of the command in the record.
    key: Key,
}

/// Purpose of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The context is probably destroyed next.
    CleanUp,
    /// The context is used further.
    CancelOnly,
}

/// Construction.
impl<'a> CommandRun<'a> {
    /// Records a command that is about to be sent.
    pub(crate) fn new(session: &'a Session, client: Client) -> Self {
        let command =
            Leftover::new_command(&session.client, &session.cluster_id, &session.context_id);
        Self {
            client,
            abandon: Interrupt::new(),
            key: session.leftovers.insert(command),
            session,
        }
    }

    /// Records a command that exists.
    pub(crate) fn existing(session: &'a Session, client: Client, id: &CommandId) -> Self {
        let (cluster_id, context_id) = (&session.cluster_id, &session.context_id);
        let command = Leftover::existing_command(&session.client, cluster_id, context_id, id);
        Self {
            client,
            abandon: Interrupt::new(),
            key: session.leftovers.insert(command),
            session,
        }
    }

    /// Sets the interrupt of [`CancelHandle::abandon`](crate::CancelHandle::abandon).
    pub(crate) fn abandoned_by(mut self, abandon: Interrupt) -> Self {
        self.abandon = abandon;
        self
    }
}

/// Requests.
impl CommandRun<'_> {
    /// Sends the command.
    pub(crate) fn send(&self, code: Code<'_>, language: &Language) -> Result<CommandId, RunError> {
        let Session {
            cluster_id,
            context_id,
            ..
        } = self.session;
        code.check().map_err(|error| self.send_error(error))?;
        let client = self.session.cleanup.executing(&self.client);
        let (operation, language) = (code.operation(), language.clone());
        let id = match code {
            Code::Text(code) => {
                let request = commands::Execute::new(cluster_id, context_id, language, code);
                commands::execute(&client, &request).map(|response| response.id)
            }
            Code::File(path) => {
                let file = Upload::path(path);
                let request = commands::ExecuteFile::new(cluster_id, context_id, language, file);
                commands::execute_file(&client, &request).map(|response| response.id)
            }
        };
        let id = id
            .and_then(|id| server_id::check(id.as_str(), operation).map(|()| id))
            .map_err(|error| self.send_error(error))?;
        let leftovers = &self.session.leftovers;
        leftovers.update(self.key, |leftover| leftover.set_command_id(&client, &id));
        Ok(id)
    }

    /// Returns the request for the status of the command.
    pub(crate) fn status_request(&self, id: &CommandId) -> commands::Status {
        commands::Status::new(&self.session.cluster_id, &self.session.context_id, id)
    }

    /// Cancels the command and waits for its end. `on_poll` receives the responses.
    pub(crate) fn cancel(
        &self,
        id: &CommandId,
        purpose: Purpose,
        on_poll: impl FnMut(&commands::StatusResponse),
    ) -> Result<commands::StatusResponse, Error> {
        let (session, cleanup) = (self.session, &self.session.cleanup);
        let request = commands::Cancel::new(&session.cluster_id, &session.context_id, id);
        let wait = Wait::new().on_poll(on_poll);
        match purpose {
            Purpose::CleanUp => {
                let client = cleanup.canceling(&session.client);
                commands::cancel(&client, &request)?;
                let client = client.retries(RetryPolicy::none());
                commands::wait_for_cancel(&client, &request, wait.timeout(CANCEL_TIMEOUT))
            }
            // The deadline of the client is that of the clean-up.
            Purpose::CancelOnly => {
                let client = cleanup.canceling_only(&session.client);
                let client = client.with_interrupt(self.abandon.clone());
                commands::cancel(&client, &request)?;
                commands::wait_for_cancel(&client, &request, wait.no_timeout())
            }
        }
    }

    /// Returns whether the context does not exist any more or has failed.
    pub(crate) fn is_lost(&self) -> bool {
        self.session.is_lost(&self.client)
    }

    /// Returns whether the command was canceled by its handle, and the client was not interrupted.
    pub(crate) fn is_canceled_by_handle(&self) -> bool {
        self.client.interrupt().is_raised() && !self.session.client.interrupt().is_raised()
    }
}

/// Record of the command.
impl CommandRun<'_> {
    /// Removes the command, which has ended.
    pub(crate) fn forget(&self) {
        self.session.leftovers.remove(self.key);
    }

    /// Removes the command, which is kept running.
    pub(crate) fn keep(&self) {
        self.session.leftovers.detach(self.key);
    }

    /// Returns the command, if it is recorded.
    pub(crate) fn leftover(&self) -> Option<Leftover> {
        self.session.leftovers.get(self.key)
    }

    /// Attaches the command to an error.
    pub(crate) fn attach(&self, error: Error) -> Error {
        self.session.leftovers.attach(self.key, error)
    }

    /// Marks the command as one that the caller keeps running.
    pub(crate) fn set_kept(&self) {
        let leftovers = &self.session.leftovers;
        leftovers.update(self.key, Leftover::set_kept);
    }
}

/// Errors.
impl CommandRun<'_> {
    /// Converts an error of sending the code.
    fn send_error(&self, error: Error) -> RunError {
        let leftovers = &self.session.leftovers;
        if error.delivery() == Delivery::NotProcessed {
            leftovers.remove(self.key);
            return self.run_error(error);
        }
        self.session.cleanup.begin(&self.client);
        leftovers.update(self.key, |leftover| leftover.set_error(&error));
        self.run_error(leftovers.attach(self.key, error))
    }

    /// Converts an error of a status request or of the wait.
    pub(crate) fn wait_error(&self, error: Error) -> RunError {
        // The code was sent before.
        let error = server_id::unusable(error).with_delivery(Delivery::Unknown);
        self.run_error(error)
    }

    /// Converts an error of canceling the command.
    pub(crate) fn cancel_error(&self, error: Error) -> RunError {
        let is_missing = outcome::reports_missing(&error);
        match self.session.run_error(&self.client, error) {
            error @ RunError::ContextLost(_) => error,
            // The context exists.
            _ if is_missing => RunError::Cancelled,
            error => error,
        }
    }

    pub(crate) fn run_error(&self, error: Error) -> RunError {
        match error.kind() {
            ErrorKind::Interrupted => RunError::Interrupted(error),
            ErrorKind::WaitTimeout => RunError::Timeout(error),
            // Unlike the timeouts of a single request.
            _ if error.is_timeout() && cleanup::canceled_at(&self.client).is_some() => {
                RunError::Timeout(error)
            }
            _ => self.session.run_error(&self.client, error),
        }
    }
}

/// Returns a client whose deadline is that of `client` or the timeout, whichever is earlier.
pub(crate) fn within(client: &Client, start: Instant, timeout: Option<Duration>) -> Client {
    let end = timeout.and_then(|timeout| start.checked_add(timeout));
    let deadlines = [end, client.current_deadline()];
    client.deadline(deadlines.into_iter().flatten().min())
}
