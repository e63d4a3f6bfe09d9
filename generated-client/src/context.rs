//! An execution context as one object.

use std::path::Path;

use api_runtime::Progress;
use api_runtime::{Client, Error, ErrorKind, Interrupt, Wait};

use crate::api::{ClusterId, ContextId, ContextStatus, Language, contexts};
use crate::command::Command;
use crate::context_builder::ContextBuilder;
use crate::outcome::{self, RunError};
use crate::output::Output;

/// An execution context on a cluster, ready for commands; destroyed when it goes.
///
/// Destroying it on drop is quiet: [`close`](Self::close) tells if that failed. A context is also
/// destroyed when a panic unwinds past it. One that should stay is [detached](Self::detach), and one
/// that is there already is [attached](Self::attach) to.
///
/// # Example
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
#[must_use = "the context is destroyed when it goes"]
pub struct ExecutionContext {
    client: Client,
    cluster: ClusterId,
    id: ContextId,
    language: Language,
    wait: Wait,
    destroy_on_drop: bool,
}

/// The context itself.
impl ExecutionContext {
    /// Creates a context and waits until it is ready, up to 20 minutes.
    ///
    /// A cluster that has just started may not be ready for contexts yet; then this asks again: see
    /// [`ContextBuilder`], which also says how long. A context that does not become ready is
    /// destroyed.
    ///
    /// # Errors
    ///
    /// Those of [`contexts::create`] and [`contexts::wait_for_create`].
    pub fn create(
        client: &Client,
        cluster: impl Into<ClusterId>,
        language: Language,
    ) -> Result<Self, Error> {
        ContextBuilder::new(cluster, language).create(client)
    }

    /// Takes up a context that is there already, and waits until it is ready, up to 20 minutes.
    /// `language` is that of commands which do not say another.
    ///
    /// It is not destroyed when it goes, unless [asked for](Self::destroy_on_drop).
    ///
    /// # Errors
    ///
    /// Those of [`contexts::status`]; [`ErrorKind::WaitFailed`] if the context has failed, and
    /// [`ErrorKind::WaitTimeout`] if it does not become ready.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use generated_client::{ExecutionContext, Language};
    ///
    /// let client = generated_client::from_env()?;
    /// let cluster = "0123-456789-abcde";
    /// let context = ExecutionContext::create(&client, cluster, Language::Python)?;
    /// context.run("x = 6")?;
    /// let id = context.detach(); // to be kept somewhere
    ///
    /// let context = ExecutionContext::attach(&client, cluster, id, Language::Python)?;
    /// println!("{}", context.run("x * 7")?);
    /// context.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attach(
        client: &Client,
        cluster: impl Into<ClusterId>,
        id: impl Into<ContextId>,
        language: Language,
    ) -> Result<Self, Error> {
        let (cluster, id) = (cluster.into(), id.into());
        let context = Self::of(client, cluster, id, language, Wait::new()).destroy_on_drop(false);
        context.await_ready()?;
        Ok(context)
    }

    /// Lets the context live on, and gives its id.
    pub fn detach(self) -> ContextId {
        let context = self.destroy_on_drop(false);
        context.id.clone()
    }

    /// Says whether the context is destroyed when it goes: a created one is unless told, an
    /// [attached](Self::attach) one is not.
    pub fn destroy_on_drop(mut self, destroy: bool) -> Self {
        self.destroy_on_drop = destroy;
        self
    }

    /// Destroys the context, be it created or attached.
    ///
    /// # Errors
    ///
    /// Those of [`contexts::destroy`].
    pub fn close(mut self) -> Result<(), Error> {
        self.destroy_on_drop = false;
        self.destroy()
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
}

/// Running code in it.
impl ExecutionContext {
    /// Runs code, waits for its end and gives what it left behind.
    ///
    /// When the wait runs out of time or is interrupted, the command is cancelled.
    /// [`command`](Self::command) can be told more: how long to wait, and who sees the output as it
    /// comes.
    ///
    /// # Errors
    ///
    /// [`RunError`] tells apart an error of the code, a cancelled command, a lost context, a wait
    /// out of time, and a call that failed.
    pub fn run(&self, code: &str) -> Result<Output, RunError> {
        self.command(code).run()
    }

    /// Runs the contents of a file, which is streamed from disk.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run), and [`RunError::Request`] if the file cannot be read.
    pub fn run_file(&self, path: impl AsRef<Path>) -> Result<Output, RunError> {
        self.command_file(path).run()
    }

    /// A command that is to be run.
    ///
    /// # Example
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
    pub fn command<'a>(&'a self, code: &'a str) -> Command<'a> {
        Command::of_text(self, code)
    }

    /// A file that is to be run. It is opened when it is sent, and streamed from disk.
    pub fn command_file(&self, path: impl AsRef<Path>) -> Command<'_> {
        Command::of_file(self, path.as_ref().to_owned())
    }
}

/// For the other modules.
impl ExecutionContext {
    /// A context that is destroyed from here on, whatever happens.
    pub(crate) fn of(
        client: &Client,
        cluster: ClusterId,
        id: ContextId,
        language: Language,
        wait: Wait,
    ) -> Self {
        Self {
            client: client.clone(),
            cluster,
            id,
            language,
            wait,
            destroy_on_drop: true,
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn wait(&self) -> Wait {
        self.wait
    }

    /// For what must be cleaned up after an interrupt.
    pub(crate) fn uninterrupted(&self) -> Client {
        self.client.with_interrupt(Interrupt::new())
    }

    /// A refusal may mean that the context is gone.
    pub(crate) fn call_failed(&self, error: Error) -> RunError {
        let suspicious = error.kind() == ErrorKind::Status
            && outcome::names_lost_context(error.code(), error.message())
            && self.is_lost();
        if suspicious {
            RunError::ContextLost(error.message().to_owned())
        } else {
            error.into()
        }
    }

    /// Whether the server knows the context no longer, or has lost what ran in it.
    pub(crate) fn is_lost(&self) -> bool {
        let request = contexts::Status::new(&self.cluster, &self.id);
        match contexts::status(&self.uninterrupted(), &request) {
            Ok(answer) => answer.status == ContextStatus::Error,
            Err(error) => outcome::denies_context(&error),
        }
    }

    fn await_ready(&self) -> Result<(), Error> {
        let request = contexts::Status::new(&self.cluster, &self.id);
        let mut ask = || contexts::status(&self.client, &request);
        api_runtime::wait(
            &self.client,
            self.wait,
            "contexts.status",
            &mut ask,
            readiness,
        )
        .map(drop)
    }

    fn destroy(&self) -> Result<(), Error> {
        let request = contexts::Destroy::new(&self.cluster, &self.id);
        contexts::destroy(&self.uninterrupted(), &request).map(drop)
    }
}

impl Drop for ExecutionContext {
    fn drop(&mut self) {
        if self.destroy_on_drop {
            drop(self.destroy());
        }
    }
}

fn readiness(answer: &contexts::StatusResponse) -> Progress<'_> {
    match &answer.status {
        ContextStatus::Running => Progress::Done,
        status @ ContextStatus::Error => Progress::Failed(status.as_str()),
        status => Progress::Pending(status.as_str()),
    }
}
