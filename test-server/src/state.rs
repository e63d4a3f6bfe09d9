//! State shared by a server and its connections.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::deadline::DEADLINE;
use crate::message::Request;

#[derive(Debug, Default)]
pub(crate) struct State {
    current: Mutex<Current>,
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct Current {
    requests: Vec<Request>,
    accepted: usize,
    /// Second handles of the open sockets, to shut them down from outside of their handlers.
    open: BTreeMap<usize, TcpStream>,
    is_stopped: bool,
}

impl Current {
    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Number of connections accepted so far.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted
    }

    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn closed(&self) -> usize {
        self.accepted - self.open.len()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    fn shut_down(&self) {
        for stream in self.open.values() {
            // Fails if the client has closed the connection already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl State {
    pub(crate) fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Current)) {
        change(&mut self.current());
        self.changed.notify_all();
    }

    pub(crate) fn record(&self, request: Request) {
        self.change(|current| current.requests.push(request));
    }

    /// Waits until the condition holds. Returns `false` after [`DEADLINE`].
    pub(crate) fn wait_until(&self, mut holds: impl FnMut(&Current) -> bool) -> bool {
        let current = self.current();
        let waited = self
            .changed
            .wait_timeout_while(current, DEADLINE, |current| !holds(current));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Waits until the server is stopped, without a deadline.
    pub(crate) fn wait_for_stop(&self) {
        let current = self.current();
        let stopped = self
            .changed
            .wait_while(current, |current| !current.is_stopped);
        drop(stopped);
    }

    /// Shuts down all open connections.
    pub(crate) fn shut_down(&self) {
        self.current().shut_down();
    }

    pub(crate) fn stop(&self) {
        self.change(|current| {
            current.is_stopped = true;
            current.shut_down();
        });
    }
}

/// Entry of an open connection in the state of its server.
#[derive(Debug)]
pub(crate) struct Registration {
    pub(crate) index: usize,
    pub(crate) state: Arc<State>,
}

impl Registration {
    /// Registers a connection, unless the server is stopped.
    pub(crate) fn new(state: &Arc<State>, stream: &TcpStream) -> io::Result<Self> {
        let stream = stream.try_clone()?;
        let mut current = state.current();
        if current.is_stopped {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let index = current.accepted;
        current.accepted += 1;
        current.open.insert(index, stream);
        drop(current);
        state.changed.notify_all();
        Ok(Self {
            index,
            state: Arc::clone(state),
        })
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // The connection is closed with its last handle, which is this one: a connection that
        // counts as closed is closed.
        self.state
            .change(|current| drop(current.open.remove(&self.index)));
    }
}
