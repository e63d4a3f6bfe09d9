//! Python contexts: a process each, which is connected to the cluster when a command needs Spark.

use crate::capture::Capture;
use crate::clusters::{Notice, SparkConnection, SparkEvent};
use crate::kernel::{Event, Kernel};
use crate::language::Language;
use crate::process::NotKilled;

/// A process that runs Python, and its connection to the Spark application of the cluster.
#[derive(Debug)]
pub(crate) struct Python {
    kernel: Kernel,
    spark: SparkConnection,
    /// The last command.
    command: Option<(String, Capture)>,
}

impl Python {
    pub(crate) fn new(kernel: Kernel, spark: SparkConnection) -> Self {
        Self {
            kernel,
            spark,
            command: None,
        }
    }

    pub(super) fn run(&mut self, id: &str, language: Language, source: &str, capture: Capture) {
        self.command = Some((id.to_owned(), capture.clone()));
        self.kernel.run(id, language, source, capture);
    }

    pub(super) fn interrupt(&mut self, id: &str) {
        self.kernel.interrupt(id);
        self.spark.cancel(id);
    }

    /// Waits for an event. Cancel-safe.
    pub(super) async fn event(&mut self) -> Event {
        loop {
            tokio::select! {
                event = self.kernel.event() => match event {
                    Event::Attach => self.spark.open(),
                    event => return event,
                },
                event = self.spark.event() => match event {
                    SparkEvent::Path(path) => self.kernel.send("pyspark", &path),
                    SparkEvent::Response(response) => self.kernel.send("spark", &response),
                    SparkEvent::Notice(notice) => self.append(&notice),
                    SparkEvent::Ended => return Event::Disconnected,
                },
            }
        }
    }

    /// Appends a message to the output of the command if it belongs to it.
    fn append(&self, notice: &Notice) {
        if let Some((id, capture)) = &self.command
            && *id == notice.id
        {
            capture.append(notice.text.as_bytes());
        }
    }

    /// Returns the reason for the end of the process or of the Spark application.
    pub(super) async fn reap(&mut self) -> String {
        match self.spark.end_reason() {
            Some(reason) => reason.to_string(),
            None => self.kernel.reap().await,
        }
    }

    /// Kills the process, and cancels the Spark jobs that it has started.
    pub(super) async fn kill(self) -> Result<(), NotKilled> {
        let killed = self.kernel.kill().await;
        let closed = self.spark.close().await;
        killed.and(closed)
    }
}
