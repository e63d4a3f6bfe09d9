//! The process of a cluster: one Spark application that serves several contexts side by side.
//!
//! `scala/ClusterHost.scala` documents the requests and events.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, OwnedSemaphorePermit, broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::jvm::Start;
use crate::limits;
use crate::process::{NotKilled, Process};
use crate::tail::Tail;

/// Number of messages that are kept for slow receivers.
const KEPT_NOTICES: usize = 16;

/// The process of a cluster, which may still be starting or may have ended. Clones refer to the same
/// process.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    // Not bounded: each context has one command, and at most one other request, at a time.
    requests: mpsc::UnboundedSender<Request>,
    state: watch::Receiver<State>,
    notices: broadcast::Sender<Notice>,
    python_path: Arc<OnceLock<Arc<[PathBuf]>>>,
    termination: Arc<Notify>,
}

/// Message for the output of a command.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Notice {
    /// Id of the command.
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Reason for the end of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended(Arc<str>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// Spark is being found and prepared.
    Preparing,
    Starting,
    Ready,
    Ended(Ended),
}

#[derive(Debug)]
enum Request {
    Call(Call, oneshot::Sender<Vec<u8>>),
    Cancel(String),
}

/// Request that has a response: the line of an event `done` with its id.
#[derive(Debug, Serialize)]
pub(crate) struct Call {
    #[serde(skip)]
    pub(crate) word: &'static str,
    pub(crate) id: String,
    pub(crate) context: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Message {
    Ready,
    Lost,
    Done { id: String },
    Notice(Notice),
}

impl Host {
    /// Creates a handle of a process, and the task that runs the process.
    pub(crate) fn new() -> (Self, HostTask) {
        let (sender, requests) = mpsc::unbounded_channel();
        let (state, receiver) = watch::channel(State::Preparing);
        let (notices, _) = broadcast::channel(KEPT_NOTICES);
        let termination = Arc::new(Notify::new());
        let python_path = Arc::new(OnceLock::new());
        let host = Self {
            requests: sender,
            state: receiver,
            notices: notices.clone(),
            python_path: Arc::clone(&python_path),
            termination: Arc::clone(&termination),
        };
        let task = HostTask {
            requests,
            state,
            notices,
            python_path,
            termination,
            waiting: HashMap::new(),
            output: Tail::default(),
        };
        (host, task)
    }

    /// Waits until the process is being started, or has failed to do so. Cancel-safe.
    pub(crate) async fn prepared(&self) {
        let mut state = self.state.clone();
        // An error means that the task has panicked.
        let _ = state.wait_for(|state| *state != State::Preparing).await;
    }

    /// Waits until the process accepts requests. Cancel-safe.
    pub(crate) async fn ready(&self) -> Result<(), Ended> {
        let mut state = self.state.clone();
        let is_ready = |state: &State| !matches!(state, State::Preparing | State::Starting);
        match state.wait_for(is_ready).await.as_deref() {
            Ok(State::Ended(reason)) => Err(reason.clone()),
            Ok(_) => Ok(()),
            Err(_) => Err(Ended::aborted()),
        }
    }

    /// Waits until the process has ended. Cancel-safe.
    pub(crate) async fn ended(&self) -> Ended {
        let mut state = self.state.clone();
        let state = state.wait_for(|state| matches!(state, State::Ended(_)));
        match state.await.as_deref() {
            Ok(State::Ended(reason)) => reason.clone(),
            _ => Ended::aborted(),
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        *self.state.borrow() == State::Ready
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.end_reason().is_some()
    }

    /// Returns the reason for the end of the process, if it has ended.
    pub(crate) fn end_reason(&self) -> Option<Ended> {
        match &*self.state.borrow() {
            State::Ended(reason) => Some(reason.clone()),
            _ => self.requests.is_closed().then(Ended::aborted),
        }
    }

    /// Returns the folders and archives with the packages `pyspark` and `py4j`. Empty if the process
    /// has not been started yet.
    pub(crate) fn python_path(&self) -> Arc<[PathBuf]> {
        self.python_path.get().cloned().unwrap_or_default()
    }

    /// Sends a request, and returns a receiver of the response. It fails if the process ends.
    pub(crate) fn call(&self, call: Call) -> oneshot::Receiver<Vec<u8>> {
        let (sender, response) = oneshot::channel();
        let _ = self.requests.send(Request::Call(call, sender));
        response
    }

    /// Requests to cancel a command. Has no effect if it has ended.
    pub(crate) fn cancel(&self, id: &str) {
        let _ = self.requests.send(Request::Cancel(id.to_owned()));
    }

    /// Returns a receiver of the messages for all commands from now on.
    pub(crate) fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Requests the end of the process, for which [`HostTask::run`] waits.
    pub(crate) fn terminate(&self) {
        self.termination.notify_one();
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Ended {
    /// The task has panicked.
    fn aborted() -> Self {
        Self("The process of the cluster is no longer supervised.".into())
    }
}

/// Runs the process of a cluster.
#[derive(Debug)]
pub(crate) struct HostTask {
    requests: mpsc::UnboundedReceiver<Request>,
    state: watch::Sender<State>,
    notices: broadcast::Sender<Notice>,
    python_path: Arc<OnceLock<Arc<[PathBuf]>>>,
    termination: Arc<Notify>,
    /// Senders of responses by the id of the request.
    waiting: HashMap<String, oneshot::Sender<Vec<u8>>>,
    /// Last output of the process.
    output: Tail,
}

/// Reason for the end of [`HostTask::drive`].
enum Exit {
    Disconnected,
    Lost,
    Terminated,
    TimedOut,
}

impl HostTask {
    /// Starts the process and handles requests until it ends. Returns after it and all its child
    /// processes have exited.
    ///
    /// `start` may take a while, for example to compile the program of the process.
    pub(crate) async fn run(
        mut self,
        start: impl Future<Output = Result<Start, String>>,
    ) -> Result<(), NotKilled> {
        let start = tokio::select! {
            start = start => start,
            () = self.termination.notified() => {
                self.end(TERMINATED.to_owned());
                return Ok(());
            }
        };
        let process = start.and_then(|start| {
            let _ = self.python_path.set(start.python_path); // this is the only call
            let process = Process::start(start.launch);
            let process = process.map_err(|error| format!("cannot start Python: {error}"))?;
            Ok((process, start.permit))
        });
        let (mut process, permit) = match process {
            Ok(process) => {
                self.state.send_replace(State::Starting);
                process
            }
            Err(reason) => {
                self.end(format!(
                    "The Spark application cannot be started: {reason}."
                ));
                return Ok(());
            }
        };
        let reason = match self.drive(&mut process, permit).await {
            Exit::Terminated => TERMINATED.to_owned(),
            Exit::Lost => self.describe_end(&mut process, "It was stopped."),
            Exit::TimedOut => self.describe_end(&mut process, &start_timed_out()),
            Exit::Disconnected => {
                let status = process.reap().await;
                self.describe_end(&mut process, &status)
            }
        };
        self.end(reason);
        process.kill().await
    }

    async fn drive(
        &mut self,
        process: &mut Process,
        mut permit: Option<OwnedSemaphorePermit>,
    ) -> Exit {
        let start_deadline = Instant::now() + limits::JVM_START_TIMEOUT;
        loop {
            let is_starting = *self.state.borrow() == State::Starting;
            let output = &mut self.output;
            tokio::select! {
                event = process.next_event(|bytes| output.append(bytes)) => {
                    let Some(line) = event else {
                        return Exit::Disconnected;
                    };
                    match serde_json::from_slice(&line) {
                        Ok(Message::Ready) => {
                            permit.take();
                            self.state.send_replace(State::Ready);
                        }
                        Ok(Message::Done { id }) => self.respond(&id, line),
                        Ok(Message::Notice(notice)) => {
                            let _ = self.notices.send(notice); // fails if there are no receivers
                        }
                        Ok(Message::Lost) => return Exit::Lost,
                        Err(_) => return Exit::Disconnected,
                    }
                }
                request = self.requests.recv() => match request {
                    Some(Request::Call(call, sender)) => {
                        process.send(call.word, &call);
                        self.waiting.insert(call.id, sender);
                    }
                    Some(Request::Cancel(id)) => process.send_cancel(&id),
                    None => return Exit::Terminated, // there are no handles any more
                },
                () = self.termination.notified() => return Exit::Terminated,
                () = sleep_until(start_deadline), if is_starting => return Exit::TimedOut,
            }
        }
    }

    fn respond(&mut self, id: &str, line: Vec<u8>) {
        if let Some(sender) = self.waiting.remove(id) {
            let _ = sender.send(line); // fails if the context has been destroyed
        }
    }

    fn describe_end(&mut self, process: &mut Process, reason: &str) -> String {
        process.drain_output(|bytes| self.output.append(bytes));
        let mut description = format!("The Spark application of the cluster has ended. {reason}");
        let output = self.output.text();
        if !output.is_empty() {
            description.push_str("\nLast output:\n");
            description.push_str(&output);
        }
        description
    }

    fn end(&mut self, reason: String) {
        self.state.send_replace(State::Ended(Ended(reason.into())));
        self.waiting.clear();
    }
}

const TERMINATED: &str = "The cluster was terminated.";

fn start_timed_out() -> String {
    let seconds = limits::JVM_START_TIMEOUT.as_secs();
    format!("It was killed, because it was not ready within {seconds} seconds.")
}
