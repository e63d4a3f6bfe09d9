//! Requests for one execution context.

use std::time::Duration;

use api_runtime::{Client, Error, ErrorKind, Wait};

use crate::api::{ClusterId, CommandId, ContextId, ContextStatus, Language, contexts};
use crate::cleanup::Cleanup;
use crate::event::{Event, EventKind, Observer};
use crate::leftover::Leftover;
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
    pub(crate) observer: Option<Observer>,
}

impl Session {
    /// Logs an event, and passes it to the observer.
    pub(crate) fn emit(
        &self,
        command_id: Option<&CommandId>,
        kind: EventKind<'_>,
        elapsed: Duration,
    ) {
        let event = Event {
            cluster_id: &self.cluster_id,
            context_id: &self.context_id,
            command_id,
            kind,
            elapsed,
        };
        event.log(&self.client);
        if let Some(observer) = &self.observer {
            observer.call(&event);
        }
    }

    /// Waits until the context is ready. `on_status` is called after each request.
    pub(crate) fn wait_until_ready(
        &self,
        mut on_status: impl FnMut(&ContextStatus),
    ) -> Result<(), Error> {
        let request = self.status_request();
        let mut poll = |client: &Client| contexts::status(client, &request);
        api_runtime::wait(
            &self.client,
            self.wait
                .on_poll(|response: &contexts::StatusResponse| on_status(&response.status)),
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
        let start = client.clock().now();
        let result = contexts::destroy(&client, &request);
        let elapsed = client.clock().now().saturating_duration_since(start);
        let error = match result {
            Err(error) if !outcome::reports_missing(&error) => error,
            result => {
                self.leftovers
                    .remove_context(&self.cluster_id, &self.context_id);
                self.emit(None, EventKind::ContextDestroyed, elapsed);
                return result.map(drop);
            }
        };
        let error = self.leftovers.attach(self.key, error);
        if let Some(leftover) = Leftover::of(&error) {
            self.emit(None, EventKind::Left(leftover), elapsed);
        }
        Err(error)
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
