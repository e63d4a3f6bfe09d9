//! Starts of the processes of Scala contexts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::application::{Application, Start};
use super::archives::{Archives, Command};
use super::jars::Jars;
use super::jvm::{self, JvmOptions, Program};
use crate::spark::Spark;

const MAIN_CLASS: &str = "org.apache.spark.localserver.ScalaKernel";

/// Commands that load the classes of typical commands.
const TYPICAL_COMMANDS: &[Command] = &[
    Command("run", "scala", "sc.parallelize(1 to 10).map(_ + 1).collect"),
    Command(
        "run",
        "scala",
        "case class P(x: Int); val points = Seq(P(1), P(2)).toDS",
    ),
    Command(
        "run",
        "scala",
        "display(points.filter(_.x > 1).groupBy(\"x\").count)",
    ),
    Command("run", "scala", "nope"),
    Command("run", "scala", "sys.error(\"1\")"),
];

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
    pub(crate) fn start(&self, cluster: &str, jars: Jars) -> Application {
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
                    written_archive: None,
                };
                let launch = jvm::launch(&prepared, &options, program, &folder)?;
                Ok(Start { launch, permit })
            }
        };
        let archives = Arc::clone(&self.archives);
        Application::new(start, jars, folder, move || {
            archives.write_missing(MAIN_CLASS, TYPICAL_COMMANDS);
        })
    }
}
