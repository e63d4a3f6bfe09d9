//! Credentials that expire in the life of a context.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use api_runtime::auth::{AuthContext, CachedToken, Token, TokenSource};
use api_runtime::{Credentials, Delivery, Error};

use crate::cell::{Cell, run};
use crate::contexts::STEPS;
use crate::life::{self, Life};
use crate::mock::{Endpoint, Fault, MockServer, Step, token};
use crate::rig::Rig;
use Step::{Execute, Expire, ReadAll, Respond};

/// Rejections of expired tokens: by the service, and by gateways in front of it.
const REJECTIONS: [(u16, &str); 5] = [
    (401, "Unauthenticated: invalid token"),
    (403, "JWT has expired"),
    (403, "Token is expiring within 30 seconds"),
    (403, "Invalid access token."),
    (400, "Token has expired"),
];

/// Source of the tokens that the mock accepts one after the other.
#[derive(Debug)]
struct Source {
    fetched: AtomicUsize,
    /// Returns the first token only.
    is_stuck: bool,
}

impl TokenSource for Source {
    fn kind(&self) -> &'static str {
        "a token of a test"
    }

    fn fetch(&self, _: &AuthContext<'_>) -> Result<Token, Error> {
        let fetched = self.fetched.fetch_add(1, Ordering::Relaxed);
        Token::new(token(if self.is_stuck { 0 } else { fetched }))
    }
}

fn rig(url: &str, is_stuck: bool) -> Rig {
    Rig::with(url, |builder| {
        let source = Source {
            fetched: AtomicUsize::new(0),
            is_stuck,
        };
        let credentials = Credentials::custom(CachedToken::new(source));
        builder.credentials(credentials.found_in("a test"))
    })
}

fn expired((status, message): (u16, &'static str)) -> Fault {
    [ReadAll, Expire(status, message), Execute, Respond].into()
}

/// Returns the number of requests to an endpoint in a life without errors.
fn requests(endpoint: Endpoint) -> usize {
    STEPS.iter().filter(|(known, _)| *known == endpoint).count()
        // The status of the second command is requested twice as well.
        + usize::from(endpoint == Endpoint::CommandStatus)
}

/// The token expires before one request, and a new one is accepted.
fn refreshed(rejection: (u16, &'static str), (endpoint, nth): (Endpoint, usize)) -> Cell {
    let name = format!("expired: {rejection:?} / {} {nth}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(move |called, at| {
            ((called, at) == (endpoint, nth)).then(|| expired(rejection))
        });
        let rig = rig(&server.url(), false);
        let life = Life::new(&rig.client, &life::builder());
        let observed = life.observe(findings, &rig, &server, endpoint);
        let requests = requests(endpoint) + 1;
        let mut accepted = life.accepted(requests..=requests, true, Duration::ZERO..=MAX_TIME);
        accepted.executions = 3..=3;
        accepted.deliveries = vec![None];
        (observed, accepted)
    })
}

/// The token expires, and no other one is available.
fn stuck(rejection: (u16, &'static str), (endpoint, nth): (Endpoint, usize)) -> Cell {
    let name = format!(
        "expired for good: {rejection:?} / {} {nth}",
        endpoint.name()
    );
    Cell::new(name, move |findings| {
        let server = MockServer::start(move |called, at| {
            ((called, at) == (endpoint, nth)).then(|| expired(rejection))
        });
        let rig = rig(&server.url(), true);
        let life = Life::new(&rig.client, &life::builder());
        let observed = life.observe(findings, &rig, &server, endpoint);
        // The requests that clean up are rejected as well. A context remains if one was created.
        let created = usize::from(endpoint != Endpoint::Create);
        let mut accepted = life.accepted(0..=nth + 2, true, Duration::ZERO..=MAX_TIME);
        accepted.contexts = created..=created;
        accepted.deliveries = match endpoint {
            // Dropping the context ignores the error.
            Endpoint::Destroy => vec![None, Some(Delivery::NotProcessed)],
            // The code was sent before.
            Endpoint::CommandStatus => vec![Some(Delivery::Unknown)],
            _ => vec![Some(Delivery::NotProcessed), Some(Delivery::Unknown)],
        };
        (observed, accepted)
    })
}

/// Maximum time of a life without retries: that of its polls.
const MAX_TIME: Duration = Duration::from_secs(60);

#[test]
fn expired_tokens_are_refreshed_once() {
    run("expiry", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for rejection in REJECTIONS {
        for step in STEPS {
            cells.push(refreshed(rejection, step));
            cells.push(stuck(rejection, step));
        }
    }
    cells
}
