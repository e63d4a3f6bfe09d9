//! Plain or encrypted byte stream.

use std::io::{self, Read, Write};
#[cfg(feature = "tls")]
use std::net::Shutdown;
use std::net::TcpStream;
#[cfg(feature = "tls")]
use std::sync::Arc;

#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>),
}

impl Stream {
    /// Returns the socket below any encryption.
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            #[cfg(feature = "tls")]
            Self::Tls(stream) => &stream.sock,
        }
    }

    /// Performs the TLS handshake. `received` are bytes that were read from the socket before.
    #[cfg(feature = "tls")]
    pub(crate) fn into_tls(
        self,
        config: Arc<rustls::ServerConfig>,
        received: &[u8],
    ) -> io::Result<Self> {
        let Self::Plain(mut socket) = self else {
            return Err(io::Error::other("the connection is encrypted already"));
        };
        let mut tls = rustls::ServerConnection::new(config).map_err(io::Error::other)?;
        let mut io = Prefixed {
            received,
            socket: &mut socket,
        };
        while tls.is_handshaking() {
            // On an error, this sends the alert to the client.
            let Err(error) = tls.complete_io(&mut io) else {
                continue;
            };
            // Closing a socket with unread data resets the connection, and a reset can overtake the
            // alert. The results do not matter, because the handshake has failed already.
            let _ = socket.shutdown(Shutdown::Write);
            let _ = io::copy(&mut socket, &mut io::sink());
            return Err(error);
        }
        Ok(Self::Tls(Box::new(rustls::StreamOwned::new(tls, socket))))
    }
}

/// A socket whose first bytes are read already.
#[cfg(feature = "tls")]
struct Prefixed<'a> {
    received: &'a [u8],
    socket: &'a mut TcpStream,
}

#[cfg(feature = "tls")]
impl Read for Prefixed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.received.is_empty() {
            self.socket.read(buffer)
        } else {
            self.received.read(buffer)
        }
    }
}

#[cfg(feature = "tls")]
impl Write for Prefixed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => match stream.read(buffer) {
                // rustls returns this after it wrote session tickets, before it reads anything.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.read(buffer),
                result => result,
            },
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.flush(),
        }
    }
}
