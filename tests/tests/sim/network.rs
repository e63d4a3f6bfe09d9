//! The transport of a life: the network, its gateways and its faults.

use std::time::Duration;

use api_runtime::http;
use api_runtime::transport::{
    Call, Limits, Timeouts, Transport, TransportError, TransportErrorKind,
};
use api_runtime::{Delivery, Interrupt};

use crate::coverage::Event;
use crate::fault::{Canned, Connect, ECHO, Fault, Reply, Timeline};
use crate::record::{Outcome, Sent};
use crate::request::{Endpoint, Request};
use crate::workspace::Effect;
use crate::world::{SharedWorld, World};

/// Transport that simulates a network.
#[derive(Debug)]
pub(crate) struct SimulatedNetwork(pub(crate) SharedWorld);

impl Transport for SimulatedNetwork {
    fn send(&self, call: Call<'_>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let request = Request::read(call.request);
        self.0.lock().send(request, &call.limits)
    }
}

/// End of a request that is not canceled.
struct NaturalEnd {
    at: Duration,
    /// `None` if there is a response.
    error: Option<TransportError>,
}

/// A request that is canceled by its deadline or its interrupt.
struct Cancellation {
    /// Time of the deadline or the interrupt.
    cause_at: Duration,
    /// Later by the grace if a byte was sent.
    at: Duration,
}

impl World {
    fn send(
        &mut self,
        request: Request,
        limits: &Limits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let step = self.begin_step();
        let begin = self.now();
        let number = self.sends.len();
        let (timeline, fault) = self.plan.timeline(step);
        self.note(|| {
            let fault = fault.map_or_else(String::new, |fault| format!(", {fault:?}"));
            format!("[{step}] #{number} {}{fault}", request.line())
        });
        self.sends.push(Sent::new(request, begin));
        let result = self.exchange(number, step, &timeline, fault, limits);
        let end = self.now();
        self.sends[number].ended = end;
        self.note(|| match &result {
            Ok(response) => format!("        network: #{number}: {}", response.status()),
            Err(error) => format!("        network: #{number}: {:?}, {error}", error.delivery),
        });
        result
    }

    fn exchange(
        &mut self,
        number: usize,
        step: u32,
        timeline: &Timeline,
        fault: Option<Fault>,
        limits: &Limits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let begin = self.now();
        let natural = natural_end(timeline, begin, limits.timeouts.unwrap_or_default());
        if let Some(event) = fault.and_then(Fault::event) {
            self.events.insert(event);
        }
        self.raise_in_request(step, begin, natural.at, limits);

        let connected = begin + timeline.connect_time;
        let first_byte = (timeline.connect == Connect::Succeeds).then_some(connected);
        let cancellation = self.cancellation(first_byte, begin, natural.at, limits);
        let ended_at = cancellation.as_ref().map_or(natural.at, |it| it.at);
        let is_written = first_byte.is_some_and(|time| time < ended_at);
        self.sends[number].is_written = is_written;
        self.dispatch_copies(number, timeline, connected + timeline.write_time, ended_at);
        if let Some(Cancellation { cause_at, .. }) = cancellation {
            let is_answer = natural.error.is_none() && matches!(timeline.reply, Reply::Genuine);
            if is_written && is_answer && natural.at <= cause_at + self.patience {
                self.check_abandoned(number, natural.at.saturating_sub(ended_at));
            }
            self.advance_to(ended_at);
            return Err(self.canceled(is_written, limits.interrupt.as_ref()));
        }
        self.advance_to(ended_at);
        if let Some(error) = natural.error {
            if error.kind == TransportErrorKind::Timeout && is_written {
                self.events.insert(Event::ResponseTimeout);
            }
            return Err(error);
        }
        self.reply(number, &timeline.reply)
    }

    /// Returns the cancellation of a request by its deadline or its interrupt, if it has not ended
    /// before.
    fn cancellation(
        &self,
        first_byte: Option<Duration>,
        begin: Duration,
        natural_end: Duration,
        limits: &Limits,
    ) -> Option<Cancellation> {
        let end = |is_sent| limits.end(is_sent).map(|end| self.time_of(end).max(begin));
        let cause_at = end(false)?;
        let is_sent = first_byte.is_some_and(|time| time < cause_at);
        let at = end(is_sent)?;
        // A limit that has passed before the request prevents it.
        (at < natural_end || at == begin).then_some(Cancellation { cause_at, at })
    }

    /// Sends the copies of a request that is written completely before it ends.
    fn dispatch_copies(
        &mut self,
        number: usize,
        timeline: &Timeline,
        written: Duration,
        ended_at: Duration,
    ) {
        let is_complete = timeline.connect == Connect::Succeeds && timeline.is_written;
        if !is_complete || written > ended_at {
            return;
        }
        for arrival in &timeline.arrivals {
            self.dispatch(number, written + *arrival, timeline.revokes_tokens);
            if written + *arrival > ended_at {
                self.events.insert(Event::ProcessedLate);
            }
        }
    }

    /// Raises the interrupt of the caller or of the command if it is planned for this step.
    fn raise_in_request(
        &mut self,
        step: u32,
        begin: Duration,
        natural_end: Duration,
        limits: &Limits,
    ) {
        let deadline = limits.deadline.map(|deadline| self.time_of(deadline));
        let end = natural_end.min(deadline.unwrap_or(natural_end)).max(begin);
        let is_raised = self.raise_in(step, begin, end);
        // Clean-up has another interrupt.
        if is_raised && !limits.interrupt.as_ref().is_some_and(Interrupt::is_raised) {
            self.events.insert(Event::InterruptInCleanup);
        }
    }

    fn check_abandoned(&mut self, number: usize, missing: Duration) {
        if self.sends[number].request.endpoint.must_run_once() {
            let missing = missing.as_secs_f64();
            self.find(format!(
                "#{number} was abandoned {missing:.3} s before its response"
            ));
        }
    }

    fn canceled(&mut self, is_written: bool, interrupt: Option<&Interrupt>) -> TransportError {
        let raised_at = interrupt.and_then(Interrupt::raised_at);
        let is_interrupted = raised_at.is_some_and(|at| self.time_of(at) <= self.now());
        let kind = if is_interrupted {
            TransportErrorKind::Interrupted
        } else {
            TransportErrorKind::Timeout
        };
        self.events.insert(match (is_interrupted, is_written) {
            (true, true) => Event::InterruptInFlight,
            (true, false) => Event::InterruptConnecting,
            (false, _) => Event::DeadlineInFlight,
        });
        error(kind, delivery(is_written), false, "canceled")
    }

    fn reply(
        &mut self,
        number: usize,
        reply: &Reply,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (response, outcome) = match reply {
            Reply::Genuine => {
                let sent = &mut self.sends[number];
                let genuine = sent.response.as_ref().expect("the request has arrived");
                if let Effect::Created(id) = &genuine.effect {
                    sent.answered = Some(id.clone());
                }
                let response = response(genuine.status, &genuine.body);
                (response, Outcome::Genuine(genuine.status))
            }
            Reply::Cut => {
                let genuine = self.sends[number].response.as_ref();
                let genuine = genuine.expect("the request has arrived");
                // The status code of a refusal counts without its body.
                if genuine.status < 400 {
                    return Err(cut());
                }
                let half = &genuine.body[..genuine.body.len() / 2];
                (
                    response(genuine.status, half),
                    Outcome::Genuine(genuine.status),
                )
            }
            Reply::Canned(canned) => {
                if canned.status == 401 {
                    self.events.insert(Event::Rejected401);
                }
                let outcome = Outcome::Other(canned.status, canned.retry_after);
                let authorization = &self.sends[number].request.authorization;
                (canned_response(canned, authorization), outcome)
            }
            Reply::Foreign => (
                response(200, &self.foreign_body(number)),
                Outcome::Other(200, None),
            ),
            Reply::Garbage => {
                let kind = TransportErrorKind::InvalidResponse;
                return Err(error(kind, Delivery::Unknown, false, "invalid HTTP"));
            }
            Reply::Reset => return Err(cut()),
        };
        self.sends[number].outcome = outcome;
        Ok(response)
    }

    /// Returns the body of another response: of this client or of someone else.
    fn foreign_body(&self, number: usize) -> String {
        const OTHERS: [&str; 3] = [
            r#"{"id":"179365396413399999"}"#,
            r#"{"id":"179365396413399999","status":"Running"}"#,
            r#"{"id":"x","status":"Finished","results":{"resultType":"text","data":"42"}}"#,
        ];
        let others = self.sends[..number].iter().rev().take(4);
        // A token of someone else would be a fault of the token endpoint, which is not simulated.
        let others = others.filter(|sent| sent.request.endpoint != Endpoint::Token);
        let bodies = others.filter_map(|sent| sent.response.as_ref());
        let bodies: Vec<_> = bodies
            .map(|response| &*response.body)
            .chain(OTHERS)
            .collect();
        bodies[number % bodies.len()].to_owned()
    }
}

/// Returns the end of a request that is neither canceled nor has a deadline.
fn natural_end(timeline: &Timeline, begin: Duration, timeouts: Timeouts) -> NaturalEnd {
    use TransportErrorKind::{Connection, Timeout};

    let fails = |at, error| NaturalEnd {
        at,
        error: Some(error),
    };
    let limit = |timeout: Option<Duration>| timeout.expect("the simulation needs all timeouts");
    let connect_timeout = limit(timeouts.connect);
    let connected = begin + timeline.connect_time;
    let unsent = |kind, transient, text| error(kind, Delivery::NotProcessed, transient, text);
    match timeline.connect {
        Connect::Refused => {
            let error = unsent(TransportErrorKind::Connect, true, "connection refused");
            return fails(connected, error);
        }
        Connect::UnknownHost => {
            let error = unsent(TransportErrorKind::Connect, false, "unknown host");
            return fails(connected, error);
        }
        Connect::Stalls => {
            let error = unsent(Timeout, true, "timed out while connecting");
            return fails(begin + connect_timeout, error);
        }
        Connect::Succeeds => {}
    }
    let lost = |kind, text| error(kind, Delivery::Unknown, true, text);
    let written = connected + timeline.write_time;
    if !timeline.is_written {
        let error = lost(Connection, "reset while the request was sent");
        return fails(written, error);
    }
    let response_timeout = limit(timeouts.response);
    let Some(head) = timeline.head.filter(|head| *head < response_timeout) else {
        let error = lost(Timeout, "timed out while waiting for the response");
        return fails(written + response_timeout, error);
    };
    let Some(end) = timeline.end else {
        let error = lost(Timeout, "the response made no progress");
        return fails(written + head + limit(timeouts.idle), error);
    };
    NaturalEnd {
        at: written + end,
        error: None,
    }
}

fn delivery(is_written: bool) -> Delivery {
    if is_written {
        Delivery::Unknown
    } else {
        Delivery::NotProcessed
    }
}

fn error(
    kind: TransportErrorKind,
    delivery: Delivery,
    transient: bool,
    message: &str,
) -> TransportError {
    TransportError {
        delivery,
        kind,
        transient,
        message: message.into(),
        source: None,
    }
}

fn cut() -> TransportError {
    let kind = TransportErrorKind::Connection;
    error(kind, Delivery::Unknown, true, "connection reset")
}

fn response(status: u16, body: &str) -> http::Response<Vec<u8>> {
    let response = http::Response::builder()
        .status(status)
        .header("content-type", "application/json");
    response.body(body.into()).expect("the response is valid")
}

/// Some gateways repeat the request with its credentials.
fn canned_response(canned: &Canned, authorization: &str) -> http::Response<Vec<u8>> {
    let mut body = canned.body.clone();
    if body == ECHO {
        body.push_str("authorization: ");
        body.push_str(authorization);
        body.push_str("\\u001b[2J\"}");
    }
    let mut response = http::Response::builder()
        .status(canned.status)
        .header("content-type", canned.content_type);
    if canned.status == 302 {
        response = response.header("location", "https://login.example/");
    }
    if let Some(seconds) = canned.retry_after {
        response = response.header("retry-after", seconds);
    }
    response.body(body.into()).expect("the response is valid")
}
