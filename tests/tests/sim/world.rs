//! The world of a life: its time, the server, the requests on their way and the interrupt.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api_runtime::{AttemptEvent, Interrupt};
use generated_client::{CancelHandle, Leftovers};

use crate::checks::Claim;
use crate::coverage::{Event, Events};
use crate::plan::{InterruptPlan, Plan, hash};
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
    /// Cancellation of the running command by its handle.
    pub(crate) cancel: Option<Cancel>,
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

/// Cancellation of a command by its handle.
#[derive(Debug)]
pub(crate) struct Cancel {
    /// Moment, with the number of the step in the life.
    pub(crate) moment: InterruptPlan,
    pub(crate) handle: CancelHandle,
    pub(crate) canceled_at: Option<Duration>,
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
            cancel: None,
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

    /// Plans the cancellation of a command that is run next. Its steps begin now.
    pub(crate) fn plan_cancel(&mut self, moment: Option<InterruptPlan>, handle: CancelHandle) {
        self.cancel = moment.map(|moment| Cancel {
            moment: InterruptPlan {
                step: self.step + moment.step,
                ..moment
            },
            handle,
            canceled_at: None,
        });
    }

    /// Raises the interrupt, and cancels the running command by its handle, if this is planned for the
    /// step. Returns whether it is.
    pub(crate) fn raise_in(&mut self, step: u32, begin: Duration, end: Duration) -> bool {
        let time_in = |plan: InterruptPlan| {
            let duration = end.saturating_sub(begin);
            (plan.step == step).then(|| begin + duration.mul_f64(plan.fraction))
        };
        let raised = self.plan.interrupt.and_then(time_in);
        let canceled = self
            .cancel
            .as_ref()
            .and_then(|cancel| time_in(cancel.moment));
        if let Some(time) = raised {
            self.raised_at = Some(time);
            self.interrupt.raise_at(self.instant_at(time));
            self.note(|| format!("        INTERRUPTED at {time:.3?}"));
        }
        if let Some(time) = canceled {
            let instant = self.instant_at(time);
            if let Some(cancel) = &mut self.cancel {
                cancel.canceled_at = Some(time);
                cancel.handle.cancel_at(instant);
            }
            self.note(|| format!("        CANCELED by its handle at {time:.3?}"));
        }
        raised.is_some() || canceled.is_some()
    }

    pub(crate) fn sleep(&mut self, duration: Duration, interrupt: &Interrupt) {
        let step = self.begin_step();
        if interrupt.is_raised() {
            return;
        }
        let end = self.now + duration;
        self.note(|| format!("[{step}] pause of {duration:.3?}"));
        let is_raised = self.raise_in(step, self.now, end);
        let raised_at = interrupt.raised_at().map(|at| self.time_of(at));
        if is_raised {
            self.events.insert(match raised_at {
                Some(_) => Event::InterruptInSleep,
                None => Event::InterruptInCleanup,
            });
        }
        self.advance_to(raised_at.unwrap_or(end));
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
