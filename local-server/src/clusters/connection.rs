//! Connections of Python contexts to the process of their cluster.

use std::future::pending;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, oneshot};

use super::host::{Call, Ended, Host, Notice};
use super::hosts::Cluster;
use super::session;
use crate::process::NotKilled;

/// Connection of a context to the Spark application of its cluster. Opened at the first use, and
/// closed with the context.
#[derive(Debug)]
pub(crate) struct SparkConnection {
    cluster: Cluster,
    context: String,
    /// Number of calls of [`open`](Self::open) that have no response yet.
    waiting: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Closed,
    Opening {
        host: Host,
        gateway: oneshot::Receiver<Vec<u8>>,
        /// Set after [`SparkEvent::Path`].
        has_path: bool,
    },
    Open(Host, Gateway, broadcast::Receiver<Notice>),
    Failed(String),
}

/// Event of a connection.
#[derive(Debug)]
pub(crate) enum SparkEvent {
    /// Folders and archives with the packages `pyspark` and `py4j`, which can be imported while the
    /// application starts.
    Path(PythonPath),
    /// Response to a call of [`SparkConnection::open`].
    Response(Response),
    /// A message for the output of a command, perhaps of another context.
    Notice(Notice),
    /// The Spark application has ended.
    Ended,
}

/// Folders and archives with the packages `pyspark` and `py4j`.
#[derive(Debug, Serialize)]
pub(crate) struct PythonPath {
    path: Vec<PathBuf>,
}

/// Response to the event `attach` of a kernel.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Response {
    Connected {
        #[serde(flatten)]
        gateway: Gateway,
        #[serde(flatten)]
        path: PythonPath,
    },
    Failed {
        error: String,
    },
}

/// Port of a context, and the properties of its jobs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Gateway {
    port: u16,
    secret: String,
    tag: String,
    pool: String,
}

impl SparkConnection {
    pub(crate) fn new(cluster: Cluster, context: String) -> Self {
        Self {
            cluster,
            context,
            waiting: 0,
            state: State::Closed,
        }
    }

    /// Opens the connection if it is not open. [`SparkEvent::Response`] follows.
    pub(crate) fn open(&mut self) {
        let is_failed = self.waiting == 0 && matches!(self.state, State::Failed(_));
        if is_failed || matches!(self.state, State::Closed) {
            let host = self.cluster.host();
            let gateway = host.call(Call {
                word: "gateway",
                id: format!("gateway-{}", self.context),
                context: self.context.clone(),
                source: None,
            });
            self.state = State::Opening {
                host,
                gateway,
                has_path: false,
            };
        }
        self.waiting += 1;
    }

    /// Waits for an event. Cancel-safe.
    pub(crate) async fn event(&mut self) -> SparkEvent {
        if let State::Opening {
            host,
            gateway,
            has_path,
        } = &mut self.state
        {
            if !*has_path {
                host.prepared().await;
                *has_path = true;
                let path = python_path(host);
                // Otherwise, the response contains an error.
                if !path.path.is_empty() {
                    return SparkEvent::Path(path);
                }
            }
            let line = gateway.await.ok();
            self.state = match line.and_then(|line| serde_json::from_slice(&line).ok()) {
                Some(gateway) => State::Open(host.clone(), gateway, host.notices()),
                None => State::Failed(failure(host)),
            };
        }
        if self.waiting > 0 {
            self.waiting -= 1;
            return SparkEvent::Response(self.response());
        }
        let State::Open(host, _, notices) = &mut self.state else {
            return pending().await;
        };
        loop {
            tokio::select! {
                _ = host.ended() => return SparkEvent::Ended,
                // An error means that messages were lost.
                notice = notices.recv() => if let Ok(notice) = notice {
                    return SparkEvent::Notice(notice);
                },
            }
        }
    }

    fn response(&self) -> Response {
        match &self.state {
            State::Open(host, gateway, _) => Response::Connected {
                gateway: gateway.clone(),
                path: python_path(host),
            },
            State::Failed(error) => Response::Failed {
                error: error.clone(),
            },
            State::Closed | State::Opening { .. } => Response::Failed {
                error: "the connection to Spark is not open".to_owned(),
            },
        }
    }

    /// Cancels the jobs of a command.
    pub(crate) fn cancel(&self, id: &str) {
        if let State::Open(host, ..) = &self.state {
            host.cancel(id);
        }
    }

    /// Returns the reason for the end of the Spark application, if it has ended.
    pub(crate) fn end_reason(&self) -> Option<Ended> {
        match &self.state {
            State::Open(host, ..) => host.end_reason(),
            _ => None,
        }
    }

    /// Closes the connection, and cancels the jobs of the context.
    pub(crate) async fn close(self) -> Result<(), NotKilled> {
        match self.state {
            State::Opening { host, .. } | State::Open(host, ..) => {
                session::close(&host, self.context).await
            }
            State::Closed | State::Failed(_) => Ok(()),
        }
    }
}

/// Returns an empty path if the process has failed to start.
fn python_path(host: &Host) -> PythonPath {
    PythonPath {
        path: host.python_path().to_vec(),
    }
}

/// Returns the reason why a process has opened no gateway.
fn failure(host: &Host) -> String {
    match host.end_reason() {
        Some(reason) => reason.to_string(),
        None => "The process of the cluster cannot open a port on 127.0.0.1.".to_owned(),
    }
}
