//! Processes of Scala contexts. Each one is a separate Spark application.
//!
//! `scala/ScalaKernel.scala` documents the requests.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::jars::Jars;
use super::jvm::{self, Start};
use crate::capture::Capture;
use crate::kernel::{Event, Kernel};
use crate::language::Language;
use crate::process::NotKilled;

/// The process of a Scala context, which may still be starting.
#[derive(Debug)]
pub(crate) struct Application {
    state: State,
    jars: Jars,
    /// Folder of the process, removed after its end.
    folder: PathBuf,
    on_ready: OnReady,
}

/// Function that is called when the process is ready.
struct OnReady(Box<dyn Fn() + Send>);

impl fmt::Debug for OnReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnReady")
    }
}

#[derive(Serialize)]
struct AddJar<'a> {
    path: &'a Path,
}

#[derive(Debug)]
enum State {
    /// The only task of the set is aborted on drop.
    Preparing(JoinSet<Result<Start, String>>),
    Running {
        kernel: Box<Kernel>,
        permit: Option<OwnedSemaphorePermit>,
    },
    Failed(String),
}

impl Application {
    /// Starts a process when `start` has completed, which may take a while.
    pub(super) fn new(
        start: impl Future<Output = Result<Start, String>> + Send + 'static,
        jars: Jars,
        folder: PathBuf,
        on_ready: impl Fn() + Send + 'static,
    ) -> Self {
        let mut preparation = JoinSet::new();
        preparation.spawn(start);
        Self {
            state: State::Preparing(preparation),
            jars,
            folder,
            on_ready: OnReady(Box::new(on_ready)),
        }
    }

    /// Starts a command, and captures its output.
    pub(crate) fn run(&mut self, id: &str, language: Language, source: &str, capture: Capture) {
        if let State::Running { kernel, .. } = &mut self.state {
            kernel.run(id, language, source, capture);
        }
    }

    pub(crate) fn interrupt(&mut self, id: &str) {
        if let State::Running { kernel, .. } = &mut self.state {
            kernel.interrupt(id);
        }
    }

    /// Waits for an event. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        if let State::Preparing(preparation) = &mut self.state {
            let start = preparation.join_next().await;
            self.state = match start {
                Some(Ok(start)) => State::start(start),
                // The task has panicked.
                _ => State::Failed("The Spark application cannot be started.".to_owned()),
            };
        }
        let State::Running { kernel, permit } = &mut self.state else {
            return Event::Disconnected;
        };
        loop {
            tokio::select! {
                event = kernel.event() => {
                    // The first event means that the process has started, or has failed to do so.
                    permit.take();
                    if matches!(event, Event::Ready) {
                        (self.on_ready.0)();
                        // Available to the first command.
                        while let Some(path) = self.jars.try_next() {
                            kernel.send("jar", &AddJar { path: &path });
                        }
                    }
                    return event;
                }
                path = self.jars.next(), if permit.is_none() => {
                    kernel.send("jar", &AddJar { path: &path });
                }
            }
        }
    }

    /// Returns the reason for the end of the process after [`Event::Disconnected`].
    pub(crate) async fn reap(&mut self) -> String {
        match &mut self.state {
            State::Running { kernel, .. } => kernel.reap().await,
            State::Failed(reason) => reason.clone(),
            State::Preparing(_) => "The process has not been started.".to_owned(),
        }
    }

    /// Kills the process, and removes its files.
    pub(crate) async fn kill(self) -> Result<(), NotKilled> {
        let killed = match self.state {
            State::Running { kernel, .. } => kernel.kill().await,
            State::Preparing(_) | State::Failed(_) => Ok(()),
        };
        jvm::remove_folder(self.folder).await;
        killed
    }
}

impl State {
    fn start(start: Result<Start, String>) -> Self {
        let running = start.and_then(|Start { launch, permit, .. }| {
            let kernel = Kernel::start(launch);
            let kernel = kernel.map_err(|error| format!("cannot start Python: {error}"))?;
            let kernel = Box::new(kernel);
            Ok(Self::Running { kernel, permit })
        });
        running.unwrap_or_else(|reason| {
            Self::Failed(format!(
                "The Spark application cannot be started: {reason}."
            ))
        })
    }
}
