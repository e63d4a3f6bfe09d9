//! Listening and closed ports of the loopback interface.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use crate::DEADLINE;

/// A listening port whose connections are not accepted.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens on a free port.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn bind() -> Self {
        let listener = Self::bind_to((Ipv4Addr::LOCALHOST, 0).into());
        listener.expect("a port should be free")
    }

    fn bind_to(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Returns the address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Accepts a pending connection and returns whether there was one. Does not wait: a client that
    /// has connected is always seen, because the system completes the handshake before `accept`.
    ///
    /// # Panics
    ///
    /// If the socket cannot be made non-blocking.
    pub fn take_connection(&self) -> bool {
        let set = |nonblocking| self.listener.set_nonblocking(nonblocking);
        set(true).expect("the socket should have a non-blocking mode");
        let is_pending = self.listener.accept().is_ok();
        set(false).expect("the socket should have a blocking mode");
        is_pending
    }

    pub(crate) fn accept(&self) -> io::Result<TcpStream> {
        self.listener.accept().map(|(stream, _)| stream)
    }
}

/// A port that refuses connections. No other process can listen on it.
#[derive(Debug)]
pub struct ClosedPort {
    address: SocketAddr,
    /// An outgoing connection from the port, which prevents other sockets from binding it.
    _occupied: (TcpListener, TcpStream),
}

impl ClosedPort {
    /// Reserves a port.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn new() -> Self {
        let Listener { listener, address } = Listener::bind();
        let stream = TcpStream::connect(address).expect("the listener should be reachable");
        Self {
            address: stream
                .local_addr()
                .expect("a socket should have an address"),
            _occupied: (listener, stream),
        }
    }

    /// Returns the address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Listens on the port.
    ///
    /// # Panics
    ///
    /// If the system does not release the port in time.
    pub fn listen(self) -> Listener {
        let address = self.address;
        drop(self);
        let start = Instant::now();
        loop {
            match Listener::bind_to(address) {
                // The connection that occupied the port may not be closed completely.
                Err(error)
                    if error.kind() == io::ErrorKind::AddrInUse && start.elapsed() < DEADLINE =>
                {
                    thread::yield_now();
                }
                result => return result.expect("the port should be free"),
            }
        }
    }
}

impl Default for ClosedPort {
    fn default() -> Self {
        Self::new()
    }
}
