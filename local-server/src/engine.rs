//! Engines: what executes the commands of a context.

mod python;

use std::time::Duration;

pub(crate) use self::python::Python;
use crate::capture::Capture;
use crate::clusters::{Application, Session};
pub(crate) use crate::kernel::Event;
use crate::kernel::Kernel;
use crate::language::Language;
use crate::limits;
use crate::process::NotKilled;

/// Executes the commands of one context, one at a time.
#[derive(Debug)]
pub(crate) enum Engine {
    /// A process of the context, which may be connected to the cluster.
    Python(Box<Python>),
    /// A process of the context.
    R(Box<Kernel>),
    /// A session in the process of the cluster.
    Session(Session),
    /// A process of the context that is a separate Spark application.
    Scala(Application),
}

impl Engine {
    /// Starts a command, and captures its output.
    pub(crate) fn run(&mut self, id: &str, language: Language, source: &str, capture: Capture) {
        match self {
            Self::Python(python) => python.run(id, language, source, capture),
            Self::R(kernel) => kernel.run(id, language, source, capture),
            Self::Session(session) => session.run(id, source, capture),
            Self::Scala(application) => application.run(id, language, source, capture),
        }
    }

    /// Requests to interrupt a command. Has no effect if the engine runs another command.
    pub(crate) fn interrupt(&mut self, id: &str) {
        match self {
            Self::Python(python) => python.interrupt(id),
            Self::R(kernel) => kernel.interrupt(id),
            Self::Session(session) => session.interrupt(id),
            Self::Scala(application) => application.interrupt(id),
        }
    }

    /// Waits for an event. Requests are written and output is read meanwhile. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        match self {
            Self::Python(python) => python.event().await,
            Self::R(kernel) => kernel.event().await,
            Self::Session(session) => session.event().await,
            Self::Scala(application) => application.event().await,
        }
    }

    /// Returns the maximum time until [`Event::Ready`].
    pub(crate) fn start_timeout(&self) -> Duration {
        match self {
            Self::Python(_) | Self::R(_) => limits::START_TIMEOUT,
            Self::Session(_) | Self::Scala(_) => limits::JVM_START_TIMEOUT,
        }
    }

    /// Returns the reason for the end of the engine after [`Event::Disconnected`].
    pub(crate) async fn reap(&mut self) -> String {
        match self {
            Self::Python(python) => python.reap().await,
            Self::R(kernel) => kernel.reap().await,
            Self::Session(session) => session.reap().await,
            Self::Scala(application) => application.reap().await,
        }
    }

    /// Ends the engine, and waits until all processes of the context have exited.
    pub(crate) async fn kill(self) -> Result<(), NotKilled> {
        match self {
            Self::Python(python) => python.kill().await,
            Self::R(kernel) => kernel.kill().await,
            Self::Session(session) => session.close().await,
            Self::Scala(application) => application.kill().await,
        }
    }
}
