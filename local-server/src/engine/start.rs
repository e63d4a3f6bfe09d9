//! Creation of engines.

use std::io;
use std::sync::Arc;

use super::Engine;
use super::python::Python;
use crate::clusters::{Cluster, Hosts, Session, SparkConnection};
use crate::kernel::Kernel;
use crate::language::{Interpreters, Language};
use crate::process::Launch;

/// Starts engines.
#[derive(Debug)]
pub(crate) struct Engines {
    interpreters: Interpreters,
    hosts: Arc<Hosts>,
}

/// An engine cannot be started.
#[derive(Debug)]
pub(crate) enum StartEngineError {
    UnsupportedLanguage,
    /// Something that the language needs is missing. The text contains the next step.
    Missing(String),
    Program {
        program: String,
        source: io::Error,
    },
}

impl Engines {
    pub(crate) fn new(interpreters: Interpreters, hosts: Arc<Hosts>) -> Self {
        Self {
            interpreters,
            hosts,
        }
    }

    /// Checks that everything is installed that contexts of a language need.
    pub(crate) async fn check(&self, language: Language) -> Result<(), StartEngineError> {
        match language {
            Language::Sql => self.hosts.check().await.map_err(StartEngineError::Missing),
            Language::R => match self.interpreters.find_r() {
                Ok(_) => Ok(()),
                Err(reason) => Err(StartEngineError::Missing(reason)),
            },
            Language::Python | Language::Scala => Ok(()),
        }
    }

    /// Starts the engine of a context. It accepts commands after [`Event::Ready`](super::Event::Ready).
    pub(crate) fn start(
        &self,
        cluster: &str,
        context: &str,
        language: Language,
    ) -> Result<Engine, StartEngineError> {
        let cluster = Cluster {
            hosts: Arc::clone(&self.hosts),
            id: cluster.to_owned(),
        };
        let context = context.to_owned();
        if language == Language::Sql {
            return Ok(Engine::Session(Session::new(cluster.host(), context)));
        }
        if language == Language::R {
            let launch = self.interpreters.launch_r();
            let launch = launch.map_err(|source| StartEngineError::Program {
                program: "R".to_owned(),
                source,
            })?;
            return Ok(Engine::R(start_kernel(launch)?));
        }
        if language != Language::Python {
            return Err(StartEngineError::UnsupportedLanguage);
        }
        let kernel = start_kernel(self.interpreters.launch_python())?;
        let spark = SparkConnection::new(cluster, context);
        Ok(Engine::Python(Python::new(kernel, spark)))
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
