//! Requests for one execution context.

use api_runtime::{Client, Error, ErrorKind, Wait};

use crate::api::{ClusterId, ContextId, ContextStatus, Language, contexts};
use crate::cleanup::Cleanup;
use crate::leftovers::{Key, Leftovers};
use crate::outcome;
use crate::run_error::RunError;

/// Execution context with the client and the defaults for its commands.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) cluster_id: ClusterId,
    pub(crate) context_id: ContextId,
    pub(crate) language: Language,
    pub(crate) wait: Wait,
    pub(crate) cleanup: Cleanup,
    pub(crate) leftovers: Leftovers,
    /// Entry of the context in the record.
    pub(crate) key: Key,
}

impl Session {
    /// Waits until the context is ready.
    pub(crate) fn wait_until_ready(&self) -> Result<(), Error> {
        let request = self.status_request();
        let mut poll = |client: &Client| contexts::status(client, &request);
        api_runtime::wait(
            &self.client,
            self.wait,
            contexts::Status::OPERATION.name,
            &mut poll,
            contexts::create_progress,
        )
        .map(drop)
    }

    /// Returns a client whose interrupt is that of one command, which that of the context raises as well.
    pub(crate) fn client_of_command(&self) -> Client {
        self.client.with_interrupt(self.client.interrupt().child())
    }

    /// Destroys the context. What remains is attached to the error.
    pub(crate) fn destroy(&self) -> Result<(), Error> {
        let request = contexts::Destroy::new(&self.cluster_id, &self.context_id);
        let client = self.cleanup.destroying(&self.client);
        let Err(error) = contexts::destroy(&client, &request) else {
            self.leftovers
                .remove_context(&self.cluster_id, &self.context_id);
            return Ok(());
        };
        if outcome::reports_missing(&error) {
            self.leftovers
                .remove_context(&self.cluster_id, &self.context_id);
            return Err(error);
        }
        Err(self.leftovers.attach(self.key, error))
    }

    /// Returns whether the context does not exist any more or has failed. `client` has the limits of
    /// the command.
    pub(crate) fn is_lost(&self, client: &Client) -> bool {
        let client = self.cleanup.checking(client);
        match contexts::status(&client, &self.status_request()) {
            Ok(response) => response.status == ContextStatus::Error,
            Err(error) => outcome::denies_context(&error),
        }
    }

    /// Converts the error of a request for a command. `client` has the limits of the command.
    pub(crate) fn run_error(&self, client: &Client, error: Error) -> RunError {
        // The messages are not documented, so the context is checked as well.
        let is_lost = error.kind() == ErrorKind::Status
            && outcome::names_lost_context(error.code(), error.message())
            && self.is_lost(client);
        if is_lost {
            RunError::ContextLost(error.message().to_owned())
        } else {
            error.into()
        }
    }

    fn status_request(&self) -> contexts::Status {
        contexts::Status::new(&self.cluster_id, &self.context_id)
    }
}
