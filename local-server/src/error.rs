//! Why a server did not start.

use std::fmt;
use std::io;

/// Why [`Server::start`](crate::Server::start) failed.
#[derive(Debug)]
pub struct StartError {
    failed: Failed,
    source: io::Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    Listen { port: u16 },
    Runtime,
    Thread,
}

impl StartError {
    pub(crate) fn new(failed: Failed, source: io::Error) -> Self {
        Self { failed, source }
    }

    /// Whether another program listens on the port that was asked for.
    pub fn is_port_in_use(&self) -> bool {
        matches!(self.failed, Failed::Listen { .. })
            && self.source.kind() == io::ErrorKind::AddrInUse
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failed {
            Failed::Listen { port } if self.is_port_in_use() => {
                write!(formatter, "port {port} of 127.0.0.1 is in use")
            }
            Failed::Listen { port } => write!(formatter, "cannot listen on 127.0.0.1:{port}"),
            Failed::Runtime => write!(formatter, "cannot set up the event loop"),
            Failed::Thread => write!(formatter, "cannot start the thread of the server"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
