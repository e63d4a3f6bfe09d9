//! Model of a workspace whose events wait for signals.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use serde_json::{Value, json};
use test_server::{Connection, DEADLINE, Request, Server, response};

use super::plan::{Moment, Plan};
use crate::service::{endpoint, parameters};
use crate::support::until;

/// A running workspace.
pub(super) struct Workspace {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    plan: Plan,
}

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Contexts that exist, and whether the whole response with their id was sent.
    pub(super) contexts: BTreeMap<String, bool>,
    pub(super) commands: BTreeMap<String, Command>,
    created: usize,
    /// Descriptions of all events.
    pub(super) events: Vec<String>,
    /// Signals that were sent.
    signals: usize,
    /// Requests to cancel a command.
    pub(super) cancels: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) context: String,
    polls: Option<usize>,
    /// Text that marks the record of a script.
    nonce: Option<String>,
    pub(super) state: CommandState,
    /// Set once the whole response with the id was sent.
    pub(super) is_known: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandState {
    Running,
    Finished,
    Canceled,
}

impl Workspace {
    pub(super) fn start(plan: &Plan) -> Self {
        let mut state = State::default();
        if plan.scenario.has_context() {
            state.contexts.insert("context-0".to_owned(), true);
            state.add_command("context-0", plan.polls, None);
        }
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            plan: plan.clone(),
        });
        let serving = Arc::clone(&shared);
        let server = Server::start(move |connection| serving.serve(connection));
        Self { server, shared }
    }

    pub(super) fn url(&self) -> String {
        self.server.url()
    }

    /// Returns whether this many events have begun, or the line is silent.
    pub(super) fn has_reached(&self, event: usize) -> bool {
        let events = self.shared.lock().events.len();
        events >= event || events > self.shared.plan.last_event
    }

    /// Lets the event go on that waits for a signal.
    pub(super) fn signal_was_sent(&self) {
        self.shared.lock().signals += 1;
        self.shared.changed.notify_all();
    }

    /// Returns the state after all requests that were sent are processed.
    pub(super) fn end(self) -> State {
        // Events no longer wait.
        self.shared.lock().signals = usize::MAX;
        self.shared.changed.notify_all();
        until("all connections are closed", || {
            self.server.open_connections() == 0
        });
        self.shared.lock().clone()
    }
}

impl State {
    /// Returns the commands that are running.
    pub(super) fn running(&self) -> Vec<&str> {
        let running = |command: &Command| {
            command.state == CommandState::Running && self.contexts.contains_key(&command.context)
        };
        let commands = self.commands.iter().filter(|(_, command)| running(command));
        commands.map(|(id, _)| id.as_str()).collect()
    }

    fn add_command(
        &mut self,
        context: &str,
        polls: Option<usize>,
        nonce: Option<String>,
    ) -> String {
        let id = format!("command-{}", self.commands.len());
        let command = Command {
            context: context.to_owned(),
            polls,
            nonce,
            state: CommandState::Running,
            is_known: false,
        };
        self.commands.insert(id.clone(), command);
        id
    }

    fn process(&mut self, endpoint: &str, parameters: &Value, polls: Option<usize>) -> Value {
        let text = |name: &str| parameters[name].as_str().unwrap_or_default();
        match endpoint {
            "contexts/create" => {
                self.created += 1;
                let id = format!("context-{}", self.created);
                self.contexts.insert(id.clone(), false);
                json!({ "id": id })
            }
            "contexts/destroy" => {
                self.contexts.remove(text("contextId"));
                json!({ "id": text("contextId") })
            }
            "contexts/status" => json!({ "id": text("contextId"), "status": "Running" }),
            "commands/execute" => {
                let nonce = nonce(text("command"));
                json!({ "id": self.add_command(text("contextId"), polls, nonce) })
            }
            "commands/cancel" => {
                self.cancels += 1;
                if let Some(command) = self.commands.get_mut(text("commandId"))
                    && command.state == CommandState::Running
                {
                    command.state = CommandState::Canceled;
                }
                json!({ "id": text("commandId") })
            }
            _ if endpoint.starts_with('/') => json!({}),
            _ => match self.commands.get_mut(text("commandId")) {
                Some(command) => command.poll(),
                None => json!({ "status": "Error", "results": null }),
            },
        }
    }

    /// Records that a whole response was sent.
    fn responded(&mut self, endpoint: &str, response: &Value) {
        let id = response["id"].as_str().unwrap_or_default();
        if endpoint == "contexts/create" {
            if let Some(is_known) = self.contexts.get_mut(id) {
                *is_known = true;
            }
        } else if endpoint == "commands/execute"
            && let Some(command) = self.commands.get_mut(id)
        {
            command.is_known = true;
        }
    }
}

impl Command {
    fn poll(&mut self) -> Value {
        if self.state == CommandState::Running {
            match &mut self.polls {
                None => return running(),
                Some(0) => self.state = CommandState::Finished,
                Some(polls) => {
                    *polls -= 1;
                    return running();
                }
            }
        }
        if self.state == CommandState::Canceled {
            let results = json!({
                "resultType": "error",
                "summary": "CommandCancelledException",
                "cause": "CommandCancelledException",
            });
            return json!({ "status": "Finished", "results": results });
        }
        let record = match &self.nonce {
            Some(nonce) => format!("\n[script {nonce} {{}}]"),
            None => String::new(),
        };
        let results = json!({ "resultType": "text", "data": format!("done{record}") });
        json!({ "status": "Finished", "results": results })
    }
}

fn running() -> Value {
    json!({ "status": "Running", "results": null })
}

/// Returns the text that marks the record of a script, if the code runs one.
fn nonce(code: &str) -> Option<String> {
    let (_, rest) = code.split_once("def _run_script_")?;
    let (nonce, _) = rest.split_once('(')?;
    Some(nonce.to_owned())
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Counts an event, and waits for the signals of its moment. Returns whether the line is silent.
    fn event(&self, text: String) -> bool {
        let mut state = self.lock();
        state.events.push(text);
        let event = state.events.len();
        let is_moment = |moment: &Moment| moment.event == event && moment.delay.is_none();
        if let Some(index) = self.plan.moments.iter().rposition(is_moment) {
            let signals = index + 1;
            let is_waiting = |state: &mut State| state.signals < signals;
            drop(self.changed.wait_timeout_while(state, DEADLINE, is_waiting));
        }
        event > self.plan.last_event
    }

    fn serve(&self, mut connection: Connection) -> io::Result<()> {
        while connection.has_data()? {
            let request = connection.read_request()?;
            if !self.respond(&mut connection, &request)? {
                // The end of the client is noticed, unlike with `hang`.
                return connection.wait_for_close();
            }
        }
        Ok(())
    }

    /// Processes a request. Returns `false` if the line is silent.
    fn respond(&self, connection: &mut Connection, request: &Request) -> io::Result<bool> {
        let endpoint = endpoint(request);
        let latency = self.plan.latency() / 2;
        if self.event(format!("{endpoint} received")) {
            return Ok(false);
        }
        thread::sleep(latency);
        let parameters = parameters(request);
        let polls = self.plan.polls;
        let body = self.lock().process(&endpoint, &parameters, polls);
        if self.event(format!("{endpoint} processed")) {
            return Ok(false);
        }
        thread::sleep(latency);
        // The cluster is an id, which the workspace does not look up.
        let status = if endpoint.starts_with('/') { 404 } else { 200 };
        let bytes = response(
            status,
            &["content-type: application/json"],
            body.to_string(),
        );
        let (first, second) = bytes.split_at(bytes.len() / 2);
        connection.send(first)?;
        if self.event(format!("{endpoint} half sent")) {
            return Ok(false);
        }
        connection.send(second)?;
        self.lock().responded(&endpoint, &body);
        let _ = self.event(format!("{endpoint} sent"));
        Ok(true)
    }
}
