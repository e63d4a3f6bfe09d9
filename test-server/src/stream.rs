//! Plain or encrypted byte stream.

use std::io::{self, Read, Write};
use std::net::TcpStream;

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

    /// Performs the TLS handshake.
    #[cfg(feature = "tls")]
    pub(crate) fn into_tls(self, config: std::sync::Arc<rustls::ServerConfig>) -> io::Result<Self> {
        let Self::Plain(mut socket) = self else {
            return Err(io::Error::other("the connection is encrypted already"));
        };
        let mut tls = rustls::ServerConnection::new(config).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            // On an error, this sends the alert to the client.
            tls.complete_io(&mut socket)?;
        }
        Ok(Self::Tls(Box::new(rustls::StreamOwned::new(tls, socket))))
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
