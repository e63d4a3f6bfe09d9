//! One command: sent, watched, and cancelled if it takes too long.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use api_runtime::Progress;
use api_runtime::{Delivery, Error, ErrorKind, RetryPolicy, Upload, Wait};

use crate::ExecutionContext;
use crate::api::{CommandId, CommandStatus, Language, Results, commands};
use crate::outcome::{self, RunError};
use crate::output::Output;
use crate::output_stream::{Listener, OutputStream};

/// Code that is to be run in an [`ExecutionContext`]: see
/// [`ExecutionContext::command`] and [`ExecutionContext::command_file`].
#[must_use = "nothing is run yet"]
pub struct Command<'a> {
    context: &'a ExecutionContext,
    code: Code<'a>,
    language: Language,
    wait: Wait,
    listener: Option<Listener<'a>>,
}

#[derive(Debug)]
enum Code<'a> {
    Text(&'a str),
    File(PathBuf),
}

/// How long a cancelled command is waited for, so that its context can be used again.
const CANCEL_GRACE: Duration = Duration::from_secs(2);

impl<'a> Command<'a> {
    pub(crate) fn of_text(context: &'a ExecutionContext, code: &'a str) -> Self {
        Self::new(context, Code::Text(code))
    }

    pub(crate) fn of_file(context: &'a ExecutionContext, path: PathBuf) -> Self {
        Self::new(context, Code::File(path))
    }

    fn new(context: &'a ExecutionContext, code: Code<'a>) -> Self {
        Self {
            context,
            code,
            language: context.language().clone(),
            wait: context.wait(),
            listener: None,
        }
    }

    /// Another language than that of the context. Contexts of Python take SQL, and so on.
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// How long to wait for the end; otherwise as long as the context was told.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Waits up to this long for the end.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.wait(Wait::new().timeout(timeout))
    }

    /// Lets `listener` see the text that the command prints, while it runs: each piece once and in
    /// order, up to the last one.
    ///
    /// Together the pieces are what the `Display` of a text [`Output`] shows, perhaps with a line
    /// end more. They come as often as the server is asked, which is ever more rarely; a server
    /// that tells nothing meanwhile gives one piece in the end. Should a server take back what it
    /// told, `listener` sees the text anew from the first line that has changed.
    ///
    /// It is called on the thread of [`run`](Self::run), between two questions.
    pub fn on_output(mut self, listener: impl FnMut(&str) + 'a) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Runs it, waits for its end and gives what it left behind.
    ///
    /// When the wait runs out of time, is interrupted or cannot go on, the command is cancelled,
    /// and up to two seconds are given to its end.
    ///
    /// # Errors
    ///
    /// [`RunError`] tells apart an error of the code, a cancelled command, a lost context, a wait
    /// out of time, and a call that failed.
    pub fn run(mut self) -> Result<Output, RunError> {
        let id = self.send().map_err(|error| self.not_sent(error))?;
        let mut stream = OutputStream::new(self.listener.take());
        match self.watch(&id, &mut stream) {
            Ok(answer) => outcome::read(answer, &self.language, stream.into_text(), || {
                self.context.is_lost()
            }),
            Err(error) => Err(self.wait_failed(&id, error)),
        }
    }

    fn send(&self) -> Result<CommandId, Error> {
        let (client, language) = (self.context.client(), self.language.clone());
        let (cluster, context) = (self.context.cluster_id(), self.context.id());
        match &self.code {
            Code::Text(code) => {
                let request = commands::Execute::new(cluster, context, language, *code);
                commands::execute(client, &request).map(|answer| answer.id)
            }
            Code::File(path) => {
                let file = Upload::path(path);
                let request = commands::ExecuteFile::new(cluster, context, language, file);
                commands::execute_file(client, &request).map(|answer| answer.id)
            }
        }
    }

    /// If the code may run all the same, the interrupt is not the whole story: nobody has the id by
    /// which it could be cancelled.
    fn not_sent(&self, error: Error) -> RunError {
        if error.kind() == ErrorKind::Interrupted && !error.may_have_been_processed() {
            RunError::Interrupted(error)
        } else {
            self.context.call_failed(error)
        }
    }

    fn operation(&self) -> &'static str {
        match self.code {
            Code::Text(_) => "commands.execute",
            Code::File(_) => "commands.execute_file",
        }
    }

    /// Asks until the command has ended, and hands on what it prints.
    fn watch(
        &self,
        id: &CommandId,
        stream: &mut OutputStream<'_>,
    ) -> Result<commands::StatusResponse, Error> {
        let client = self.context.client();
        let request = self.question(id);
        let mut ask = || {
            let mut answer = commands::status(client, &request)?;
            listen(&mut answer, stream);
            Ok(answer)
        };
        api_runtime::wait(client, self.wait, self.operation(), &mut ask, progress)
    }

    fn question(&self, id: &CommandId) -> commands::Status {
        commands::Status::new(self.context.cluster_id(), self.context.id(), id)
    }

    fn wait_failed(&self, id: &CommandId, error: Error) -> RunError {
        match error.kind() {
            ErrorKind::WaitTimeout => {
                self.cancel(id);
                RunError::Timeout(error)
            }
            ErrorKind::Interrupted => {
                self.cancel(id);
                RunError::Interrupted(error)
            }
            _ => {
                let failed = self
                    .context
                    .call_failed(error.with_delivery(Delivery::Unknown));
                if let RunError::Request(_) = failed {
                    self.cancel(id);
                }
                failed
            }
        }
    }

    /// Best effort: the reason for it is already on its way to the caller.
    fn cancel(&self, id: &CommandId) {
        let client = self.context.uninterrupted();
        let (cluster, context) = (self.context.cluster_id(), self.context.id());
        let request = commands::Cancel::new(cluster, context, id);
        if commands::cancel(&client, &request).is_err() {
            return;
        }
        let client = client.retries(RetryPolicy::none());
        let wait = Wait::new().timeout(CANCEL_GRACE);
        let question = self.question(id);
        let mut ask = || commands::status(&client, &question);
        drop(api_runtime::wait(
            &client,
            wait,
            "commands.cancel",
            &mut ask,
            progress,
        ));
    }
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Code often has secrets in it.
        f.debug_struct("Command")
            .field("context", self.context.id())
            .field("language", &self.language)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

/// An end is `Done` whichever it is: the results tell.
fn progress(answer: &commands::StatusResponse) -> Progress<'_> {
    if has_ended(&answer.status) {
        Progress::Done
    } else {
        Progress::Pending(answer.status.as_str())
    }
}

fn has_ended(status: &CommandStatus) -> bool {
    matches!(
        status,
        CommandStatus::Finished | CommandStatus::Cancelled | CommandStatus::Error
    )
}

/// What a command prints comes as a text: meanwhile, and in the end unless it left something else.
fn listen(answer: &mut commands::StatusResponse, stream: &mut OutputStream<'_>) {
    let Some(Results::Text(text)) = &mut answer.results else {
        return;
    };
    let Some(serde_json::Value::String(data)) = &mut text.data else {
        return;
    };
    if has_ended(&answer.status) {
        stream.finish(data);
    } else {
        stream.update(std::mem::take(data));
    }
}
