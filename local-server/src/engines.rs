//! Creation of engines.

use std::io;
use std::sync::Arc;

use crate::clusters::{Applications, Cluster, ClusterSetup, Hosts, Session, SparkConnection};
use crate::engine::{Engine, Python};
use crate::kernel::Kernel;
use crate::language::{Interpreters, Language};
use crate::process::Launch;

/// Starts engines.
#[derive(Debug)]
pub(crate) struct Engines {
    interpreters: Interpreters,
    hosts: Arc<Hosts>,
    applications: Applications,
}

/// An engine cannot be started.
#[derive(Debug)]
pub(crate) enum StartEngineError {
    /// Something that the language needs is missing. The text contains the next step.
    Missing(String),
    Program {
        program: String,
        source: io::Error,
    },
}

impl Engines {
    pub(crate) fn new(
        interpreters: Interpreters,
        hosts: Arc<Hosts>,
        applications: Applications,
    ) -> Self {
        Self {
            interpreters,
            hosts,
            applications,
        }
    }

    /// Checks that everything is installed that contexts of a language need.
    pub(crate) async fn check(&self, language: Language) -> Result<(), StartEngineError> {
        match language {
            Language::Scala | Language::Sql => {
                self.hosts.check().await.map_err(StartEngineError::Missing)
            }
            Language::R => self
                .interpreters
                .find_r()
                .map_err(StartEngineError::Missing),
            Language::Python => Ok(()),
        }
    }

    /// Starts the engine of a context. It accepts commands after [`Event::Ready`](crate::engine::Event::Ready).
    pub(crate) fn start(
        &self,
        cluster: &str,
        context: &str,
        language: Language,
        setup: ClusterSetup,
    ) -> Result<Engine, StartEngineError> {
        Ok(match language {
            Language::Python => {
                let kernel = start_kernel(self.interpreters.launch_python())?;
                let cluster = self.cluster(cluster, setup);
                let spark = SparkConnection::new(cluster, context.to_owned());
                Engine::Python(Box::new(Python::new(kernel, spark)))
            }
            Language::R => {
                let launch = self.interpreters.launch_r();
                let launch = launch.map_err(|source| StartEngineError::Program {
                    program: "R".to_owned(),
                    source,
                })?;
                Engine::R(Box::new(start_kernel(launch)?))
            }
            Language::Scala => Engine::Scala(self.applications.start(cluster, setup)),
            Language::Sql => {
                let host = self.cluster(cluster, setup).host();
                Engine::Session(Session::new(host, context.to_owned()))
            }
        })
    }

    fn cluster(&self, id: &str, setup: ClusterSetup) -> Cluster {
        Cluster {
            hosts: Arc::clone(&self.hosts),
            id: id.to_owned(),
            resources: setup.resources,
        }
    }

    /// Ends the process of a cluster, if it runs.
    pub(crate) async fn end_cluster(&self, cluster: &str) {
        self.hosts.end(cluster).await;
    }

    /// Ends the processes of all clusters.
    pub(crate) async fn close(&self) {
        self.hosts.close().await;
    }
}

fn start_kernel(launch: Launch) -> Result<Kernel, StartEngineError> {
    let program = launch.python_name();
    Kernel::start(launch).map_err(|source| StartEngineError::Program { program, source })
}
