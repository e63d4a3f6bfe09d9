//! Errors of starting a server.

use std::fmt;
use std::io;

/// Error returned by [`Server::start`](crate::Server::start).
#[derive(Debug)]
pub struct StartError {
    step: StartStep,
    source: io::Error,
}

/// Step of starting a server that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartStep {
    Listen { port: u16 },
    Runtime,
    Folder,
    Thread,
}

impl StartError {
    pub(crate) fn new(step: StartStep, source: io::Error) -> Self {
        Self { step, source }
    }

    /// Returns whether the requested port is already in use.
    pub fn is_port_in_use(&self) -> bool {
        matches!(self.step, StartStep::Listen { .. })
            && self.source.kind() == io::ErrorKind::AddrInUse
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            StartStep::Listen { port } if self.is_port_in_use() => {
                write!(formatter, "port {port} of 127.0.0.1 is already in use")
            }
            StartStep::Listen { port } => write!(formatter, "cannot listen on 127.0.0.1:{port}"),
            StartStep::Runtime => write!(formatter, "cannot create the async runtime"),
            StartStep::Folder => write!(formatter, "cannot create a temporary folder"),
            StartStep::Thread => write!(formatter, "cannot spawn the server thread"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
