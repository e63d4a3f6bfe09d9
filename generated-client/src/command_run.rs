//! One run of a command: sending, awaiting and, if need be, canceling it.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use api_runtime::types::RawJson;
use api_runtime::{Client, Delivery, Error, ErrorKind, Progress, RetryPolicy, Upload, Wait};

use crate::api::{CommandId, Language, Results, commands};
use crate::cleanup;
use crate::leftover::Leftover;
use crate::leftovers::Key;
use crate::magic;
use crate::outcome;
use crate::output_stream::OutputStream;
use crate::run_error::RunError;
use crate::server_id;
use crate::session::Session;

/// Code of a command.
pub(crate) enum Code<'a> {
    Text(&'a str),
    File(PathBuf),
}

impl Code<'_> {
    /// Returns the name of the endpoint that runs the code.
    fn operation(&self) -> &'static str {
        match self {
            Self::Text(_) => commands::Execute::OPERATION.name,
            Self::File(_) => commands::ExecuteFile::OPERATION.name,
        }
    }

    /// Checks that the code contains nothing that the API does not support.
    fn check(&self) -> Result<(), Error> {
        let path = match self {
            Self::Text(code) => return magic::check_code(code.as_bytes()),
            Self::File(path) => path,
        };
        let mut start = Vec::new();
        let limit = magic::START_BYTES as u64;
        let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut start));
        // The request reports a file that cannot be read.
        read.map_or(Ok(()), |_| magic::check_code(&start))
    }
}

/// Maximum time to wait for the end of a canceled command. The context runs one command at a time,
/// so that the next command would have to wait as well.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

/// One run of a command.
pub(crate) struct CommandRun<'a> {
    session: &'a Session,
    /// Client with the deadline of the command.
    client: Client,
    /// Entry of the command in the record.
    key: Key,
}

impl<'a> CommandRun<'a> {
    /// Starts the timeout of the command.
    pub(crate) fn start(session: &'a Session, wait: Wait) -> Self {
        let command =
            Leftover::new_command(&session.client, &session.cluster_id, &session.context_id);
        Self {
            client: within(&session.client, wait),
            key: session.leftovers.insert(command),
            session,
        }
    }

    /// Sends the command and waits for its end.
    pub(crate) fn to_end(
        &self,
        code: &Code<'_>,
        language: &Language,
        stream: &mut OutputStream<'_>,
    ) -> Result<commands::StatusResponse, RunError> {
        let id = self.send(code, language)?;
        let Session {
            cluster_id,
            context_id,
            ..
        } = self.session;
        let request = commands::Status::new(cluster_id, context_id, &id);
        // The client has the deadline.
        let wait = Wait::new()
            .no_timeout()
            .on_poll(|response: &commands::StatusResponse| observe(response, stream));
        let response = api_runtime::wait(
            &self.client,
            wait,
            code.operation(),
            &mut |client: &Client| commands::status(client, &request),
            commands::execute_progress,
        );
        if response.is_ok() {
            self.session.leftovers.remove(self.key);
        }
        response.map_err(|error| self.wait_error(&id, error))
    }

    fn send(&self, code: &Code<'_>, language: &Language) -> Result<CommandId, RunError> {
        let Session {
            cluster_id,
            context_id,
            ..
        } = self.session;
        code.check().map_err(|error| self.send_error(error))?;
        let client = self.session.cleanup.executing(&self.client);
        let language = language.clone();
        let id = match code {
            Code::Text(code) => {
                let request = commands::Execute::new(cluster_id, context_id, language, *code);
                commands::execute(&client, &request).map(|response| response.id)
            }
            Code::File(path) => {
                let file = Upload::path(path);
                let request = commands::ExecuteFile::new(cluster_id, context_id, language, file);
                commands::execute_file(&client, &request).map(|response| response.id)
            }
        };
        let id = id
            .and_then(|id| server_id::check(id.as_str(), code.operation()).map(|()| id))
            .map_err(|error| self.send_error(error))?;
        let leftovers = &self.session.leftovers;
        leftovers.update(self.key, |leftover| leftover.set_command_id(&client, &id));
        Ok(id)
    }

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

    /// Converts an error of waiting for the end, and cancels the command.
    fn wait_error(&self, id: &CommandId, error: Error) -> RunError {
        self.session.cleanup.begin(&self.client);
        // The error is that of a status request or of the wait; the code was sent before.
        let error = server_id::unusable(error).with_delivery(Delivery::Unknown);
        // A lost context has no running commands.
        let error = match self.run_error(error) {
            error @ RunError::ContextLost(_) => {
                self.session.leftovers.remove(self.key);
                return error;
            }
            error => error,
        };
        if self.cancel(id) {
            self.session.leftovers.remove(self.key);
        }
        error.map(|error| self.session.leftovers.attach(self.key, error))
    }

    /// Returns whether the context does not exist any more or has failed.
    pub(crate) fn is_lost(&self) -> bool {
        self.session.is_lost(&self.client)
    }

    fn run_error(&self, error: Error) -> RunError {
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

    /// Cancels the command and waits for its end. Returns whether it has ended.
    fn cancel(&self, id: &CommandId) -> bool {
        let client = self.session.cleanup.canceling(&self.session.client);
        let request = commands::Cancel::new(&self.session.cluster_id, &self.session.context_id, id);
        let canceled = commands::cancel(&client, &request).and_then(|_| {
            let client = client.retries(RetryPolicy::none());
            let wait = Wait::new().timeout(CANCEL_TIMEOUT);
            commands::wait_for_cancel(&client, &request, wait)
        });
        match canceled {
            Ok(_) => true,
            Err(error) => outcome::reports_missing(&error),
        }
    }
}

/// Returns a client whose deadline is that of `client` or of `wait`, whichever is earlier.
fn within(client: &Client, wait: Wait) -> Client {
    let now = client.clock().now();
    let end = wait.duration().and_then(|timeout| now.checked_add(timeout));
    client.deadline([end, client.current_deadline()].into_iter().flatten().min())
}

/// Passes the text in a status response to the output stream.
fn observe(response: &commands::StatusResponse, stream: &mut OutputStream<'_>) {
    let Some(Results::Text(text)) = &response.results else {
        return;
    };
    let Some(Ok(text)) = text.data.as_ref().map(RawJson::parse::<String>) else {
        return;
    };
    match commands::execute_progress(response) {
        Progress::Pending(_) => stream.update(&text),
        Progress::Done | Progress::Failed(_) => stream.finish(&text),
    }
}
