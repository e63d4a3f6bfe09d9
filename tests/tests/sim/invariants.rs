//! Invariants of a whole life, checked when all requests have arrived.

use std::time::Duration;

use generated_client::Leftover;

use crate::coverage::Event;
use crate::plan::{End, Program};
use crate::request::Endpoint;
use crate::world::World;

/// Maximum number of requests in a life. A wait of 20 minutes polls about 200 times, with up to seven
/// attempts each.
const MAX_REQUESTS: usize = 3_000;

/// Defaults of `RetryPolicy`.
const DEFAULT_ATTEMPTS: u32 = 5;
const RETRY_BUDGET: Duration = Duration::from_secs(60);

pub(crate) fn check(world: &mut World) {
    check_executions(world);
    check_claims(world);
    check_refreshes(world);
    check_attempts(world);
    check_contexts(world);
    check_record(world);
    let requests = world.sends.len();
    if requests > MAX_REQUESTS {
        world.find(format!("{requests} requests"));
    }
}

/// No call is processed twice by the client's doing. A gateway may still repeat one request.
fn check_executions(world: &mut World) {
    let mut findings = Vec::new();
    for call in &world.calls {
        let executed = call.sends.iter().filter(|index| {
            let sent = &world.sends[**index];
            sent.request.endpoint.must_run_once() && sent.has_effect
        });
        let count = executed.count();
        if count > 1 {
            findings.push(format!("{} was executed {count} times", call.operation));
        }
    }
    // The caller sends a command again if the error says that it was not processed.
    let executed = world.sends.iter().filter(|sent| sent.has_effect);
    let mut codes: Vec<_> = executed
        .filter(|sent| sent.request.endpoint == Endpoint::Execute)
        .map(|sent| &sent.request.code)
        .collect();
    let count = codes.len();
    codes.sort();
    codes.dedup();
    if codes.len() != count {
        findings.push("a command was executed twice".to_owned());
    }
    world.find_all(findings);
}

fn check_claims(world: &mut World) {
    let claims = std::mem::take(&mut world.claims);
    for claim in claims {
        let processed = claim
            .sends
            .iter()
            .find(|index| world.sends[**index].has_effect);
        if let Some(index) = processed {
            world.find(format!(
                "#{index} was processed, but not according to: {}",
                claim.text
            ));
        }
    }
}

/// A call is repeated at most once because of its credentials, and with other ones.
fn check_refreshes(world: &mut World) {
    let mut findings = Vec::new();
    for call in &world.calls {
        let rejected = call.sends.iter().filter(|index| {
            let status = world.sends[**index].outcome.status();
            matches!(status, Some(401 | 403))
        });
        let count = rejected.count();
        if count > 2 {
            findings.push(format!(
                "{}: {count} attempts were rejected",
                call.operation
            ));
        }
        for pair in call.sends.windows(2) {
            let (before, after) = (&world.sends[pair[0]], &world.sends[pair[1]]);
            let is_rejected = matches!(before.outcome.status(), Some(401 | 403));
            if is_rejected && before.request.authorization == after.request.authorization {
                findings.push(format!("#{} repeats rejected credentials", pair[1]));
            }
        }
    }
    world.find_all(findings);
}

/// Retries keep to the policy, except that a request for a context is repeated while the cluster is not
/// ready.
fn check_attempts(world: &mut World) {
    let attempts = world.plan.client.attempts.unwrap_or(DEFAULT_ATTEMPTS);
    let mut findings = Vec::new();
    for call in &world.calls {
        if call.operation == "contexts.create" {
            continue;
        }
        let is_rejected = |index: &&usize| {
            let status = world.sends[**index].outcome.status();
            matches!(status, Some(401 | 403))
        };
        let repeated = &call.sends[..call.sends.len() - 1];
        let refreshes = repeated.iter().filter(is_rejected).count();
        let count = call.sends.len() - refreshes;
        if count > attempts as usize {
            findings.push(format!("{}: {count} attempts", call.operation));
        }
        let [first, .., last] = call.sends[..] else {
            continue;
        };
        // A new token may take its time.
        let mut between = world.sends[first..last].iter();
        let has_token_request = between.any(|sent| sent.request.endpoint == Endpoint::Token);
        let elapsed = world.sends[last]
            .began
            .saturating_sub(world.sends[first].began);
        if elapsed > RETRY_BUDGET && !has_token_request {
            findings.push(format!("#{last} was sent after the retry budget"));
        }
    }
    world.find_all(findings);
}

/// A context whose id the client has received is destroyed, or destroying it has failed.
fn check_contexts(world: &mut World) {
    let now = world.now();
    let left: Vec<_> = world.workspace.contexts(now).cloned().collect();
    for id in left {
        let is_known = world
            .sends
            .iter()
            .any(|sent| sent.answered.as_ref() == Some(&id));
        if !is_known {
            world.events.insert(Event::Unknowable);
        } else if has_failed_destroy(world, &id) {
            world.events.insert(Event::CleanupFailed);
        } else {
            world.find(format!(
                "context {id} is left, and destroying it did not fail"
            ));
        }
    }
}

fn has_failed_destroy(world: &World, id: &str) -> bool {
    let of_context = |index: &usize| {
        let request = &world.sends[*index].request;
        request.endpoint == Endpoint::Destroy && request.context == id
    };
    let calls = world.calls.iter().rev();
    let mut destroys = calls.filter(|call| call.sends.first().is_some_and(of_context));
    if let Some(call) = destroys.next() {
        let last = &world.sends[call.sends[call.sends.len() - 1]];
        return call.has_failed || last.is_misled();
    }
    // Without a token, the request is not sent.
    let last = world.sends.last();
    last.is_some_and(|sent| sent.request.endpoint == Endpoint::Token)
}

/// The record of the client contains every context that may exist and that the client could know of.
fn check_record(world: &mut World) {
    let Program::Context(plan) = &world.plan.program else {
        return;
    };
    // Detached contexts are not in the record.
    if plan.end == End::Reattach {
        return;
    }
    let now = world.now();
    let record = world.leftovers.list();
    let mut findings = Vec::new();
    let mut unanswered = 0;
    for call in world
        .calls
        .iter()
        .filter(|call| call.operation == "contexts.create")
    {
        let sends = call.sends.iter().map(|index| &world.sends[*index]);
        let created = sends.filter(|sent| sent.has_effect);
        for sent in created {
            let Some(id) = &sent.answered else {
                // With an id of someone else, the client records that one.
                unanswered += usize::from(!sent.is_misled());
                continue;
            };
            let mut entries = record.iter().filter_map(Leftover::context_id);
            let is_recorded = entries.any(|entry| entry.as_str() == id);
            let is_misled = world.sends.iter().any(|sent| {
                let request = &sent.request;
                request.endpoint == Endpoint::Destroy && request.context == *id && sent.is_misled()
            });
            if world.workspace.has_context(id, now) && !is_recorded && !is_misled {
                findings.push(format!("context {id} is left, but not recorded"));
            }
        }
    }
    let unknown = record.iter().filter(|it| it.context_id().is_none()).count();
    if unknown < unanswered {
        findings.push(format!(
            "{unanswered} contexts without id, {unknown} in the record"
        ));
    }
    world.find_all(findings);
}
