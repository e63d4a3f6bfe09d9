//! Starts of the processes of Scala contexts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::application::Application;
use super::archives::Archives;
use super::jvm::{self, JvmOptions};
use super::program::Program;
use super::setup::ClusterSetup;
use crate::spark::Spark;

/// Starts the processes of Scala contexts.
#[derive(Debug)]
pub(crate) struct Applications {
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    archives: Arc<Archives>,
    /// Number of processes that have been started, for the names of their folders.
    started: AtomicUsize,
}

impl Applications {
    pub(crate) fn new(
        spark: Arc<Spark>,
        options: Arc<JvmOptions>,
        archives: Arc<Archives>,
    ) -> Self {
        Self {
            spark,
            options,
            archives,
            started: AtomicUsize::new(0),
        }
    }

    /// Starts a process. `cluster` is part of its name in Spark.
    pub(crate) fn start(&self, cluster: &str, setup: ClusterSetup) -> Application {
        let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        let folder = self.options.folder.join(format!("scala-{number}"));
        let start = jvm::prepare(
            Arc::clone(&self.spark),
            Arc::clone(&self.options),
            Program::ScalaKernel,
            format!("{cluster} (Scala)"),
            setup.resources,
            folder.clone(),
        );
        let archives = Arc::clone(&self.archives);
        Application::new(start, setup.jars, folder, move || {
            archives.write_missing(Program::ScalaKernel);
        })
    }
}
