//! Creation and end of one execution context.

use std::time::Duration;

use generated_client::{
    Client, ContextBuilder, Error, ErrorKind, ExecutionContext, Leftover, Leftovers, Wait,
};

use crate::cluster;
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::handle::Handle;
use crate::language::Language;
use crate::out::Out;
use crate::progress::Progress;
use crate::target::Target;
use crate::timeout::Timeout;

/// Target and settings of contexts.
#[derive(Clone, Copy)]
pub(crate) struct ContextSettings<'a> {
    pub(crate) target: &'a Target,
    /// Record of the contexts.
    pub(crate) leftovers: &'a Leftovers,
    /// Time limit of the target.
    pub(crate) timeout: Timeout,
    pub(crate) cleanup_timeout: Timeout,
}

impl ContextSettings<'_> {
    /// Creates a context. `client` is that of the target, or one with a separate interrupt.
    pub(crate) fn create(
        &self,
        client: &Client,
        language: Language,
        progress: &Progress,
    ) -> Result<ExecutionContext, CliError> {
        let mut builder = self.builder(&self.target.cluster, language);
        let set_state = progress.setter();
        let describe = self.target.states();
        builder = builder.on_progress(move |progress| match progress.context {
            Some((_, status)) => set_state(&describe(&status)),
            None => set_state("waiting for the cluster"),
        });
        if self.target.is_local() {
            // There is no cluster that may still be starting, and nothing remains after this process.
            builder = builder.cluster_timeout(Duration::ZERO).attempts(1);
        }
        builder
            .leftovers(self.leftovers)
            .create(client)
            .map_err(|error| self.not_created(error))
    }

    /// Attaches to a context.
    pub(crate) fn attach(
        &self,
        client: &Client,
        handle: &Handle,
        language: Language,
    ) -> Result<ExecutionContext, CliError> {
        let builder = self.builder(&handle.cluster, language);
        // The commands are recorded, too.
        let builder = builder.leftovers(self.leftovers);
        let attached = builder.attach(client, &*handle.context);
        attached.map_err(|error| CliError::workspace_request(&error))
    }

    fn builder(&self, cluster: &str, language: Language) -> ContextBuilder {
        let cleanup_timeout = self.cleanup_timeout.duration();
        // The client has the deadline of `--timeout`. Without it, the wait has its default timeout.
        let wait = match self.timeout.duration() {
            Some(_) => Wait::new().no_timeout(),
            None => Wait::new(),
        };
        ContextBuilder::new(cluster, language.into())
            .wait(wait)
            .cleanup_timeout(cleanup_timeout.unwrap_or(Duration::MAX))
    }

    fn not_created(&self, mut error: Error) -> CliError {
        let target = self.target;
        if target.is_local() {
            // The server destroys the context when it stops.
            error.detach::<Leftover>();
        }
        if target.has_timed_out(&error) {
            let timeout = self.timeout;
            return CliError::timeout(format_args!(
                "timed out after {timeout} (--timeout) while the context was created"
            ))
            .note(with_sources(&error))
            .help(TIMEOUT_HELP);
        }
        let Target {
            client,
            cluster,
            cluster_name,
            ..
        } = target;
        let cli_error = CliError::workspace_request(&error);
        if !target.is_local()
            && let Some(terminated) = cluster::not_running(client, cluster, cluster_name, &error)
        {
            return terminated.note(cli_error.message());
        }
        // The usual reason for a failure on this machine: Python is missing or too old.
        let is_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
        if target.is_local() && is_python {
            cli_error.help("use `--python PROGRAM` to select Python 3.8 or newer")
        } else {
            cli_error
        }
    }
}

/// Returns the handle of a context.
pub(crate) fn handle_of(context: &ExecutionContext) -> Handle {
    Handle::context(context.cluster_id().as_str(), context.id().as_str())
}

/// Keeps a context that was created, and prints its handle.
pub(crate) fn keep(context: ExecutionContext, out: &Out) {
    let handle = handle_of(&context);
    context.detach();
    out.note(format_args!(
        "the context is kept: `dbexec run --context {handle}` uses it, `dbexec destroy {handle}` destroys it"
    ));
}

/// Destroys a context, and returns whether it is destroyed.
pub(crate) fn close(context: ExecutionContext, target: &Target, out: &Out) -> bool {
    if target.is_local() {
        // The server destroys the context when it stops, without a request.
        context.detach();
        return true;
    }
    let Err(mut error) = context.close() else {
        return true;
    };
    let remains = error.detach::<Leftover>().is_some();
    out.warn(format_args!(
        "cannot destroy the execution context: {error}"
    ));
    !remains
}
