//! Listening and closed ports of the loopback interface.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use socket2::{Domain, Socket, Type};

/// Maximum number of connections that wait to be accepted.
const BACKLOG: i32 = 128;

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
        ClosedPort::new().listen()
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

/// A port that refuses connections. No other socket can use it.
#[derive(Debug)]
pub struct ClosedPort {
    // Bound, but not listening. With an unbound port, a client could even connect to itself: the
    // system may choose the same port for its side of the connection.
    socket: Socket,
    address: SocketAddr,
}

impl ClosedPort {
    /// Reserves a port.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn new() -> Self {
        let reserve = || {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
            let address = socket.local_addr()?.as_socket();
            let address = address.ok_or(io::ErrorKind::Unsupported)?;
            Ok::<_, io::Error>(Self { socket, address })
        };
        reserve().expect("a port should be free")
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
    /// If the system does not allow it.
    pub fn listen(self) -> Listener {
        let listening = self.socket.listen(BACKLOG);
        listening.expect("the port should be reserved");
        Listener {
            listener: self.socket.into(),
            address: self.address,
        }
    }
}

impl Default for ClosedPort {
    fn default() -> Self {
        Self::new()
    }
}
