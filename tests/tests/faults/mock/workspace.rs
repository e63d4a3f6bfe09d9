//! State of the server: contexts, commands and executed requests.

use std::collections::BTreeMap;

use serde_json::json;
use test_server::Request;

use super::parameters::parameters;
use super::response::Response;
use super::{CLUSTER, token};

/// Endpoints of the API. `commands/execute` counts as two, because the client sends it as JSON and as
/// multipart.
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

    /// Returns the endpoint of a request.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let content_type = request.header("content-type").unwrap_or_default();
        let is_multipart = content_type.starts_with("multipart/form-data");
        let path = request.target().split('?').next()?;
        Some(match (request.method(), path.strip_prefix("/api/1.2/")?) {
            ("POST", "contexts/create") => Self::Create,
            ("GET", "contexts/status") => Self::ContextStatus,
            ("POST", "contexts/destroy") => Self::Destroy,
            ("POST", "commands/execute") if is_multipart => Self::ExecuteFile,
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

    /// Returns whether a request changes nothing.
    pub(crate) fn is_read_only(self) -> bool {
        matches!(self, Self::ContextStatus | Self::CommandStatus)
    }

    /// Returns whether a request may be executed twice.
    pub(crate) fn is_idempotent(self) -> bool {
        !matches!(self, Self::Create | Self::Execute | Self::ExecuteFile)
    }
}

/// The state of the server.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    contexts: BTreeMap<String, Context>,
    commands: BTreeMap<String, Command>,
    /// Number of contexts and commands created so far.
    created: u64,
    executions: BTreeMap<Endpoint, usize>,
    /// Number of executions of each command text.
    runs: BTreeMap<String, usize>,
    /// Number of tokens that have expired.
    expired: usize,
    /// Status code and message of the response to an expired token.
    rejection: Option<(u16, &'static str)>,
}

#[derive(Debug, Default)]
struct Context {
    polls: u32,
}

#[derive(Debug, Default)]
struct Command {
    context: String,
    polls: u32,
    is_canceled: bool,
}

impl Workspace {
    /// Returns the number of executed requests to this endpoint, and resets it.
    pub(crate) fn take_executions(&mut self, endpoint: Endpoint) -> usize {
        self.executions.remove(&endpoint).unwrap_or(0)
    }

    /// Returns the number of executed requests to this endpoint since the last reset.
    pub(crate) fn executions(&self, endpoint: Endpoint) -> usize {
        self.executions.get(&endpoint).copied().unwrap_or(0)
    }

    /// Returns the number of executions of a command text.
    pub(crate) fn runs(&self, text: &str) -> usize {
        self.runs.get(text).copied().unwrap_or(0)
    }

    /// Returns the ids of the contexts that exist.
    pub(crate) fn contexts(&self) -> Vec<String> {
        self.contexts.keys().cloned().collect()
    }

    /// Returns whether a context or command with this id was ever created.
    pub(crate) fn has_created(&self, id: &str) -> bool {
        id.strip_prefix(ID_PREFIX).is_some_and(|number| {
            number
                .parse::<u64>()
                .is_ok_and(|number| (1..=self.created).contains(&number))
        })
    }

    /// Creates a context without a request.
    pub(crate) fn add_context(&mut self) -> String {
        let id = self.next_id();
        self.contexts.insert(id.clone(), Context::default());
        id
    }

    /// Creates a command without a request.
    pub(crate) fn add_command(&mut self, context: &str) -> String {
        let id = self.next_id();
        let command = Command {
            context: context.to_owned(),
            ..Command::default()
        };
        self.commands.insert(id.clone(), command);
        id
    }

    /// Rejects the current token from now on, with this status code and message.
    pub(crate) fn expire(&mut self, status: u16, message: &'static str) {
        self.expired += 1;
        self.rejection = Some((status, message));
    }

    /// Executes a request and returns the response.
    pub(crate) fn execute(&mut self, endpoint: Endpoint, request: &Request) -> Response {
        if request.header("authorization") != Some(&format!("Bearer {}", token(self.expired))) {
            let rejection = (401, "Unauthenticated: invalid token");
            let (status, message) = self.rejection.unwrap_or(rejection);
            return Response::error(status, message);
        }
        let response = self.respond(endpoint, request);
        if response.status == 200 {
            *self.executions.entry(endpoint).or_default() += 1;
        }
        response
    }

    fn respond(&mut self, endpoint: Endpoint, request: &Request) -> Response {
        let parameters = parameters(request);
        let get = |name: &str| {
            let mut all = parameters.iter().filter(|(known, _)| known == name);
            let value = all.next().map_or("", |(_, value)| &**value);
            assert!(
                all.next().is_none(),
                "more than one `{name}` in {parameters:?}"
            );
            value
        };
        if get("clusterId") != CLUSTER {
            return Response::error(400, "BadRequest: unknown cluster");
        }
        match endpoint {
            Endpoint::Create => {
                let id = self.add_context();
                Response::json(200, &json!({ "id": id }))
            }
            Endpoint::ContextStatus => self.context_status(get("contextId")),
            // Destroying twice succeeds. The behavior of real servers is not known.
            Endpoint::Destroy => {
                let id = get("contextId");
                self.contexts.remove(id);
                self.commands.retain(|_, command| command.context != id);
                Response::json(200, &json!({ "id": id }))
            }
            Endpoint::Execute | Endpoint::ExecuteFile => self.run(get("contextId"), get("command")),
            Endpoint::CommandStatus => self.command_status(get("commandId")),
            Endpoint::Cancel => match self.commands.get_mut(get("commandId")) {
                Some(command) => {
                    command.is_canceled = true;
                    Response::json(200, &json!({ "id": get("commandId") }))
                }
                None => Response::error(404, "CommandNotFoundException: command does not exist"),
            },
        }
    }

    fn context_status(&mut self, id: &str) -> Response {
        let Some(context) = self.contexts.get_mut(id) else {
            return no_context();
        };
        context.polls += 1;
        let status = if context.polls > 1 {
            "Running"
        } else {
            "Pending"
        };
        Response::json(200, &json!({ "id": id, "status": status }))
    }

    fn run(&mut self, context: &str, text: &str) -> Response {
        if !self.contexts.contains_key(context) {
            return no_context();
        }
        *self.runs.entry(text.to_owned()).or_default() += 1;
        let id = self.add_command(context);
        Response::json(200, &json!({ "id": id }))
    }

    fn command_status(&mut self, id: &str) -> Response {
        let Some(command) = self.commands.get_mut(id) else {
            return Response::error(404, "CommandNotFoundException: command does not exist");
        };
        command.polls += 1;
        let cause = "CommandCancelledException";
        // Like Databricks, which reports a canceled command as `Finished`.
        let (status, results) = match (command.polls, command.is_canceled) {
            (_, true) => ("Finished", json!({ "resultType": "error", "cause": cause })),
            (1, false) => ("Running", json!(null)),
            (_, false) => ("Finished", json!({ "resultType": "text", "data": id })),
        };
        Response::json(
            200,
            &json!({ "id": id, "status": status, "results": results }),
        )
    }

    fn next_id(&mut self) -> String {
        self.created += 1;
        format!("{ID_PREFIX}{:04}", self.created)
    }
}

/// Prefix of ids. With it, ids exceed the integers that an `f64` represents exactly.
const ID_PREFIX: &str = "179365396413324";

fn no_context() -> Response {
    Response::error(404, "ContextNotFoundException: the context does not exist")
}
