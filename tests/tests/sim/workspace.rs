//! The model server: contexts, commands and tokens, without any faults of the network.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;

use crate::coverage::{Event, Events};
use crate::plan::ServerPlan;
use crate::request::{Endpoint, Request};

/// Part of every command. No message may contain it.
pub(crate) const CODE: &str = "hunter2_in_the_code";

/// Part of every token and of the client secret. No message may contain it.
pub(crate) const SECRET: &str = "Secret1";

/// State of the server.
#[derive(Debug)]
pub(crate) struct Workspace {
    plan: ServerPlan,
    random: Rng,
    contexts: BTreeMap<String, Context>,
    commands: BTreeMap<String, Command>,
    tokens: Vec<Token>,
}

#[derive(Debug)]
struct Context {
    ready_at: Duration,
    fails: bool,
    /// Time at which the server drops the context by itself.
    evicted_at: Option<Duration>,
    is_destroyed: bool,
}

#[derive(Debug)]
struct Command {
    context: String,
    code: String,
    ends_at: Duration,
    fails: bool,
    /// Set by a request that arrived before the end.
    canceled: bool,
}

#[derive(Debug)]
struct Token {
    authorization: String,
    expires_at: Duration,
}

/// Response to a request, and its effect.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) effect: Effect,
}

/// Effect of a request on the state of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// A context or a command with this id was created.
    Created(String),
    /// A context was destroyed, or a command canceled.
    Ended,
}

impl Workspace {
    pub(crate) fn new(plan: ServerPlan, seed: u64) -> Self {
        Self {
            plan,
            random: Rng::with_seed(seed),
            contexts: BTreeMap::new(),
            commands: BTreeMap::new(),
            tokens: Vec::new(),
        }
    }

    /// Accepts these credentials until a time.
    pub(crate) fn accept(&mut self, authorization: String, expires_at: Duration) {
        self.tokens.push(Token {
            authorization,
            expires_at,
        });
    }

    /// Rejects all credentials that were accepted so far.
    pub(crate) fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Returns whether a context exists: it was created, and neither destroyed nor evicted.
    pub(crate) fn has_context(&self, id: &str, now: Duration) -> bool {
        let context = self.contexts.get(id);
        context.is_some_and(|context| context.exists_at(now))
    }

    /// Returns the ids of the contexts that exist.
    pub(crate) fn contexts(&self, now: Duration) -> impl Iterator<Item = &String> {
        let all = self.contexts.iter();
        all.filter(move |(_, context)| context.exists_at(now))
            .map(|(id, _)| id)
    }

    /// Returns whether a command runs and was not canceled.
    pub(crate) fn is_running(&self, id: &str, now: Duration) -> bool {
        self.commands.get(id).is_some_and(|command| {
            !command.canceled && now < command.ends_at && self.has_context(&command.context, now)
        })
    }

    /// Processes a request at a time and returns the response.
    pub(crate) fn process(
        &mut self,
        now: Duration,
        request: &Request,
        events: &mut Events,
    ) -> Response {
        if request.endpoint == Endpoint::Token {
            return self.issue_token(now, events);
        }
        let mut tokens = self.tokens.iter();
        let is_valid =
            |token: &Token| token.authorization == request.authorization && now < token.expires_at;
        if !tokens.any(is_valid) {
            return self.reject(events);
        }
        match request.endpoint {
            Endpoint::Create => self.create(now, events),
            Endpoint::Execute => self.execute(now, request, events),
            Endpoint::ContextStatus => self.context_status(now, &request.context, events),
            Endpoint::CommandStatus => self.command_status(now, request, events),
            Endpoint::Destroy => self.destroy(now, &request.context),
            Endpoint::Cancel => self.cancel(now, request, events),
            Endpoint::ClusterState => self.cluster_state(now),
            Endpoint::Token => unreachable!("handled above"),
        }
    }

    fn issue_token(&mut self, now: Duration, events: &mut Events) -> Response {
        events.insert(match self.tokens.len() {
            0 => Event::TokenIssued,
            _ => Event::TokenRefreshed,
        });
        let number = self.random.u32(..);
        let token = format!("eyJ{SECRET}{number:08x}");
        let lifetime = self.plan.token_lifetime;
        self.accept(format!("Bearer {token}"), now + lifetime);
        let seconds = lifetime.as_secs();
        ok(format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{seconds}}}"#
        ))
    }

    /// Gateways of Databricks reject expired tokens with either status code.
    fn reject(&mut self, events: &mut Events) -> Response {
        if self.plan.rejects_with_403 {
            events.insert(Event::Expired403);
            error(403, "Invalid access token: JWT has expired")
        } else {
            events.insert(Event::Rejected401);
            error(401, "Unauthenticated: invalid token")
        }
    }

    fn create(&mut self, now: Duration, events: &mut Events) -> Response {
        if now < self.plan.cluster_ready_at {
            events.insert(Event::ClusterNotReady);
            return error(500, "ClusterNotReadyException: the cluster is starting");
        }
        // Longer than any integer that an `f64` represents exactly.
        let id = format!("17936539641332{:05}", self.contexts.len());
        let random = &mut self.random;
        let fails = random.f64() < self.plan.context_failures;
        let starts_in = millis(random, self.plan.start_time);
        let evicted_at = (random.f64() < self.plan.evictions).then(|| {
            let time = Duration::from_millis(random.u64(..60_000));
            now + starts_in + time
        });
        self.contexts.insert(
            id.clone(),
            Context {
                ready_at: now + starts_in,
                fails,
                evicted_at,
                is_destroyed: false,
            },
        );
        created(id)
    }

    fn cluster_state(&self, now: Duration) -> Response {
        let state = if now < self.plan.cluster_ready_at {
            "PENDING"
        } else {
            "RUNNING"
        };
        ok(format!(r#"{{"cluster_id":"c","state":"{state}"}}"#))
    }

    fn execute(&mut self, now: Duration, request: &Request, events: &mut Events) -> Response {
        if !self.has_context(&request.context, now) {
            return self.no_context(&request.context, events);
        }
        let random = &mut self.random;
        let id = format!("dd7fe23d-f3f0-4e14-9760-{:012}", self.commands.len());
        let command = Command {
            context: request.context.clone(),
            code: request.code.clone(),
            ends_at: now + millis(random, self.plan.run_time),
            fails: random.u32(..8) == 0,
            canceled: false,
        };
        self.commands.insert(id.clone(), command);
        created(id)
    }

    fn context_status(&mut self, now: Duration, id: &str, events: &mut Events) -> Response {
        let Some(context) = self.contexts.get(id).filter(|it| it.exists_at(now)) else {
            return self.no_context(id, events);
        };
        let status = match context {
            Context { ready_at, .. } if now < *ready_at => "Pending",
            Context { fails: true, .. } => {
                events.insert(Event::ContextFailed);
                "Error"
            }
            _ => "Running",
        };
        ok(format!(r#"{{"id":"{id}","status":"{status}"}}"#))
    }

    fn command_status(
        &mut self,
        now: Duration,
        request: &Request,
        events: &mut Events,
    ) -> Response {
        let id = &request.command;
        if !self.has_context(&request.context, now) {
            return self.no_context(&request.context, events);
        }
        let Some(command) = self.commands.get(id) else {
            return error(404, "CommandNotFoundException: the command does not exist");
        };
        let (status, results) = match command {
            // Like Databricks, which reports a canceled command as `Finished`.
            Command { canceled: true, .. } => (
                "Finished",
                r#"{"resultType":"error","cause":"CommandCancelledException"}"#.to_owned(),
            ),
            Command { ends_at, .. } if now < *ends_at => {
                let is_unknown = self.random.u32(..16) == 0;
                if is_unknown {
                    events.insert(Event::UnknownStatus);
                }
                let status = if is_unknown { "Resuming" } else { "Running" };
                (
                    status,
                    r#"{"resultType":"text","data":"line 1"}"#.to_owned(),
                )
            }
            Command { fails: true, .. } => {
                events.insert(Event::CodeFailed);
                let summary = "ZeroDivisionError: division by zero";
                (
                    "Finished",
                    format!(r#"{{"resultType":"error","summary":"{summary}","cause":""}}"#),
                )
            }
            // The number of the command, so that callers can recognize the result of another one.
            Command { code, .. } => {
                let number = code.rsplit(' ').next().unwrap_or_default();
                (
                    "Finished",
                    format!(r#"{{"resultType":"text","data":"line 1\nend {number}"}}"#),
                )
            }
        };
        ok(format!(
            r#"{{"id":"{id}","status":"{status}","results":{results}}}"#
        ))
    }

    fn destroy(&mut self, now: Duration, id: &str) -> Response {
        match self.contexts.get_mut(id).filter(|it| it.exists_at(now)) {
            Some(context) => {
                context.is_destroyed = true;
                ended(id)
            }
            // Destroying twice succeeds. The behavior of real servers is not known.
            None => ok(format!(r#"{{"id":"{id}"}}"#)),
        }
    }

    fn cancel(&mut self, now: Duration, request: &Request, events: &mut Events) -> Response {
        let is_running = self.is_running(&request.command, now);
        match self.commands.get_mut(&request.command) {
            Some(command) if is_running => {
                command.canceled = true;
                events.insert(Event::CommandCanceled);
                ended(&request.command)
            }
            Some(_) => ok("{}".to_owned()),
            None => error(404, "CommandNotFoundException: the command does not exist"),
        }
    }

    fn no_context(&self, id: &str, events: &mut Events) -> Response {
        let context = self.contexts.get(id);
        if context.is_some_and(|context| !context.is_destroyed) {
            events.insert(Event::ContextEvicted);
        }
        error(404, "ContextNotFoundException: the context does not exist")
    }
}

impl Context {
    fn exists_at(&self, now: Duration) -> bool {
        !self.is_destroyed && self.evicted_at.is_none_or(|time| now < time)
    }
}

/// Draws a time up to the maximum. Half of the times are short.
fn millis(random: &mut Rng, max: Duration) -> Duration {
    let max = u64::try_from(max.as_millis()).unwrap_or(u64::MAX);
    let max = if random.bool() { max.min(500) } else { max };
    Duration::from_millis(random.u64(..=max))
}

fn ok(body: String) -> Response {
    Response {
        status: 200,
        body,
        effect: Effect::None,
    }
}

fn created(id: String) -> Response {
    Response {
        status: 200,
        body: format!(r#"{{"id":"{id}"}}"#),
        effect: Effect::Created(id),
    }
}

fn ended(id: &str) -> Response {
    Response {
        status: 200,
        body: format!(r#"{{"id":"{id}"}}"#),
        effect: Effect::Ended,
    }
}

fn error(status: u16, message: &str) -> Response {
    Response {
        status,
        body: format!(r#"{{"error":"{message}"}}"#),
        effect: Effect::None,
    }
}
