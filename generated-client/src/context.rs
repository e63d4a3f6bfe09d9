//! An execution context as one object.

use std::path::Path;

use api_runtime::{Client, Error, ErrorKind, Interrupt, Upload, Wait};

use crate::outcome::{self, Output, RunError};
use crate::{ClusterId, CommandId, ContextId, Language, commands, contexts};

/// An execution context on a cluster, ready for commands; destroyed when it goes.
///
/// Destroying it on drop is quiet: [`close`](Self::close) tells if that failed.
///
/// # Example
///
/// ```no_run
/// use generated_client::{Client, ExecutionContext, Language};
///
/// let client = Client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
/// let output = context.run("spark.range(10).count()")?;
/// println!("{output}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the context is destroyed when it goes"]
pub struct ExecutionContext {
    client: Client,
    cluster: ClusterId,
    id: ContextId,
    language: Language,
    wait: Wait,
    destroyed: bool,
}

impl ExecutionContext {
    /// Creates a context and waits until it is ready, up to 20 minutes.
    ///
    /// A context that does not become ready is destroyed again.
    ///
    /// # Errors
    ///
    /// Those of [`contexts::create`] and [`contexts::wait_for_create`].
    pub fn create(
        client: &Client,
        cluster: impl Into<ClusterId>,
        language: Language,
    ) -> Result<Self, Error> {
        Self::create_within(client, cluster, language, Wait::new())
    }

    /// Creates a context and waits as long as `wait` says; its commands are waited for as long,
    /// each.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    pub fn create_within(
        client: &Client,
        cluster: impl Into<ClusterId>,
        language: Language,
        wait: Wait,
    ) -> Result<Self, Error> {
        let request = contexts::Create::new(cluster, language);
        let created = contexts::create(client, &request)?;
        // From here on the context is destroyed whatever happens.
        let context = Self {
            client: client.clone(),
            cluster: request.cluster_id.clone(),
            id: created.id.clone(),
            language: request.language.clone(),
            wait,
            destroyed: false,
        };
        contexts::wait_for_create(client, &request, &created, wait)?;
        Ok(context)
    }

    /// Its id.
    pub fn id(&self) -> &ContextId {
        &self.id
    }

    /// The cluster it is on.
    pub fn cluster_id(&self) -> &ClusterId {
        &self.cluster
    }

    /// The language of its commands.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// Runs code, waits for its end and gives what it left behind.
    ///
    /// When the wait runs out of time or is interrupted, the command is cancelled.
    ///
    /// # Errors
    ///
    /// [`RunError`] tells apart an error of the code, a cancelled command, a lost context, a wait
    /// out of time, and a call that failed.
    pub fn run(&self, code: &str) -> Result<Output, RunError> {
        let request = commands::Execute::new(&self.cluster, &self.id, self.language.clone(), code);
        let command = commands::execute(&self.client, &request).map_err(|e| self.call_failed(e))?;
        let ended = commands::wait_for_execute(&self.client, &request, &command, self.wait);
        self.finish(&command.id, ended)
    }

    /// Runs the contents of a file, which is streamed from disk.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run), and [`RunError::Call`] if the file cannot be read.
    pub fn run_file(&self, path: impl AsRef<Path>) -> Result<Output, RunError> {
        let file = Upload::from(path.as_ref());
        let language = self.language.clone();
        let request = commands::ExecuteFile::new(&self.cluster, &self.id, language, file);
        let command =
            commands::execute_file(&self.client, &request).map_err(|e| self.call_failed(e))?;
        let ended = commands::wait_for_execute_file(&self.client, &request, &command, self.wait);
        self.finish(&command.id, ended)
    }

    /// Destroys the context.
    ///
    /// # Errors
    ///
    /// Those of [`contexts::destroy`].
    pub fn close(mut self) -> Result<(), Error> {
        self.destroy()
    }

    fn destroy(&mut self) -> Result<(), Error> {
        self.destroyed = true;
        let request = contexts::Destroy::new(&self.cluster, &self.id);
        contexts::destroy(&self.uninterrupted(), &request).map(drop)
    }

    fn finish(
        &self,
        command: &CommandId,
        ended: Result<commands::StatusResponse, Error>,
    ) -> Result<Output, RunError> {
        match ended {
            Ok(answer) => outcome::read(answer, &self.language, || self.is_lost()),
            Err(error) => Err(self.wait_failed(command, error)),
        }
    }

    fn wait_failed(&self, command: &CommandId, error: Error) -> RunError {
        match error.kind() {
            ErrorKind::WaitTimedOut => {
                self.cancel(command);
                RunError::TimedOut(error)
            }
            ErrorKind::Interrupted => {
                self.cancel(command);
                RunError::Interrupted(error)
            }
            _ => self.call_failed(error),
        }
    }

    /// A refusal may mean that the context is gone.
    fn call_failed(&self, error: Error) -> RunError {
        let suspicious = error.kind() == ErrorKind::Refused
            && outcome::names_lost_context(error.message())
            && self.is_lost();
        if suspicious {
            RunError::ContextLost(error.message().to_owned())
        } else {
            error.into()
        }
    }

    /// Best effort: the reason for it is already on its way to the caller.
    fn cancel(&self, command: &CommandId) {
        let request = commands::Cancel::new(&self.cluster, &self.id, command);
        drop(commands::cancel(&self.uninterrupted(), &request));
    }

    /// For what must be cleaned up after an interrupt.
    fn uninterrupted(&self) -> Client {
        self.client.with_interrupt(Interrupt::new())
    }

    /// Whether the server knows the context no longer, or has lost what ran in it.
    fn is_lost(&self) -> bool {
        let request = contexts::Status::new(&self.cluster, &self.id);
        match contexts::status(&self.client, &request) {
            Ok(answer) => answer.status == crate::ContextStatus::Error,
            Err(error) => error.kind() == ErrorKind::Refused && error.status() != Some(429),
        }
    }
}

impl Drop for ExecutionContext {
    fn drop(&mut self) {
        if !self.destroyed {
            drop(self.destroy());
        }
    }
}
