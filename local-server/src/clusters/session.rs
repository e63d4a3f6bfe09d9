//! SQL contexts: sessions in the process of their cluster.

use tokio::sync::{broadcast, oneshot};
use tokio::time::timeout;

use super::host::{Call, Host, Notice};
use crate::capture::{Capture, Captured};
use crate::kernel::Event;
use crate::limits;
use crate::process::NotKilled;
use crate::protocol::Done;

/// A session in the process of a cluster, which runs one command at a time.
#[derive(Debug)]
pub(crate) struct Session {
    host: Host,
    context: String,
    is_ready: bool,
    notices: broadcast::Receiver<Notice>,
    running: Option<Running>,
}

/// A command that waits for its response.
#[derive(Debug)]
struct Running {
    id: String,
    response: oneshot::Receiver<Vec<u8>>,
    capture: Capture,
}

impl Session {
    pub(crate) fn new(host: Host, context: String) -> Self {
        Self {
            notices: host.notices(),
            host,
            context,
            is_ready: false,
            running: None,
        }
    }

    /// Starts a command. Messages about it are captured as its output.
    pub(crate) fn run(&mut self, id: &str, source: &str, capture: Capture) {
        let response = self.host.call(Call {
            word: "sql",
            id: id.to_owned(),
            context: self.context.clone(),
            source: Some(source.to_owned()),
        });
        self.running = Some(Running {
            id: id.to_owned(),
            response,
            capture,
        });
    }

    pub(crate) fn interrupt(&mut self, id: &str) {
        self.host.cancel(id);
    }

    /// Waits for an event. Cancel-safe.
    pub(crate) async fn event(&mut self) -> Event {
        if !self.is_ready {
            if self.host.ready().await.is_err() {
                return Event::Disconnected;
            }
            self.is_ready = true;
            return Event::Ready;
        }
        let Some(running) = &mut self.running else {
            self.host.ended().await;
            return Event::Disconnected;
        };
        let line = running.response(&mut self.notices).await;
        self.running = None;
        let done = line.ok().and_then(|line| Done::parse(&line));
        // The output of the process belongs to all contexts.
        let no_output = Captured::whole(String::new());
        match done.and_then(|done| done.into_results(no_output)) {
            Some((id, results)) => Event::Done { id, results },
            None => Event::Disconnected,
        }
    }

    /// Waits until the process of the cluster has exited, and returns the reason.
    pub(crate) async fn reap(&mut self) -> String {
        self.host.ended().await.to_string()
    }

    /// Closes the session, and cancels its command.
    pub(crate) async fn close(self) -> Result<(), NotKilled> {
        close(&self.host, self.context).await
    }
}

impl Running {
    /// Waits for the response. Cancel-safe.
    async fn response(
        &mut self,
        notices: &mut broadcast::Receiver<Notice>,
    ) -> Result<Vec<u8>, oneshot::error::RecvError> {
        loop {
            tokio::select! {
                line = &mut self.response => return line,
                // An error means that messages were lost.
                notice = notices.recv() => if let Ok(notice) = notice && notice.id == self.id {
                    self.capture.append(notice.text.as_bytes());
                },
            }
        }
    }
}

/// Closes the session and the gateway of a context, and cancels its jobs.
pub(super) async fn close(host: &Host, context: String) -> Result<(), NotKilled> {
    let response = host.call(Call {
        word: "close",
        id: format!("close-{context}"),
        context,
        source: None,
    });
    if !host.is_ready() {
        return Ok(()); // nothing has run yet
    }
    // An error means that the process has ended, and everything of the context with it.
    let closed = timeout(limits::KILL_TIMEOUT, response).await;
    closed.map(|_| ()).map_err(|_| NotKilled)
}
