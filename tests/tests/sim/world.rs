//! The world of a life: its time, the server, the requests on their way and the interrupt.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api_runtime::{AttemptEvent, Interrupt};
use generated_client::Leftovers;

use crate::checks::Claim;
use crate::coverage::{Event, Events};
use crate::plan::{Plan, hash};
use crate::record::{CallRecord, Sent};
use crate::workspace::{Effect, Workspace};

/// The world, shared by the clock, the transport, the observer and the caller.
#[derive(Clone)]
pub(crate) struct SharedWorld(Arc<Mutex<World>>);

impl SharedWorld {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedWorld")
    }
}

pub(crate) struct World {
    pub(crate) plan: Plan,
    origin: Instant,
    now: Duration,
    step: u32,
    pub(crate) workspace: Workspace,
    /// Requests that have not reached the server yet.
    in_transit: Vec<InTransit>,
    pub(crate) sends: Vec<Sent>,
    pub(crate) calls: Vec<CallRecord>,
    /// Set until the first request of an operation of the caller.
    pub(crate) is_new_operation: bool,
    pub(crate) claims: Vec<Claim>,
    /// Interrupt of the caller.
    pub(crate) interrupt: Interrupt,
    pub(crate) raised_at: Option<Duration>,
    /// Time after an interrupt or a deadline within which the client must await responses that contain
    /// ids, in the current operation.
    pub(crate) patience: Duration,
    /// The client's record of contexts that may remain.
    pub(crate) leftovers: Leftovers,
    pub(crate) events: Events,
    pub(crate) findings: Vec<String>,
    history: Option<Vec<String>>,
}

/// A copy of a request on its way to the server.
struct InTransit {
    arrives_at: Duration,
    send: usize,
    revokes_tokens: bool,
}

impl World {
    pub(crate) fn new(plan: Plan, keeps_history: bool) -> Self {
        let seed = hash(plan.seed);
        Self {
            workspace: Workspace::new(plan.server, seed),
            plan,
            origin: Instant::now(),
            now: Duration::ZERO,
            step: 0,
            in_transit: Vec::new(),
            sends: Vec::new(),
            calls: Vec::new(),
            is_new_operation: true,
            claims: Vec::new(),
            interrupt: Interrupt::new(),
            raised_at: None,
            patience: Duration::ZERO,
            leftovers: Leftovers::new(),
            events: Events::default(),
            findings: Vec::new(),
            history: keeps_history.then(Vec::new),
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.now
    }

    /// Returns the current time for the client.
    pub(crate) fn instant(&self) -> Instant {
        self.instant_at(self.now)
    }

    pub(crate) fn instant_at(&self, time: Duration) -> Instant {
        self.origin + time
    }

    pub(crate) fn time_of(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.origin)
    }

    /// Adds a line to the history. `text` is not called if there is none.
    pub(crate) fn note(&mut self, text: impl FnOnce() -> String) {
        if let Some(history) = &mut self.history {
            history.push(format!("{:>12.3} s  {}", self.now.as_secs_f64(), text()));
        }
    }

    pub(crate) fn take_history(&mut self) -> Vec<String> {
        self.history.take().unwrap_or_default()
    }

    /// Records a violated invariant.
    pub(crate) fn find(&mut self, finding: impl Into<String>) {
        let finding = finding.into();
        self.note(|| format!("FOUND: {finding}"));
        self.findings.push(finding);
    }

    pub(crate) fn find_all(&mut self, findings: Vec<String>) {
        for finding in findings {
            self.find(finding);
        }
    }

    /// Begins the next step and returns its number.
    pub(crate) fn begin_step(&mut self) -> u32 {
        self.step += 1;
        self.step - 1
    }

    /// Returns the time at which the interrupt is raised in a step, if it is.
    pub(crate) fn interrupt_in(
        &self,
        step: u32,
        begin: Duration,
        end: Duration,
    ) -> Option<Duration> {
        let plan = self.plan.interrupt.filter(|plan| plan.step == step)?;
        Some(begin + (end.saturating_sub(begin)).mul_f64(plan.fraction))
    }

    pub(crate) fn raise_at(&mut self, time: Duration) {
        self.raised_at = Some(time);
        self.interrupt.raise_at(self.instant_at(time));
    }

    pub(crate) fn sleep(&mut self, duration: Duration, interrupt: &Interrupt) {
        let step = self.begin_step();
        if interrupt.is_raised() {
            return;
        }
        let end = self.now + duration;
        let Some(time) = self.interrupt_in(step, self.now, end) else {
            self.note(|| format!("[{step}] pause of {duration:.3?}"));
            return self.advance_to(end);
        };
        self.raise_at(time);
        let is_canceled = interrupt.is_raised();
        self.events.insert(if is_canceled {
            Event::InterruptInSleep
        } else {
            Event::InterruptInCleanup
        });
        self.advance_to(if is_canceled { time } else { end });
        self.note(|| format!("[{step}] pause of {duration:.3?}, INTERRUPTED at {time:.3?}"));
    }

    /// Sends a copy of a request to the server.
    pub(crate) fn dispatch(&mut self, send: usize, arrives_at: Duration, revokes_tokens: bool) {
        self.in_transit.push(InTransit {
            arrives_at,
            send,
            revokes_tokens,
        });
    }

    /// Advances the time. The server processes the requests that arrive until then.
    pub(crate) fn advance_to(&mut self, time: Duration) {
        while let Some(next) = self.next_arrival(time) {
            let arrival = self.in_transit.remove(next);
            self.now = self.now.max(arrival.arrives_at);
            self.process(&arrival);
        }
        self.now = self.now.max(time);
    }

    /// Lets all requests arrive.
    pub(crate) fn settle(&mut self) {
        let last = self.in_transit.iter().map(|it| it.arrives_at).max();
        self.advance_to(last.unwrap_or_default());
    }

    fn next_arrival(&self, until: Duration) -> Option<usize> {
        let arrivals = self.in_transit.iter().enumerate();
        let next = arrivals.min_by_key(|(_, arrival)| arrival.arrives_at);
        next.filter(|(_, arrival)| arrival.arrives_at <= until)
            .map(|(index, _)| index)
    }

    fn process(&mut self, arrival: &InTransit) {
        if arrival.revokes_tokens {
            self.workspace.revoke_tokens();
        }
        let sent = &mut self.sends[arrival.send];
        let response = self
            .workspace
            .process(self.now, &sent.request, &mut self.events);
        let has_effect = response.effect != Effect::None;
        if sent.response.is_none() {
            sent.has_effect = has_effect;
        } else if has_effect {
            self.events.insert(Event::Duplicated);
        }
        let endpoint = sent.request.endpoint;
        let (status, effect) = (response.status, response.effect.clone());
        sent.response.get_or_insert(response);
        self.note(|| {
            let number = arrival.send;
            format!("        server: {endpoint:?} #{number}: {status}, {effect:?}")
        });
    }

    /// Assigns the request of an attempt to its call.
    pub(crate) fn observe(&mut self, event: &AttemptEvent<'_>) {
        let send = self.sends.len() - 1;
        let operation = event.operation.name;
        if !self.is_retry(operation, event.attempt) {
            self.calls.push(CallRecord::new(operation));
        }
        self.is_new_operation = false;
        let error = event.error;
        let call = self.calls.last_mut().expect("a call was just added");
        let previous = call.sends.last().copied();
        call.sends.push(send);
        call.attempt = event.attempt;
        call.has_failed = error.is_some();
        if let Some(previous) = previous {
            self.check_retry(previous, send);
        }
        self.note(|| match error {
            Some(error) => format!(
                "        client: attempt {} of {operation}: {error}",
                event.attempt
            ),
            None => format!(
                "        client: attempt {} of {operation}: ok",
                event.attempt
            ),
        });
    }

    /// Returns whether an attempt belongs to the last call. The first attempt of a call has another
    /// number than 1 if the credentials failed before it.
    fn is_retry(&self, operation: &str, attempt: u32) -> bool {
        let call = self.calls.last().filter(|_| !self.is_new_operation);
        call.is_some_and(|call| {
            call.has_failed && call.operation == operation && call.attempt < attempt
        })
    }

    /// Checks the delay before a retry.
    fn check_retry(&mut self, previous: usize, send: usize) {
        self.events.insert(Event::Retried);
        let (before, after) = (&self.sends[previous], &self.sends[send]);
        let Some(delay) = before.outcome.retry_after() else {
            return;
        };
        self.events.insert(Event::RetriedAfter);
        if after.began < before.ended + Duration::from_secs(delay) {
            self.find(format!(
                "#{send} was sent earlier than `Retry-After` of #{previous}"
            ));
        }
    }
}
