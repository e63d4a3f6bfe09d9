//! Scripted responses.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};

use crate::connection::Connection;
use crate::message::response;

/// Reaction to one request, for [`Server::scripted`](crate::Server::scripted).
#[derive(Clone, Debug)]
pub enum Action {
    /// Reads the request and sends these bytes.
    Send(Vec<u8>),
    /// Reads the request, sends these bytes and closes the connection.
    SendAndClose(Vec<u8>),
    /// Reads only the request head, sends these bytes and closes the connection.
    SendEarly(Vec<u8>),
    /// Reads the request and resets the connection (RST).
    Reset,
    /// Reads the request and sends nothing until the client closes the connection.
    Hang,
}

impl Action {
    /// Sends a response with `content-type: application/json`. The body need not be JSON.
    pub fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::respond(status, &["content-type: application/json"], body)
    }

    /// Sends a [`response`] with these header lines.
    pub fn respond(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        Self::Send(response(status, headers, body))
    }
}

/// Actions that all connections of a server take in turn.
#[derive(Debug)]
pub(crate) struct Script(Mutex<VecDeque<Action>>);

impl Script {
    pub(crate) fn new(actions: impl IntoIterator<Item = Action>) -> Self {
        Self(Mutex::new(actions.into_iter().collect()))
    }

    fn next(&self) -> Option<Action> {
        let mut actions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        actions.pop_front()
    }

    /// Performs one action per request until the client closes the connection or the script ends.
    pub(crate) fn run(&self, mut connection: Connection) -> io::Result<()> {
        // A client may close an idle connection, which must not use up an action.
        while connection.has_data()?
            && let Some(action) = self.next()
        {
            if let Action::SendEarly(bytes) = action {
                let request = connection.read_request_head()?;
                connection.record(&request);
                return connection.send(bytes);
            }
            let request = connection.read_request()?;
            match action {
                Action::Send(bytes) => connection.send(bytes)?,
                Action::SendAndClose(bytes) | Action::SendEarly(bytes) => {
                    return connection.send(bytes);
                }
                Action::Reset => return connection.reset(),
                Action::Hang => return connection.wait_for_close(),
            }
            if request.header("connection") == Some("close") {
                break;
            }
        }
        Ok(())
    }
}
