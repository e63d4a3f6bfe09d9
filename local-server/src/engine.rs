//! Engines: what executes the commands of a context.

use std::io;

use serde::Serialize;

use crate::capture::Capture;
pub(crate) use crate::kernel::Event;
use crate::kernel::Kernel;
use crate::language::Language;
use crate::process::{Launch, NotKilled};

/// Executes the commands of one context, one at a time.
#[derive(Debug)]
pub(crate) enum Engine {
    /// A process of the context.
    Process(Kernel),
}

impl Engine {
    /// Starts a process. It accepts commands after [`Event::Ready`].
    pub(crate) fn process(launch: Launch) -> io::Result<Self> {
        Kernel::start(launch).map(Self::Process)
    }

    /// Starts a command, and captures its output.
    pub(crate) fn run(&mut self, id: &str, language: Language, source: &str, capture: Capture) {
        match self {
            Self::Process(kernel) => kernel.run(id, language, source, capture),
        }
    }

    /// Requests to interrupt a command. Has no effect if the engine runs another command.
    pub(crate) fn interrupt(&mut self, id: &str) {
        match self {
            Self::Process(kernel) => kernel.interrupt(id),
        }
    }

    /// Responds to [`Event::Attach`].
    pub(crate) fn attach(&mut self, response: &impl Serialize) {
        match self {
            Self::Process(kernel) => kernel.send("spark", response),
        }
    }

    /// Waits for an event. Requests are written and output is read meanwhile. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        match self {
            Self::Process(kernel) => kernel.event().await,
        }
    }

    /// Describes the end of the engine after [`Event::Disconnected`].
    pub(crate) async fn reap(&mut self) -> String {
        match self {
            Self::Process(kernel) => kernel.reap().await,
        }
    }

    /// Ends the engine, and waits until all processes of the context have exited.
    pub(crate) async fn kill(self) -> Result<(), NotKilled> {
        match self {
            Self::Process(kernel) => kernel.kill().await,
        }
    }
}
