//! Observations of a cell, and the values that it accepts.

use std::ops::RangeInclusive;
use std::time::Duration;

use api_runtime::Delivery;

use crate::cell::Findings;
use crate::mock::Endpoint;

/// Observations at the end of a call or of a life of a context.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Requests that the server has received, including incomplete ones.
    pub(crate) requests: usize,
    /// Requests that the server has executed.
    pub(crate) executions: usize,
    /// Contexts on the server.
    pub(crate) contexts: usize,
    /// Delivery according to the error. `None` is a success.
    pub(crate) delivery: Option<Delivery>,
    /// Time until the end, by the clock of the client.
    pub(crate) time: Duration,
    pub(crate) streams: Streams,
}

/// Text that people and other programs can read.
#[derive(Debug)]
pub(crate) struct Streams {
    /// `Display` and `Debug` of the errors and their sources. Empty after a success.
    pub(crate) errors: String,
    /// `Display` and `Debug` of the record of what remains on the cluster.
    pub(crate) leftovers: String,
    /// `Display` and `Debug` of the events that the observer has received.
    pub(crate) events: String,
    /// Log records, at level trace for the targets of the client.
    pub(crate) log: String,
}

/// Values that a cell accepts.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) requests: RangeInclusive<usize>,
    pub(crate) executions: RangeInclusive<usize>,
    pub(crate) contexts: RangeInclusive<usize>,
    pub(crate) deliveries: Vec<Option<Delivery>>,
    pub(crate) time: RangeInclusive<Duration>,
}

/// Parts of the token and of the command, and of the Base64 of the token.
const SECRETS: [&str; 7] = [
    "dapi0", "Mark1", "Mark2", "Mark3", "ZGFwaT", "TWFya", "hunter2",
];

impl Observed {
    pub(crate) fn check(&self, findings: &mut Findings, accepted: &Accepted) {
        within(findings, "requests", &self.requests, &accepted.requests);
        within(
            findings,
            "executions",
            &self.executions,
            &accepted.executions,
        );
        within(findings, "contexts", &self.contexts, &accepted.contexts);
        within(findings, "time", &self.time, &accepted.time);
        findings.check(
            accepted.deliveries.contains(&self.delivery),
            format!(
                "delivery is {:?}, not one of {:?}",
                self.delivery, accepted.deliveries
            ),
        );
        self.streams.check(findings);
        let is_error = !self.streams.errors.is_empty();
        findings.equal("has an error", &is_error, &self.delivery.is_some());
    }
}

impl Streams {
    fn check(&self, findings: &mut Findings) {
        findings.check(!self.events.is_empty(), "the observer received no event");
        let is_logged = self.log.contains(" api_runtime");
        findings.check(is_logged, "the client logged nothing");
        for (stream, text) in [
            ("an error", &self.errors),
            ("the record", &self.leftovers),
            ("an event", &self.events),
            ("the log", &self.log),
        ] {
            for secret in SECRETS {
                let finding = || format!("{stream} contains a secret: {text}");
                if text.contains(secret) {
                    findings.add(finding());
                }
            }
            // Pretty-printed values consist of several lines.
            if text.contains(|c: char| c.is_control() && c != '\n') {
                findings.add(format!("{stream} contains a control character: {text:?}"));
            }
        }
    }
}

impl Accepted {
    /// One request that succeeds at the first attempt, if `contexts` existed before.
    pub(crate) fn success(endpoint: Endpoint, contexts: usize) -> Self {
        Self {
            requests: 1..=1,
            executions: 1..=1,
            contexts: contexts_after(endpoint, contexts, &(1..=1)),
            deliveries: vec![None],
            time: Duration::ZERO..=Duration::ZERO,
        }
    }

    /// One request that the server rejects without executing it.
    pub(crate) fn rejected(contexts: usize) -> Self {
        Self {
            requests: 1..=1,
            contexts: contexts..=contexts,
            ..Self::nothing_sent(Duration::ZERO)
        }
    }

    /// No request, and an error after `time` at most.
    pub(crate) fn nothing_sent(time: Duration) -> Self {
        Self {
            requests: 0..=0,
            executions: 0..=0,
            contexts: 0..=0,
            deliveries: vec![Some(Delivery::NotProcessed)],
            time: Duration::ZERO..=time,
        }
    }

    pub(crate) fn with_requests(self, requests: usize) -> Self {
        Self {
            requests: requests..=requests,
            ..self
        }
    }
}

fn within<T: PartialOrd + std::fmt::Debug>(
    findings: &mut Findings,
    what: &str,
    found: &T,
    accepted: &RangeInclusive<T>,
) {
    findings.check(
        accepted.contains(found),
        format!("{what}: {found:?}, not in {accepted:?}"),
    );
}

/// Returns the contexts that exist after executions of one endpoint, if `before` existed.
pub(crate) fn contexts_after(
    endpoint: Endpoint,
    before: usize,
    executions: &RangeInclusive<usize>,
) -> RangeInclusive<usize> {
    let (least, most) = (*executions.start(), *executions.end());
    match endpoint {
        Endpoint::Create => before + least..=before + most,
        // Further executions destroy nothing.
        Endpoint::Destroy => before.saturating_sub(most)..=before.saturating_sub(least.min(1)),
        _ => before..=before,
    }
}
