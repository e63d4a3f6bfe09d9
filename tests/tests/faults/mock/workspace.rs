//! Contexts and commands, and what was done to them.

use std::collections::BTreeMap;

use serde_json::json;

use super::http::{Answer, Head};
use super::{CLUSTER, TOKEN};

/// The endpoints; executing is two of them, as it is two ways to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    Create,
    ContextStatus,
    Destroy,
    Execute,
    ExecuteFile,
    CommandStatus,
    Cancel,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 7] = [
        Self::Create,
        Self::ContextStatus,
        Self::Destroy,
        Self::Execute,
        Self::ExecuteFile,
        Self::CommandStatus,
        Self::Cancel,
    ];

    pub(crate) fn of(method: &str, path: &str, multipart: bool) -> Option<Self> {
        Some(match (method, path.strip_prefix("/api/1.2/")?) {
            ("POST", "contexts/create") => Self::Create,
            ("GET", "contexts/status") => Self::ContextStatus,
            ("POST", "contexts/destroy") => Self::Destroy,
            ("POST", "commands/execute") if multipart => Self::ExecuteFile,
            ("POST", "commands/execute") => Self::Execute,
            ("GET", "commands/status") => Self::CommandStatus,
            ("POST", "commands/cancel") => Self::Cancel,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "contexts.create",
            Self::ContextStatus => "contexts.status",
            Self::Destroy => "contexts.destroy",
            Self::Execute => "commands.execute",
            Self::ExecuteFile => "commands.execute_file",
            Self::CommandStatus => "commands.status",
            Self::Cancel => "commands.cancel",
        }
    }

    /// Whether it may be called twice where once is meant.
    pub(crate) fn may_repeat(self) -> bool {
        !matches!(self, Self::Create | Self::Execute | Self::ExecuteFile)
    }
}

/// The state of the server.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    contexts: BTreeMap<String, Context>,
    commands: BTreeMap<String, Command>,
    made: u64,
    executions: BTreeMap<Endpoint, usize>,
    /// How often each text was run.
    runs: BTreeMap<String, usize>,
}

#[derive(Debug, Default)]
struct Context {
    polls: u32,
}

#[derive(Debug, Default)]
struct Command {
    context: String,
    polls: u32,
    cancelled: bool,
}

impl Workspace {
    /// How often requests to this endpoint were carried out since this was last asked.
    pub(crate) fn take_executions(&mut self, endpoint: Endpoint) -> usize {
        self.executions.remove(&endpoint).unwrap_or(0)
    }

    /// How often this text was run.
    pub(crate) fn runs(&self, text: &str) -> usize {
        self.runs.get(text).copied().unwrap_or(0)
    }

    /// The contexts that are there.
    pub(crate) fn contexts(&self) -> Vec<String> {
        self.contexts.keys().cloned().collect()
    }

    /// Whether such a command or context was ever made.
    pub(crate) fn made(&self, id: &str) -> bool {
        id.strip_prefix(ID).is_some_and(|number| {
            number
                .parse::<u64>()
                .is_ok_and(|number| (1..=self.made).contains(&number))
        })
    }

    /// Makes a context without a request.
    pub(crate) fn add_context(&mut self) -> String {
        let id = self.next_id();
        self.contexts.insert(id.clone(), Context::default());
        id
    }

    /// Makes a command without a request.
    pub(crate) fn add_command(&mut self, context: &str) -> String {
        let id = self.next_id();
        let command = Command {
            context: context.to_owned(),
            ..Command::default()
        };
        self.commands.insert(id.clone(), command);
        id
    }

    /// Does what a request asks for.
    pub(crate) fn execute(&mut self, endpoint: Endpoint, head: &Head, body: &[u8]) -> Answer {
        if head.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return refusal(401, "Unauthenticated: who is there?");
        }
        *self.executions.entry(endpoint).or_default() += 1;
        let parameters = head.parameters(body);
        let get = |name: &str| {
            let mut all = parameters.iter().filter(|(known, _)| known == name);
            let value = all.next().map_or("", |(_, value)| &**value);
            assert!(all.next().is_none(), "{name} twice in {parameters:?}");
            value
        };
        if get("clusterId") != CLUSTER {
            return refusal(400, "BadRequest: which cluster?");
        }
        match endpoint {
            Endpoint::Create => {
                let id = self.add_context();
                Answer::json(200, &json!({ "id": id }))
            }
            Endpoint::ContextStatus => self.context_status(get("contextId")),
            // Whether the second time is an error is not known of real servers.
            Endpoint::Destroy => {
                let id = get("contextId");
                self.contexts.remove(id);
                self.commands.retain(|_, command| command.context != id);
                Answer::json(200, &json!({ "id": id }))
            }
            Endpoint::Execute | Endpoint::ExecuteFile => self.run(get("contextId"), get("command")),
            Endpoint::CommandStatus => self.command_status(get("commandId")),
            Endpoint::Cancel => match self.commands.get_mut(get("commandId")) {
                Some(command) => {
                    command.cancelled = true;
                    Answer::json(200, &json!({ "id": get("commandId") }))
                }
                None => refusal(404, "CommandNotFoundException: command does not exist"),
            },
        }
    }

    fn context_status(&mut self, id: &str) -> Answer {
        let Some(context) = self.contexts.get_mut(id) else {
            return no_context();
        };
        context.polls += 1;
        let status = if context.polls > 1 {
            "Running"
        } else {
            "Pending"
        };
        Answer::json(200, &json!({ "id": id, "status": status }))
    }

    fn run(&mut self, context: &str, text: &str) -> Answer {
        if !self.contexts.contains_key(context) {
            return no_context();
        }
        *self.runs.entry(text.to_owned()).or_default() += 1;
        let id = self.add_command(context);
        Answer::json(200, &json!({ "id": id }))
    }

    fn command_status(&mut self, id: &str) -> Answer {
        let Some(command) = self.commands.get_mut(id) else {
            return refusal(404, "CommandNotFoundException: command does not exist");
        };
        command.polls += 1;
        let cause = "CommandCancelledException";
        let (status, results) = match (command.polls, command.cancelled) {
            (_, true) => ("Finished", json!({ "resultType": "error", "cause": cause })),
            (1, false) => ("Running", json!(null)),
            (_, false) => ("Finished", json!({ "resultType": "text", "data": id })),
        };
        Answer::json(
            200,
            &json!({ "id": id, "status": status, "results": results }),
        )
    }

    fn next_id(&mut self) -> String {
        self.made += 1;
        format!("{ID}{:04}", self.made)
    }
}

/// Ids are longer than a number in JSON may be.
const ID: &str = "179365396413324";

fn no_context() -> Answer {
    refusal(404, "ContextNotFoundException: the context does not exist")
}

fn refusal(status: u16, words: &str) -> Answer {
    Answer::json(status, &json!({ "error": words }))
}
