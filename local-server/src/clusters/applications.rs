//! Starts of the processes of Scala contexts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::application::{Application, Start};
use super::jvm::{self, JvmOptions, Program};
use crate::spark::Spark;

const MAIN_CLASS: &str = "org.apache.spark.localserver.ScalaKernel";

/// Starts the processes of Scala contexts.
#[derive(Debug)]
pub(crate) struct Applications {
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    /// Number of processes that have been started, for the names of their folders.
    started: AtomicUsize,
}

impl Applications {
    pub(crate) fn new(spark: Arc<Spark>, options: Arc<JvmOptions>) -> Self {
        Self {
            spark,
            options,
            started: AtomicUsize::new(0),
        }
    }

    /// Starts a process. `cluster` is part of its name in Spark.
    pub(crate) fn start(&self, cluster: &str) -> Application {
        let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        let folder = self.options.folder.join(format!("scala-{number}"));
        let (spark, options) = (Arc::clone(&self.spark), Arc::clone(&self.options));
        let name = format!("{cluster} (Scala)");
        let start = {
            let folder = folder.clone();
            async move {
                let prepared = spark.prepare(&options.folder).await;
                let prepared = prepared.map_err(|error| error.to_string())?;
                let permit = spark.start_permit().await;
                let program = Program {
                    main: MAIN_CLASS,
                    name: &name,
                };
                let launch = jvm::launch(&prepared, &options, program, &folder)?;
                Ok(Start { launch, permit })
            }
        };
        Application::new(start, folder)
    }
}
