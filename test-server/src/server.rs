//! The listening server.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::action::{Action, Script};
use crate::connection::Connection;
use crate::deadline::DEADLINE;
use crate::listener::Listener;
use crate::message::Request;
use crate::state::State;

/// A listening server. Stopped on drop.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port and runs `handler` for each connection, on a separate thread.
    ///
    /// The connection is closed when the handler drops it. Errors of the handler only end the
    /// connection; panics are raised again when the server is dropped.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn start(handler: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self::start_on(Listener::bind(), handler)
    }

    /// Like [`start`](Self::start), on a port that is listening already.
    pub fn start_on(
        listener: Listener,
        handler: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let address = listener.address();
        let state = Arc::<State>::default();
        let accepting = Arc::clone(&state);
        let thread = thread::spawn(move || accept(&listener, &accepting, &handler));
        Self {
            address,
            state,
            thread: Some(thread),
        }
    }

    /// Listens on a free port and performs one action for each request, in order.
    ///
    /// After the last action, the server closes connections without a response.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn scripted(actions: impl IntoIterator<Item = Action>) -> Self {
        let script = Script::new(actions);
        Self::start(move |connection| script.run(connection))
    }

    /// Returns the address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns `https://127.0.0.1:PORT`, for handlers that use TLS.
    pub fn https_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Returns the requests recorded so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state.current().requests().to_vec()
    }

    /// Returns the only recorded request.
    ///
    /// # Panics
    ///
    /// If no request or more than one was recorded.
    pub fn request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "expected one request: {requests:?}");
        requests.remove(0)
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.state.current().accepted()
    }

    /// Returns the number of open connections.
    pub fn open_connections(&self) -> usize {
        self.state.current().open()
    }

    /// Waits until this many connections have been accepted.
    ///
    /// # Panics
    ///
    /// After [`DEADLINE`].
    pub fn wait_until_connected(&self, count: usize) {
        let connected = self.state.wait_until(|current| current.accepted() >= count);
        assert!(connected, "{count} connections within {DEADLINE:?}");
    }

    /// Waits until this many requests have been recorded.
    ///
    /// # Panics
    ///
    /// After [`DEADLINE`].
    pub fn wait_until_requested(&self, count: usize) {
        let requested = self
            .state
            .wait_until(|current| current.requests().len() >= count);
        assert!(requested, "{count} requests within {DEADLINE:?}");
    }

    /// Waits until this many connections have been closed by the server.
    ///
    /// # Panics
    ///
    /// After [`DEADLINE`].
    pub fn wait_until_closed(&self, count: usize) {
        let closed = self.state.wait_until(|current| current.closed() >= count);
        assert!(closed, "{count} connections closed within {DEADLINE:?}");
    }

    /// Closes all open connections (FIN) and waits until their handlers have dropped them.
    ///
    /// # Panics
    ///
    /// After [`DEADLINE`].
    pub fn close_connections(&self) {
        self.state.shut_down();
        let closed = self.state.wait_until(|current| current.open() == 0);
        assert!(closed, "all connections closed within {DEADLINE:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop();
        // Wakes the thread that waits in `accept`.
        drop(TcpStream::connect(self.address));
        let joined = self.thread.take().map(JoinHandle::join);
        // The message of the handler is on stderr.
        let failed = matches!(joined, Some(Err(_)));
        assert!(
            !failed || thread::panicking(),
            "a handler of the test server panicked"
        );
    }
}

fn accept(
    listener: &Listener,
    state: &Arc<State>,
    handler: &(impl Fn(Connection) -> io::Result<()> + Sync),
) {
    // The scope waits for all handlers and panics if one of them has panicked.
    thread::scope(|scope| {
        loop {
            let accepted = listener.accept();
            if state.current().is_stopped() {
                return;
            }
            let connection = accepted.and_then(|socket| Connection::new(socket, state));
            // Fails if the client has reset the connection already.
            let Ok(connection) = connection else { continue };
            scope.spawn(move || {
                let _ = handler(connection);
            });
        }
    });
}
