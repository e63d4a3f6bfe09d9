//! Errors of starting a server.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Error returned by [`Server::start`](crate::Server::start).
#[derive(Debug)]
pub struct StartError {
    step: StartStep,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Step of starting a server that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartStep {
    /// Check of the options: other machines could run code.
    Credentials {
        address: IpAddr,
    },
    Listen {
        address: SocketAddr,
    },
    Certificate,
    Runtime,
    Thread,
    TemporaryFolder,
    /// The folder for the files of DBFS.
    DbfsRoot,
}

impl StartError {
    pub(crate) fn new(step: StartStep, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            step,
            source: Some(source.into()),
        }
    }

    pub(crate) fn without_credentials(address: IpAddr) -> Self {
        Self {
            step: StartStep::Credentials { address },
            source: None,
        }
    }

    /// Returns whether the requested port is already in use.
    pub fn is_port_in_use(&self) -> bool {
        let source = self.source.as_ref();
        let source = source.and_then(|source| source.downcast_ref::<io::Error>());
        matches!(self.step, StartStep::Listen { .. })
            && source.is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            StartStep::Credentials { address } => write!(
                formatter,
                "a server that listens on {address} requires a token, as other machines could \
                 run code"
            ),
            StartStep::Listen { address } if self.is_port_in_use() => {
                let (ip, port) = (address.ip(), address.port());
                write!(formatter, "port {port} of {ip} is already in use")
            }
            StartStep::Listen { address } => write!(formatter, "cannot listen on {address}"),
            StartStep::Certificate => write!(formatter, "cannot generate a certificate"),
            StartStep::Runtime => write!(formatter, "cannot create the async runtime"),
            StartStep::Thread => write!(formatter, "cannot spawn the server thread"),
            StartStep::TemporaryFolder => write!(formatter, "cannot create a temporary folder"),
            StartStep::DbfsRoot => write!(formatter, "cannot use the folder for the files of DBFS"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
