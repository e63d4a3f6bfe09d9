//! Commands: code that runs in an execution context.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use api_runtime::types::RawJson;
use api_runtime::{Delivery, Error, ErrorKind, Progress, RetryPolicy, Upload, Wait};

use crate::api::{CommandId, Language, Results, commands};
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

enum Code<'a> {
    Text(&'a str),
    File(PathBuf),
}

/// Maximum time to wait for the end of a canceled command. The context runs one command at a time,
/// so that the next command would have to wait as well.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(2);

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

    /// Sets the timeout for the end of the command. The default is that of the context.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets the timeout for the end of the command: short for [`wait`](Self::wait).
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
    /// If the wait times out, is interrupted or fails, the command is canceled, with up to two
    /// seconds of waiting for its end.
    ///
    /// # Errors
    ///
    /// [`RunError`] distinguishes errors of the code, canceled commands, lost contexts, timeouts,
    /// interrupts and failed requests.
    pub fn run(mut self) -> Result<Output, RunError> {
        let mut stream = OutputStream::new(self.listener.take());
        let response = self.run_to_end(&mut stream)?;
        let is_lost = || self.session.is_lost();
        outcome::read(response, &self.language, stream.into_text(), is_lost)
    }

    fn run_to_end(
        &self,
        stream: &mut OutputStream<'_>,
    ) -> Result<commands::StatusResponse, RunError> {
        let Session {
            client,
            cluster_id,
            context_id,
            ..
        } = self.session;
        let language = self.language.clone();
        let wait = self
            .wait
            .on_poll(|response: &commands::StatusResponse| observe(response, stream));
        match &self.code {
            Code::Text(code) => {
                let request = commands::Execute::new(cluster_id, context_id, language, *code);
                let command =
                    commands::execute(client, &request).map_err(|error| self.send_error(error))?;
                commands::wait_for_execute(client, &request, &command, wait)
                    .map_err(|error| self.wait_error(&command.id, error))
            }
            Code::File(path) => {
                let file = Upload::path(path);
                let request = commands::ExecuteFile::new(cluster_id, context_id, language, file);
                let command = commands::execute_file(client, &request)
                    .map_err(|error| self.send_error(error))?;
                commands::wait_for_execute_file(client, &request, &command, wait)
                    .map_err(|error| self.wait_error(&command.id, error))
            }
        }
    }

    /// Converts an error of sending the code.
    fn send_error(&self, error: Error) -> RunError {
        // An interrupted request whose code may run is not `Interrupted`: without a command id it
        // cannot be canceled.
        if error.kind() == ErrorKind::Interrupted && error.delivery() == Delivery::NotProcessed {
            RunError::Interrupted(error)
        } else {
            self.session.run_error(error)
        }
    }

    /// Converts an error of waiting for the end, and cancels the command.
    fn wait_error(&self, id: &CommandId, error: Error) -> RunError {
        let kind = error.kind();
        // The error is that of a status request or of the wait; the code was sent before.
        let error = error.with_delivery(Delivery::Unknown);
        let error = match kind {
            ErrorKind::WaitTimeout => RunError::Timeout(error),
            ErrorKind::Interrupted => RunError::Interrupted(error),
            _ => self.session.run_error(error),
        };
        // A lost context has no running commands.
        if !matches!(error, RunError::ContextLost(_)) {
            self.cancel(id);
        }
        error
    }

    /// Cancels the command and waits for its end. Errors are ignored, since the caller receives the
    /// error that led to the cancellation.
    fn cancel(&self, id: &CommandId) {
        let client = self.session.cleanup_client();
        let request = commands::Cancel::new(&self.session.cluster_id, &self.session.context_id, id);
        if commands::cancel(&client, &request).is_ok() {
            let client = client.retries(RetryPolicy::none());
            let wait = Wait::new().timeout(CANCEL_TIMEOUT);
            drop(commands::wait_for_cancel(&client, &request, wait));
        }
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
