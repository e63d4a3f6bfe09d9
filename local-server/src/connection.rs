//! Connections of clients: TCP, or TLS over TCP.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// Accepts connections, and encrypts them if it has a TLS configuration.
pub(crate) struct ConnectionListener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// A connection of a client.
pub(crate) struct Connection {
    stream: Stream,
    reset: ResetHandle,
}

/// Resets a connection instead of sending a response. Request handlers get it as `ConnectInfo`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResetHandle(Arc<AtomicBool>);

enum Stream {
    Tcp(TcpStream),
    /// The handshake is part of the first read, so that a slow client does not delay others.
    Handshake(Box<Accept<TcpStream>>),
    Tls(Box<TlsStream<TcpStream>>),
}

impl ConnectionListener {
    pub(crate) fn new(tcp: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        Self { tcp, tls }
    }
}

impl Listener for ConnectionListener {
    type Io = Connection;
    type Addr = ResetHandle;

    async fn accept(&mut self) -> (Connection, ResetHandle) {
        // The implementation of axum handles errors such as a lack of file descriptors.
        let (tcp, _) = Listener::accept(&mut self.tcp).await;
        // Without `TCP_NODELAY`, the second segment of a response waits for the delayed
        // acknowledgement of the client.
        let _ = tcp.set_nodelay(true);
        let stream = match &self.tls {
            None => Stream::Tcp(tcp),
            Some(acceptor) => Stream::Handshake(Box::new(acceptor.accept(tcp))),
        };
        let reset = ResetHandle::default();
        let connection = Connection {
            stream,
            reset: reset.clone(),
        };
        (connection, reset)
    }

    fn local_addr(&self) -> io::Result<ResetHandle> {
        Ok(ResetHandle::default())
    }
}

impl Connected<IncomingStream<'_, ConnectionListener>> for ResetHandle {
    fn connect_info(stream: IncomingStream<'_, ConnectionListener>) -> Self {
        stream.remote_addr().clone()
    }
}

impl ResetHandle {
    /// Resets the connection at the next write.
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl Connection {
    /// Completes the handshake.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Stream::Handshake(accept) = &mut self.stream {
            let tls = ready!(Pin::new(accept).poll(context))?;
            self.stream = Stream::Tls(Box::new(tls));
        }
        Poll::Ready(Ok(()))
    }

    fn tcp(&self) -> Option<&TcpStream> {
        match &self.stream {
            Stream::Tcp(tcp) => Some(tcp),
            Stream::Handshake(accept) => accept.get_ref(),
            Stream::Tls(tls) => Some(tls.get_ref().0),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.reset.check().is_err()
            && let Some(tcp) = self.tcp()
        {
            let _ = tcp.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_ready(context))?;
        match &mut self.stream {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_read(context, buffer),
            Stream::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
            Stream::Handshake(_) => Poll::Pending, // `poll_ready` has replaced it
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.reset.check()?;
        ready!(self.poll_ready(context))?;
        match &mut self.stream {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_write(context, bytes),
            Stream::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
            Stream::Handshake(_) => Poll::Pending,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.reset.check()?;
        ready!(self.poll_ready(context))?;
        match &mut self.stream {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_write_vectored(context, buffers),
            Stream::Tls(tls) => Pin::new(tls).poll_write_vectored(context, buffers),
            Stream::Handshake(_) => Poll::Pending,
        }
    }

    fn is_write_vectored(&self) -> bool {
        true // TCP and TLS support it
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_flush(context),
            Stream::Tls(tls) => Pin::new(tls).poll_flush(context),
            Stream::Handshake(_) => Poll::Ready(Ok(())), // nothing has been written
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset.check()?;
        match &mut self.stream {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_shutdown(context),
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(context),
            Stream::Handshake(_) => Poll::Ready(Ok(())),
        }
    }
}
