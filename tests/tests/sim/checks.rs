//! Checks of the result of one operation of the caller, as soon as it returns.

use std::error::Error as StdError;
use std::time::Duration;

use api_runtime::{Delivery, Error};
use generated_client::Leftover;

use crate::coverage::Event;
use crate::record::{Outcome, Sent};
use crate::request::Endpoint;
use crate::workspace::{CODE, SECRET};
use crate::world::{SharedWorld, World};

/// An operation of the caller: a call, a wait, or the creation of a context with all its requests.
pub(crate) struct Span<'a> {
    world: &'a SharedWorld,
    name: &'static str,
    began: Duration,
    /// Index of the first request.
    first: usize,
}

/// The client said that these requests were not processed.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) text: String,
    pub(crate) sends: Vec<usize>,
}

impl<'a> Span<'a> {
    pub(crate) fn begin(world: &'a SharedWorld, name: &'static str) -> Self {
        let mut locked = world.lock();
        locked.note(|| format!("caller: {name}"));
        locked.is_new_operation = true;
        Self {
            world,
            name,
            began: locked.now(),
            first: locked.sends.len(),
        }
    }

    pub(crate) fn began(&self) -> Duration {
        self.began
    }

    /// Records the result in the history, and checks the text of an error.
    pub(crate) fn end<T, E: StdError>(&self, result: &Result<T, E>) {
        let mut world = self.world.lock();
        let name = self.name;
        match result {
            Ok(_) => world.note(|| format!("caller: {name}: ok")),
            Err(error) => {
                world.note(|| format!("caller: {name}: {error}"));
                check_text(&mut world, error);
            }
        }
    }

    /// Returns the indices of the requests to an endpoint.
    pub(crate) fn sends(&self, world: &World, endpoint: Endpoint) -> Vec<usize> {
        let all = self.first..world.sends.len();
        all.filter(|index| world.sends[*index].request.endpoint == endpoint)
            .collect()
    }

    /// Returns whether a response of someone else was taken for a success.
    pub(crate) fn is_misled(&self) -> bool {
        let world = self.world.lock();
        world.sends[self.first..].iter().any(Sent::is_misled)
    }

    /// Checks what an error says of the delivery of the requests to an endpoint.
    pub(crate) fn check_delivery(
        &self,
        endpoint: Endpoint,
        delivery: Delivery,
        text: &dyn StdError,
    ) {
        let sends = self.sends(&self.world.lock(), endpoint);
        self.check_sends(sends, delivery, text);
    }

    /// Checks what an error says of the delivery of these requests.
    pub(crate) fn check_sends(&self, sends: Vec<usize>, delivery: Delivery, text: &dyn StdError) {
        let mut world = self.world.lock();
        match delivery {
            // The requests may still be on their way, so this is checked at the end.
            Delivery::NotProcessed => {
                let text = format!("{}: {text}", self.name);
                world.claims.push(Claim { text, sends });
            }
            Delivery::Unknown => {
                let is_written = sends.iter().any(|index| world.sends[*index].is_written);
                if !is_written {
                    let name = self.name;
                    world.find(format!(
                        "{name}: may have been processed, but was not sent: {text}"
                    ));
                }
            }
        }
    }

    /// Checks the delivery in the error of a call of one endpoint.
    pub(crate) fn check_call(&self, endpoint: Endpoint, error: &Error) {
        self.check_delivery(endpoint, error.delivery(), error);
    }

    /// Returns the indices of the requests of the last call of an endpoint.
    pub(crate) fn last_call(&self, world: &World, endpoint: Endpoint) -> Vec<usize> {
        let sends = self.sends(world, endpoint);
        let calls = world.calls.iter().rev();
        let mut calls = calls.filter(|call| call.sends.iter().any(|index| sends.contains(index)));
        calls
            .next()
            .map_or_else(Vec::new, |call| call.sends.clone())
    }

    /// Checks that an error names a context that exists, unless the client was told that it does not.
    pub(crate) fn check_named(&self, world: &mut World, id: &str, is_named: bool) {
        let exists = world.workspace.has_context(id, world.now());
        let destroys = self.sends(world, Endpoint::Destroy);
        let is_misled = destroys.iter().any(|index| world.sends[*index].is_misled());
        if exists && !is_misled && !is_named {
            let name = self.name;
            world.find(format!("{name}: context {id} is left, but not named"));
        }
    }

    /// Checks that a command whose id the client has received does not run any more, unless
    /// canceling it has failed.
    pub(crate) fn check_canceled(&self, error: &dyn StdError, leftover: Option<&Leftover>) {
        let mut world = self.world.lock();
        let now = world.now();
        let executes = self.sends(&world, Endpoint::Execute);
        let answered = executes
            .iter()
            .find_map(|index| world.sends[*index].answered.clone());
        let Some(id) = answered.filter(|id| world.workspace.is_running(id, now)) else {
            return;
        };
        let mut cancels = self.sends(&world, Endpoint::Cancel);
        let is_accepted = |sent: &Sent| sent.outcome == Outcome::Genuine(200);
        let has_failed = match cancels.pop() {
            Some(last) => !is_accepted(&world.sends[last]),
            // Without a token, the request is not sent.
            None => world
                .sends
                .last()
                .is_some_and(|sent| sent.request.endpoint == Endpoint::Token),
        };
        if has_failed {
            world.events.insert(Event::CommandLeft);
            if leftover.and_then(Leftover::command_id).is_none() {
                world.find(format!("command {id} runs, but is not named: {error}"));
            }
        } else {
            world.find(format!(
                "command {id} runs, and canceling it did not fail: {error}"
            ));
        }
    }

    /// Checks that the operation has ended at this time at the latest, and names the limit if not.
    pub(crate) fn check_end(&self, limit: &str, latest: Duration) {
        let mut world = self.world.lock();
        let (now, name) = (world.now(), self.name);
        if now > latest {
            let late = now.saturating_sub(latest).as_secs_f64();
            world.find(format!("{name}: ended {late:.3} s after the {limit}"));
        }
    }

    /// Checks the limits that apply to everything that the client does, with this time for clean-up.
    pub(crate) fn check_limits(&self, cleanup: Duration) {
        let (deadline, raised_at) = {
            let world = self.world.lock();
            (world.plan.client.deadline, world.raised_at)
        };
        if let Some(deadline) = deadline {
            self.check_end("deadline", deadline.max(self.began) + cleanup);
        }
        if let Some(raised_at) = raised_at {
            self.check_end("interrupt", raised_at.max(self.began) + cleanup);
        }
    }
}

/// Checks that the text of an error contains neither secrets nor control characters.
fn check_text(world: &mut World, error: &dyn StdError) {
    let mut next = Some(error);
    while let Some(error) = next {
        for text in [error.to_string(), format!("{error:?}")] {
            if text.contains(SECRET) || text.contains(CODE) {
                world.find(format!("secret in a message: {text}"));
            }
            if text.chars().any(|c| c.is_control() && c != '\n') {
                world.find(format!("control character in a message: {text:?}"));
            }
        }
        next = error.source();
    }
}
